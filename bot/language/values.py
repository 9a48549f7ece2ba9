"""Values that every message makes and reads by the dozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

__all__ = ["value_class"]

if TYPE_CHECKING:
    from dataclasses import dataclass as value_class
else:

    def value_class(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """A dataclass that the type checker keeps frozen: frozen at run time it takes six times as long to make."""
        return dataclass(slots=slots, unsafe_hash=frozen)

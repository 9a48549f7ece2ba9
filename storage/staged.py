"""A piece of work that can do a part of itself ahead, side by side with others of the same commit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from sqlalchemy import Connection

T_co = TypeVar("T_co", covariant=True)


class Staged(ABC, Generic[T_co]):
    """Called, it does all of its work, or what is left of it; `whose` work it is, one after the other."""

    whose: Hashable

    @abstractmethod
    def ahead(self, tx: Connection) -> Iterator[None]:
        """Read, then think, a step each time. It raises nothing: what fails is done when called."""

    @abstractmethod
    def __call__(self, tx: Connection) -> T_co:
        """Write what was thought, unless it is old by now; else all of it. Called again it thinks anew."""

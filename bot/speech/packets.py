"""Compressed sound as it stands in a file, before anything is decoded; and why a file holds none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Codec = Literal["opus", "aac"]


class NotSound(ValueError):
    """No sound that can be read: broken, cut off at the beginning, a film, another kind of file."""


@dataclass(frozen=True, slots=True)
class Packets:
    """The packets of one sound track in their order; `setup` is what the codec has to know first."""

    codec: Codec
    setup: bytes
    packets: Sequence[bytes]

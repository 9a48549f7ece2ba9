"""What a conversation may ask the store for when a worker writes in a household's book."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.household import Household


@dataclass(frozen=True, slots=True)
class HelpedBook:
    """A household by its code, locked, if whoever asks acts in its area and it agreed -> Book | None."""

    code: str


@dataclass(frozen=True, slots=True)
class Helped:
    """In whose book a worker writes: the member who agreed, and whether any machine tells them of it."""

    code: str
    person: UUID
    name: str
    hears: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The household as its own turns see it."""

    household: Household
    helped: Helped


@dataclass(frozen=True, slots=True)
class NextHelpedEntry:
    """The oldest standing entry that a worker wrote and the household said nothing of -> Entry | None."""


HelpedQuery = HelpedBook | NextHelpedEntry

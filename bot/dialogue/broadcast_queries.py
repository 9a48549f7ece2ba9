"""What conversations about messages to an area ask the store."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.broadcasts import Audience, BroadcastState


@dataclass(frozen=True, slots=True)
class BroadcastReach:
    """How many people it would reach now, of the areas of whoever asks -> PeopleReached."""

    audience: Audience


@dataclass(frozen=True, slots=True)
class PeopleReached:
    """`full`: how many are left out because they had this week's messages."""

    people: int
    full: int


@dataclass(frozen=True, slots=True)
class OneBroadcast:
    """A message that the asker may steer; nobody else changes it meanwhile -> BroadcastSeen | None."""

    which: UUID


@dataclass(frozen=True, slots=True)
class BroadcastSeen:
    """As it stands, and what became of it in people; `name` is that of whoever wrote it."""

    which: UUID
    audience: Audience
    text: str
    name: str | None
    state: BroadcastState
    handed_on: int
    arrived: int
    waiting: int
    blocked: int
    left_out: int
    failed: int


BroadcastQuery = BroadcastReach | OneBroadcast
BroadcastAnswer = PeopleReached | BroadcastSeen

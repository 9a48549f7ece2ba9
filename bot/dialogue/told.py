"""What a turn has somebody else told, in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bot.dialogue.message import News


@dataclass(frozen=True, slots=True)
class PassedOn:
    """News for a `person`, or for everybody of a `household`; `everywhere`: on each machine of theirs."""

    news: News
    person: UUID | None = None
    household: UUID | None = None
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class ChannelNews(News):
    """A machine of this channel was joined to the person, or has left."""

    kind: Literal["joined", "left"]
    channel: str


EntryKind = Literal["logged", "corrected", "withdrawn", "restored"]


@dataclass(frozen=True, slots=True)
class EntryNews(News):
    """A worker of this name wrote, changed or struck an entry in the household's book."""

    kind: EntryKind
    code: str
    worker: str


@dataclass(frozen=True, slots=True)
class DisputeNews(News):
    """A household says that an entry that a worker wrote for it is wrong."""

    household: str
    code: str

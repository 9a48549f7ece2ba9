"""What a turn has somebody else told, in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bot.dialogue.message import News


@dataclass(frozen=True, slots=True)
class PassedOn:
    """News for every other machine of a `person`, or for one machine of everybody of a `household`."""

    news: News
    person: UUID | None = None
    household: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChannelNews(News):
    """A machine of this channel was joined to the person, or has left."""

    kind: Literal["joined", "left"]
    channel: str

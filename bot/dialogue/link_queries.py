"""What a conversation about machines and their codes may ask the store for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

LinkState = Literal["open", "used", "expired"]


@dataclass(frozen=True, slots=True)
class NewLinkCode:
    """A code that joins another machine to this person, in the place of an earlier one -> str (its signs).

    `paper`: one that a worker hands out, good for a month.
    """

    person: UUID
    paper: bool = False


@dataclass(frozen=True, slots=True)
class LinkBehind:
    """What a code joins to, by its signs or their hash; nobody else uses it meanwhile -> LinkOffer | None."""

    code: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """Whose another machine becomes: the person as known, and the household's code and commune if any."""

    hash: str
    state: LinkState
    paper: bool
    person: UUID
    household: UUID | None = None
    code: str | None = None
    province: str | None = None
    commune: str | None = None
    name: str | None = None
    you: str | None = None
    me: str | None = None
    southern: bool | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class OwnChannels:
    """The machines that talk for this person, the one in hand first -> tuple[OwnChannel, ...]."""


@dataclass(frozen=True, slots=True)
class OwnChannel:
    """One of them; `ref` stands for its address, which no conversation sees."""

    ref: str
    channel: str
    here: bool
    last_at: dt.datetime


LinkQuery = NewLinkCode | LinkBehind | OwnChannels
LinkAnswer = LinkOffer | tuple[OwnChannel, ...]

"""A message as every channel hands it over: who, when, and what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from domain.banks import BankAccount
from domain.courses import CourseNewsKind
from domain.facts import Platform
from domain.household import ZONE
from domain.order_news import NewsKind
from domain.schedule import SummaryKind


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words; `typed` is how they were typed, where `text` says it in the first language."""

    text: str
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of ours, by the id that we gave it."""

    button: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note; `text` is what was heard, None when nothing could be.

    `other`: what a second reading heard. `problem`: why there are no words: `long`, `not_sound`, `many`,
    `unavailable`, `failed`, `off`. `ahead`: it still waits, behind so many others.
    """

    seconds: int
    text: str | None = None
    other: str | None = None
    problem: str | None = None
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A checked photo as JPEG bytes, or why there is none: `not_image`, `too_big`, `unavailable`."""

    image: bytes | None = None
    problem: str | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared phone number; `own` when it is the sender's."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Location:
    """A shared position, degrees; `live`: it goes on moving with the phone."""

    latitude: float
    longitude: float
    live: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else: `sticker`, `document`, `video`, `unsupported`…"""

    kind: str


@dataclass(frozen=True, slots=True)
class News:
    """Nobody wrote: something happened, and somebody is told."""

    @property
    def is_broadcast(self) -> bool:
        """Whether it is told to many, behind everything else that waits."""
        return False


@dataclass(frozen=True, slots=True)
class OrderNews(News):
    """Something happened to an order of the household."""

    kind: NewsKind
    platform: Platform
    number: str


@dataclass(frozen=True, slots=True)
class HelpNews(News):
    """Something happened to a question that a worker answers; `news` is its row."""

    news: UUID


@dataclass(frozen=True, slots=True)
class CourseNews(News):
    """A course that somebody may want to come to, comes to, or came to."""

    kind: CourseNewsKind
    course: str

    @property
    def is_broadcast(self) -> bool:
        return self.kind == "invite"


@dataclass(frozen=True, slots=True)
class AddressNews(News):
    """A worker did something about the household's digital address; `news` is its row."""

    news: UUID


@dataclass(frozen=True, slots=True)
class SummaryNews(News):
    """A summary was made by itself, and an officer is told that of their area."""

    kind: SummaryKind
    period: str
    area: str


Content = Text | Tap | Voice | Picture | Contact | Location | Other | News


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one sender in one channel; `id` is unique over all channels.

    `edits` is the id of the earlier message that this one replaces (Telegram's edited messages).
    `language` is that of the page on which it was written, `hint` that of the phone, which is no choice.
    """

    id: str
    channel: str
    sender: str
    sent_at: dt.datetime
    content: Content
    edits: str | None = None
    language: str | None = None
    hint: str | None = None

    @property
    def on(self) -> dt.date:
        """The day on which it was sent, in Vietnam."""
        return self.sent_at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class PhotoKept:
    """A photo to keep beside the events; erased with the household's personal data."""

    id: UUID
    image: bytes


@dataclass(frozen=True, slots=True)
class CertificateNumbered:
    """The number on the OCOP certificate of the product of this code. No event has it: it leads to people."""

    code: str
    number: str


@dataclass(frozen=True, slots=True)
class BuyerNamed:
    """The name behind a buyer's reference; events hold the reference only."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """What is known of the person's name, region of words, phone and language; None leaves it as it is.

    `person`: whose it is when that is not who speaks: a worker tells it of whom they help.
    """

    name: str | None = None
    southern: bool | None = None
    phone: str | None = None
    person: UUID | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A sentence for the review list, with nobody's name in it: not understood, or corrected on its card.

    `understood` is what was made of it, `corrected` what the person made of that; the rest: the household's.
    """

    id: UUID
    kind: Literal["lost", "corrected"]
    text: str
    understood: Mapping[str, Any]
    at: dt.datetime
    corrected: Mapping[str, Any] | None = None
    southern: bool | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class HelpWords:
    """What somebody wrote in a question to a worker, or in its answer; the household's to erase."""

    id: UUID
    help: str
    household: UUID
    side: Literal["household", "worker"]
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """Everything personal of the household goes; figures stay."""


@dataclass(frozen=True, slots=True)
class AccountGiven:
    """The household's bank account, in the place of an earlier one."""

    account: BankAccount
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class AccountRemoved:
    """The household has no bank account here any more."""


@dataclass(frozen=True, slots=True)
class BroadcastWords:
    """What a message to an area says: a worker's words."""

    which: UUID
    text: str


@dataclass(frozen=True, slots=True)
class CourseNamed:
    """What a course is called, and where it is held: a worker's words."""

    course: str
    title: str
    venue: str


@dataclass(frozen=True, slots=True)
class CourseWished:
    """What somebody wants to learn after a course."""

    course: str
    text: str


@dataclass(frozen=True, slots=True)
class DigitalAddressKept:
    """A household's digital address from `at` on.

    `household`: not the one of who speaks, but one that they visit as a worker, which confirms it.
    """

    id: UUID
    code: str
    commune: str
    at: dt.datetime
    household: UUID | None = None


Personal = (
    AccountGiven
    | AccountRemoved
    | BroadcastWords
    | CertificateNumbered
    | CourseNamed
    | CourseWished
    | DigitalAddressKept
    | HelpWords
    | PhotoKept
    | BuyerNamed
    | PersonNamed
    | Puzzle
    | Erasure
)

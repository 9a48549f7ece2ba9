"""What the bot answers, before it is worded: keys of messages and typed values, no text of any language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from domain.receipt import Receipt

FIRST = "vi"  # the language in which every text is there, and that we understand


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in đồng, in digits: `500.000 đ`."""

    vnd: int


@dataclass(frozen=True, slots=True)
class Words:
    """A sum in đồng, in words: `năm trăm nghìn đồng`."""

    vnd: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of something: `20 kg cam sành`; any part may be missing."""

    quantity: Decimal | None = None
    unit: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day as said on the day `on`: `hôm qua, thứ Sáu 20/11`; without `on` only `thứ Sáu 20/11`.

    `lunar`: shown in both calendars, because it was said by the moon.
    """

    day: dt.date
    on: dt.date | None = None
    lunar: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, with the day when `on` is given and it is another: `20 giờ hôm nay`."""

    at: dt.datetime
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A word that has a message of its own, by its key: `platform.voso`."""

    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """A province, district or commune by its kind and name, both in Vietnamese: as in the gazetteer."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values in a row, separated by commas."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Addressed:
    """Words of a worker to many: where `[bà con]` stands each reads how they are spoken to themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Several lines in the place of one value; nothing when empty."""

    lines: tuple[Line, ...]


Value = (
    str
    | int
    | Decimal
    | Money
    | Words
    | Amount
    | Day
    | Clock
    | Name
    | Place
    | Joined
    | Addressed
    | Lines
)


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of a message: a key of the catalogue and its values."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice: `id` comes back when it is tapped (64 bytes at most, no names), `key` words its label."""

    id: str
    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voice:
    """In which words a person is spoken to: pair of address, name, regional set, language.

    `worker`: has a role and is no farmer to us until a word is chosen.
    """

    you: str | None = None
    me: str | None = None
    name: str | None = None
    southern: bool = False
    language: str = FIRST
    worker: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart as data: title key, then (label, đồng) pairs in order; drawn when it is sent."""

    title: Line
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A kept photo, by id."""

    id: UUID


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code of this text; drawn when it is sent."""

    text: str


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """A receipt as a picture; `site` is where the addresses on it begin. Drawn when it is sent."""

    receipt: Receipt
    site: str


Picture = Bars | Photo | QrCode | ReceiptSheet


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of ours: lines, buttons, perhaps a picture; `voice` is that of its moment."""

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None
    voice: Voice = Voice()

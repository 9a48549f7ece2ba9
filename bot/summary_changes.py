"""What was published and what changed since: the parts of a summary that compare it with an earlier one."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel

from bot.place_name import PlaceName
from domain.geography import ProvinceSet


class Cause(BaseModel):
    """What one kind of event added to a figure, and how many of them there were; never whose."""

    source: Literal["bot", "reported"]
    cause: str
    name: str
    amount: int
    events: int


class _Changed(BaseModel):
    """A figure that stands otherwise now; the amounts of the causes add up to the difference.

    No causes: a ratio, which has none of its own.
    """

    indicator: str
    province: PlaceName | None = None
    platform: str | None = None
    now: int | None
    difference: int
    causes: list[Cause] = []


class Change(_Changed):
    """Against what was published; null: not reported then."""

    published: int | None


class FetchedChange(_Changed):
    """Against what the reader fetched before; null: not reported then."""

    fetched: int | None


class SinceFetched(BaseModel):
    """What changed since the same reader fetched the same question before, at `at`."""

    at: dt.datetime
    changes: list[FetchedChange]


class PublishedCell(BaseModel):
    """A figure as it was published; `value` null as in `Figure`."""

    indicator: str
    province: PlaceName | None = None
    platform: str | None = None
    value: int | None
    display: str
    withheld: bool = False


class Revision(BaseModel):
    """One publication of these months; every revision but the first says its reason."""

    id: str
    revision: int
    at: dt.datetime
    reason: str | None = None


class Published(Revision):
    """The newest publication of these months with the figures of then, and the ones before it."""

    provinces: ProvinceSet
    figures: list[PublishedCell]
    earlier: list[Revision] = []

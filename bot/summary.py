"""The programme's summary: what is asked, and the one model that every format is written from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bot.listed_article import ListedArticle
from bot.place_name import PlaceName as PlaceName  # noqa: PLC0414 read from here, too
from bot.summary_changes import Change, Published, SinceFetched
from bot.summary_coverage import Coverage
from domain.decision_468 import Status
from domain.geography import ProvinceSet, province_set_on
from domain.province_keys import OLD, named_province

By = Literal["month", "province", "platform"]
SummaryPlatform = Literal["voso", "postmart"]
PLATFORMS: tuple[SummaryPlatform, ...] = get_args(SummaryPlatform)

MOST_MONTHS = 240
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class BadQuestion(ValueError):
    """What is wrong with what was asked: the parameter and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@lru_cache(maxsize=100)
def _months_of(start: str, end: str) -> tuple[str, ...]:
    first, last = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (start, end))
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures: months (YYYY-MM, both included), place, platform, what to tell apart.

    `own`: the province is that of whoever asks, from whom its small cells are not withheld.
    """

    start: str
    end: str
    provinces: ProvinceSet
    province: str | None = None
    platform: SummaryPlatform | None = None
    by: frozenset[By] = frozenset()
    own: bool = False

    @property
    def months(self) -> tuple[str, ...]:
        """Every month asked for, in order."""
        return _months_of(self.start, self.end)


# Thousands of these stand in one summary: they are written once, by `summarise`, and not checked again.
@dataclass(slots=True)
class Parts:
    """Where a figure comes from; null when the cell is withheld."""

    bot: int | None = 0
    reported: int | None = 0


@dataclass(slots=True)
class EvidenceParts:
    """How well the bot's part is known; null when the cell is withheld."""

    said: int | None = 0
    confirmed: int | None = 0
    matched: int | None = 0
    paid: int | None = 0


@dataclass(slots=True)
class Figure:
    """One cell. `value` is null when nothing was reported or when it is withheld: `display` says."""

    indicator: str
    month: str | None
    province: PlaceName | None
    platform: str | None
    value: int | None
    source: Parts
    evidence: EvidenceParts
    display: str


class Definition(BaseModel):
    """What a figure means, in Vietnamese and in English; `until` None: it still holds."""

    name: str
    definition: str
    name_en: str
    definition_en: str
    kind: str
    unit: str
    version: str
    since: dt.date
    until: dt.date | None


class StatusGroup(BaseModel):
    """The provinces that had one status under Decision 468 at the end of the period."""

    status: Status
    name: str
    count: int
    provinces: list[PlaceName]


class Summary(BaseModel):
    """The contract's body; `notes` names what was left out and why."""

    model_config = ConfigDict(populate_by_name=True)

    start: str = Field(alias="from", serialization_alias="from")
    to: str
    by: list[By]
    provinces: ProvinceSet
    cut_off: dt.datetime | None
    figures: list[Figure]
    definitions: dict[str, Definition]
    decision_468: list[StatusGroup] = []
    notes: list[str] = []
    sample: bool = False
    published: Published | None = None
    changes: list[Change] = []
    changed_since_fetched: SinceFetched | None = None
    coverage: list[Coverage] = []
    articles: list[ListedArticle] = []

    def figure(self, indicator: str, platform: str | None = None) -> Figure:
        """The total of the whole question, or of one platform."""
        return next(
            one
            for one in self.figures
            if (one.indicator, one.platform, one.month) == (indicator, platform, None)
        )


def ask(
    start: str | None,
    end: str | None,
    *,
    province: str | None = None,
    platform: str | None = None,
    by: Sequence[str] = (),
    provinces: str | int | None = None,
) -> Question:
    """The question as it was typed, checked; BadQuestion names the parameter that is wrong."""
    first, last = _month("from", start), _month("to", end)
    chosen = _province_set(provinces)
    of = chosen or province_set_on(_day_in(last))
    key = _province(province, of)
    if key and chosen is None:
        of = 63 if key.startswith(OLD) else 34
    question = Question(first, last, of, None, _platform(platform), frozenset(map(_by, by)))
    if not 1 <= len(question.months) <= MOST_MONTHS:
        raise BadQuestion("from", f"must not be after {last}, nor over {MOST_MONTHS} months before")
    if key and key.startswith(OLD) != (of == 63):
        raise BadQuestion("province", f"is none of the {of}")
    return replace(question, province=key)


def with_province(question: Question, key: str) -> Question:
    """The question narrowed to one province, told by the set that it is of."""
    return replace(question, province=key, provinces=63 if key.startswith(OLD) else 34)


def _month(field: str, value: str | None) -> str:
    if not value or not _MONTH.fullmatch(value) or not "2000" <= value < "3000":
        raise BadQuestion(field, "must be a month like 2023-06")
    return value


def _day_in(month: str) -> dt.date:
    return dt.date(int(month[:4]), int(month[5:]), 1)


def _province_set(value: str | int | None) -> ProvinceSet | None:
    if value in (None, ""):
        return None
    if str(value) not in {"63", "34"}:
        raise BadQuestion("provinces", "must be 63 or 34")
    return 63 if str(value) == "63" else 34


def _province(text: str | None, of: ProvinceSet) -> str | None:
    if not text:
        return None
    key = named_province(text, dt.date(2025, 6, 30) if of == 63 else dt.date(2025, 7, 1))
    if key is None:
        raise BadQuestion("province", "is no province, by name or code")
    return key


def _platform(value: str | None) -> SummaryPlatform | None:
    if not value:
        return None
    for platform in PLATFORMS:
        if value == platform:
            return platform
    raise BadQuestion("platform", f"must be one of {', '.join(PLATFORMS)}")


def _by(value: str) -> By:
    choices: tuple[By, ...] = get_args(By)
    for choice in choices:
        if value == choice:
            return choice
    raise BadQuestion("by", f"must be of {', '.join(choices)}")

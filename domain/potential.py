"""Which households are able to sell and grow: a score of named parts, each with what it rests on.

Weights stand in `potential.csv` and add up to 100. Every part and the score are whole numbers from 0 to 100.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

PartName = Literal["listing", "steady", "answers", "stars", "growth", "training"]

FULL = 100
WEEKS = 12  # that sales are looked at over
HALF = WEEKS // 2  # weeks held against the ones before
ORDER_DAYS = 90  # that orders are looked at over
COURSE_DAYS = 365
ENOUGH_COURSES = 2
CHECKED_STAR, SAID_STAR = 20, 10  # points for each
BAND = 20  # points of a score that households are alike in


@dataclass(frozen=True, slots=True)
class Record:
    """What a score rests on, all counts; sums in whole đồng.

    `goods` are on platforms now, `pictured` and `fair` (not far from the usual price) of them.
    `weeks_sold` of the last WEEKS, `vnd` of their second half, `vnd_before` of their first.
    `answered` of the `asked` orders of ORDER_DAYS. `stars` a worker looked at, `said_stars` nobody did;
    of goods whose certificate is not over. `courses` of COURSE_DAYS.
    """

    goods: int = 0
    pictured: int = 0
    fair: int = 0
    weeks_sold: int = 0
    asked: int = 0
    answered: int = 0
    stars: int = 0
    said_stars: int = 0
    vnd: int = 0
    vnd_before: int = 0
    courses: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its points of 100, its weight, and which sentence says why, with the record's numbers."""

    name: PartName
    points: int
    weight: int
    why: str
    record: Record

    @property
    def numbers(self) -> Mapping[str, int]:
        """What the sentence may name."""
        return asdict(self.record) | {"weeks": WEEKS, "half": HALF, "days": ORDER_DAYS}


@cache
def weights() -> Mapping[PartName, int]:
    """The weight of each part, in the order in which they are shown."""
    rows = csv.DictReader((files("domain") / "potential.csv").read_text("utf-8").splitlines())
    return MappingProxyType({_known(row["part"]): int(row["weight"]) for row in rows})


def _known(name: str) -> PartName:
    return next(part for part in POINTS if part == name)


def parts(record: Record) -> tuple[Part, ...]:
    """All parts of the score."""
    return tuple(
        Part(name, POINTS[name](record), weight, WHY[name](record), record)
        for name, weight in weights().items()
    )


def score(record: Record) -> int:
    """The parts by their weights, to the nearest whole number."""
    return nearest(sum(part.points * part.weight for part in parts(record)), FULL)


def strongest(record: Record) -> Part:
    """The part that adds most to the score; of equals the first."""
    return max(parts(record), key=lambda part: part.points * part.weight)


def band(points: int) -> int:
    """Which households a score is like: 0 for 0 to 19, 4 for 80 to 100."""
    return min(points // BAND, FULL // BAND - 1)


def nearest(amount: int, whole: int) -> int:
    """A quotient as a whole number; halves go up."""
    return (2 * amount + whole) // (2 * whole)


def share(some: int, of: int) -> int:
    """So many of a hundred, 100 at most; 0 of nothing."""
    return min(nearest(FULL * some, of), FULL) if of > 0 else 0


def _growth(record: Record) -> int:
    """As much as before is 50, twice as much 100; a first sale has nothing to be held against: 50."""
    if record.vnd_before:
        return share(record.vnd, 2 * record.vnd_before)
    return FULL // 2 if record.vnd else 0


POINTS: Mapping[PartName, Callable[[Record], int]] = MappingProxyType(
    {
        "listing": lambda r: share(r.pictured + r.fair, 2 * r.goods),
        "steady": lambda r: share(r.weeks_sold, WEEKS),
        "answers": lambda r: share(r.answered, r.asked),
        "stars": lambda r: max(CHECKED_STAR * r.stars, SAID_STAR * r.said_stars),
        "growth": _growth,
        "training": lambda r: share(r.courses, ENOUGH_COURSES),
    }
)
"""Points of each part: none falls when its good count rises."""


def _why_growth(record: Record) -> str:
    if record.vnd_before:
        return "growth"
    return "growth.first" if record.vnd else "growth.none"


def _why_stars(record: Record) -> str:
    if CHECKED_STAR * record.stars >= SAID_STAR * record.said_stars:
        return "stars" if record.stars else "stars.none"
    return "stars.said"


WHY: Mapping[PartName, Callable[[Record], str]] = MappingProxyType(
    {
        "listing": lambda r: "listing" if r.goods else "listing.none",
        "steady": lambda r: "steady" if r.weeks_sold else "steady.none",
        "answers": lambda r: "answers" if r.asked else "answers.none",
        "stars": _why_stars,
        "growth": _why_growth,
        "training": lambda r: "training" if r.courses else "training.none",
    }
)
"""Which sentence explains the points."""

"""Supporting households: who may end it, and what changed after 30 and 90 days against others. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.roles import RANKS, Role

Measure = Literal["sales", "vnd", "listed", "answered"]

MEASURES: tuple[Measure, ...] = ("sales", "vnd", "listed", "answered")
AFTER = (30, 90)  # days after which is looked at what changed
ENOUGH = 5  # similar households, before anything is said of them
MOST_PEERS = 50  # similar households that a support is held against


@dataclass(frozen=True, slots=True)
class Figures:
    """A household in so many days: sales, whole đồng, orders answered; `listed` on its last day."""

    sales: int = 0
    vnd: int = 0
    listed: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """`days` before and from `start` on; the later end is not included."""

    start: dt.date
    days: int

    @property
    def before(self) -> tuple[dt.date, dt.date]:
        """The days before, first and after the last."""
        return self.start - dt.timedelta(days=self.days), self.start

    @property
    def after(self) -> tuple[dt.date, dt.date]:
        """The days with support, first and after the last."""
        return self.start, self.start + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and after; `others`: the median change of the similar ones, None of too few."""

    measure: Measure
    before: int
    after: int
    others: int | None


def changes(
    own: tuple[Figures, Figures], others: Sequence[tuple[Figures, Figures]]
) -> tuple[Change, ...]:
    """Each measure of a supported household beside those of similar ones, all as (before, after)."""
    return tuple(
        Change(
            measure,
            getattr(own[0], measure),
            getattr(own[1], measure),
            median([getattr(b, measure) - getattr(a, measure) for a, b in others]),
        )
        for measure in MEASURES
    )


def median(numbers: Sequence[int]) -> int | None:
    """The middle one, of two the lower; None of fewer than ENOUGH."""
    if len(numbers) < ENOUGH:
        return None
    return sorted(numbers)[(len(numbers) - 1) // 2]


def may_end(who: UUID, roles: Sequence[Role], worker: UUID, *, still_there: bool) -> bool:
    """Whoever began it; an officer of the area; anybody there when the worker has no role there any more."""
    if not any(RANKS[role.kind] >= RANKS["worker"] for role in roles):
        return False
    leads = any(role.kind == "officer" for role in roles)
    return who == worker or leads or not still_there

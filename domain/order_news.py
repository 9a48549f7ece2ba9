"""When a household hears of its orders: at once, not at night, at most twice more while one waits. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from domain.facts import Platform
from domain.household import ZONE, OrderState

NewsKind = Literal[
    "placed",
    "reminder_1",
    "reminder_2",
    "doubt",
    "cancelled",
    "expired",
    "completed",
    "returned",
]
NEWS_KINDS: tuple[NewsKind, ...] = get_args(NewsKind)
REMINDERS: tuple[NewsKind, ...] = ("reminder_1", "reminder_2")
WAITING_KINDS: tuple[NewsKind, ...] = ("placed", *REMINDERS)  # about an order that waits

QUIET_FROM, QUIET_TO = 21, 6  # o'clock in Vietnam
LEFT = (2, 6)  # a reminder when a half, and when a sixth of the time is left
APART = dt.timedelta(hours=1)  # between two messages about one order, at least

NOT_TOLD = "not told"
"""What is decided of news that nobody needs."""


def is_quiet(moment: dt.datetime) -> bool:
    """Whether people sleep."""
    hour = moment.astimezone(ZONE).hour
    return hour >= QUIET_FROM or hour < QUIET_TO


def after_quiet(moment: dt.datetime) -> dt.datetime:
    """The moment itself, or the next morning when it is quiet then."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(ZONE)
    morning = local.replace(hour=QUIET_TO, minute=0, second=0, microsecond=0)
    return morning if local.hour < QUIET_TO else morning + dt.timedelta(days=1)


def reminders(
    told: dt.datetime, arrived: dt.datetime, deadline: dt.datetime, *, at_night: bool
) -> tuple[dt.datetime, ...]:
    """When an order is brought back to mind: at most twice, before its deadline, not at night."""
    times: list[dt.datetime] = []
    last = told
    for part in LEFT:
        moment = deadline - (deadline - arrived) / part
        moment = moment if at_night else after_quiet(moment)
        if last + APART <= moment < deadline:
            times.append(moment)
            last = moment
    return tuple(times)


@dataclass(frozen=True, slots=True)
class Due:
    """News whose time has come, and how its order stands now.

    `first_told`: its order's card was told; `known`: it was to be told, or the household answered it.
    """

    kind: NewsKind
    platform: Platform
    number: str
    household: UUID
    state: OrderState
    placed_at: dt.datetime
    arrived: dt.datetime
    deadline: dt.datetime | None
    at_night: bool
    first_told: bool = False
    known: bool = False


def decided(due: Due, now: dt.datetime) -> dt.datetime | str:
    """When to tell it (now, or the moment until which it waits), or NOT_TOLD."""
    if not _is_wanted(due):
        return NOT_TOLD
    moment = now if due.at_night else after_quiet(now)
    too_late = due.kind in REMINDERS and due.deadline is not None and moment >= due.deadline
    return NOT_TOLD if too_late else moment


def _is_wanted(due: Due) -> bool:
    if due.kind in WAITING_KINDS:
        return due.state == "placed" and _is_new(due)
    if due.kind == "doubt":
        return True
    return due.known if due.kind == "expired" else due.first_told


def _is_new(due: Due) -> bool:
    """An order whose time to answer was over when we heard of it is no news: an old export was read in."""
    if due.deadline is None:
        return False
    return due.placed_at + (due.deadline - due.arrived) > due.arrived

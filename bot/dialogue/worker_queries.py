"""What a worker asks of their area in the chat: what needs doing, a household by name, code or phone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.help_queries import Correspondent

TaskKind = Literal["question", "order", "checks", "addresses", "listing", "sale"]


@dataclass(frozen=True, slots=True)
class WorkerDay:
    """What needs doing in the asker's area, `most` tasks from `skip` on -> ToDo | None (no role).

    `soon`: hours within which an order is about to expire.
    """

    soon: int
    most: int
    skip: int = 0


@dataclass(frozen=True, slots=True)
class WorkerTask:
    """One thing to do. `since`: when it began or ends; `ref`: the question's sign or the order's number.

    Without `who` it is about `count` things of several households.
    """

    kind: TaskKind
    who: Correspondent | None = None
    since: dt.datetime | None = None
    ref: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class ToDo:
    """Households in numbers, named or not: `new` in a week, `quiet`, in need of `help`.

    `left`: tasks after these.
    """

    areas: tuple[str, ...]
    new: int
    quiet: int
    help: int
    tasks: tuple[WorkerTask, ...]
    left: int


@dataclass(frozen=True, slots=True)
class HouseholdsCalled:
    """Households of the area that let workers see them, by name, code or phone -> tuple[Seen, ...]."""

    words: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A household as a worker sees it: facts, no judging."""

    who: Correspondent
    last_sold: dt.date | None
    listings: int
    orders: int


WorkerQuery = WorkerDay | HouseholdsCalled
WorkerAnswer = ToDo | tuple[Seen, ...]

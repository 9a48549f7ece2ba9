"""What needs doing in an area today: questions, orders about to expire, what is to be checked, who is stuck.

Counts are of all households of the area; those named let workers see them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, select

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.worker_queries import TaskKind, ToDo, WorkerDay, WorkerTask
from domain.household import ZONE
from domain.roles import Role, acting, is_commune
from storage import checks, digital_addresses
from storage.areas import CONSENTED, counted_by, seen_by
from storage.help import to_answer, waiting_signs
from storage.roles import roles_of
from storage.schema import household, orders, person

NEW = dt.timedelta(days=7)
QUIET = dt.timedelta(days=14)  # without a sale
NOT_LISTED = dt.timedelta(days=7)  # since it joined
NOT_SOLD = dt.timedelta(days=14)  # since it listed something
MOST = 100  # tasks that are counted and shown in the chat; the pages have all


@dataclass(frozen=True, slots=True)
class Area:
    """Whose area at which moment."""

    worker: UUID
    roles: Sequence[Role]
    now: dt.datetime
    soon: dt.timedelta


@dataclass(frozen=True, slots=True)
class Found:
    """A task before anybody is named: `home` is the household's id, None when it is about several."""

    kind: TaskKind
    home: UUID | None = None
    since: dt.datetime | None = None
    ref: str = ""
    count: int = 1


def day_of(conn: Connection, worker: UUID, now: dt.datetime, asked: WorkerDay) -> ToDo | None:
    """The counts, and the tasks that were asked for; None without a role."""
    roles = roles_of(conn, worker)
    if not roles:
        return None
    area = Area(worker, roles, now, dt.timedelta(hours=asked.soon))
    found = list(_found(conn, area))
    shown = found[asked.skip : asked.skip + asked.most]
    new, quiet, stuck = _counts(conn, area)
    others = _homes(found, "question", "order") - _homes(found, "listing", "sale")
    left = max(len(found) - asked.skip - len(shown), 0)
    areas = tuple(held.area for held in roles)
    return ToDo(areas, new, quiet, stuck + len(others), _named(conn, area, shown), left)


def _homes(found: Sequence[Found], *kinds: TaskKind) -> set[UUID]:
    return {task.home for task in found if task.home and task.kind in kinds}


def _stuck(area: Area) -> dict[TaskKind, ColumnElement[bool]]:
    return {
        "listing": and_(
            household.c.listings == 0, household.c.registered_at < area.now - NOT_LISTED
        ),
        "sale": and_(
            household.c.listings > 0,
            household.c.last_sold_on.is_(None),
            household.c.first_listed_at < area.now - NOT_SOLD,
        ),
    }


def _counts(conn: Connection, area: Area) -> tuple[int, int, int]:
    """New, quiet and stuck, in one look at the area."""
    quiet = area.now.astimezone(ZONE).date() - QUIET
    stuck = _stuck(area)
    which = (
        household.c.registered_at >= area.now - NEW,
        household.c.quiet_since < quiet,
        stuck["listing"] | stuck["sale"],
    )
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in which]
    new, silent, held = conn.execute(select(*sums).where(counted_by(area.roles))).one()
    return int(new), int(silent), int(held)


def _found(conn: Connection, area: Area) -> Iterator[Found]:
    """What cannot wait comes first; of who is stuck, commune by commune."""
    for find in FINDERS:
        yield from find(conn, area)
    for kind, held in _stuck(area).items():
        yield from _stuck_ones(conn, area, kind, held)


def _questions(conn: Connection, area: Area) -> Iterator[Found]:
    for row in waiting_signs(conn, area.worker, area.now, MOST):
        yield Found("question", row.household, row.since, row.help)


def _orders(conn: Connection, area: Area) -> Iterator[Found]:
    """Orders that wait and end within `soon`: few of all, so they are looked up before their households."""
    soon = (
        select(orders.c.household, orders.c.number, orders.c.deadline)
        .where(
            orders.c.state == literal("placed", literal_execute=True),
            orders.c.deadline.between(area.now, area.now + area.soon),
        )
        .cte("soon")
        .prefix_with("MATERIALIZED")
    )
    asked = select(soon).join(household, household.c.id == soon.c.household)
    asked = asked.where(seen_by(area.roles)).order_by(soon.c.deadline).limit(MOST)
    for row in conn.execute(asked):
        yield Found("order", row.household, row.deadline, row.number)


def _to_check(conn: Connection, area: Area) -> Iterator[Found]:
    """Of communes only: for a province that count is too slow in a conversation, its page has it."""
    if not acting(area.roles) or not all(is_commune(held.area) for held in area.roles):
        return
    claims = checks.waiting(conn, area.worker, area.roles, area.now)
    if claims:
        yield Found("checks", count=claims)
    addresses = digital_addresses.waiting(conn, area.worker, area.roles)
    if addresses:
        yield Found("addresses", count=addresses)


def _stuck_ones(
    conn: Connection, area: Area, kind: TaskKind, held: ColumnElement[bool]
) -> Iterator[Found]:
    moment = household.c.registered_at if kind == "listing" else household.c.first_listed_at
    asked = select(household.c.id, moment.label("moment")).where(seen_by(area.roles), held)
    by_place = asked.order_by(household.c.province, household.c.commune)  # as the index has them
    for row in conn.execute(by_place.limit(MOST)):
        yield Found(kind, row.id, row.moment)


FINDERS: tuple[Callable[[Connection, Area], Iterator[Found]], ...] = (
    _questions,
    _orders,
    _to_check,
)


# Who it is about: only of what is shown

WHO = (
    select(
        household.c.id,
        household.c.code,
        household.c.province,
        household.c.commune,
        person.c.id.label("member"),
        person.c.you,
        person.c.name,
    )
    .join_from(household, person, person.c.household == household.c.id)
    .order_by(person.c.id.desc())
)


def _named(conn: Connection, area: Area, found: Sequence[Found]) -> tuple[WorkerTask, ...]:
    homes = {task.home for task in found if task.home and task.kind != "question"}
    asked = WHO.where(seen_by(area.roles), household.c.id.in_(homes), exists().where(*CONSENTED))
    who = {row.id: _who(row) for row in conn.execute(asked)} if homes else {}
    named = [_task(conn, area, task, who) for task in found]
    return tuple(task for task in named if task is not None)


def _task(
    conn: Connection, area: Area, task: Found, who: Mapping[UUID, Correspondent]
) -> WorkerTask | None:
    """A question's member may have agreed to it alone: the question itself tells who asks."""
    if task.kind == "question":
        thread = to_answer(conn, area.worker, task.ref, locked=False)
        return WorkerTask(task.kind, thread.who, task.since, task.ref) if thread else None
    if task.home is not None and task.home not in who:
        return None
    home = who[task.home] if task.home is not None else None
    return WorkerTask(task.kind, home, task.since, task.ref, task.count)


def _who(row: Any) -> Correspondent:
    return Correspondent(row.id, row.member, row.code, row.province, row.commune, row.you, row.name)

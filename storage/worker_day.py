"""What needs doing in an area today: questions, orders about to expire, what is to be checked, who is stuck.

Counts are of all households of the area; those named let workers see them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.worker_queries import TaskKind, ToDo, WorkerDay, WorkerTask
from domain.household import ZONE
from domain.roles import Role, acting
from storage import checks, digital_addresses
from storage.areas import AGREED, counted_by, seen_by
from storage.help import waiting_for
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


def day_of(conn: Connection, worker: UUID, now: dt.datetime, asked: WorkerDay) -> ToDo | None:
    """The counts, and the tasks that were asked for; None without a role."""
    roles = roles_of(conn, worker)
    if not roles:
        return None
    area = Area(worker, roles, now, dt.timedelta(hours=asked.soon))
    tasks = list(_tasks(conn, area))
    shown = tasks[asked.skip : asked.skip + asked.most]
    new, quiet, stuck = _counts(conn, area)
    named = _codes(tasks, "question", "order") - _codes(tasks, "listing", "sale")
    left = max(len(tasks) - asked.skip - len(shown), 0)
    return ToDo(tuple(r.area for r in roles), new, quiet, stuck + len(named), tuple(shown), left)


def _codes(tasks: Sequence[WorkerTask], *kinds: TaskKind) -> set[str]:
    return {task.who.code for task in tasks if task.who and task.kind in kinds}


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


def _tasks(conn: Connection, area: Area) -> Iterator[WorkerTask]:
    """What cannot wait comes first; of who is stuck, those who joined last."""
    for find in FOUND:
        yield from find(conn, area)
    for kind, held in _stuck(area).items():
        yield from _stuck_tasks(conn, area, kind, held)


def _questions(conn: Connection, area: Area) -> Iterator[WorkerTask]:
    for one in waiting_for(conn, area.worker, area.now, MOST):
        yield WorkerTask("question", one.who, one.since, one.help)


def _orders(conn: Connection, area: Area) -> Iterator[WorkerTask]:
    """Orders that wait and end within `soon`."""
    asked = _households(area, orders.c.number, orders.c.deadline).join(
        orders, orders.c.household == household.c.id
    )
    asked = asked.where(
        orders.c.state == literal("placed", literal_execute=True),
        orders.c.deadline.between(area.now, area.now + area.soon),
    )
    for row in conn.execute(asked.order_by(orders.c.deadline).limit(MOST)):
        yield WorkerTask("order", _who(row), row.deadline, row.number)


def _to_check(conn: Connection, area: Area) -> Iterator[WorkerTask]:
    if not acting(area.roles):
        return
    claims = checks.waiting(conn, area.roles, area.now)
    if claims:
        yield WorkerTask("checks", count=claims)
    addresses = digital_addresses.waiting(conn, area.roles)
    if addresses:
        yield WorkerTask("addresses", count=addresses)


def _stuck_tasks(
    conn: Connection, area: Area, kind: TaskKind, held: ColumnElement[bool]
) -> Iterator[WorkerTask]:
    moment = household.c.registered_at if kind == "listing" else household.c.first_listed_at
    asked = _households(area, moment.label("moment")).where(held)
    for row in conn.execute(asked.order_by(moment.desc()).limit(MOST)):
        yield WorkerTask(kind, _who(row), row.moment)


FOUND: tuple[Callable[[Connection, Area], Iterator[WorkerTask]], ...] = (
    _questions,
    _orders,
    _to_check,
)


def _member(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Of the first member who agreed."""
    return select(column).where(*AGREED).order_by(person.c.id).limit(1).scalar_subquery()


WHO = (
    household.c.id,
    household.c.code,
    household.c.province,
    household.c.commune,
    _member(person.c.id).label("member"),
    _member(person.c.you).label("you"),
    _member(person.c.name).label("name"),
)


def _households(area: Area, *more: ColumnElement[Any]) -> Select[Any]:
    return select(*WHO, *more).select_from(household).where(seen_by(area.roles))


def _who(row: Any) -> Correspondent:
    return Correspondent(row.id, row.member, row.code, row.province, row.commune, row.you, row.name)

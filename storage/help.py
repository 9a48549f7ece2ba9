"""Questions to workers: kept as they go back and forth, found for whoever may answer, told to the other side.

A worker sees a question of their own area whose member agreed: to this one, or to workers in general.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import ceil
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, or_, select

from bot.dialogue.help_queries import Correspondent, HelpThread, WhoHelps
from domain.help import DAY
from domain.roles import acting
from storage.areas import AGREED, counted_by, others_of, seen_by
from storage.roles import roles_of
from storage.schema import consent, help_message, help_thread, household, person, role

MOST = 50  # workers who are asked at once
FEW = 5  # questions shown at once
LATELY, ENOUGH = 20, 3  # answers of a commune that tell how long one usually takes, and at least
USUAL = 2  # hours, while there are too few

_worker = person.alias("worker")
_LAST_SAID = (
    select(help_message.c.text)
    .where(help_message.c.help == help_thread.c.help, help_message.c.side == "household")
    .order_by(help_message.c.at.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST_AT = (
    select(help_message.c.at)
    .where(help_message.c.help == help_thread.c.help, help_message.c.side == "household")
    .order_by(help_message.c.at.desc())
    .limit(1)
    .scalar_subquery()
)
LET = exists().where(
    consent.c.person == help_thread.c.person,
    consent.c.purpose == "worker",
    or_(consent.c.scope == "", consent.c.scope == help_thread.c.help),
    consent.c.withdrawn_at.is_(None),
)
THREADS: Select[Any] = (
    select(
        help_thread,
        household.c.code,
        household.c.province,
        household.c.commune,
        person.c.you,
        person.c.name,
        _worker.c.name.label("worker_name"),
        _LAST_SAID.label("asked"),
        _LAST_AT.label("asked_at"),
        LET.label("let"),
    )
    .join_from(help_thread, household, household.c.id == help_thread.c.household)
    .join(person, person.c.id == help_thread.c.person)
    .join(_worker, _worker.c.id == help_thread.c.worker, isouter=True)
)
_FOR: ColumnElement[Any] = bindparam("me")
_TO_ANSWER = and_(
    help_thread.c.waits == "worker",
    or_(
        help_thread.c.worker.is_(None),
        help_thread.c.worker == _FOR,
        help_thread.c.since <= bindparam("long_ago"),
    ),
)
OWN = THREADS.where(help_thread.c.household == bindparam("whose"))
OWN_OPEN = (
    OWN.where(help_thread.c.waits.is_not(None)).order_by(help_thread.c.opened_at.desc()).limit(1)
)
OWN_ONE = OWN.where(help_thread.c.help == bindparam("which"))
_OF_ROLE = (
    select(role.c.person, person.c.name)
    .distinct()
    .join_from(role, person, person.c.id == role.c.person)
    .where(
        role.c.kind == "worker",
        role.c.area == bindparam("of_area"),
        role.c.withdrawn_at.is_(None),
        role.c.person != bindparam("but"),
    )
    .order_by(role.c.person)
    .limit(MOST)
)
ANSWERED_LATELY = (
    select(help_thread.c.opened_at, help_thread.c.answered_at)
    .join(household, household.c.id == help_thread.c.household)
    .where(
        household.c.commune == bindparam("of_commune"),
        help_thread.c.answered_at.is_not(None),
    )
    .order_by(help_thread.c.answered_at.desc())
    .limit(LATELY)
)


def workers_of(conn: Connection, province: str, commune: str, but: UUID) -> list[tuple[UUID, Any]]:
    """The workers of the commune, or of the province where it has none, with their names."""
    for area in (commune, province):
        found = conn.execute(_OF_ROLE, {"of_area": area, "but": but}).all()
        if found:
            return [(row.person, row.name) for row in found]
    return []


def who_helps(conn: Connection, home: UUID, asker: UUID) -> WhoHelps | None:
    """Who would answer this household, and how long it usually takes there."""
    place = conn.execute(
        select(household.c.province, household.c.commune).where(household.c.id == home)
    ).one()
    workers = workers_of(conn, place.province, place.commune, asker)
    if not workers:
        return None
    rows = conn.execute(ANSWERED_LATELY, {"of_commune": place.commune}).all()
    waits = [(row.answered_at - row.opened_at).total_seconds() / 3_600 for row in rows]
    hours = max(1, ceil(median(waits))) if len(waits) >= ENOUGH else USUAL
    return WhoHelps(workers[0][1] if len(workers) == 1 else None, hours)


def own_thread(conn: Connection, home: UUID, sign: str | None) -> HelpThread | None:
    """A question of this household, or its newest open one."""
    asked = OWN_OPEN if sign is None else OWN_ONE
    row = conn.execute(asked, {"whose": home, "which": sign}).one_or_none()
    return None if row is None else _thread(row)


def to_answer(conn: Connection, who: UUID, sign: str, *, locked: bool = True) -> HelpThread | None:
    """A question that this person, as a worker, may see now; `locked`: nobody else answers it meanwhile."""
    asked = _seen(conn, who).where(help_thread.c.help == sign)
    if locked:
        asked = asked.with_for_update(of=help_thread)
    row = conn.execute(asked).one_or_none()
    return None if row is None else _thread(row)


def waiting_for(
    conn: Connection, who: UUID, now: dt.datetime, most: int = FEW
) -> tuple[HelpThread, ...]:
    """Questions that this person, as a worker, may answer now, those that wait longest first."""
    signs = [row.help for row in waiting_signs(conn, who, now, most)]
    asked = THREADS.where(help_thread.c.help.in_(signs)).order_by(help_thread.c.since)
    return tuple(_thread(row) for row in conn.execute(asked)) if signs else ()


def waiting_signs(
    conn: Connection, who: UUID, now: dt.datetime, most: int
) -> Sequence[Row[tuple[str, UUID, dt.datetime]]]:
    """The same as (help, household, since), nobody named: few of all, looked up before their households."""
    waiting = (
        select(help_thread.c.help, help_thread.c.household, help_thread.c.since)
        .where(_TO_ANSWER, LET)
        .cte("waiting")
        .prefix_with("MATERIALIZED")
    )
    asked = (
        select(waiting)
        .join(household, household.c.id == waiting.c.household)
        .where(counted_by(acting(roles_of(conn, who))), others_of(who))
        .order_by(waiting.c.since)
        .limit(most)
    )
    return conn.execute(asked, {"me": who, "long_ago": now - DAY}).all()


def to_write(conn: Connection, who: UUID, code: str) -> Correspondent | None:
    """A household of their area that lets this person, as a worker, see it; its member who agreed."""
    asked = (
        select(
            household.c.id.label("household"),
            person.c.id.label("person"),
            household.c.code,
            household.c.province,
            household.c.commune,
            person.c.you,
            person.c.name,
        )
        .join_from(household, person, person.c.household == household.c.id)
        .where(
            seen_by(acting(roles_of(conn, who))),
            others_of(who),
            household.c.code == code,
            exists().where(*AGREED),
        )
        .order_by(person.c.id)
        .limit(1)
    )
    row = conn.execute(asked).mappings().one_or_none()
    return None if row is None else Correspondent(**row)


def _seen(conn: Connection, who: UUID) -> Select[Any]:
    return THREADS.where(counted_by(acting(roles_of(conn, who))), others_of(who), LET)


def _thread(row: Any) -> HelpThread:
    return HelpThread(
        help=row.help,
        who=Correspondent(
            row.household, row.person, row.code, row.province, row.commune, row.you, row.name
        ),
        waits=row.waits,
        since=row.since,
        asked=row.asked or "",
        asked_at=row.asked_at or row.opened_at,
        worker=row.worker,
        worker_name=row.worker_name,
        let=row.let,
    )


def words_of(conn: Connection, sign: str) -> Sequence[Any]:
    """All that was written in a question: `side`, `at`, `text`, in order."""
    asked = select(help_message.c.side, help_message.c.at, help_message.c.text)
    return conn.execute(
        asked.where(help_message.c.help == sign).order_by(help_message.c.at, help_message.c.id)
    ).all()

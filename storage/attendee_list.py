"""Who came without a phone in hand: a list of names that is erased in time, or only a number.

Somebody whose phone stands on the list and who checks in counts once, whichever came first. Whoever changes a
list holds the course's row (`courses.one(locked=True)`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, or_, select, update

from domain.fold import fold
from domain.training_events import AttendeeListed, AttendeesCounted, AttendeeStruck
from storage.attendances import came
from storage.ledger import Origin
from storage.schema import attendee, course, course_person, person
from storage.upsert import insert_new

KEPT = dt.timedelta(days=90)  # names and phones: as long as one may ask who was there
MOST = 500  # entries that a page shows
BATCH = 1_000

THERE_BY_PHONE = (
    select(course_person.c.person)
    .join(person, person.c.id == course_person.c.person)
    .where(
        course_person.c.course == bindparam("which"),
        course_person.c.attended_at.is_not(None),
        person.c.phone == bindparam("phone_is"),
        ~course_person.c.person.in_(
            select(attendee.c.person).where(
                attendee.c.course == bindparam("which"),
                attendee.c.person.is_not(None),
                attendee.c.struck_at.is_(None),
            )
        ),
    )
    .order_by(course_person.c.person)
    .limit(1)
)
"""Somebody with this phone who checked in, and whom no entry of the list stands for yet."""

_STANDS = attendee.c.course == bindparam("which"), attendee.c.struck_at.is_(None)
WITH_PHONE = select(attendee.c.id).where(*_STANDS, attendee.c.phone == bindparam("phone_is"))
WITH_PHONE_ALONE = WITH_PHONE.where(attendee.c.name.is_(None)).limit(1)
_ENTRY = attendee.c.id == bindparam("entry")
NAMED = update(attendee).where(_ENTRY).values(name=bindparam("new_name"), key=bindparam("new_key"))
STRUCK = update(attendee).where(_ENTRY).values(struck_at=bindparam("at"), key=bindparam("new_key"))
NEW_ENTRY = insert_new(attendee)
UNNAMED = (
    update(course).where(course.c.code == bindparam("which")).values(unnamed=bindparam("people"))
)
_old = (
    select(attendee.c.id)
    .where(
        attendee.c.listed_at < bindparam("before"),
        or_(attendee.c.name.is_not(None), attendee.c.phone.is_not(None)),
    )
    .limit(BATCH)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on the list of a course; `by` is the worker, None: typed at the link.

    `counts`: 1 when nobody checked in for it, 0 when its person counts by themselves.
    """

    id: UUID
    name: str | None
    phone: str | None
    by: UUID | None
    counts: Literal[0, 1]


def put(  # noqa: PLR0913, PLR0917 an entry has this many sides
    tx: Connection,
    code: str,
    entry: UUID,
    name: str | None,
    phone: str | None,
    by: UUID | None,
    now: dt.datetime,
) -> Literal[0, 1] | None:
    """Put somebody on the list: 1 who counts, 0 who was counted by their phone; None: is on it already."""
    if phone is not None and _same_phone(tx, code, name, phone):
        return None
    there = None
    if phone is not None:
        there = tx.execute(THERE_BY_PHONE, {"which": code, "phone_is": phone}).scalar_one_or_none()
    row = {
        "id": entry,
        "course": code,
        "key": key_of(name, phone),
        "name": name,
        "phone": phone,
        "person": there,
        "by": by,
        "people": 0 if there else 1,
        "listed_at": now,
    }
    new = tx.execute(NEW_ENTRY, row).rowcount == 1
    if not new:
        return None
    return 1 if there is None else 0


def _same_phone(tx: Connection, code: str, name: str | None, phone: str) -> bool:
    """Whether this phone alone stands for the same person: typed at the link, by itself."""
    of = {"which": code, "phone_is": phone}
    if name is None:
        return tx.execute(WITH_PHONE, of).first() is not None
    alone = tx.execute(WITH_PHONE_ALONE, of).scalar_one_or_none()
    if alone is None:
        return False
    named = {"entry": alone, "new_name": name, "new_key": key_of(name, phone)}
    tx.execute(NAMED, named)
    return True


def key_of(name: str | None, phone: str | None) -> str:
    """The same for the same name and phone, however the name was typed."""
    words = f"{' '.join(fold(name or '').split())}/{phone or ''}"
    return hashlib.sha256(words.encode()).hexdigest()


def entries(conn: Connection, code: str) -> list[Entry]:
    """The list, the newest first."""
    rows = (
        select(attendee)
        .where(attendee.c.course == code, attendee.c.struck_at.is_(None))
        .order_by(attendee.c.listed_at.desc(), attendee.c.id)
    )
    return [
        Entry(row.id, row.name, row.phone, row.by, 1 if row.people and row.person is None else 0)
        for row in conn.execute(rows.limit(BATCH))
    ]


def entry_of(conn: Connection, code: str, which: UUID) -> Entry | None:
    """One entry that stands."""
    return next((one for one in entries(conn, code) if one.id == which), None)


# As the events leave it


def listed(tx: Connection, event: AttendeeListed, _: Origin) -> None:
    """One more on the list."""
    came(tx, event.course, event.attendances)


def struck(tx: Connection, event: AttendeeStruck, _: Origin) -> None:
    """One less; the same name may be listed again."""
    values = {"entry": event.attendee, "at": event.at, "new_key": event.attendee.hex}
    tx.execute(STRUCK, values)
    came(tx, event.course, event.attendances)


def counted(tx: Connection, event: AttendeesCounted, _: Origin) -> None:
    """So many came of whom only the number is known."""
    tx.execute(UNNAMED, {"which": event.course, "people": event.people})
    came(tx, event.course, event.attendances)


# In time


def forget(tx: Connection, now: dt.datetime) -> None:
    """Names and phones that nobody needs any more go; how many came stays."""
    for entry in tx.scalars(_old, {"before": now - KEPT}).all():
        blank = {"name": None, "phone": None, "key": entry.hex}
        tx.execute(update(attendee).where(attendee.c.id == entry).values(blank))


BY_LINK = select(func.count()).where(
    attendee.c.course == bindparam("which"), attendee.c.by.is_(None)
)


def by_link(conn: Connection, code: str) -> int:
    """How many phones were typed at the link."""
    return int(conn.execute(BY_LINK, {"which": code}).scalar_one())

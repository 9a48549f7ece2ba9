"""Books that nobody has used for as long as the consent says are erased; the figures they made stay."""

from __future__ import annotations

import datetime as dt
from uuid import uuid5

from sqlalchemy import Connection, bindparam, exists, select

from bot.dialogue.turn import SPACE
from domain.events import PersonalDataErased
from storage import personal, store
from storage.schema import household, identity, person, session

LONGEST_MONTH = dt.timedelta(days=31)  # never sooner than was said
BATCH = 100  # households at a time

_other_session, _other_identity, _other = (
    session.alias("other_session"),
    identity.alias("other_identity"),
    person.alias("other"),
)
_still_used = exists().where(
    _other.c.household == household.c.id,
    _other_identity.c.person == _other.c.id,
    _other_session.c.channel == _other_identity.c.channel,
    _other_session.c.address == _other_identity.c.address,
    _other_session.c.last_at >= bindparam("before"),
)
UNUSED = (
    select(
        household.c.id,
        household.c.province,
        household.c.commune,
        person.c.id.label("person"),
        identity.c.channel,
        identity.c.address,
    )
    .join_from(session, identity, session.c.channel == identity.c.channel)
    .join(person, person.c.id == identity.c.person)
    .join(household, household.c.id == person.c.household)
    .where(
        session.c.address == identity.c.address,
        session.c.last_at < bindparam("before"),
        household.c.erased_at.is_(None),
        ~_still_used,
    )
    .order_by(household.c.id)
    .limit(BATCH)
)


def forget_unused(tx: Connection, now: dt.datetime, months: int) -> bool:
    """Erase the households of which nobody has written for `months`; True when there may be more."""
    found = tx.execute(UNUSED, {"before": now - months * LONGEST_MONTH}).all()
    for row in {row.id: row for row in found}.values():
        erased = PersonalDataErased(
            id=uuid5(SPACE, f"unused/{row.id}"),
            at=now,
            household=row.id,
            person=row.person,
            channel="retention",
            province=row.province,
            commune=row.commune,
        )
        store.append(tx, [erased])
        personal.erase(tx, row.person, row.id, (row.channel, row.address), now)
    return len(found) >= BATCH

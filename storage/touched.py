"""A household has changed: it gets another version, so that whoever knew it looks again."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from domain.events import Event
from storage.schema import household
from storage.standings import NOTHING, Parts, parts_of, recounted

TOUCHED = (
    update(household)
    .where(household.c.id == bindparam("which"))
    .values(
        version=bindparam("new_version"),
        codes=household.c.codes + bindparam("more_codes"),
        buyer_count=household.c.buyer_count + bindparam("more_buyers"),
    )
)


def touch(
    tx: Connection, which: UUID, codes: int = 0, buyers: int = 0, parts: Parts = NOTHING
) -> int:
    """The household has changed: so many more receipt codes and buyers. Its new version; pictures are old.

    `parts` of what its list goes by are counted again.
    """
    version = secrets.randbits(62)  # the system's: two forked processes must not give the same
    values = {
        "which": which,
        "new_version": version,
        "more_codes": codes,
        "more_buyers": buyers,
    }
    tx.execute(recounted(TOUCHED, parts), values)
    return version


def touch_all(tx: Connection, events: Iterable[Event], but: UUID | None = None) -> None:
    """Every household that these events are about, `but` for one; all in one order."""
    parts = defaultdict[UUID, Parts](frozenset)
    for one in events:
        if one.household is not None and one.household != but:
            parts[one.household] |= parts_of([one])
    for which in sorted(parts):
        touch(tx, which, parts=parts[which])

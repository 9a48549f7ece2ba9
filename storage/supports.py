"""Who supports which household, begun and ended once; beside which others it is held, from its first day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, insert, select

from domain.household import ZONE
from domain.potential import BAND, band, score
from domain.roles import Role, acting, lies_in
from domain.support import MOST_PEERS, may_end
from domain.support_events import SupportBegun, SupportEnded
from storage.areas import others_of, seen_by
from storage.deciding import By
from storage.records import record_of
from storage.roles import roles_of
from storage.schema import event, household, person, potential, support, support_peer
from storage.store import append

Outcome = Literal["begun", "taken", "ended", "over", "not_yours"]

IS_THERE = select(event.c.id).where(event.c.id == bindparam("which"))
OPEN = select(support, person.c.name).outerjoin(person, person.c.id == support.c.worker)
OPEN = OPEN.where(support.c.ended_at.is_(None))
SUPPORTED = select(support.c.household).where(support.c.ended_at.is_(None))
NEW_PEERS = insert(support_peer)


@dataclass(frozen=True, slots=True)
class Supporter:
    """Who supports a household, since which day."""

    support: UUID
    worker: UUID
    name: str | None
    since: dt.date


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish, and who supports the household now."""

    outcome: Outcome
    supporter: Supporter | None = None


def begin(tx: Connection, by: By, code: str, form: UUID) -> Answer | None:
    """The household is supported by this worker; None: not one that they may do anything for."""
    home = _locked(tx, by, code)
    if home is None:
        return None
    standing = supporters(tx, [home.id]).get(home.id)
    if standing is not None or _is_there(tx, form):
        mine = standing is not None and standing.support == form
        return Answer("begun" if mine else "taken" if standing else "over", standing)
    record = record_of(tx, home.id, by.at)
    assert record is not None, "whoever may be seen has a record"
    points = score(record)
    append(tx, [SupportBegun(**_about(home, by), id=form, score=points)])
    _choose_peers(tx, home, form, points)
    return Answer("begun", supporters(tx, [home.id])[home.id])


def end(tx: Connection, by: By, code: str, form: UUID) -> Answer | None:
    """The support that stands ends; None as above."""
    home = _locked(tx, by, code)
    if home is None:
        return None
    standing = supporters(tx, [home.id]).get(home.id)
    if standing is None:
        return Answer("ended" if _is_there(tx, form) else "over")
    if _is_there(tx, form):
        return Answer("over", standing)
    if not ends(tx, by.person, standing, home.province, home.commune):
        return Answer("not_yours", standing)
    append(tx, [SupportEnded(**_about(home, by), id=form, support=standing.support)])
    return Answer("ended")


def ends(conn: Connection, who: UUID, standing: Supporter, province: str, commune: str) -> bool:
    """Whether this person may end the support of a household there."""
    mine = _there(roles_of(conn, who), province, commune)
    still = _there(acting(roles_of(conn, standing.worker)), province, commune)
    return may_end(who, mine, standing.worker, still_there=bool(still))


def _there(roles: Sequence[Role], province: str, commune: str) -> list[Role]:
    return [held for held in roles if lies_in(commune, held.area) or held.area == province]


def supporters(conn: Connection, homes: Sequence[UUID]) -> dict[UUID, Supporter]:
    """Who supports these households now, by household."""
    rows = conn.execute(OPEN.where(support.c.household.in_(homes)))
    return {row.household: _supporter(row) for row in rows}


def _supporter(row: Row[Any]) -> Supporter:
    return Supporter(row.id, row.worker, row.name, row.began_at.astimezone(ZONE).date())


def _locked(tx: Connection, by: By, code: str) -> Row[Any] | None:
    """The household that they may help, held until the end: two who begin come one after the other."""
    within = seen_by(acting(roles_of(tx, by.person))), others_of(by.person)
    mine = (*within, household.c.code == code)
    return tx.execute(select(household).where(*mine).with_for_update()).one_or_none()


def _is_there(tx: Connection, form: UUID) -> bool:
    return tx.execute(IS_THERE, {"which": form}).first() is not None


def _about(home: Row[Any], by: By) -> Mapping[str, Any]:
    """Both identities, and the place of the household."""
    return {
        "at": by.at,
        "household": home.id,
        "person": by.person,
        "channel": by.channel,
        "province": home.province,
        "commune": home.commune,
        "sample": home.sample,
    }


def _choose_peers(tx: Connection, home: Row[Any], which: UUID, points: int) -> None:
    """Of the same province and band, the nearest in score of those whom nobody supports."""
    lowest = band(points) * BAND
    distance = func.abs(potential.c.score - points)
    asked = (
        select(potential.c.household)
        .join_from(potential, household, household.c.id == potential.c.household)
        .where(
            household.c.province == home.province,
            household.c.id != home.id,
            household.c.sample == home.sample,
            household.c.seen,
            household.c.erased_at.is_(None),
            potential.c.score >= lowest,
            potential.c.score < _end_of_band(lowest),
            household.c.id.not_in(SUPPORTED),
        )
        .order_by(distance, potential.c.household)
        .limit(MOST_PEERS)
    )
    rows = [{"support": which, "household": peer} for peer in tx.scalars(asked)]
    if rows:
        tx.execute(NEW_PEERS, rows)


def _end_of_band(lowest: int) -> int:
    """The score after the last of the band; the highest band has 100, too."""
    highest = 100
    return lowest + BAND if lowest + BAND < highest else highest + 1

"""What workers may look into: one thing that a household of their area says, or all that is undecided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    null,
    select,
)

from domain.certificates import Certificate
from domain.check_events import Subject
from domain.checks import Claim, Decision
from domain.roles import Role, acting
from storage.areas import AGREED, others_of, seen_by
from storage.picture import entry_of, product_of
from storage.schema import certificate, decision, entry, household, listing, person, product

OPEN_FOR = dt.timedelta(days=60)  # after this a sale that nobody looked at is no longer put forward
CANDIDATES = 500  # sales that are put forward, the newest
MOST_COUNTED = 1_000

_worker = person.alias("worker")


def _member(column: ColumnElement[str]) -> ColumnElement[Any]:
    """Of the first member who lets workers see them."""
    return select(column).where(*AGREED).order_by(person.c.id).limit(1).scalar_subquery()


HOME = (
    household.c.id.label("home"),
    household.c.code.label("home_code"),
    household.c.province.label("home_province"),
    household.c.commune.label("home_commune"),
    household.c.sample.label("home_sample"),
    _member(person.c.you).label("home_you"),
    _member(person.c.name).label("home_name"),
)
MADE = (
    decision.c.state.label("made_state"),
    decision.c.reason.label("made_reason"),
    decision.c.worker.label("made_worker"),
    decision.c.at.label("made_at"),
    decision.c.event.label("made_event"),
    decision.c.answered_at.label("made_answered"),
    _worker.c.name.label("made_name"),
)
TOLD = (
    certificate.c.number.label("told_number"),
    certificate.c.stars.label("told_stars"),
    certificate.c.issued.label("told_issued"),
    certificate.c.valid_until.label("told_until"),
    certificate.c.photo.label("told_photo"),
)


def _with_decision(asked: Select[Any], subject: Subject, ref: ColumnElement[str]) -> Select[Any]:
    mine = and_(
        decision.c.household == household.c.id,
        decision.c.subject == subject,
        decision.c.ref == ref,
    )
    return asked.outerjoin(decision, mine).outerjoin(_worker, _worker.c.id == decision.c.worker)


_certified = and_(
    certificate.c.household == product.c.household, certificate.c.code == product.c.code
)
SALES = _with_decision(
    select(*HOME, *MADE, entry, null().label("buyer_name")).join_from(
        household, entry, entry.c.household == household.c.id
    ),
    "sale",
    entry.c.code,
)
GOODS = _with_decision(
    select(*HOME, *MADE, *TOLD, product)
    .join_from(household, product, product.c.household == household.c.id)
    .outerjoin(certificate, _certified)
    .where(product.c.stars.is_not(None), product.c.code.is_not(None)),
    "certificate",
    product.c.code,
)
PLACES = _with_decision(select(*HOME, *MADE).select_from(household), "place", literal("", String()))
LOCKED = select(household.c.id).where(household.c.code == bindparam("home_is")).with_for_update()
PLATFORMS = (
    select(listing.c.platform)
    .where(
        listing.c.household == bindparam("whose"),
        listing.c.code == bindparam("which"),
        listing.c.withdrawn_at.is_(None),
    )
    .order_by(listing.c.platform.desc())
)
OWN_DECISION: Select[Any] = (
    select(*MADE)
    .outerjoin_from(decision, _worker, _worker.c.id == decision.c.worker)
    .where(
        decision.c.household == bindparam("whose"),
        decision.c.subject == bindparam("what"),
        decision.c.ref == bindparam("which"),
    )
)
OWN_CERTIFICATE: Select[Any] = select(*TOLD, certificate.c.code).where(
    certificate.c.household == bindparam("whose"), certificate.c.code == bindparam("which")
)
UNDECIDED = decision.c.state.is_(None) | decision.c.state.in_(("kept", "corrected"))


def claim_of(  # noqa: PLR0913 whose word it is, and who asks
    conn: Connection,
    who: UUID,
    roles: Iterable[Role],
    code: str,
    subject: Subject,
    ref: str,
    *,
    locked: bool = False,
) -> Claim | None:
    """What this household says; None for one that `who` may not decide about, or what it never said.

    `locked`: nobody else changes or decides it before this transaction ends.
    """
    if locked:
        conn.execute(LOCKED, {"home_is": code})
    within = seen_by(acting(roles)) & others_of(who)
    mine = (within, household.c.code == code)
    if subject == "sale":
        row = conn.execute(SALES.where(*mine, entry.c.code == ref)).one_or_none()
        return None if row is None else sale_claim(row)
    if subject == "certificate":
        row = conn.execute(GOODS.where(*mine, product.c.code == ref)).one_or_none()
        return None if row is None else good_claim(row, _platforms(conn, row))
    return place_claim(conn, within, code)


def place_claim(conn: Connection, within: ColumnElement[bool], code: str) -> Claim | None:
    """Where this household lives; None for one that isn't within."""
    row = conn.execute(PLACES.where(within, household.c.code == code)).one_or_none()
    return None if row is None else _claim(row, "place")


def own_decision(
    conn: Connection, whose: UUID | None, subject: Subject, ref: str
) -> Decision | None:
    """What stands decided of something that this household said."""
    values = {"whose": whose, "what": subject, "which": ref}
    row: Row[Any] | None = conn.execute(OWN_DECISION, values).one_or_none()
    return None if row is None else _decision(row)


def own_certificate(conn: Connection, whose: UUID | None, code: str) -> Certificate | None:
    """The certificate that was told of this product."""
    row: Row[Any] | None = conn.execute(
        OWN_CERTIFICATE, {"whose": whose, "which": code}
    ).one_or_none()
    return None if row is None else _certificate(row)


# What nobody decided yet


def undecided_sales(who: UUID, roles: Sequence[Role], now: dt.datetime) -> Select[Any]:
    """The standing sales of an area behind which only a word stands, and not that of this worker."""
    return SALES.where(
        seen_by(acting(roles)),
        others_of(who),
        entry.c.worker.is_distinct_from(who),
        UNDECIDED,
        entry.c.struck_at.is_(None),
        entry.c.evidence == "said",
        entry.c.logged_at >= now - OPEN_FOR,
    )


def undecided_goods(who: UUID, roles: Sequence[Role]) -> Select[Any]:
    """The products with stars that no worker has seen the certificate of."""
    within = seen_by(acting(roles)), others_of(who)
    return GOODS.where(*within, UNDECIDED, product.c.evidence == "said")


def waiting(conn: Connection, who: UUID, roles: Sequence[Role], now: dt.datetime) -> int:
    """How many sales and certificates nobody decided yet; MOST_COUNTED of each at most."""
    asked = (undecided_sales(who, roles, now), undecided_goods(who, roles))
    return sum(
        int(conn.scalar(select(func.count()).select_from(_first(each).subquery())) or 0)
        for each in asked
    )


def _first(asked: Select[Any]) -> Select[Any]:
    return asked.with_only_columns(literal(1)).limit(MOST_COUNTED)


def open_claims(
    conn: Connection, who: UUID, roles: Sequence[Role], now: dt.datetime
) -> list[Claim]:
    """All of them, the newest CANDIDATES sales at most."""
    newest = undecided_sales(who, roles, now).order_by(entry.c.logged_at.desc()).limit(CANDIDATES)
    goods = undecided_goods(who, roles).order_by(product.c.used_at.desc()).limit(CANDIDATES)
    return [
        *(good_claim(row) for row in conn.execute(goods)),
        *(sale_claim(row) for row in conn.execute(newest)),
    ]


# Rows


def sale_claim(row: Row[Any]) -> Claim:
    """A line of the ledger, without its buyer: who bought is nobody else's matter."""
    return _claim(row, "sale", row.code, entry=entry_of(row))


def _platforms(conn: Connection, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(conn.scalars(PLATFORMS, {"whose": row.home, "which": row.code}))


def good_claim(row: Row[Any], platforms: tuple[Any, ...] = ()) -> Claim:
    """A product with stars and, if it was told, its certificate."""
    told = _certificate(row)
    return _claim(
        row, "certificate", row.code, product=product_of(row, platforms), certificate=told
    )


def _certificate(row: Row[Any]) -> Certificate | None:
    if row.told_stars is None:
        return None
    return Certificate(
        code=row.code,
        stars=row.told_stars,
        issued=row.told_issued,
        valid_until=row.told_until,
        number=row.told_number,
        photo=row.told_photo,
    )


def _claim(row: Row[Any], subject: Subject, ref: str = "", **what: Any) -> Claim:
    return Claim(
        household=row.home,
        code=row.home_code,
        province=row.home_province,
        commune=row.home_commune,
        subject=subject,
        ref=ref,
        you=row.home_you,
        name=row.home_name,
        sample=row.home_sample,
        decision=_decision(row),
        **what,
    )


def _decision(row: Row[Any]) -> Decision | None:
    if row.made_state is None:
        return None
    return Decision(
        state=row.made_state,
        worker=row.made_worker,
        name=row.made_name,
        at=row.made_at,
        event=row.made_event,
        reason=row.made_reason,
        answered_at=row.made_answered,
    )

"""What workers decided, as the events leave it: the newest decision of each thing that was looked at."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from bot.dialogue.message import CertificateNumbered
from domain import check_events as facts
from domain.courses import decent
from domain.events import (
    HouseholdMoved,
    OrderReturned,
    ProductChanged,
    SaleCorrected,
    SaleRestored,
    SaleWithdrawn,
)
from storage.ledger import NOWHERE, Origin
from storage.schema import certificate, decision, entry, product
from storage.upsert import upsert

OPEN_TO_CHANGE = ("confirmed", "disputed", "kept")  # decisions that a change of the thing ends

DECIDED = upsert(
    decision,
    ("state", "reason", "worker", "at", "event", "answered_at", "due_at", "told_at"),
)
ANSWERED = (
    update(decision)
    .where(
        decision.c.household == bindparam("whose"),
        decision.c.subject == bindparam("what"),
        decision.c.ref == bindparam("which"),
        decision.c.state.in_(bindparam("before", expanding=True)),
    )
    .values(state=bindparam("now_is"), answered_at=bindparam("when"))
)
ENTRY_EVIDENCE = (
    update(entry)
    .where(entry.c.household == bindparam("whose"), entry.c.code == bindparam("which"))
    .values(evidence=bindparam("now_is"))
)
STARS_EVIDENCE = (
    update(product)
    .where(product.c.household == bindparam("whose"), product.c.code == bindparam("which"))
    .values(evidence=bindparam("now_is"))
)
STARRED = STARS_EVIDENCE.values(stars=bindparam("new_stars"))
GIVEN = upsert(
    certificate, ("number", "stars", "issued", "valid_until", "photo", "told_by", "told_at")
)
NUMBERED = (
    update(certificate)
    .where(certificate.c.household == bindparam("whose"), certificate.c.code == bindparam("which"))
    .values(number=bindparam("new_number"))
)

Checked = (
    facts.SaleConfirmed
    | facts.SaleDisputed
    | facts.CertificateConfirmed
    | facts.CertificateDisputed
    | facts.PlaceConfirmed
    | facts.PlaceDisputed
)


def _decide(conn: Connection, event: Checked, subject: facts.Subject, ref: str) -> None:
    """A dispute is asked about as soon as the hour allows."""
    reason = getattr(event, "reason", None)
    row = {
        "household": event.household,
        "subject": subject,
        "ref": ref,
        "state": "disputed" if reason else "confirmed",
        "reason": reason,
        "worker": event.person,
        "at": event.at,
        "event": event.id,
        "answered_at": None,
        "due_at": decent(event.at) if reason else None,
        "told_at": None,
    }
    conn.execute(DECIDED, row)


def _end(  # noqa: PLR0913, PLR0917 whose decision of what, how it stood and stands, since when
    conn: Connection,
    whose: UUID | None,
    subject: facts.Subject,
    ref: str,
    now_is: str,
    when: dt.datetime,
    before: tuple[str, ...] = OPEN_TO_CHANGE,
) -> None:
    which = {"whose": whose, "what": subject, "which": ref}
    conn.execute(ANSWERED, which | {"before": before, "now_is": now_is, "when": when})


# Sales


def sale(conn: Connection, event: facts.SaleConfirmed | facts.SaleDisputed, _: Origin) -> None:
    """What stands behind the line, and the decision."""
    values = {"whose": event.household, "which": event.code, "now_is": event.evidence}
    conn.execute(ENTRY_EVIDENCE, values)
    _decide(conn, event, "sale", event.code)


def sale_corrected(conn: Connection, event: SaleCorrected, _: Origin = NOWHERE) -> None:
    """What was decided of the line as it was holds no longer; a dispute is answered."""
    _end(conn, event.household, "sale", event.code, "corrected", event.at)


def sale_struck(conn: Connection, event: SaleWithdrawn, _: Origin = NOWHERE) -> None:
    """A dispute is answered: it did not happen."""
    _end(conn, event.household, "sale", event.code, "struck", event.at, ("disputed",))


def sale_returned(conn: Connection, event: OrderReturned, _: Origin = NOWHERE) -> None:
    """The goods came back: there is nothing left to dispute."""
    if event.code is not None:
        _end(conn, event.household, "sale", event.code, "struck", event.at, ("disputed",))


def sale_restored(conn: Connection, event: SaleRestored, _: Origin = NOWHERE) -> None:
    """The household struck it out and took that back: it stands as it was."""
    _end(conn, event.household, "sale", event.code, "kept", event.at, ("struck",))


# Certificates


def certificate_given(conn: Connection, event: facts.CertificateGiven, _: Origin) -> None:
    """The certificate as told, without its number: that is no part of a fact."""
    told = {
        "household": event.household,
        "code": event.code,
        "number": None,
        "stars": event.stars,
        "issued": event.issued,
        "valid_until": event.valid_until,
        "photo": event.photo,
        "told_by": event.person,
        "told_at": event.at,
    }
    conn.execute(GIVEN, told)
    values = {"whose": event.household, "which": event.code, "now_is": event.evidence}
    conn.execute(STARRED, values | {"new_stars": event.stars})
    _end(conn, event.household, "certificate", event.code, "corrected", event.at)


def number(conn: Connection, whose: UUID | None, code: str, said: str) -> None:
    """What stands on the certificate of this product."""
    conn.execute(NUMBERED, {"whose": whose, "which": code, "new_number": said})


def keep_number(tx: Connection, home: UUID | None, _: UUID, item: CertificateNumbered) -> None:
    """The number of a certificate that was told in this turn."""
    number(tx, home, item.code, item.number)


def certified(
    conn: Connection, event: facts.CertificateConfirmed | facts.CertificateDisputed, _: Origin
) -> None:
    """What stands behind the stars, and the decision."""
    values = {"whose": event.household, "which": event.code, "now_is": event.evidence}
    conn.execute(STARS_EVIDENCE, values)
    _decide(conn, event, "certificate", event.code)


def product_changed(conn: Connection, event: ProductChanged, _: Origin = NOWHERE) -> None:
    """Other stars: what was decided of the certificate holds no longer."""
    if event.stars_before != event.ocop_stars:
        _end(conn, event.household, "certificate", event.code, "corrected", event.at)


# Places


def place(conn: Connection, event: facts.PlaceConfirmed | facts.PlaceDisputed, _: Origin) -> None:
    """Where the household lives was looked at."""
    _decide(conn, event, "place", "")


def moved(conn: Connection, event: HouseholdMoved, _: Origin = NOWHERE) -> None:
    """Another place: what was decided of the earlier one holds no longer."""
    _end(conn, event.household, "place", "", "corrected", event.at)


def kept(conn: Connection, event: facts.DisputeKept, _: Origin) -> None:
    """The household stands by it."""
    _end(conn, event.household, event.subject, event.ref, "kept", event.at, ("disputed",))

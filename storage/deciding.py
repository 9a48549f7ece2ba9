"""A worker decides on a page: role, area and what they saw are looked at again where it is stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from domain.certificates import Certificate
from domain.check_events import CertificateGiven, Reason, Subject
from domain.checks import (
    REASONS,
    Claim,
    Refused,
    Verdict,
    decided,
    decision_id,
    given,
    is_repeat,
    refused,
)
from storage import decisions
from storage.checks import claim_of
from storage.roles import roles_of
from storage.schema import event, photo
from storage.store import append
from storage.upsert import insert_new

NEW_PHOTO = insert_new(photo)
IS_THERE = select(event.c.id).where(event.c.id == bindparam("which"))


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, through what, and when."""

    person: UUID
    channel: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for: the thing, the verdict, and the version that was on the page."""

    home: str
    subject: Subject
    ref: str
    verdict: Verdict
    seen: str
    reason: str | None = None


def decide(tx: Connection, by: By, wish: Wish) -> tuple[Claim | None, Refused | None]:
    """What it was about (None: nothing that they may decide), and why it was not done."""
    claim = _locked(tx, by, wish.home, wish.subject, wish.ref)
    if claim is None or is_repeat(claim, by.person, wish.verdict, wish.seen):
        return claim, None
    why = refused(claim, by.person, wish.verdict, wish.seen, wish.reason)
    if why is None:
        kind, own = decided(claim, wish.verdict, _reason(wish))
        id_ = decision_id(claim, by.person, wish.verdict, wish.seen)
        append(tx, [kind(**_about(claim, by), id=id_, **own)])
    return claim, why


def _reason(wish: Wish) -> Reason | None:
    return next((reason for reason in REASONS[wish.subject] if reason == wish.reason), None)


def give_certificate(
    tx: Connection, by: By, home: str, told: Certificate, picture: bytes | None, form: UUID
) -> Claim | None:
    """The certificate as the worker read it on a visit; the same form twice is one. None: not theirs."""
    claim = _locked(tx, by, home, "certificate", told.code)
    if claim is None or claim.product is None:
        return None
    fact = CertificateGiven(**_about(claim, by), id=form, **given(claim.product, told))
    if not is_stored(tx, form):
        append(tx, [fact])
        decisions.number(tx, claim.household, told.code, told.number or "")
        if picture is not None and told.photo is not None:
            row = {"id": told.photo, "household": claim.household, "jpeg": picture}
            tx.execute(NEW_PHOTO, row)
    return claim


def is_stored(tx: Connection, which: UUID) -> bool:
    """Whether the event that a form makes is there already: it was sent twice."""
    return tx.execute(IS_THERE, {"which": which}).first() is not None


def _locked(tx: Connection, by: By, home: str, subject: Subject, ref: str) -> Claim | None:
    return claim_of(tx, by.person, roles_of(tx, by.person), home, subject, ref, locked=True)


def _about(claim: Claim, by: By) -> dict[str, Any]:
    """Both identities, and the place of the household."""
    return {
        "at": by.at,
        "household": claim.household,
        "person": by.person,
        "channel": by.channel,
        "province": claim.province,
        "commune": claim.commune,
        "sample": claim.sample,
    }

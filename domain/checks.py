"""What a worker may confirm or dispute, and what becomes of it. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid5

from domain.certificates import Certificate
from domain.check_events import (
    CertificateConfirmed,
    CertificateDisputed,
    PlaceConfirmed,
    PlaceDisputed,
    Reason,
    SaleConfirmed,
    SaleDisputed,
    Subject,
)
from domain.facts import Evidence, SaleItem
from domain.fold import fold
from domain.household import Entry, Product
from domain.orders import stronger

DecisionState = Literal["confirmed", "disputed", "kept", "corrected", "struck"]
Verdict = Literal["confirm", "dispute"]
Refused = Literal["confirmed", "disputed", "changed", "struck", "reason", "own"]
Sign = Literal["answered", "uncertified", "expired", "price", "large"]

REASONS: dict[Subject, tuple[Reason, ...]] = {
    "sale": ("amount", "date", "product", "not_sold"),
    "certificate": ("certificate", "date"),
    "place": ("place",),
}
VERSION_SIGNS = 8
LARGE_VND = 20_000_000  # a sale that is looked at before others
FAR = 2  # times the usual price, or its part


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands decided, by whom and when; of a dispute also when the household answered."""

    state: DecisionState
    worker: UUID
    name: str | None
    at: dt.datetime
    event: UUID
    reason: Reason | None = None
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a household says, whose it is, and what was decided of it.

    A sale has its `entry`, a certificate its `product` and perhaps the `certificate` itself. `signs` say
    why it is looked at before others.
    """

    household: UUID
    code: str
    province: str
    commune: str
    subject: Subject
    ref: str = ""
    you: str | None = None
    name: str | None = None
    sample: bool = False
    entry: Entry | None = None
    product: Product | None = None
    certificate: Certificate | None = None
    decision: Decision | None = None
    signs: tuple[Sign, ...] = ()

    @property
    def version(self) -> str:
        """Signs that change with everything that a decision rests on."""
        line, good, made = self.entry, self.product, self.decision
        parts = (
            self.commune,
            line and (line.figures, line.items, line.struck_at),
            good and (good.stars, good.evidence),
            self.certificate,
            made and (made.event, made.state),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:VERSION_SIGNS]


def refused(
    claim: Claim, who: UUID, verdict: Verdict, seen: str, reason: str | None
) -> Refused | None:
    """Why this can't be decided so, on what the worker saw; None when it can."""
    if verdict == "dispute" and reason not in REASONS[claim.subject]:
        return "reason"
    if claim.version != seen:
        return _overtaken(claim)
    if claim.entry is not None and claim.entry.struck_at is not None:
        return "struck"
    return "own" if verdict == "confirm" and _wrote(claim, who) else None


def _wrote(claim: Claim, who: UUID) -> bool:
    """Nobody's word stands behind what they wrote down themselves."""
    return claim.entry is not None and claim.entry.worker == who


def _overtaken(claim: Claim) -> Refused:
    """What happened since the worker looked."""
    if claim.entry is not None and claim.entry.struck_at is not None:
        return "struck"
    state = claim.decision.state if claim.decision else None
    return state if state in ("confirmed", "disputed") else "changed"


def decision_id(claim: Claim, who: UUID, verdict: Verdict, seen: str) -> UUID:
    """The event's: the same worker deciding the same on the same sight is one decision."""
    return uuid5(claim.household, f"{who}/{claim.subject}/{claim.ref}/{verdict}/{seen}")


def is_repeat(claim: Claim, who: UUID, verdict: Verdict, seen: str) -> bool:
    """Whether this was decided before: a form or a tap that came twice."""
    made = claim.decision
    return made is not None and made.event == decision_id(claim, who, verdict, seen)


def decided(
    claim: Claim, verdict: Verdict, reason: Reason | None
) -> tuple[type[Any], dict[str, Any]]:
    """The event of a decision that is not refused: its kind and its own fields."""
    why = {} if verdict == "confirm" else {"reason": reason}
    if claim.entry is not None:
        kind = SaleConfirmed if verdict == "confirm" else SaleDisputed
        evidence = _evidence(claim.entry.evidence, verdict, order=claim.entry.order is not None)
        own = {"code": claim.ref, "evidence": evidence, "before": claim.entry.figures}
        return kind, own | why
    if claim.product is not None:
        return _of_certificate(claim.product, claim.ref, verdict, why)
    return (PlaceConfirmed if verdict == "confirm" else PlaceDisputed), why


def _of_certificate(
    product: Product, code: str, verdict: Verdict, why: dict[str, Any]
) -> tuple[type[Any], dict[str, Any]]:
    own = {
        "code": code,
        "evidence": _evidence(product.evidence, verdict),
        "evidence_before": product.evidence,
        "platforms": product.platforms,
    }
    return (CertificateConfirmed if verdict == "confirm" else CertificateDisputed), own | why


def given(product: Product, told: Certificate) -> dict[str, Any]:
    """The fields of the fact that a certificate of this product was told; its number is in no fact."""
    return {
        "code": told.code,
        "stars": told.stars,
        "issued": told.issued,
        "valid_until": told.valid_until,
        "photo": told.photo,
        "stars_before": product.stars,
        "evidence_before": product.evidence,
        "platforms": product.platforms,
    }


def _evidence(before: Evidence, verdict: Verdict, *, order: bool = False) -> Evidence:
    if verdict == "confirm":
        return stronger(before, "confirmed")
    return unconfirmed(before, order=order)


def unconfirmed(evidence: Evidence, *, order: bool = False) -> Evidence:
    """What is left when the word of a worker no longer stands behind it: the household's own.

    Of an `order`, confirmed is what the household's own taps say; platforms and payments are never lowered.
    """
    return "said" if evidence == "confirmed" and not order else evidence


Unit = tuple[str, str, str]  # province, folded product, unit as said


def unusual(claim: Claim, usual: Mapping[Unit, int], today: dt.date) -> tuple[Sign, ...]:
    """Why this is looked at before others; `usual` prices in đồng are those of the same place and unit."""
    signs: list[Sign] = []
    if claim.decision is not None:
        signs.append("answered")
    if claim.entry is not None:
        signs += _of_sale(claim.entry, claim.province, usual)
    elif claim.certificate is None:
        signs.append("uncertified")
    elif claim.certificate.has_expired(today):
        signs.append("expired")
    return tuple(signs)


def _of_sale(entry: Entry, province: str, usual: Mapping[Unit, int]) -> list[Sign]:
    signs: list[Sign] = []
    if any(_is_far(item, usual.get((province, *unit_of(item)))) for item in entry.items):
        signs.append("price")
    if entry.total_vnd >= LARGE_VND:
        signs.append("large")
    return signs


def unit_of(item: SaleItem) -> tuple[str, str]:
    """What a price is compared by: the product, folded, and the unit that it is for."""
    return fold(item.product), item.price_unit or item.unit or ""


def _is_far(item: SaleItem, usual: int | None) -> bool:
    price = item.unit_price_vnd
    return bool(price and usual and (price > FAR * usual or price * FAR < usual))

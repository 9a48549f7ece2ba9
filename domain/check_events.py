"""What workers looked into: `person` confirmed or disputed it, `household` is whose it is; and its answer.

A dispute changes nothing of what the household said. What stands behind a figure rises with a confirmation
and falls back when the figure is changed or disputed; an order's own evidence is never lowered.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.facts import Evidence, Fact, Platform, SaleFigures

Subject = Literal["sale", "certificate", "place"]
Reason = Literal["amount", "date", "product", "not_sold", "certificate", "place"]
Stars = Annotated[int, Field(ge=3, le=5)]


class SaleChecked(Fact):
    """A worker looked into a line of the ledger; `evidence` is what stands behind it now."""

    code: str
    evidence: Evidence
    before: SaleFigures


class SaleConfirmed(SaleChecked):
    """It is right."""

    type: Literal["sale_confirmed"] = "sale_confirmed"


class SaleDisputed(SaleChecked):
    """It doesn't agree with what the worker saw."""

    type: Literal["sale_disputed"] = "sale_disputed"
    reason: Reason


class CertificateGiven(Fact):
    """An OCOP certificate of a product was told, by the household or a worker; its number stands elsewhere.

    `stars_before`, `evidence_before` and `platforms` make the figures additive.
    """

    type: Literal["certificate_given"] = "certificate_given"
    code: str
    stars: Stars
    issued: dt.date
    valid_until: dt.date
    photo: UUID | None = None
    evidence: Evidence = "said"
    stars_before: int | None = None
    evidence_before: Evidence = "said"
    platforms: tuple[Platform, ...] = ()


class CertificateChecked(Fact):
    """A worker looked at the certificate; `platforms` are those that its product is listed on."""

    code: str
    evidence: Evidence
    evidence_before: Evidence = "said"
    platforms: tuple[Platform, ...] = ()


class CertificateConfirmed(CertificateChecked):
    """It is as it was told."""

    type: Literal["certificate_confirmed"] = "certificate_confirmed"


class CertificateDisputed(CertificateChecked):
    """It doesn't agree with what the worker saw."""

    type: Literal["certificate_disputed"] = "certificate_disputed"
    reason: Reason


class PlaceConfirmed(Fact):
    """The household lives where it says: `province` and `commune`."""

    type: Literal["place_confirmed"] = "place_confirmed"


class PlaceDisputed(Fact):
    """The household doesn't live in `commune`."""

    type: Literal["place_disputed"] = "place_disputed"
    reason: Reason


class DisputeKept(Fact):
    """The household looked again: it is right as it stands. Every other answer is a change of its own."""

    type: Literal["dispute_kept"] = "dispute_kept"
    subject: Subject
    ref: str


CheckEvent = (
    SaleConfirmed
    | SaleDisputed
    | CertificateGiven
    | CertificateConfirmed
    | CertificateDisputed
    | PlaceConfirmed
    | PlaceDisputed
    | DisputeKept
)

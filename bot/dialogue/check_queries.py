"""What conversations about confirming and disputing ask the store, and the news of a dispute."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.message import News
from domain.certificates import Certificate
from domain.check_events import Subject
from domain.checks import Claim, Decision


@dataclass(frozen=True, slots=True)
class CheckNews(News):
    """A worker disputes something that the household said."""

    subject: Subject
    ref: str


@dataclass(frozen=True, slots=True)
class OpenClaims:
    """What waits for the asker as a worker, what stands out first -> tuple[Claim, ...]."""


@dataclass(frozen=True, slots=True)
class ClaimToDecide:
    """One of them, or one decided before; nobody else decides it in this turn -> Claim | None."""

    home: str
    subject: Subject
    ref: str


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """What stands decided of something that the asker's household said -> Decision | None."""

    subject: Subject
    ref: str


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """The certificate of a product of the asker's household -> Certificate | None."""

    code: str


CheckQuery = OpenClaims | ClaimToDecide | OwnDecision | OwnCertificate
CheckAnswer = Claim | tuple[Claim, ...] | Decision | Certificate

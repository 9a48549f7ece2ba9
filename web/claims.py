"""What households say and workers decide, in the words of pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.dialogue.reply import Amount
from bot.locales.format import amount
from bot.locales.spoken import spoken, written_day
from domain.certificates import Certificate
from domain.checks import REASONS, Claim, Decision, Refused
from domain.facts import SaleItem
from domain.household import ZONE, Entry
from web.places import begun, commune_name
from web.words import t


def claim_words(claim: Claim, today: dt.date, *, may_decide: bool = True) -> dict[str, Any]:
    """A claim as `worker_claim.html` shows it, with what its form sends."""
    return {
        "home": claim.code,
        "name": " ".join(filter(None, (claim.you, claim.name))),
        "place": commune_name(claim.commune),
        "subject": claim.subject,
        "ref": claim.ref,
        "seen": claim.version,
        "title": _title(claim),
        "entry": _sale(claim.entry) if claim.entry else None,
        "product": claim.product,
        "certificate": certificate_words(claim.certificate, today),
        "made": made_words(claim.decision),
        "signs": [t(f"web.check.sign.{sign}") for sign in claim.signs],
        "reasons": REASONS[claim.subject] if may_decide and _is_open(claim) else (),
        "may_confirm": claim.decision is None or claim.decision.state != "confirmed",
    }


def _is_open(claim: Claim) -> bool:
    """Whether there is something to decide: a struck line is no claim, a dispute waits for its answer."""
    if claim.entry is not None and claim.entry.struck_at is not None:
        return False
    return claim.decision is None or claim.decision.state != "disputed"


def _title(claim: Claim) -> str:
    if claim.entry is not None:
        return goods_of(claim.entry.items)
    if claim.product is not None:
        return t("web.check.stars", product=claim.product.name, stars=claim.product.stars)
    return begun(commune_name(claim.commune))


def _sale(line: Entry) -> dict[str, Any]:
    """A line of the book, without the buyer: who bought is nobody else's matter."""
    by_worker = line.evidence == "confirmed" and line.order is None
    return {
        "date": written_day(line.date),
        "total": line.total_vnd,
        "where": t(f"platform.{line.platform}"),
        "evidence": t(f"web.worker.evidence.{'checked' if by_worker else line.evidence}"),
        "struck": line.struck_at is not None,
    }


def goods_of(items: tuple[SaleItem, ...]) -> str:
    """`20 kg cam sành, 4 chục trứng`."""
    return ", ".join(amount(Amount(i.quantity, i.unit, i.product), spoken()) for i in items)


def certificate_words(told: Certificate | None, today: dt.date) -> dict[str, Any] | None:
    """What stands on a certificate; one that is over is called so."""
    if told is None:
        return None
    expired = told.has_expired(today)
    until = "web.certificate.expired" if expired else "web.certificate.until"
    return {
        "number": told.number or "–",
        "stars": t("web.certificate.stars", stars=told.stars),
        "issued": t("web.certificate.issued", date=written_day(told.issued)),
        "until": t(until, date=written_day(told.valid_until)),
        "expired": expired,
        "photo": told.photo,
    }


def made_words(made: Decision | None) -> str:
    """What was decided, by whom and when; empty when nothing was."""
    return "" if made is None else t(f"web.check.made.{made.state}", **_who_and_when(made))


def refused_words(why: Refused, made: Decision | None) -> str:
    """Why it was not done; of a decision before, whose and when."""
    return t(f"web.check.refused.{why}", **(_who_and_when(made) if made else {}))


def _who_and_when(made: Decision) -> dict[str, str]:
    reason = t(f"web.check.reason.{made.reason}") if made.reason else ""
    answered = made.answered_at or made.at
    return {
        "who": worker_name(made.name),
        "time": moment(made.at),
        "answered": moment(answered),
        "reason": reason,
    }


def worker_name(name: str | None) -> str:
    """How a worker is called to others; the commune's when the name is not known."""
    return t("worker.named", name=name) if name else t("worker.unnamed")


def moment(at: dt.datetime) -> str:
    """`10:21 22/11/2026`, in Vietnam."""
    local = at.astimezone(ZONE)
    return f"{local:%H:%M} {written_day(local.date())}"

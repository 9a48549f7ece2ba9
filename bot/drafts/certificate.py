"""The form of an OCOP certificate: number, its two days, perhaps a photo; a card, then a clear yes."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Button, Line, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of
from domain.certificates import Certificate, day_faults, number_of
from domain.fold import fold

STARS = (3, 4, 5)
_DAY = re.compile(r"(\d{1,2})\D{1,7}(\d{1,2})\D{1,5}((?:19|20)\d{2})(?!\d)")
_LEAD = re.compile(r"(?:giay |chung nhan |ocop )*so\b\W*")


class CertificateDraft(BaseModel):
    """What is known so far; `code` and `product` are of the product, `photo` of a kept picture."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: str = ""
    product: str = ""
    stars: int | None = None
    number: str | None = None
    issued: dt.date | None = None
    until: dt.date | None = None
    photo: UUID | None = None

    def with_(self, **fields: object) -> CertificateDraft:
        """The same with these fields."""
        return self.model_copy(update=fields)

    @property
    def told(self) -> Certificate | None:
        """The whole certificate, when nothing is missing."""
        if self.stars is None or self.issued is None or self.until is None:
            return None
        return Certificate(self.code, self.stars, self.issued, self.until, self.number, self.photo)


def _days(text: str) -> list[dt.date]:
    found: list[dt.date] = []
    for day, month, year in _DAY.findall(text):
        with suppress(ValueError):
            found.append(dt.date(int(year), int(month), int(day)))
    return found


def _fits(draft: CertificateDraft, on: dt.date) -> bool:
    issued, until = draft.issued or on, draft.until
    if until is None:
        return "issued" not in day_faults(issued, issued + dt.timedelta(days=1), on)
    return not list(day_faults(issued, until, on))


def _read_issued(turn: Turn, draft: CertificateDraft) -> CertificateDraft | None:
    """The first day said; a second one is until when it holds."""
    days = _days(text_of(turn))
    if not days:
        return None
    after = draft.with_(issued=days[0], until=days[1] if len(days) > 1 else draft.until)
    return after if _fits(after, turn.on) else None


def _read_until(turn: Turn, draft: CertificateDraft) -> CertificateDraft | None:
    days = _days(text_of(turn))
    after = draft.with_(until=days[-1]) if days else None
    return after if after is not None and _fits(after, turn.on) else None


def _read_number(turn: Turn, draft: CertificateDraft) -> CertificateDraft | None:
    """What stands before any day; `số` before it is no part of it."""
    said = _DAY.split(text_of(turn))[0].strip(" ,.;:")
    lead = _LEAD.match(fold(said))
    number = number_of(said[lead.end() :] if lead and len(fold(said)) == len(said) else said)
    return None if number is None else draft.with_(number=number)


def _refuse_day(turn: Turn, _draft: CertificateDraft) -> Line | None:
    if not _days(text_of(turn)):
        return Line("certificate.day_like") if re.search(r"\d", text_of(turn)) else None
    return Line("certificate.day_cannot")


def _pick_stars(_turn: Turn, draft: CertificateDraft, value: str) -> CertificateDraft | None:
    known = next((stars for stars in STARS if value == str(stars)), None)
    return None if known is None else draft.with_(stars=known)


def _read_stars(turn: Turn, draft: CertificateDraft) -> CertificateDraft | None:
    digits = re.findall(r"\d+", text_of(turn))
    return _pick_stars(turn, draft, digits[0]) if len(digits) == 1 else None


def _ask_stars(turn: Turn, draft: CertificateDraft, token: str) -> None:
    buttons = (
        option("certificate", token, "stars", str(n), "button.stars", stars=n) for n in STARS
    )
    turn.tell("certificate.ask_stars", *buttons, product=draft.product)


def _ask_number(turn: Turn, draft: CertificateDraft, _token: str) -> None:
    turn.tell("certificate.ask_number", product=draft.product)


def _ask_issued(turn: Turn, _draft: CertificateDraft, _token: str) -> None:
    turn.tell("certificate.ask_issued")


def _ask_until(turn: Turn, _draft: CertificateDraft, _token: str) -> None:
    turn.tell("certificate.ask_until")


def _card(
    turn: Turn, draft: CertificateDraft, _before: CertificateDraft | None, token: str
) -> None:
    number, stars = draft.number or "", draft.stars or 0
    values: dict[str, Value] = {"product": draft.product, "stars": stars, "number": number}
    days = {"issued": shown(draft.issued), "until": shown(draft.until)}
    buttons = (
        Button(f"certificate.save:{token}", "button.save"),
        Button(f"certificate.which:{token}", "button.edit"),
        Button(f"certificate.leave:{token.partition('.')[0]}", "button.leave"),
    )
    photo = Line("certificate.pictured" if draft.photo else "certificate.picture_hint")
    card = Line("card.certificate", values | days)
    turn.say(card, photo, Line("card.ask"), buttons=buttons)


def shown(day: dt.date | None) -> str:
    """As it stands on a certificate."""
    return f"{day:%d/%m/%Y}" if day else ""


def _never(_turn: Turn, _draft: CertificateDraft) -> CertificateDraft | None:
    return None


CERTIFICATE: Form[CertificateDraft] = Form(
    name="certificate",
    draft=CertificateDraft,
    slots=(
        Slot("stars", lambda _, d: d.stars is None, _ask_stars, _read_stars, pick=_pick_stars),
        Slot("number", lambda _, d: d.number is None, _ask_number, _read_number),
        Slot(
            "issued", lambda _, d: d.issued is None, _ask_issued, _read_issued, refuse=_refuse_day
        ),
        Slot("until", lambda _, d: d.until is None, _ask_until, _read_until, refuse=_refuse_day),
    ),
    merge=_never,
    card=_card,
    named=(
        ("stars", "button.slot.stars"),
        ("number", "button.slot.number"),
        ("issued", "button.slot.issued"),
        ("until", "button.slot.until"),
    ),
)

"""The household tells a product's OCOP certificate: number, stars, days, a photo of it if it has one."""

from __future__ import annotations

from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import CertificateNumbered, Location, PhotoKept, Picture
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts.certificate import CERTIFICATE, CertificateDraft, shown
from bot.drafts.goods import by_code, choices, listed
from domain.check_events import CertificateGiven
from domain.checks import given
from domain.fold import fold


def _claims(turn: Turn) -> bool:
    return turn.household is not None and requested(turn, "certificate.give")


def _begin(turn: Turn) -> None:
    """Of the product named, of the only one with stars, or of one that is chosen."""
    words = fold(text_of(turn))
    named = [p for p in listed(turn) if fold(p.name) in words]
    meant = named or [p for p in listed(turn) if p.stars] or listed(turn)
    if not meant:
        turn.tell("certificate.no_goods")
    elif len(meant) == 1:
        _start(turn, meant[0].code or "")
    else:
        turn.tell("certificate.which", *choices(meant, "certificate.give"))


def _start(turn: Turn, ref: str) -> None:
    product = by_code(turn, ref)
    if product is None:
        turn.tell("old.gone")
        return
    draft = CertificateDraft(code=ref, product=product.name, stars=product.stars)
    CERTIFICATE.start(turn, draft)


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == CARD and said(turn) in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    return CERTIFICATE.answer(turn, task)


def _save(turn: Turn, ref: str) -> None:
    taken = CERTIFICATE.take(turn, ref)
    told = taken[1].told if taken else None
    if taken is None or told is None:
        return
    product = by_code(turn, told.code)
    if product is None:
        turn.tell("old.gone")
        return
    turn.fact(CertificateGiven, **given(product, told))
    turn.keep(CertificateNumbered(told.code, told.number or ""))
    key = "certificate.over" if told.has_expired(turn.on) else "certificate.saved"
    turn.tell(key, product=product.name, date=shown(told.valid_until))


def _picture(turn: Turn, content: Picture | Location) -> bool:
    """A picture that comes while its certificate is being told is of it."""
    task = turn.session.task
    if task is None or task.handler != CERTIFICATE.name or not isinstance(content, Picture):
        return False
    if content.image is None:
        return False
    photo = turn.id("photo")
    turn.keep(PhotoKept(photo, content.image))
    draft = CertificateDraft.model_validate(task.slots)
    CERTIFICATE.resume(turn, task, draft.with_(photo=photo))
    return True


HANDLER = Handler(
    name=CERTIFICATE.name,
    claims=_claims,
    begin=_begin,
    ask=CERTIFICATE.ask,
    answer=_answer,
    skip=CERTIFICATE.skip,
    media=_picture,
    taps={**CERTIFICATE.taps(), "certificate.give": _start, "certificate.save": _save},
)

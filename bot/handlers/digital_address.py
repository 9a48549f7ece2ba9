"""The household's digital address: what it is for, a yes of its own, the position, a card; see and remove."""

from __future__ import annotations

from bot.dialogue.address_queries import OwnDigitalAddress
from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import DigitalAddressKept, Location, Picture
from bot.dialogue.reply import Button, Line
from bot.dialogue.session import Task
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts import own_address
from bot.drafts.address_asking import (
    CONSENT,
    FIRST,
    SHOWN,
    ask,
    ask_consent,
    ask_shown,
    begun,
    give,
)
from bot.drafts.address_told import told
from bot.drafts.digital_address import ADDRESS, AddressDraft, problem, shared_code, typed_code
from domain.digital_address import DigitalAddress
from domain.digital_address_events import DigitalAddressGiven
from domain.events import ConsentRefused
from domain.plus_codes import code_in, is_short


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None or words.items:
        return False
    return requested(turn, "address.digital", "address.remove") or bool(code_in(words.text))


def _gate(turn: Turn) -> bool:
    """A whole code is never an answer to something else: no price, no quantity."""
    code, task = code_in(text_of(turn)), turn.session.task
    if code is None or is_short(code) or turn.household is None:
        return False
    if task is None or task.handler == "address":
        return False
    _begin(turn)
    return True


def _begin(turn: Turn) -> None:
    if requested(turn, "address.remove"):
        own_address.ask_remove(turn)
        return
    draft = FIRST.with_code(typed_code(turn, FIRST))
    if "address" not in turn.person.consents:
        ask_consent(turn, draft)
    elif draft.code is not None:
        give(turn, begun(turn), draft)
    else:
        own_address.see(turn)


# A yes of its own


def _agree(turn: Turn, ref: str) -> None:
    task = turn.session.find(ref)
    if task is None:
        turn.tell("old.gone")
    elif task.step == SHOWN:
        turn.session.close(ref)
        own_address.show(turn)
    elif task.step == CONSENT:
        turn.give_consent("address")
        give(turn, task, AddressDraft.model_validate(task.slots))
    else:
        ADDRESS.ask(turn, task)


def _refuse(turn: Turn, ref: str) -> None:
    task = turn.session.find(ref)
    if task is None or task.step not in (CONSENT, SHOWN):
        turn.tell("old.gone")
        return
    turn.session.close(ref)
    purpose = "address" if task.step == CONSENT else "address_shown"
    turn.fact(ConsentRefused, purpose=purpose, version=CONSENT_VERSION)
    turn.tell("address.refused" if task.step == CONSENT else "address.not_shown")


# Giving it


def _located(turn: Turn, content: Picture | Location) -> bool:
    """A shared position: of whoever said yes, the address; others are asked first, in their own time."""
    if not isinstance(content, Location) or turn.household is None:
        return False
    task = turn.session.task
    if "address" in turn.person.consents:
        own = task if task is not None and task.handler == "address" else None
        _take(turn, own, content)
    elif task is None:
        offer = Button("address.start:", "button.address")
        turn.say(Line("other.location"), Line("address.offer"), buttons=(offer,))
    elif task.handler == "address":
        ask(turn, task)
    else:
        return False
    return True


def _take(turn: Turn, task: Task | None, point: Location) -> None:
    if task is None or task.step == SHOWN:
        task = begun(turn)
    draft = AddressDraft.model_validate(task.slots)
    if point.live:
        ADDRESS.resume(turn, task, draft.with_code(None))
        turn.lead(Line("address.live"))
    else:
        give(turn, task, draft.with_code(shared_code(point)))


def _answer(turn: Turn, task: Task) -> bool:
    answer = said(turn)
    if task.step in (CONSENT, SHOWN):
        if answer not in ("yes", "no", "cancel"):
            return False
        (_agree if answer == "yes" else _refuse)(turn, task.draft)
        return True
    if task.step == CARD and answer in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    return ADDRESS.answer(turn, task)


def _save(turn: Turn, ref: str) -> None:
    task = turn.session.find(ref.partition(".")[0])
    taken = ADDRESS.take(turn, ref)
    home = turn.household
    if taken is None or home is None or taken[1].code is None:
        return
    draft, code = taken[1], taken[1].code
    if "address" not in turn.person.consents:
        ask_consent(turn, draft)
    elif problem(turn, draft, code):  # they have moved since
        give(turn, begun(turn), draft)
    else:
        _keep(turn, code, home.commune, within=task.within if task else "")


def _keep(turn: Turn, code: str, commune: str, *, within: str) -> None:
    before: DigitalAddress | None = turn.query(OwnDigitalAddress())
    if before is not None and (before.code, before.commune) == (code, commune):
        turn.tell("address.same", code=code)
        return
    id_ = turn.id("address")
    turn.fact(DigitalAddressGiven, address=id_, by="household")
    turn.keep(DigitalAddressKept(id_, code, commune, turn.at))
    turn.tell("address.saved", code=code)
    if before is None and "address_shown" not in turn.person.consents:
        ask_shown(turn, within=within)


HANDLER = Handler(
    name="address",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=ask,
    answer=_answer,
    media=_located,
    news=told,
    taps={
        **ADDRESS.taps(),
        "address.start": own_address.see,
        "address.agree": _agree,
        "address.refuse": _refuse,
        "address.save": _save,
        "address.again": own_address.again,
        "address.show": ask_shown,
        "address.hide": own_address.hide,
        "address.remove": own_address.ask_remove,
        "address.removed": own_address.removed,
        "address.keep": lambda turn, _ref: turn.tell("address.kept"),
        "address.uphold": own_address.uphold,
    },
)

"""A worker on a visit takes down a household's digital address; the household itself is asked first."""

from __future__ import annotations

import re

from bot.dialogue.address_queries import HouseholdToVisit, Visited, WaitingAddresses
from bot.dialogue.forms import CARD, Form
from bot.dialogue.handler import Handler
from bot.dialogue.message import DigitalAddressKept, Location, Picture
from bot.dialogue.reply import Button, Line
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts.digital_address import AddressDraft, address_form, problem, shared_code
from domain.digital_address import DigitalAddress
from domain.digital_address_events import DigitalAddressAsked, DigitalAddressGiven
from domain.roles import acting

CODE = re.compile(r"\b([a-z]{2,5})-?(\d{4,6})\b", re.IGNORECASE | re.ASCII)


def _ask_place(turn: Turn, draft: AddressDraft, _token: str) -> None:
    turn.tell("address.visit_ask", household=draft.home or "")


VISIT: Form[AddressDraft] = address_form("visit", _ask_place)


def _claims(turn: Turn) -> bool:
    """Of a household by its code; without one it is the worker's own, or how many wait."""
    if not turn.person.roles or not requested(turn, "address.digital"):
        return False
    return turn.as_worker or CODE.search(text_of(turn)) is not None


def _begin(turn: Turn) -> None:
    found = CODE.search(text_of(turn))
    if not _may(turn):
        return
    if found is None:
        waiting = turn.query(WaitingAddresses())
        page = Button("role.page", "button.role_page")
        turn.tell("address.waiting" if waiting else "address.none_waiting", page, count=waiting)
        return
    home = _visited(turn, f"{found[1].upper()}-{found[2]}")
    if home is not None and not home.agreed:
        _ask_household(turn, home)
    elif home is not None:
        task = VISIT.task(turn)
        turn.session.step_in(task)
        VISIT.resume(turn, task, AddressDraft(home=home.code, commune=home.commune))


def _may(turn: Turn) -> bool:
    if acting(turn.person.roles):
        return True
    turn.tell("address.read_only" if turn.person.roles else "role.none")
    return False


def _visited(turn: Turn, code: str) -> Visited | None:
    """The household, if this worker may visit it now; they are told otherwise."""
    home: Visited | None = turn.query(HouseholdToVisit(code))
    if home is None:
        turn.tell("address.visit_unknown", code=code)
    return home


def _ask_household(turn: Turn, home: Visited) -> None:
    """In its own chat, once a month, and never after it took its yes back."""
    if home.withdrew:
        turn.tell("address.visit_withdrew", household=home.code)
    elif not home.reached:
        turn.tell("address.visit_unreached", household=home.code)
    elif home.asked:
        turn.tell("address.visit_unanswered", household=home.code)
    else:
        turn.fact(DigitalAddressAsked, **_about(home))
        turn.tell("address.visit_asked", household=home.code)


def _about(home: Visited) -> dict[str, object]:
    return {"household": home.household, "province": home.province, "commune": home.commune}


def _located(turn: Turn, content: Picture | Location) -> bool:
    task = turn.session.task
    if not isinstance(content, Location) or task is None or task.handler != VISIT.name:
        return False
    draft = AddressDraft.model_validate(task.slots)
    why = Line("address.live") if content.live else None
    code = shared_code(content)
    why = why or problem(turn, draft, code)
    VISIT.resume(turn, task, draft.with_code(None if why else code))
    if why is not None:
        turn.lead(why)
    return True


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == CARD and said(turn) in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    return VISIT.answer(turn, task)


def _save(turn: Turn, ref: str) -> None:
    """Role, area and the household's yes are looked at again: all of them may be gone since."""
    task = turn.session.find(ref.partition(".")[0])
    taken = VISIT.take(turn, ref)
    if taken is None or taken[1].code is None or not _may(turn):
        return
    draft, code = taken[1], taken[1].code
    home = _visited(turn, draft.home or "")
    if home is None:
        return
    if not home.agreed:
        _ask_household(turn, home)
    elif task is not None and home.address is not None and home.address.since > task.opened_at:
        _tell_overtaken(turn, home, home.address)
    else:
        _keep(turn, home, code)


def _tell_overtaken(turn: Turn, home: Visited, address: DigitalAddress) -> None:
    """Somebody else has given one since this visit began: nothing is written over it unseen."""
    turn.tell("address.visit_overtaken", code=address.code, household=home.code)


def _keep(turn: Turn, home: Visited, code: str) -> None:
    id_ = turn.id("address")
    turn.fact(DigitalAddressGiven, address=id_, by="worker", **_about(home))
    turn.keep(DigitalAddressKept(id_, code, home.commune, turn.at, home.household))
    turn.tell("address.visit_saved", code=code, household=home.code)


HANDLER = Handler(
    name=VISIT.name,
    claims=_claims,
    begin=_begin,
    ask=VISIT.ask,
    answer=_answer,
    media=_located,
    taps={**VISIT.taps(), f"{VISIT.name}.save": _save},
    of_roles=True,
)

"""A worker helps a household that has no phone: opens its book with a paper that it signed, writes in it.

Writing itself is that of the household's own conversations (see `bot.dialogue.assisting`).
"""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.helped_queries import Helped
from bot.dialogue.link_queries import NewLinkCode
from bot.dialogue.message import Location, PersonNamed, PhotoKept, Picture
from bot.dialogue.reply import Button, Line, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import read, requested, said, text_of
from bot.drafts.areas import areas_value, own_name
from bot.drafts.person import LONGEST_NAME
from bot.drafts.place import ask_place, settle_place
from bot.drafts.registration import new_home
from domain.events import AddressChosen, ConsentGiven, HouseholdRegistered
from domain.fold import fold
from domain.geography import commune
from domain.link_codes import shown
from domain.link_events import LinkCodeGiven
from domain.phones import phone_of, phone_shown
from domain.roles import acting, is_commune, lies_in

DRAFT = "assisted.register"
PLACE, NAME, PHONE, PAPER = "place", "name", "phone", "paper"
REQUESTS = ("assisted.for", "assisted.register", "assisted.code", "assisted.stop")
DONE = "xong"  # alone it means nothing anywhere else; in a sentence it is part of it


def _gate(turn: Turn) -> bool:
    """Before a worker is asked for a book of their own; in another's book what is not the household's."""
    if turn.helped is None:
        return _claims(turn) and _begun(turn)
    if requested(turn, "assisted.for"):
        turn.tell("assisted.chosen", *_stop_button())
    elif requested(turn, "assisted.stop") or fold(text_of(turn)).strip(" .!") == DONE:
        _stop(turn)
    elif requested(turn, "assisted.code"):
        _give_code(turn, turn.helped)
    else:
        return False
    return True


def _claims(turn: Turn) -> bool:
    """In another's book whatever nobody else understood comes here."""
    return turn.helped is not None or (bool(turn.person.roles) and requested(turn, *REQUESTS))


def _begun(turn: Turn) -> bool:
    _begin(turn)
    return True


def _begin(turn: Turn) -> None:
    if turn.helped is not None:
        turn.tell("assisted.how", *_stop_button())
    elif not acting(turn.person.roles):
        turn.tell("assisted.only_workers" if turn.person.roles else "role.none")
    elif requested(turn, "assisted.register"):
        _register(turn)
    else:
        turn.tell("assisted.which", Button(f"{DRAFT}:", "button.assisted_register"))


def _stop_button() -> tuple[Button, ...]:
    return (Button("assisted.stop", "button.assisted_stop"),)


def _stop(turn: Turn, _ref: str = "") -> None:
    """A button of long ago, when nobody is helped any more, is told so."""
    helped, turn.session.helping = turn.helped, None
    if helped is None:
        turn.tell("old.gone" if turn.person.roles else "role.none")
        return
    turn.session.idle = True
    turn.tell("assisted.stopped", household=helped.code)


def _take(turn: Turn, ref: str) -> None:
    """[Ghi giúp] under a household: its book is looked for when something is said to it."""
    if not acting(turn.person.roles):
        turn.tell("role.none")
        return
    turn.session.helping, turn.session.idle = ref, True
    turn.tell("assisted.taken", household=ref)


# Opening a book


def _register(turn: Turn, _ref: str = "") -> None:
    roles = acting(turn.person.roles)
    if not roles:
        turn.tell("role.none")
        return
    turn.session.helping = None
    areas = {role.area for role in roles}
    only = next(iter(areas)) if len(areas) == 1 and is_commune(min(areas)) else None
    slots = {"commune": only} if only else {}
    step = NAME if only else PLACE
    task = Task("assisted", step, DRAFT, turn.at, slots)
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == PLACE:
        ask_place(turn, task, "assisted.place")
    elif task.step == PAPER:
        turn.tell("assisted.ask_paper", **_said_so_far(task))
    else:
        turn.tell(f"assisted.ask_{task.step}")


def _said_so_far(task: Task) -> dict[str, Value]:
    slots = task.slots
    phone = phone_shown(slots["phone"]) if slots.get("phone") else ""
    return {"name": _called(slots), "phone": phone, "commune": own_name(slots["commune"])}


def _called(slots: dict[str, str]) -> str:
    return " ".join(filter(None, (slots.get("you"), slots["name"])))


def _answer(turn: Turn, task: Task) -> bool:
    if said(turn) in ("cancel", "no", "back") and task.step != PHONE:
        return False
    return ANSWERS[task.step](turn, task)


def _place(turn: Turn, task: Task, text: str | None = None) -> bool:
    """A commune within one's own area; another is asked for again."""
    found = settle_place(turn, task, text or text_of(turn), "assisted.place")
    if found is None:
        return True
    if not any(lies_in(found.code, role.area) for role in acting(turn.person.roles)):
        turn.replies.clear()
        task.slots = {}
        turn.tell("assisted.outside", areas=areas_value(acting(turn.person.roles)))
        return True
    return _next(turn, task, NAME, {"commune": found.code})


def _place_tapped(turn: Turn, ref: str) -> None:
    task = turn.session.find(DRAFT)
    if task is None or task.step != PLACE:
        turn.tell("old.gone")
    else:
        _place(turn, task, ref)


def _next(turn: Turn, task: Task, step: str, slots: dict[str, str]) -> bool:
    task.step, task.slots = step, slots
    turn.session.open(task)
    _ask(turn, task)
    return True


def _name(turn: Turn, task: Task) -> bool:
    found = read(turn, "name")
    if found is None or len(found[0]) > LONGEST_NAME:
        _ask(turn, task)
        turn.lead(Line("check.name_long" if found else "check.name_unclear"))
        return True
    name, form = found
    slots = {**task.slots, "name": name}
    return _next(turn, task, PHONE, {**slots, "you": form} if form else slots)


def _phone(turn: Turn, task: Task) -> bool:
    """A number, or none: *không có*."""
    phone = phone_of(text_of(turn))
    if phone is None and said(turn) not in ("no", "skip", "cancel"):
        _ask(turn, task)
        turn.lead(Line("assisted.phone_unclear"))
        return True
    return _next(turn, task, PAPER, {**task.slots, "phone": phone} if phone else task.slots)


def _skip(turn: Turn, task: Task) -> bool:
    return task.step == PHONE and _next(turn, task, PAPER, task.slots)


def _still_paper(turn: Turn, _task: Task) -> bool:
    turn.tell("assisted.paper_first")
    return True


ANSWERS = {PLACE: _place, NAME: _name, PHONE: _phone, PAPER: _still_paper}


def _paper(turn: Turn, content: Picture | Location) -> bool:
    """The photo of the signed paper is the last thing: with it the book begins."""
    task = turn.session.find(DRAFT)
    if task is None or task.step != PAPER or not acting(turn.person.roles):
        return False
    if not isinstance(content, Picture) or content.image is None:
        return False
    turn.session.close(DRAFT)
    _open_book(turn, task.slots, content.image)
    return True


def _open_book(turn: Turn, slots: dict[str, str], image: bytes) -> None:
    """Of the household's person all that is known comes from the worker and the paper."""
    home = new_home(turn, commune(slots["commune"]))
    person, paper = turn.id("helped person"), turn.id("paper")
    helped = Helped(home.code, person, _called(slots), hears=False)
    turn.household, turn.helped = home, helped
    turn.keep(PhotoKept(paper, image))
    turn.fact(ConsentGiven, purpose="ledger", version=CONSENT_VERSION, paper=paper)
    turn.fact(HouseholdRegistered, code=home.code)
    turn.fact(ConsentGiven, purpose="worker", version=CONSENT_VERSION, paper=paper)
    if slots.get("you"):
        turn.fact(AddressChosen, you=slots["you"])
    turn.keep(PersonNamed(name=slots["name"], phone=slots.get("phone"), person=person))
    turn.session.helping, turn.session.idle = home.code, True
    turn.tell("assisted.opened", name=helped.name, household=home.code)
    _give_code(turn, helped)


def _give_code(turn: Turn, helped: Helped) -> None:
    """A code on paper, with which the household comes to its book; whoever has a machine makes their own."""
    if helped.hears:
        turn.tell("assisted.has_machine")
        return
    code = turn.query(NewLinkCode(helped.person, paper=True))
    turn.fact(LinkCodeGiven, paper=True)
    turn.tell("assisted.code", code=shown(code), household=helped.code)


HANDLER = Handler(
    name="assisted",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    skip=_skip,
    taps={
        DRAFT: _register,
        "assisted.place": _place_tapped,
        "assisted.take": _take,
        "assisted.stop": _stop,
    },
    media=_paper,
    of_roles=True,
    assists=True,
)

"""From the first contact to a registered household: consent, name, form of address, commune."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.handler import Handler
from bot.dialogue.languages import offer_language
from bot.dialogue.message import Location, Picture, Tap, Text, Voice
from bot.dialogue.reply import FIRST, Line
from bot.dialogue.session import Task
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import read, requested, said, text_of, typed_option
from bot.drafts.consent import hold, let_go, release, show_consent, show_more
from bot.drafts.person import LONGEST_NAME, ask_form, choose_form, form_said, form_tapped
from bot.drafts.place import ask_nearby, ask_place, near_place, settle_place
from bot.drafts.registration import register
from domain.events import ConsentRefused, ContactStarted
from domain.geography import Commune

CONSENT, NAME, FORM, PLACE = "consent", "name", "form", "place"


def _gate(turn: Turn) -> bool:
    """Takes every message until the household is registered."""
    if turn.household is not None and ("ledger" in turn.person.consents or _is_privacy(turn)):
        return False
    hold(turn)
    content = turn.message.content
    if isinstance(content, Tap):
        return _tapped(turn, content.button)
    if not turn.session.greeted and turn.household is None:
        _greet(turn)
        return True
    return _typed(turn)


def _typed(turn: Turn) -> bool:
    task, typed = turn.session.newest, typed_option(turn)
    if task is None:
        return _refused_before(turn)
    if typed is not None:
        return _tapped(turn, typed)
    turn.session.open(task)
    return _step(turn, task)


def _is_privacy(turn: Turn) -> bool:
    """Without consent the person may still take a copy or erase everything."""
    content = turn.message.content
    if isinstance(content, Tap):
        return content.button.startswith("privacy.")
    request = turn.understood.request if turn.understood else None
    task = turn.session.task
    return (request or "").startswith("privacy.") or (
        task is not None and task.handler == "privacy"
    )


def _step(turn: Turn, task: Task) -> bool:
    content = turn.message.content
    if isinstance(content, Location) and task.step == PLACE:
        if not ask_nearby(turn, task, content, "start.place"):
            _again(turn, task, Line("place.unknown"))
    elif isinstance(content, Text | Voice) and text_of(turn):
        return STEPS[task.step](turn, task)
    else:
        key = "lost.picture" if isinstance(content, Picture) else "other.sticker"
        _again(turn, task, Line(key))
    return True


def _again(turn: Turn, task: Task, *first: Line) -> None:
    """Say these lines and ask again, in one message; the consent screen stands alone."""
    if task.step == CONSENT:
        turn.say(*first)
        _ask(turn, task)
        return
    _ask(turn, task)
    turn.lead(*first)


def _greet(turn: Turn) -> None:
    turn.session.greeted = True
    turn.fact(ContactStarted)
    turn.tell("greeting")
    offer_language(turn)
    if turn.session.held:
        turn.tell("greeting.held")
    _ask_consent(turn)


def _ask_consent(turn: Turn) -> None:
    _ask(turn, _open(turn, CONSENT))


def _ask(turn: Turn, task: Task) -> None:
    ASKS[task.step](turn, task)


def _refused_before(turn: Turn) -> bool:
    """After a refusal: what still works without a book; no second asking until they return to it."""
    words = turn.understood
    if requested(turn, "consent") or said(turn) == "yes" or turn.session.held:
        _ask_consent(turn)
        return True
    if words is not None and words.intent == "training":
        turn.tell("training.none")
    elif words is not None and words.intent in ("help", "register", "greeting"):
        turn.tell("help.consent")
        turn.tell("consent.later")
    else:
        turn.tell("consent.needed")
    return True


def _answer_consent(turn: Turn, task: Task) -> bool:
    words = turn.understood
    if said(turn) in ("yes", "save") or requested(turn, "consent"):
        return _agree(turn)
    if said(turn) in ("no", "cancel"):
        _refuse(turn)
    elif words is not None and words.intent == "help":
        _again(turn, task, Line("help.consent"))
    elif turn.session.held_at == turn.at:
        _again(turn, task, Line("greeting.held"))
    else:
        _ask(turn, task)
    return True


def _agree(turn: Turn) -> bool:
    """As `_placed`: False when a sentence that waited comes next."""
    if "ledger" in turn.person.consents:
        turn.tell("consent.already")
        _ask(turn, turn.session.newest or _open(turn, NAME))
        return True
    turn.give_consent("ledger")
    turn.tell("consent.given")
    if turn.household is not None:
        turn.session.close("start")
        return not release(turn)
    _ask(turn, _open(turn, NAME))
    return True


def _refuse(turn: Turn) -> None:
    let_go(turn)
    turn.session.close("start")
    turn.fact(ConsentRefused, purpose="ledger", version=CONSENT_VERSION)
    turn.tell("consent.refused")
    turn.tell("consent.later")


def _more(turn: Turn) -> None:
    if turn.session.find("start") is None:
        _open(turn, CONSENT)
    show_more(turn)


def _open(turn: Turn, step: str) -> Task:
    task = Task(handler="start", step=step, draft="start", opened_at=turn.at)
    turn.session.open(task)
    return task


def _tapped(turn: Turn, button: str) -> bool:
    action, _, ref = button.partition(":")
    if action in TAPS:
        return TAPS[action](turn, ref) is not False
    if turn.session.newest:
        _ask(turn, turn.session.newest)
    elif not turn.session.greeted:
        _greet(turn)
    else:
        turn.tell("consent.needed")
    return True


def _answer_name(turn: Turn, task: Task) -> bool:
    found = read(turn, "name")
    if len(text_of(turn)) > LONGEST_NAME * 2 or (found and len(found[0]) > LONGEST_NAME):
        _again(turn, task, Line("check.name_long"))
    elif said(turn) in ("skip", "cancel", "no", "later"):
        _ask(turn, _open(turn, PLACE))
    elif found is None:
        _again(turn, task, Line("check.name_unclear"))
    else:
        _named(turn, *found)
    return True


def _named(turn: Turn, name: str, form: str | None) -> None:
    turn.know(name=name)
    if form is None and turn.language == FIRST:  # others have no words of address to choose
        _ask(turn, _open(turn, FORM))
        return
    _formed(turn, form)


def _answer_form(turn: Turn, task: Task) -> bool:
    answered, form = form_said(turn)
    if answered:
        _formed(turn, form)
    else:
        _ask(turn, task)
    return True


def _formed(turn: Turn, form: str | None) -> None:
    choose_form(turn, form)
    turn.tell("name.saved")
    if turn.household is None:
        _ask(turn, _open(turn, PLACE))


def _answer_place(turn: Turn, task: Task) -> bool:
    return _placed(turn, task, text_of(turn))


def _placed(turn: Turn, task: Task, text: str) -> bool:
    """True when the turn is over; False when a sentence that waited comes next."""
    commune = settle_place(turn, task, text, "start.place")
    return commune is None or _register(turn, commune)


def _pick_place(turn: Turn, ref: str) -> bool:
    """As `_placed`: False when a sentence that waited comes next."""
    task = turn.session.find("start")
    if task is None or task.step != PLACE:
        turn.tell("old.gone")
        return True
    if ref == "worker":
        turn.tell("help.nobody")
        return True
    if not ref.startswith("near="):
        return _placed(turn, task, ref)
    chosen = near_place(task, ref.removeprefix("near="))
    if chosen is None:
        _ask(turn, task)
        return True
    return _register(turn, chosen)


def _register(turn: Turn, commune: Commune) -> bool:
    """As `_placed`: False when a sentence that waited comes next."""
    turn.session.close("start")
    register(turn, commune)
    return not release(turn)


STEPS = {CONSENT: _answer_consent, NAME: _answer_name, FORM: _answer_form, PLACE: _answer_place}
ASKS: dict[str, Callable[[Turn, Task], None]] = {
    CONSENT: lambda turn, _task: show_consent(turn),
    NAME: lambda turn, _task: turn.tell("ask.name"),
    FORM: lambda turn, _task: ask_form(turn),
    PLACE: lambda turn, task: ask_place(turn, task, "start.place"),
}
TAPS: dict[str, Callable[[Turn, str], bool | None]] = {
    "start.agree": lambda turn, _ref: _agree(turn),
    "start.refuse": lambda turn, _ref: _refuse(turn),
    "start.more": lambda turn, _ref: _more(turn),
    "start.form": lambda turn, ref: _formed(turn, form_tapped(ref)),
    "start.place": _pick_place,
}

HANDLER = Handler(
    name="start",
    gate=_gate,
    ask=_ask,
    taps={
        "start.agree": lambda turn, _ref: turn.tell("consent.already"),
        "start.refuse": lambda turn, _ref: turn.tell("consent.already"),
        "start.more": lambda turn, _ref: turn.tell("consent.already"),
        "start.form": lambda turn, ref: _formed(turn, form_tapped(ref)),
        "start.place": lambda turn, _ref: turn.tell("old.gone"),
    },
)

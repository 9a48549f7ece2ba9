"""`respond`: the one way in. Stages are tried in order; the first that answers ends the turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.dialogue.forms import CARD, task_name
from bot.dialogue.handler import Handler
from bot.dialogue.message import Contact, Location, Other, PersonNamed, Picture, Tap, Text, Voice
from bot.dialogue.reply import Button, Line, Lines, Name, Reply
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, text_of, typed_option
from bot.language.choices import choose
from bot.language.fragments import odd_number
from domain.events import AddressChosen

LONGEST_TEXT = 1_000  # characters; a sale takes forty
LONGEST_VOICE = 60  # seconds
SILENCE = dt.timedelta(hours=12)  # after this, words are taken as new before they are an answer
MENU = ("button.log_sale", "button.list_product", "button.see_orders", "button.worker")

OTHER_KINDS = ("sticker", "document", "video")

Stage = Callable[[Turn, Sequence[Handler]], bool]


def respond(turn: Turn, handlers: Sequence[Handler]) -> Turn:
    """Answer one message: fills the turn's replies, events, personal items and session."""
    if turn.session.last_at and turn.at - turn.session.last_at > SILENCE:
        turn.session.idle = True
    for stage in STAGES:
        if stage(turn, handlers):
            break
    turn.session.last_at = turn.at
    return turn


def _emergency(turn: Turn, _: Sequence[Handler]) -> bool:
    if turn.understood is None or turn.understood.mood != "emergency":
        return False
    turn.tell("help.emergency")
    return True


def _heard(turn: Turn, _: Sequence[Handler]) -> bool:
    content = turn.message.content
    if not isinstance(content, Voice):
        return False
    if content.seconds > LONGEST_VOICE:
        turn.tell("voice.long")
        return True
    if not content.text:
        turn.tell("voice.empty")
        return True
    _learn_address(turn)
    turn.tell("voice.heard", text=content.text)
    return False


def _too_long(turn: Turn, _: Sequence[Handler]) -> bool:
    if len(text_of(turn)) <= LONGEST_TEXT:
        return False
    turn.tell("limit.long")
    return True


def _gated(turn: Turn, handlers: Sequence[Handler]) -> bool:
    return any(handler.gate(turn) for handler in handlers)


def _addressed(turn: Turn, _: Sequence[Handler]) -> bool:
    _learn_address(turn)
    return False


def _learn_address(turn: Turn) -> None:
    """`chú bán 20 ký`, said of oneself, chooses *chú*; `cháu ơi` chooses how we are called."""
    words = turn.understood
    if words is None or "ledger" not in turn.person.consents:
        return
    chosen: dict[str, str | None] = {}
    if words.speaker and words.speaker != turn.person.you:
        chosen["you"] = words.speaker
    if words.called and words.called != (turn.person.me or "em"):
        chosen = {"you": turn.person.you, **chosen, "me": words.called}
    if chosen:
        turn.know(**chosen)
        turn.fact(AddressChosen, **chosen)
    if words.southern is not None and words.southern != turn.person.southern:
        turn.know(southern=words.southern)


def _edited(turn: Turn, handlers: Sequence[Handler]) -> bool:
    if turn.message.edits is None:
        return False
    return any(handler.edited(turn) for handler in handlers)


def _tapped(turn: Turn, handlers: Sequence[Handler]) -> bool:
    if not isinstance(turn.message.content, Tap):
        return False
    _press(turn, handlers, turn.message.content.button)
    return True


def _press(turn: Turn, handlers: Sequence[Handler], button: str) -> None:
    action, _, ref = button.partition(":")
    if action in CORE_TAPS:
        CORE_TAPS[action](turn, handlers)
        return
    for handler in handlers:
        if action in handler.taps:
            turn.session.misses = 0
            handler.taps[action](turn, ref)
            return
    turn.tell("lost.2", *menu())


def _no_words(turn: Turn, handlers: Sequence[Handler]) -> bool:
    content = turn.message.content
    if isinstance(content, Text | Voice | Tap):
        return False
    waiting = turn.session.task
    if isinstance(content, Picture | Location) and any(h.media(turn, content) for h in handlers):
        if waiting is not None and waiting is turn.session.task:
            _come_back(turn, waiting, handlers)
        return True
    if isinstance(content, Contact) and content.own:
        turn.keep(PersonNamed(phone=content.phone))
        turn.tell("phone.saved")
        return True
    _ask_after(turn, handlers, *_no_words_answer(content))
    return True


def _no_words_answer(content: object) -> tuple[Line, ...]:
    if isinstance(content, Picture):
        if content.problem is None:
            return (Line("lost.picture"),)
        return Line(f"photo.{content.problem}"), Line("photo.again")
    kind = "contact" if isinstance(content, Contact) else "location"
    if isinstance(content, Other):
        kind = content.kind if content.kind in OTHER_KINDS else "unsupported"
    return Line(f"other.{kind}"), Line("other.instead")


def _chosen(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """A button of the last question, typed as its number or its very word."""
    button = typed_option(turn)
    if button is None:
        return False
    turn.session.misses = 0
    _press(turn, handlers, button)
    return True


def _commanded(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Back, cancel, later, skip, repeat and help work the same in every conversation."""
    words = turn.understood
    asked_help = words is not None and words.intent == "help" and turn.session.task is not None
    command = COMMANDS.get("help" if asked_help else said(turn) or "")
    return command is not None and command(turn, handlers)


def _answered(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Words as the answer to what is being asked, unless they begin something whole of their own."""
    task = turn.session.task
    if task is None or _is_new(turn):
        return False
    owner = _owner(task, handlers)
    if owner.answer(turn, task) or _loosely_chosen(turn, handlers):
        turn.session.misses = 0
        return True
    return False


def _is_new(turn: Turn) -> bool:
    words = turn.understood
    if words is None or words.intent not in ("log_sale", "list_product") or words.action == "add":
        return False
    if odd_number(words.text):
        return False
    whole = [i for i in words.items if i.product and (i.total_vnd or i.unit_price_vnd)]
    return bool(whole)


def _loosely_chosen(turn: Turn, handlers: Sequence[Handler]) -> bool:
    words = turn.understood
    if words is not None and (words.intent == "correct_last" or words.items):
        return False
    button = choose(text_of(turn), turn.session.options)
    if button is None:
        return False
    turn.session.misses = 0
    _press(turn, handlers, button)
    return True


def _fresh(turn: Turn, handlers: Sequence[Handler]) -> bool:
    handler = next((h for h in handlers if h.claims(turn)), None)
    if handler is None:
        return False
    turn.session.misses = 0
    waiting = turn.session.task
    handler.begin(turn)
    if handler.aside and waiting is not None and not turn.events:
        _come_back(turn, waiting, handlers)
    return True


def _come_back(turn: Turn, task: Task, handlers: Sequence[Handler]) -> None:
    """After a question in the middle: say which task goes on, and put its question again."""
    question = _question(turn, task, handlers)
    if task.step == CARD:
        turn.replies.append(question)
        return
    line = Line("aside.back", {"task": task_name(task.handler), "question": Lines(question.lines)})
    later = Button("core.later", "button.later")
    turn.replies.append(replace(question, lines=(line,), buttons=(*question.buttons, later)))


def _question(turn: Turn, task: Task, handlers: Sequence[Handler]) -> Reply:
    """The task's question as a reply that is not yet said."""
    _owner(task, handlers).ask(turn, task)
    return turn.replies.pop()


def _ask_after(turn: Turn, handlers: Sequence[Handler], *first: Line) -> None:
    """Say these lines, then the open question: in one message, but a card stands alone."""
    task = turn.session.task
    if task is None:
        turn.say(*first)
        return
    question = _question(turn, task, handlers)
    lines = first if first[-1].key != "other.instead" else first[:-1]
    if task.step == CARD:
        turn.say(*lines)
        turn.replies.append(question)
    else:
        turn.replies.append(replace(question, lines=(*lines, *question.lines)))


def _other_card(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """A yes to nothing, while another card waits unsaved: that card is shown, not saved unseen."""
    tasks = turn.session.tasks
    if turn.session.task is not None or not tasks or tasks[0].step != CARD:
        return False
    return said(turn) in ("save", "yes") and _resume(turn, handlers)


def _still_open(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """After a long silence nobody claimed the words: they may answer what was asked back then."""
    session = turn.session
    if not session.tasks or session.task is not None:
        return False
    if session.options and _loosely_chosen(turn, handlers):
        return True
    task = session.tasks[0]
    if turn.at - task.opened_at < SILENCE and _owner(task, handlers).answer(turn, task):
        return True
    if session.last_at is None or turn.at - session.last_at <= SILENCE:
        return False
    buttons = (Button("core.resume", "button.resume"), Button("core.leave", "button.leave"))
    turn.tell("aside.kept", *buttons, task=task_name(task.handler))
    return True


def _lost(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Misses are counted; a first one in the middle of a task only puts its question again."""
    turn.session.misses += 1
    if turn.session.misses == 1 and turn.session.task is not None:
        _ask_after(turn, handlers, Line("check.not_understood"))
    elif turn.session.misses == 1:
        turn.tell("lost.1")
    elif turn.session.misses == 2:
        turn.tell("lost.2", *menu())
    else:
        turn.session.misses = 0
        buttons = (Button("help.human", "button.worker"), Button("core.leave", "button.leave"))
        turn.tell("lost.3", *buttons, worker=Name("worker.unnamed"))
    return True


def menu() -> tuple[Button, ...]:
    """The four things that most people want."""
    ids = ("sale.start", "listing.start", "orders.see", "help.human")
    return tuple(Button(i, key) for i, key in zip(ids, MENU, strict=True))


def _owner(task: Task, handlers: Sequence[Handler]) -> Handler:
    return next(h for h in handlers if h.name == task.handler)


def _ask_again(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        return False
    _owner(task, handlers).ask(turn, task)
    return True


def _leave(turn: Turn, _: Sequence[Handler]) -> bool:
    task = turn.session.task or (turn.session.tasks[0] if turn.session.tasks else None)
    if task is None:
        turn.tell("leave.nothing")
        return True
    turn.session.close(task.draft)
    turn.tell("card.left")
    return True


def _later(turn: Turn, _: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        return False
    turn.session.idle = True
    turn.tell("aside.left", task=task_name(task.handler))
    return True


def _resume(turn: Turn, handlers: Sequence[Handler]) -> bool:
    if not turn.session.tasks:
        turn.tell("aside.none")
        return True
    task = turn.session.tasks[0]
    turn.session.open(task)
    _owner(task, handlers).ask(turn, task)
    return True


def _back(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        return False
    key = "back.again" if task.past else "back.first"
    if task.past:
        *rest, (step, slots) = task.past
        task.past, task.step, task.slots = rest, step, slots
    _ask_after(turn, handlers, Line(key))
    return True


def _skip(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        turn.tell("skip.nothing")
    elif not _owner(task, handlers).skip(turn, task):
        _ask_after(turn, handlers, Line("check.needed"))
    return True


def _repeat(turn: Turn, handlers: Sequence[Handler]) -> bool:
    task = turn.session.task
    if task is None:
        turn.tell("repeat.nothing")
    else:
        _owner(task, handlers).ask(turn, task)
    return True


def _help(turn: Turn, handlers: Sequence[Handler]) -> bool:
    waiting = turn.session.task
    if waiting is None:
        turn.tell("help.menu", *menu())
        return True
    question = _question(turn, waiting, handlers)
    if waiting.step == CARD:
        turn.tell("help.card")
        turn.replies.append(question)
        return True
    line = Line(
        "help.step", {"task": task_name(waiting.handler), "question": Lines(question.lines)}
    )
    turn.replies.append(replace(question, lines=(line,)))
    return True


COMMANDS: dict[str, Stage] = {
    "cancel": _leave,
    "later": _later,
    "back": _back,
    "skip": _skip,
    "repeat": _repeat,
    "help": _help,
    "resume": _resume,
}

CORE_TAPS: dict[str, Stage] = {"core.later": _later, "core.leave": _leave, "core.resume": _resume}

STAGES: tuple[Stage, ...] = (
    _emergency,
    _heard,
    _too_long,
    _gated,
    _addressed,
    _edited,
    _tapped,
    _no_words,
    _chosen,
    _commanded,
    _answered,
    _other_card,
    _fresh,
    _still_open,
    _lost,
)

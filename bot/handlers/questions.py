"""A household wants a person: its question goes to a worker, with its yes, and the answer comes back."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.help_queries import (
    Helpers,
    HelpNewsTold,
    HelpThread,
    HelpTold,
    OwnThread,
    WhoHelps,
)
from bot.dialogue.message import HelpNews, HelpWords, News
from bot.dialogue.reply import Button, Line, Lines, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import CONSENT_VERSION, Turn
from bot.dialogue.words import said, typed_option, typed_text
from bot.drafts.helping import words_for
from bot.drafts.households import since
from bot.drafts.worker_names import worker_named
from bot.language.topics import topic_of
from domain.events import ConsentGiven
from domain.geography import commune
from domain.help import LONGEST, plain_words
from domain.help_events import HelpAsked, HelpClosed, HelpRequested

WHAT, SEND, MORE = "what", "send", "more"
DRAFT = "help"
LEAVE = Button("core.leave", "button.leave")


def _gate(turn: Turn) -> bool:
    """What was asked for goes to the worker as it is: *con* in it is the worker, not we."""
    task, words = turn.session.task, turn.understood
    if task is None or task.handler != "questions" or task.step == SEND or words is None:
        return False
    if said(turn) is not None or typed_option(turn) or any(item.total_vnd for item in words.items):
        return False
    return _answer(turn, task)


def _claims(turn: Turn) -> bool:
    words = turn.understood
    return said(turn) == "human" or (words is not None and words.mood == "outside")


def _begin(turn: Turn) -> None:
    if said(turn) == "human":
        _human(turn)
        return
    question = plain_words(typed_text(turn))
    if turn.query(Helpers()) is None or len(question) > LONGEST:
        turn.tell("outside", Button("help.human", "button.worker"), LEAVE)
        return
    _open(turn, SEND, question=question, beyond_us=True)


# Asking


def _human(turn: Turn, _ref: str = "") -> None:
    """What is it about? A question that waits already is told of first."""
    waiting: HelpThread | None = turn.query(OwnThread())
    if turn.query(Helpers()) is None:
        _nobody(turn)
    elif waiting is not None and waiting.waits == "worker":
        _still_waiting(turn, waiting)
    else:
        _open(turn, WHAT)


def _nobody(turn: Turn) -> None:
    """The wish is kept, and the person is told plainly."""
    home = turn.household
    turn.fact(HelpRequested, help=_new_sign(turn), topic="other")
    phone = turn.rules.help_phone
    if phone and home is not None and home.commune:
        turn.tell("help.no_worker", commune=commune(home.commune).name, phone=phone)
    else:
        turn.tell("help.nobody")


def _still_waiting(turn: Turn, thread: HelpThread) -> None:
    buttons = (
        Button(f"help.more:{thread.help}", "button.ask_more"),
        Button("help.other", "button.ask_other"),
        Button(f"help.done:{thread.help}", "button.finished"),
    )
    values: dict[str, Value] = {"time": since(turn, thread.asked_at), "asked": thread.asked}
    turn.tell("help.waiting", *buttons, worker=worker_named(thread.worker_name), **values)


def _new_sign(turn: Turn) -> str:
    return turn.id("help").hex[:12]


def _open(turn: Turn, step: str, **slots: object) -> None:
    task = Task(handler="questions", step=step, draft=DRAFT, opened_at=turn.at, slots=slots)
    turn.session.step_in(task)
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == SEND:
        _ask_to_send(turn, task)
    else:
        turn.tell(f"help.ask_{task.step}", LEAVE)


def _ask_to_send(turn: Turn, task: Task) -> None:
    """Name and question go to somebody only with a yes to this one question."""
    helps: WhoHelps | None = turn.query(Helpers())
    worker = worker_named(helps.name if helps else None)
    buttons = Button("help.send", "button.hand_over"), LEAVE
    if task.slots.get("beyond_us"):
        turn.tell("help.ask", *buttons, worker=worker)
    else:
        turn.tell("help.ask_send", *buttons, worker=worker, question=task.slots["question"])


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == SEND:
        if said(turn) in ("yes", "save"):
            _send(turn)
        return said(turn) in ("yes", "save") or _refused(turn, task)
    words = None if _refused(turn, task) else words_for(turn)
    if words is None:
        return True
    if task.step == MORE:
        _more(turn, task, words)
    else:
        _open(turn, SEND, question=words)
    return True


def _refused(turn: Turn, task: Task) -> bool:
    if said(turn) != "no":
        return False
    turn.session.close(task.draft)
    turn.tell("help.not_sent")
    return True


def _send(turn: Turn, _ref: str = "") -> None:
    task = turn.session.find(DRAFT)
    helps: WhoHelps | None = turn.query(Helpers())
    if task is None or task.step != SEND or turn.household is None:
        turn.tell("old.gone")
        return
    turn.session.close(DRAFT)
    if helps is None:
        _nobody(turn)
        return
    sign, question = _new_sign(turn), str(task.slots["question"])
    _agree(turn, sign)
    message = _keep(turn, sign, question)
    turn.fact(HelpRequested, help=sign, topic=topic_of(question), message=message.id)
    wait = Lines((Line("left.hours", {"count": helps.hours}),))
    turn.tell("help.sent", worker=worker_named(helps.name), wait=wait)


def _agree(turn: Turn, sign: str) -> None:
    """To this one question: name, household and the words of it."""
    if "worker" not in turn.person.consents:
        turn.fact(ConsentGiven, purpose="worker", version=CONSENT_VERSION, scope=sign)


def _keep(turn: Turn, sign: str, words: str) -> HelpWords:
    assert turn.household is not None
    kept = HelpWords(turn.id("words"), sign, turn.household.id, "household", words, turn.at)
    turn.keep(kept)
    return kept


# Going on


def _ask_more(turn: Turn, sign: str) -> None:
    if turn.query(OwnThread(sign)) is None:
        turn.tell("old.gone")
    else:
        _open(turn, MORE, help=sign)


def _more(turn: Turn, task: Task, words: str) -> None:
    sign = str(task.slots["help"])
    thread: HelpThread | None = turn.query(OwnThread(sign))
    turn.session.close(task.draft)
    if thread is None:
        turn.tell("old.gone")
        return
    if not thread.let:
        _agree(turn, sign)
    turn.fact(HelpAsked, help=sign, message=_keep(turn, sign, words).id)
    turn.tell("help.sent_more", worker=worker_named(thread.worker_name))


def _done(turn: Turn, sign: str) -> None:
    thread: HelpThread | None = turn.query(OwnThread(sign))
    if thread is None:
        turn.tell("old.gone")
        return
    if thread.waits is not None:
        turn.fact(HelpClosed, help=sign, by="household")
    turn.tell("help.closed")


# What the worker says


def _news(turn: Turn, news: News) -> bool:
    if not isinstance(news, HelpNews):
        return False
    told: HelpTold | None = turn.query(HelpNewsTold(news.news))
    if told is None or told.kind not in TEXTS:
        return told is None
    first = "button.answer" if told.kind == "written" else "button.ask_more"
    sign = told.thread.help
    buttons = Button(f"help.more:{sign}", first), Button(f"help.done:{sign}", "button.finished")
    shown = buttons[:1] if told.kind == "closed_by_worker" else buttons
    turn.tell(TEXTS[told.kind], *shown, worker=worker_named(told.worker), answer=told.text or "")
    return True


TEXTS = {
    "answered": "help.answer",
    "written": "help.written",
    "promised": "help.promised",
    "closed_by_worker": "help.closed_by_worker",
}

HANDLER = Handler(
    name="questions",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={
        "help.human": _human,
        "help.other": lambda turn, _ref: _open(turn, WHAT),
        "help.send": _send,
        "help.more": _ask_more,
        "help.done": _done,
    },
    news=_news,
    aside=True,
)

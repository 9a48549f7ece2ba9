"""Questions of households on the worker's phone: answered, promised, handed on, taken over, closed."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.handler import Handler
from bot.dialogue.help_queries import (
    HelpNewsTold,
    HelpThread,
    HelpTold,
    OtherHelpers,
    ThreadToAnswer,
    WaitingThreads,
)
from bot.dialogue.message import HelpNews, News
from bot.dialogue.reply import Button, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import said, says_today, text_of, typed_option
from bot.drafts.helping import did, keep_words, may_help, tell_sent, words_for
from bot.drafts.households import household_named, since
from bot.drafts.worker_names import worker_named
from bot.language.household_calls import household_called
from domain.help import LONGEST, may_take_over
from domain.help_events import (
    HelpAnswered,
    HelpClosed,
    HelpHandedOn,
    HelpPromised,
    HelpTakenOver,
)

DRAFT = "worker-help"
ANSWERED_WITHIN = dt.timedelta(hours=12)  # without tapping
NOT_ANSWERS = ("greeting", "help", "register")  # intents of which a worker means us


def _gate(turn: Turn) -> bool:
    """Words for a household go to it as they are: nothing in them is learnt or logged."""
    task = turn.session.newest
    if task is None or task.draft != DRAFT or not text_of(turn) or typed_option(turn):
        return False
    asked = task.slots["tapped"] and not turn.session.idle
    if said(turn) is not None or not (asked or _may_be_answer(turn, task)):
        return False
    words = words_for(turn) if may_help(turn) else None
    if words:
        _answer(turn, task, words)
    return True


def _may_be_answer(turn: Turn, task: Task) -> bool:
    """Nobody asked for these words: they are an answer for some hours, unless they begin something else."""
    words = turn.understood
    if words is None or task.slots["tapped"] or turn.at - task.opened_at > ANSWERED_WITHIN:
        return False
    if words.request is not None or words.intent in NOT_ANSWERS or says_today(turn):
        return False
    of_money = any(item.total_vnd or item.unit_price_vnd for item in words.items)
    return not of_money and household_called(text_of(turn)) is None


def _open(turn: Turn, sign: str, *, tapped: bool) -> Task:
    slots = {"help": sign, "tapped": tapped}
    task = Task("worker_help", "answer", DRAFT, turn.at, slots=slots)
    turn.session.step_in(task)
    return task


def _ask(turn: Turn, task: Task) -> None:
    thread: HelpThread | None = turn.query(ThreadToAnswer(task.slots["help"]))
    if thread is None:
        turn.session.close(task.draft)
        turn.tell("help.gone")
        return
    leave = Button("core.leave", "button.leave")
    turn.tell("help.ask_words", leave, household=household_named(thread.who), most=LONGEST)


# Answering


def _mine(turn: Turn, sign: str) -> HelpThread | None:
    """The question, when this worker may still do something about it; a reason was told otherwise."""
    if not may_help(turn):
        return None
    thread: HelpThread | None = turn.query(ThreadToAnswer(sign))
    others = thread is not None and thread.worker not in (None, turn.person.id)
    if thread is None:
        turn.tell("help.gone")
    elif others and not may_take_over(thread.waits, thread.since, turn.at):
        _tell_taken(turn, thread, thread.worker_name)
    else:
        return thread
    turn.session.close(DRAFT)
    return None


def _tell_taken(turn: Turn, thread: HelpThread, worker: str | None) -> None:
    named = worker_named(worker)
    turn.tell("help.taken", household=household_named(thread.who), worker=named)


def _take(turn: Turn, thread: HelpThread) -> None:
    """From somebody who let it wait for a day."""
    if thread.worker not in (None, turn.person.id):
        did(turn, HelpTakenOver, thread.who, help=thread.help, before=thread.worker)


def _reply(turn: Turn, sign: str) -> None:
    if _mine(turn, sign) is not None:
        _ask(turn, _open(turn, sign, tapped=True))


def _answer(turn: Turn, task: Task, words: str) -> None:
    """Words that nobody asked for may belong to one of several questions."""
    waiting: tuple[HelpThread, ...] = () if task.slots["tapped"] else turn.query(WaitingThreads())
    if len(waiting) > 1:
        task.slots["words"] = words
        codes = [
            Button(f"help.to:{one.help}", "button.plain", {"text": one.who.code}) for one in waiting
        ]
        turn.tell("help.which", *codes)
        return
    _send(turn, task.slots["help"], words)


def _to(turn: Turn, sign: str) -> None:
    task = turn.session.find(DRAFT)
    if task is None or "words" not in task.slots:
        turn.tell("old.gone")
    else:
        _send(turn, sign, task.slots["words"])


def _send(turn: Turn, sign: str, words: str) -> None:
    thread = _mine(turn, sign)
    if thread is None:
        return
    turn.session.close(DRAFT)
    _take(turn, thread)
    message = keep_words(turn, sign, thread.who, words)
    did(turn, HelpAnswered, thread.who, help=sign, message=message.id)
    close = Button(f"help.close:{sign}", "button.close_help")
    tell_sent(turn, thread.who, close)


# Otherwise


def _promise(turn: Turn, sign: str) -> None:
    thread = _mine(turn, sign)
    if thread is None:
        return
    turn.session.close(DRAFT)
    _take(turn, thread)
    did(turn, HelpPromised, thread.who, help=sign)
    turn.tell("help.promise_told", household=household_named(thread.who))


def _hand_on(turn: Turn, sign: str) -> None:
    thread = _mine(turn, sign)
    if thread is None:
        return
    if thread.waits != "worker" or not turn.query(OtherHelpers(sign)):
        turn.tell("help.no_other")
        return
    turn.session.close(DRAFT)
    did(turn, HelpHandedOn, thread.who, help=sign)
    turn.tell("help.handed_on", household=household_named(thread.who))


def _close(turn: Turn, sign: str) -> None:
    thread = _mine(turn, sign)
    if thread is None:
        return
    if thread.waits is not None:
        _take(turn, thread)
        did(turn, HelpClosed, thread.who, help=sign, by="worker")
    turn.tell("help.closed_now", household=household_named(thread.who))


# What the household says


def _news(turn: Turn, news: News) -> bool:
    if not isinstance(news, HelpNews):
        return False
    told: HelpTold | None = turn.query(HelpNewsTold(news.news))
    if told is None or told.kind not in NEWS:
        return told is None
    NEWS[told.kind](turn, told)
    return True


def _asked(turn: Turn, told: HelpTold) -> None:
    """Answered right here, unless something else is being talked about."""
    thread = told.thread
    if thread.waits != "worker":
        return
    buttons = (
        Button(f"help.reply:{thread.help}", "button.answer"),
        Button(f"help.call:{thread.help}", "button.call_back"),
        Button(f"help.pass:{thread.help}", "button.pass_on"),
    )
    values: dict[str, Value] = {
        "question": told.text or "",
        "time": since(turn, thread.asked_at),
    }
    if turn.session.task is None:
        _open(turn, thread.help, tapped=False)
        turn.session.idle = True  # whatever else is said is no answer
    turn.tell("worker.request", *buttons, household=household_named(thread.who), **values)


def _taken(turn: Turn, told: HelpTold) -> None:
    _let_go(turn, told.thread)
    _tell_taken(turn, told.thread, told.worker)


def _settled(turn: Turn, told: HelpTold) -> None:
    _let_go(turn, told.thread)
    turn.tell("help.settled", household=household_named(told.thread.who))


def _let_go(turn: Turn, thread: HelpThread) -> None:
    task = turn.session.find(DRAFT)
    if task is not None and task.slots.get("help") == thread.help:
        turn.session.close(DRAFT)


NEWS = {"asked": _asked, "taken": _taken, "closed_by_household": _settled}

HANDLER = Handler(
    name="worker_help",
    gate=_gate,
    ask=_ask,
    taps={
        "help.reply": _reply,
        "help.to": _to,
        "help.call": _promise,
        "help.pass": _hand_on,
        "help.close": _close,
    },
    news=_news,
    of_roles=True,
)

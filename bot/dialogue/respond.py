"""`respond`: the one way in. Stages are tried in order; the first that answers ends the turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.dialogue.address import learn_address
from bot.dialogue.asking import ask_after, come_back, go_on, menu, owner
from bot.dialogue.audience import met, put_aside
from bot.dialogue.broadcast_asking import ask_for_broadcasts
from bot.dialogue.commands import COMMANDS, CORE_TAPS, resume
from bot.dialogue.forms import CARD, task_name
from bot.dialogue.handler import Handler, Stage
from bot.dialogue.hearing import emergency, no_words, too_long
from bot.dialogue.languages import change_language, keep_language
from bot.dialogue.message import News, Tap
from bot.dialogue.puzzles import ask_to_keep, not_understood
from bot.dialogue.reply import Button, Line, Name
from bot.dialogue.session import OPEN_TASKS, Task
from bot.dialogue.turn import Turn
from bot.dialogue.voice import AGAIN, choice, forgotten, heard, say_for, surely, take_back
from bot.dialogue.voice_asking import ask_for_recordings
from bot.dialogue.words import earlier_option, option_meant, said, tells_dealing, typed_option
from bot.dialogue.worker_asking import ask_for_worker
from bot.language.fragments import odd_number

SILENCE = dt.timedelta(hours=12)  # after this, words are taken as new before they are an answer


def respond(turn: Turn, handlers: Sequence[Handler]) -> Turn:
    """Answer one message: fills the turn's replies, events, personal items and session."""
    if turn.session.last_at and turn.at - turn.session.last_at > SILENCE:
        turn.session.idle = True
    if isinstance(turn.message.content, News):
        _told(turn, handlers, turn.message.content)
        return turn
    aside: list[Task] = []
    session = turn.session
    if turn.person.roles or turn.household is None:
        handlers = met(turn, handlers)
        aside = put_aside(session, handlers)
    before = session.task
    words_before = session.heard
    _through_stages(turn, handlers)
    forgotten(turn, words_before)
    go_on(turn, before, handlers)
    if turn.session is session:
        session.tasks = [*session.tasks, *aside][:OPEN_TASKS]
    keep_language(turn)
    ask_to_keep(turn)
    ask_for_worker(turn)
    ask_for_broadcasts(turn)
    ask_for_recordings(turn, words_before)
    turn.session.last_at = turn.at
    return turn


def _through_stages(turn: Turn, handlers: Sequence[Handler]) -> None:
    with surely(turn):
        for stage in STAGES:
            if stage(turn, handlers):
                break


def _about_heard(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """A tap or a word under what was heard: it is right, one of two, or to be said again."""
    words = turn.session.heard
    meant = choice(turn, words)
    if words is None or meant is None:
        return False
    take_back(turn, words)
    if meant == AGAIN:
        ask_after(turn, handlers, Line("voice.again"))
    else:
        say_for(turn, words, meant)
        _through_stages(turn, handlers)
    return True


def _told(turn: Turn, handlers: Sequence[Handler], news: News) -> None:
    """Nobody spoke: what was being talked about goes on after it, as after a question in the middle."""
    waiting = turn.session.task
    turn.as_worker = bool(turn.person.roles) and turn.household is None
    any(handler.news(turn, news) for handler in handlers)
    if turn.replies and waiting is not None:
        come_back(turn, waiting, handlers)


def _gated(turn: Turn, handlers: Sequence[Handler]) -> bool:
    return any(handler.gate(turn) for handler in handlers if handler.gate)


def _addressed(turn: Turn, _: Sequence[Handler]) -> bool:
    learn_address(turn)
    return False


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
    if not (turn.as_worker and _fresh(turn, handlers)):
        turn.tell("lost.2", *menu())


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
    if task is None or _is_new(turn) or _beside(turn):
        return False
    if owner(task, handlers).answer(turn, task) or _loosely_chosen(turn, handlers):
        turn.session.misses = 0
        return True
    return False


def _still_needed(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """A yes, a no or a *lưu* to a question that asks for something else: it is put once more."""
    if turn.session.task is None or said(turn) not in ("yes", "no", "save"):
        return False
    ask_after(turn, handlers, Line("check.needed"))
    return True


def _is_new(turn: Turn) -> bool:
    words = turn.understood
    if words is None or words.intent not in ("log_sale", "list_product") or words.action == "add":
        return False
    if odd_number(words.text):
        return False
    whole = [i for i in words.items if i.product and (i.total_vnd or i.unit_price_vnd)]
    return bool(whole)


def _beside(turn: Turn) -> bool:
    """Sorrow, or a matter that is not ours: whatever number stands in it is no answer."""
    return turn.understood is not None and turn.understood.mood in ("sorrow", "outside")


def _loosely_chosen(turn: Turn, handlers: Sequence[Handler]) -> bool:
    words = turn.understood
    if tells_dealing(turn) or (
        words is not None and (words.intent == "correct_last" or words.items)
    ):
        return False
    button = option_meant(turn)
    if button is None:
        return False
    turn.session.misses = 0
    _press(turn, handlers, button)
    return True


def _said_before(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Where there are no buttons: words that mean nothing else and stood under an earlier message."""
    words = turn.understood
    if not turn.session.earlier or words is None or turn.session.task is not None:
        return False
    means = words.answer or words.request or words.items or words.intent != "other"
    found = None if means and not turn.as_worker else earlier_option(turn)
    if found is None:
        return False
    turn.session.misses = 0
    _press(turn, handlers, found)
    return True


def _fresh(turn: Turn, handlers: Sequence[Handler]) -> bool:
    handler = next((h for h in handlers if h.claims(turn)), None)
    if handler is None:
        return False
    turn.session.misses = 0
    waiting = turn.session.task
    handler.begin(turn)
    undisturbed = waiting is not None and waiting is turn.session.task
    if handler.aside and waiting is not None and undisturbed and not turn.events:
        come_back(turn, waiting, handlers)
    return True


def _other_card(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """A yes to nothing, while another card waits unsaved: that card is shown, not saved unseen."""
    task = turn.session.newest
    if turn.session.task is not None or task is None or task.step != CARD:
        return False
    return said(turn) in ("save", "yes") and resume(turn, handlers)


def _still_open(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """After a long silence nobody claimed the words: they may answer what was asked back then."""
    session, task = turn.session, turn.session.newest
    if task is None or session.task is not None:
        return False
    if session.options and _loosely_chosen(turn, handlers):
        return True
    if turn.at - task.opened_at < SILENCE and owner(task, handlers).answer(turn, task):
        return True
    if session.last_at is None or turn.at - session.last_at <= SILENCE:
        return False
    buttons = (Button("core.resume", "button.resume"), Button("core.leave", "button.leave"))
    turn.tell("aside.kept", *buttons, task=task_name(task.handler))
    return True


def _lost(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Misses are counted; a first one in the middle of a task only puts its question again."""
    turn.session.misses += 1
    not_understood(turn)
    if turn.session.misses == 1 and turn.session.task is not None:
        ask_after(turn, handlers, Line("check.not_understood"))
    elif turn.session.misses == 1:
        turn.tell("lost.1")
    elif turn.session.misses == 2:
        turn.tell("lost.2", *menu())
    else:
        turn.session.misses = 0
        buttons = (Button("help.human", "button.worker"), Button("core.leave", "button.leave"))
        turn.tell("lost.3", *buttons, worker=Name("worker.unnamed"))
    return True


STAGES: tuple[Stage, ...] = (
    emergency,
    heard,
    _about_heard,
    too_long,
    change_language,
    _gated,
    _addressed,
    _edited,
    _tapped,
    no_words,
    _chosen,
    _commanded,
    _answered,
    _still_needed,
    _other_card,
    _said_before,
    _fresh,
    _still_open,
    _lost,
)

"""A message to the area from the chat: its words, to whom; tried, sent, held up, ended, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.dialogue.broadcast_queries import (
    BroadcastSeen,
    OneBroadcast,
)
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Line, Name, Value, Voice
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of, typed_option, typed_text
from bot.drafts.areas import area_said, area_value
from bot.drafts.broadcast_card import (
    BOUNDS,
    QUIET_DAYS,
    make_draft,
    reached_by,
    show_card,
    tell_fact,
    values_of,
)
from bot.drafts.broadcasts import as_reply
from bot.language.understand import understand
from bot.language.understanding import NOBODY
from domain.broadcast_events import (
    BroadcastPaused,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastStopped,
    BroadcastTried,
)
from domain.broadcasts import (
    ALLOWED,
    Audience,
    Change,
    at_daytime,
    plain,
    reach_problem,
    sends_as,
    text_problem,
)
from domain.roles import COUNTRY, is_area, is_commune

DRAFT = "broadcast"
LONGEST_HEAD = 40  # signs before the colon
MOST_AREAS = 8  # on buttons
TAP_OF: dict[Change, str] = {"start": "send", "pause": "pause", "resume": "resume", "stop": "end"}


# Its words, and to whom


def _gate(turn: Turn) -> bool:
    """Words for many go to them as they are: nothing in them is learnt, logged or begun."""
    if turn.person.roles and _begins_with_it(turn):
        _begin(turn)
        return True
    task = turn.session.task
    if task is None or task.draft != DRAFT or task.step != "text" or typed_option(turn):
        return False
    if not text_of(turn) or said(turn) is not None or requested(turn, "broadcast.write"):
        return False
    _answer(turn, task)
    return True


def _begins_with_it(turn: Turn) -> bool:
    """`gửi tin cho bà con: …`: whatever stands behind the colon asks for nothing."""
    head, colon, _ = text_of(turn).partition(":")
    if not colon or len(head) > LONGEST_HEAD:
        return False
    return understand(head, turn.on, NOBODY).request == "broadcast.write"


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and requested(turn, "broadcast.write")


def _begin(turn: Turn, _ref: str = "") -> None:
    areas = _areas(turn)
    if not areas:
        turn.tell("broadcast.nobody_may" if turn.person.roles else "role.none")
        return
    _, colon, words = text_of(turn).partition(":")
    area = areas[0] if len(areas) == 1 and is_commune(areas[0]) else None
    slots = {"text": plain(words) if colon else "", "area": area}
    task = Task(handler=DRAFT, step="text", draft=DRAFT, opened_at=turn.at, slots=slots)
    turn.session.open(task)
    _go_on(turn, task)


def _areas(turn: Turn) -> list[str]:
    own = turn.person.roles
    return sorted({role.area for role in own if sends_as(own, role.area)})


def _go_on(turn: Turn, task: Task) -> None:
    """The words first, then the area; the card when both are there."""
    problem = text_problem(task.slots["text"])
    if problem is None and task.slots["area"]:
        turn.session.close(DRAFT)
        make_draft(turn, task.slots["text"], Audience(task.slots["area"]))
        return
    task.step = "text" if problem else "area"
    if problem not in (None, "empty"):
        turn.tell(f"broadcast.{problem}", **BOUNDS)
        return
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == "text":
        turn.tell("broadcast.ask_text", **BOUNDS)
        return
    areas = _areas(turn)[:MOST_AREAS]
    named = [(area, area_value(area)) for area in areas if area != COUNTRY]
    turn.tell(
        "broadcast.ask_area",
        *[Button(f"broadcast.area:{a}", "button.plain", {"text": n}) for a, n in named],
    )


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == "text":
        task.slots["text"] = plain(typed_text(turn))
        _go_on(turn, task)
        return True
    return _to(turn, area_said(text_of(turn)))


def _to(turn: Turn, area: str | None) -> bool:
    task = turn.session.find(DRAFT)
    if task is None or area is None or not is_area(area):
        turn.tell("old.gone" if task is None else "role.invite_unknown")
        return True
    if sends_as(turn.person.roles, area) is None:
        turn.tell("broadcast.outside")
        return True
    task.slots["area"] = area
    _go_on(turn, task)
    return True


def _area_tapped(turn: Turn, ref: str) -> None:
    if turn.person.roles:
        _to(turn, ref)
    else:
        turn.tell("role.none")


# What is tapped


def _tapped(do: Callable[[Turn, BroadcastSeen], None]) -> Callable[[Turn, str], None]:
    """With the message of the button; one that is not theirs (any more) is told so."""

    def tap(turn: Turn, ref: str) -> None:
        if not turn.person.roles:
            turn.tell("role.none")
            return
        seen = turn.query(OneBroadcast(UUID(ref))) if _is_sign(ref) else None
        if seen is None or sends_as(turn.person.roles, seen.audience.area) is None:
            turn.tell("broadcast.not_yours")
            return
        do(turn, seen)

    return tap


def _is_sign(ref: str) -> bool:
    return len(ref) == 32 and all(sign in "0123456789abcdef" for sign in ref)


def _send(turn: Turn, seen: BroadcastSeen) -> None:
    if seen.state not in ALLOWED["start"]:
        _report(turn, seen)
        return
    kind = sends_as(turn.person.roles, seen.audience.area)
    reached = reached_by(turn, seen.audience)
    problem = reach_problem(kind, reached.people) if kind else "nobody"
    if problem is not None:
        turn.tell(f"broadcast.{problem}", **values_of(seen.audience, reached))
        return
    tell_fact(turn, BroadcastStarted, seen.which, seen.audience, reaches=reached.people)
    lines = [Line("broadcast.started", {"count": reached.people})]
    if not at_daytime(turn.at):
        lines.append(Line("broadcast.at_night"))
    turn.say(*lines, buttons=_steering(seen, "pause", "stop"))


def _steering(seen: BroadcastSeen, *steps: Change) -> tuple[Button, ...]:
    actions = [TAP_OF[step] for step in steps] + ["report"]
    sign = seen.which.hex
    return tuple(Button(f"broadcast.{a}:{sign}", f"button.broadcast_{a}") for a in actions)


def _try(turn: Turn, seen: BroadcastSeen) -> None:
    """To nobody but whoever asks, as each will get it."""
    who = turn.person
    voice = Voice(who.you, who.me, who.name, bool(who.southern), turn.language)
    turn.replies.append(as_reply(seen.text, seen.name, seen.audience.area, voice))
    tell_fact(turn, BroadcastTried, seen.which, seen.audience)
    if seen.state == "draft":
        show_card(turn, seen.which, seen.audience, reached_by(turn, seen.audience))


def _quiet(turn: Turn, seen: BroadcastSeen) -> None:
    """The same words, only to households that have sold nothing for a while."""
    make_draft(turn, seen.text, replace(seen.audience, quiet=QUIET_DAYS))


def _step(wanted: Change, event: type[Any], *following: Change) -> Callable[[Turn, str], None]:
    def do(turn: Turn, seen: BroadcastSeen) -> None:
        if seen.state in ALLOWED[wanted]:
            tell_fact(turn, event, seen.which, seen.audience, handed_on=seen.handed_on)
            turn.tell(f"broadcast.done_{wanted}", *_steering(seen, *following))
        else:
            _report(turn, seen)

    return _tapped(do)


def _report(turn: Turn, seen: BroadcastSeen) -> None:
    """What became of it so far, and what can still be done."""
    following: dict[str, tuple[Change, ...]] = {
        "sending": ("pause", "stop"),
        "paused": ("resume", "stop"),
    }
    values: dict[str, Value] = {
        "arrived": seen.arrived,
        "waiting": seen.waiting,
        "blocked": seen.blocked,
        "left_out": seen.left_out,
        "failed": seen.failed,
        "state": Name(f"web.messages.state.{seen.state}"),
    }
    turn.tell("broadcast.report", *_steering(seen, *following.get(seen.state, ())), **values)


HANDLER = Handler(
    name=DRAFT,
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={
        "broadcast.write": _begin,
        "broadcast.area": _area_tapped,
        "broadcast.send": _tapped(_send),
        "broadcast.try": _tapped(_try),
        "broadcast.quiet": _tapped(_quiet),
        "broadcast.report": _tapped(_report),
        "broadcast.pause": _step("pause", BroadcastPaused, "resume", "stop"),
        "broadcast.resume": _step("resume", BroadcastResumed, "pause", "stop"),
        "broadcast.end": _step("stop", BroadcastStopped),
    },
    of_roles=True,
)

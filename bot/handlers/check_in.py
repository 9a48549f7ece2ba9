"""Checking in to a course: by the digits on its board, or by its link, once from whichever side."""

from __future__ import annotations

import re

from bot.dialogue.course_queries import CourseBySign, CourseByWord, CourseSeen, SignRead
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Clock
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, text_of
from bot.drafts.course_words import check_in_hours, holder
from domain.courses import MARGIN
from domain.training_events import TrainingAttended

DRAFT = "check-in"
LINK = re.compile(r"/start lop-([\w-]{10,40})")  # what a phone sends that opened the course's link
SIGN = re.compile(r"(?<!\d)\d{4}(?!\d)")
DIGITS = re.compile(r"\d[\d ]{1,7}")


def _gate(turn: Turn) -> bool:
    """The course's link, before anything is asked of whoever opens it: who checks in so needs no book."""
    text = text_of(turn)
    found = LINK.fullmatch(text.strip()) if text.startswith("/start lop-") else None
    if found is None:
        return False
    seen: CourseSeen | None = turn.query(CourseByWord(found[1]))
    if seen is None:
        turn.tell("training.gone")
    else:
        _attend(turn, seen)
    return True


def _claims(turn: Turn) -> bool:
    return requested(turn, "training.attend") or _board(turn) is not None


def _board(turn: Turn) -> CourseSeen | None:
    """The course whose digits were typed and nothing else."""
    text = text_of(turn).strip(" .")
    if turn.household is None or not SIGN.fullmatch(text):
        return None
    read: SignRead = turn.query(CourseBySign(text))
    return read.found if read.found and read.found.course.is_open(turn.at) else None


def _begin(turn: Turn) -> None:
    sign = SIGN.search(text_of(turn))
    if sign is not None:
        _by_sign(turn, sign[0])
        return
    task = turn.session.find(DRAFT) or Task("check_in", "code", DRAFT, turn.at)
    turn.session.open(task)
    _ask(turn, task)


def _by_sign(turn: Turn, sign: str) -> None:
    read: SignRead = turn.query(CourseBySign(sign))
    if read.found is not None:
        _attend(turn, read.found)
        return
    human = Button("help.human", "button.worker")
    if read.often:
        _close(turn)
        turn.tell("training.often", human, worker=holder(read.worker))
        return
    again = Button("check_in.again", "button.other_code")
    turn.tell("training.no_code", again, human, typed=sign, worker=holder(read.worker))


def _close(turn: Turn) -> None:
    """Nothing more is asked of it; what else is being talked about goes on."""
    if turn.session.find(DRAFT) is not None:
        turn.session.close(DRAFT)


def _attend(turn: Turn, seen: CourseSeen) -> None:
    """Once, from whichever side; the course's row is held since it was looked up."""
    course = seen.course
    _close(turn)
    if seen.attended:
        turn.tell("training.already", title=course.title)
    elif not course.is_open(turn.at):
        turn.tell("training.not_open", **check_in_hours(turn, seen, MARGIN))
    else:
        turn.fact(
            TrainingAttended,
            course=course.code,
            platform=course.platform,
            date=course.day,
            people=0 if seen.listed else 1,
            province=course.province,  # it counts where the course is held
            commune=course.commune,
        )
        turn.tell("training.present", title=course.title, hour=Clock(turn.at))


def _ask(turn: Turn, _task: Task) -> None:
    turn.tell("training.checkin")


def _answer(turn: Turn, _task: Task) -> bool:
    digits = DIGITS.search(text_of(turn))
    if digits is None:
        return False
    _by_sign(turn, digits[0].replace(" ", ""))
    return True


HANDLER = Handler(
    name="check_in",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={"check_in.again": lambda turn, _ref: _begin(turn)},
    aside=True,
)

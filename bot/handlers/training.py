"""Training for households: coming or not, checking in with the digits on the board, saying how it was."""

from __future__ import annotations

import re

from bot.dialogue.course_queries import (
    CourseByCode,
    CourseBySign,
    CourseByWord,
    CoursesAhead,
    CourseSeen,
    SignRead,
)
from bot.dialogue.handler import Handler
from bot.dialogue.message import CourseWished
from bot.dialogue.reply import Button, Clock, Line, Lines
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts.course_words import check_in_hours, course_values, holder, invitation
from bot.language.choices import choose
from domain.courses import MARGIN, RATINGS, Course
from domain.training_events import (
    TrainingAccepted,
    TrainingAttended,
    TrainingDeclined,
    TrainingRated,
    TrainingWished,
)

DRAFT = "training"
CODE, WISH = "code", "wish"
LINK = re.compile(r"/start lop-([\w-]{10,40})")  # what a phone sends that opened the course's link
SIGN = re.compile(r"(?<!\d)\d{4}(?!\d)")
DIGITS = re.compile(r"\d[\d ]{1,7}")
LONGEST_WISH = 500  # characters


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
    if requested(turn, "training.attend", "training.go") or _option(turn):
        return True
    words = turn.understood
    if words is not None and words.intent == "training":
        return True
    return _board(turn) is not None


def _option(turn: Turn) -> str | None:
    """A button of ours under the newest question, in words: nothing else is being talked about."""
    options = turn.session.options
    if turn.session.task is not None or not any(b.startswith("training.") for b, _ in options):
        return None
    return choose(text_of(turn), options)


def _board(turn: Turn) -> CourseSeen | None:
    """The course whose digits were typed and nothing else."""
    text = text_of(turn).strip(" .")
    if turn.household is None or not SIGN.fullmatch(text):
        return None
    read: SignRead = turn.query(CourseBySign(text))
    return read.found if read.found and read.found.course.is_open(turn.at) else None


def _begin(turn: Turn) -> None:
    option = _option(turn)
    if option is not None:
        action, _, ref = option.partition(":")
        TAPS[action](turn, ref)
    elif requested(turn, "training.attend") or SIGN.fullmatch(text_of(turn).strip(" .")):
        _check_in(turn)
    else:
        _offer(turn, go=requested(turn, "training.go"))


# Coming


def _offer(turn: Turn, *, go: bool) -> None:
    """What courses there are; whoever wants to go, and there is one, goes."""
    ahead: tuple[CourseSeen, ...] = turn.query(CoursesAhead())
    if not ahead:
        turn.tell("training.none")
    elif len(ahead) > 1:
        _which(turn, ahead)
    elif go:
        _accept(turn, ahead[0])
    else:
        invitation(turn, ahead[0].course)


def _which(turn: Turn, ahead: tuple[CourseSeen, ...]) -> None:
    lines = [
        Line("training.line", {"number": n, **course_values(turn, seen.course)})
        for n, seen in enumerate(ahead, 1)
    ]
    buttons = [
        Button(f"training.about:{seen.course.code}", "button.plain", {"text": str(n)})
        for n, seen in enumerate(ahead, 1)
    ]
    turn.tell("training.which", *buttons, courses=Lines(tuple(lines)))


def _about(turn: Turn, ref: str) -> None:
    seen = _standing(turn, ref)
    if seen is not None:
        invitation(turn, seen.course)


def _go(turn: Turn, ref: str) -> None:
    seen = _standing(turn, ref)
    if seen is not None:
        _accept(turn, seen)


def _accept(turn: Turn, seen: CourseSeen) -> None:
    course = seen.course
    if course.capacity is not None and seen.going >= course.capacity and seen.answer != "going":
        turn.tell("training.full")
        return
    if seen.answer != "going":
        turn.fact(TrainingAccepted, course=course.code, **_place(course))
    turn.tell("training.going")


def _refuse(turn: Turn, ref: str) -> None:
    seen = _standing(turn, ref)
    if seen is None:
        return
    if seen.answer != "not_going":
        turn.fact(TrainingDeclined, course=ref, **_place(seen.course))
    turn.tell("training.declined")


def _later(turn: Turn, ref: str) -> None:
    if _standing(turn, ref) is not None:
        turn.tell("training.later")


def _standing(turn: Turn, code: str) -> CourseSeen | None:
    """The course of a button, while one can still come to it; else the person is told."""
    seen: CourseSeen | None = turn.query(CourseByCode(code))
    if seen is None or seen.course.cancelled_at is not None or turn.at >= seen.course.ends:
        turn.tell("training.gone")
        return None
    return seen


# Checking in


def _check_in(turn: Turn) -> None:
    sign = SIGN.search(text_of(turn))
    if sign is not None:
        _by_sign(turn, sign[0])
        return
    task = turn.session.find(DRAFT) or Task("training", CODE, DRAFT, turn.at)
    task.step, task.slots = CODE, {}
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
    again = Button("training.again", "button.other_code")
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
        counts = {"date": course.day, "people": 0 if seen.listed else 1}
        platform = course.platform
        turn.fact(
            TrainingAttended, course=course.code, platform=platform, **counts, **_place(course)
        )
        turn.tell("training.present", title=course.title, hour=Clock(turn.at))


def _place(course: Course) -> dict[str, str]:
    """A course counts where it is held."""
    return {"province": course.province, "commune": course.commune}


# Afterwards


def _rate(turn: Turn, ref: str) -> None:
    code, _, said_so = ref.partition("=")
    seen: CourseSeen | None = turn.query(CourseByCode(code))
    rating = next((r for r in RATINGS if r == said_so), None)
    if seen is None or not seen.attended or rating is None:
        turn.tell("old.gone")
        return
    if seen.rating != rating:
        turn.fact(TrainingRated, course=code, rating=rating, **_place(seen.course))
    task = Task("training", WISH, DRAFT, turn.at, slots={"course": code})
    turn.session.open(task)
    _ask(turn, task)


def _wish(turn: Turn, task: Task) -> bool:
    text = text_of(turn).strip()[:LONGEST_WISH]
    if not text or said(turn) in ("no", "skip", "cancel"):
        return _no_wish(turn, task)
    code = str(task.slots["course"])
    turn.session.close(task.draft)
    turn.keep(CourseWished(code, text))
    turn.fact(TrainingWished, course=code)
    turn.tell("training.thanks")
    return True


def _no_wish(turn: Turn, task: Task) -> bool:
    turn.session.close(task.draft)
    turn.tell("training.thanks")
    return True


def _skipped(turn: Turn, _ref: str) -> None:
    task = turn.session.find(DRAFT)
    if task is None or task.step != WISH:
        turn.tell("old.gone")
    else:
        _no_wish(turn, task)


# A question of ours


def _ask(turn: Turn, task: Task) -> None:
    if task.step == WISH:
        turn.tell("training.wish", Button("training.skip", "button.skip"))
    else:
        turn.tell("training.checkin")


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == WISH:
        return _wish(turn, task)
    digits = DIGITS.search(text_of(turn))
    if digits is None:
        return False
    _by_sign(turn, digits[0].replace(" ", ""))
    return True


def _skip(turn: Turn, task: Task) -> bool:
    return task.step == WISH and _no_wish(turn, task)


def _again(turn: Turn, _ref: str) -> None:
    _check_in(turn)


TAPS = {
    "training.go": _go,
    "training.later": _later,
    "training.no": _refuse,
    "training.about": _about,
    "training.again": _again,
    "training.rate": _rate,
    "training.skip": _skipped,
}

HANDLER = Handler(
    name="training",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    skip=_skip,
    taps=TAPS,
    aside=True,
)

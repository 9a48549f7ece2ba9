"""Training for households: what courses there are, coming or not, saying how it was."""

from __future__ import annotations

from bot.dialogue.course_queries import (
    CourseByCode,
    CoursesAhead,
    CourseSeen,
)
from bot.dialogue.handler import Handler
from bot.dialogue.message import CourseWished
from bot.dialogue.reply import Button, Line, Lines
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import option_meant, requested, said, typed_text
from bot.drafts.course_words import course_values, invitation
from domain.courses import RATINGS, Course
from domain.training_events import (
    TrainingAccepted,
    TrainingDeclined,
    TrainingRated,
    TrainingWished,
)

DRAFT = "training-wish"
LONGEST_WISH = 500  # characters


def _claims(turn: Turn) -> bool:
    if requested(turn, "training.go") or _option(turn):
        return True
    words = turn.understood
    return words is not None and words.intent == "training"


def _option(turn: Turn) -> str | None:
    """A button of ours under the newest question, in words: nothing else is being talked about."""
    options = turn.session.options
    if turn.session.task is not None or not any(b.startswith("training.") for b, _ in options):
        return None
    return option_meant(turn)


def _begin(turn: Turn) -> None:
    option = _option(turn)
    if option is not None:
        action, _, ref = option.partition(":")
        TAPS[action](turn, ref)
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
    task = Task("training", "wish", DRAFT, turn.at, slots={"course": code})
    turn.session.open(task)
    _ask(turn, task)


def _wish(turn: Turn, task: Task) -> bool:
    text = typed_text(turn).strip()[:LONGEST_WISH]
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
    if task is None:
        turn.tell("old.gone")
    else:
        _no_wish(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    turn.tell("training.wish", Button("training.skip", "button.skip"))


TAPS = {
    "training.go": _go,
    "training.later": _later,
    "training.no": _refuse,
    "training.about": _about,
    "training.rate": _rate,
    "training.skip": _skipped,
}

HANDLER = Handler(
    name="training",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_wish,
    skip=_no_wish,
    taps=TAPS,
    aside=True,
)

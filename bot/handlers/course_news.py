"""Nobody wrote: somebody is invited to a course, reminded of it, asked how it was, or told that it is off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.dialogue.course_queries import CourseByCode, CourseSeen
from bot.dialogue.handler import Handler
from bot.dialogue.message import CourseNews, News
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.drafts.course_words import course_values, invitation
from domain.courses import CourseNewsKind, is_overtaken
from domain.training_events import TrainingInvited

BUTTONS = {"easy": "button.easy", "hard": "button.hard", "behind": "button.missed"}


def _news(turn: Turn, news: News) -> bool:
    """What is so at this moment; what was overtaken is no news, and in sorrow nobody is written to."""
    if not isinstance(news, CourseNews):
        return False
    seen: CourseSeen | None = turn.query(CourseByCode(news.course))
    quiet = turn.session.quiet_until
    mourning = quiet is not None and turn.on <= quiet and news.kind != "cancelled"
    if seen is not None and not mourning and not is_overtaken(seen.course, news.kind, turn.at):
        TOLD[news.kind](turn, seen)
    return True


def _invite(turn: Turn, seen: CourseSeen) -> None:
    """Only to those who want to hear of courses, at this very moment."""
    if "broadcast" not in turn.person.consents or seen.answer is not None or seen.attended:
        return
    place = {"province": seen.course.province, "commune": seen.course.commune}
    turn.fact(TrainingInvited, course=seen.course.code, **place)
    invitation(turn, seen.course, sent=True)


def _remind(turn: Turn, seen: CourseSeen) -> None:
    if seen.answer != "going" or seen.attended:
        return
    course = seen.course
    buttons = (
        Button(f"training.go:{course.code}", "button.go"),
        Button(f"training.no:{course.code}", "button.not_go"),
    )
    values = course_values(turn, course) | {"venue": course.venue}
    turn.tell("training.reminder", *buttons, **values)


def _ask_how(turn: Turn, seen: CourseSeen) -> None:
    if seen.attended and seen.rating is None:
        buttons = [
            Button(f"training.rate:{seen.course.code}={rating}", key)
            for rating, key in BUTTONS.items()
        ]
        turn.tell("training.feedback", *buttons)


def _call_off(turn: Turn, seen: CourseSeen) -> None:
    if seen.answer == "going":
        turn.tell("training.cancelled", **course_values(turn, seen.course))


TOLD: Mapping[CourseNewsKind, Callable[[Turn, CourseSeen], None]] = MappingProxyType(
    {
        "invite": _invite,
        "eve": _remind,
        "morning": _remind,
        "feedback": _ask_how,
        "cancelled": _call_off,
    }
)

HANDLER = Handler(name="course_news", news=_news)

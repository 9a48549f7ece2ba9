"""A course in words: its hour, its day, its place, who holds it, the buttons under it."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.course_queries import CourseSeen
from bot.dialogue.reply import Button, Clock, Day, Line, Lines, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.areas import own_name
from domain.courses import Course
from domain.household import ZONE

NOON = 12  # o'clock


def hour(moment: dt.datetime) -> Value:
    """`8 giờ sáng`, `8 giờ 30`, `14 giờ`."""
    local = moment.astimezone(ZONE)
    if local.minute or local.hour >= NOON:
        return Clock(moment)
    return Lines((Line("format.clock_morning", {"hour": local.hour}),))


def course_values(turn: Turn, course: Course) -> dict[str, Value]:
    """Title, day and hour as they are said today."""
    return {
        "title": course.title,
        "date": Day(course.day, turn.on),
        "hour": hour(course.starts),
    }


def invitation(turn: Turn, course: Course, *, sent: bool = False) -> None:
    """What it is, when and where, and whether the person comes; `sent`: nobody asked for it."""
    values = course_values(turn, course) | {"venue": course.venue}
    if sent:
        footer = Line("broadcast.footer", {"sender": own_name(course.commune)})
        values["footer"] = Lines((footer,))
    buttons = (
        Button(f"training.go:{course.code}", "button.go"),
        Button(f"training.later:{course.code}", "button.later"),
        Button(f"training.no:{course.code}", "button.not_go"),
    )
    turn.tell("training.invite", *buttons, **values)


def holder(name: str | None) -> Value:
    """Who holds it: a worker by name, or without one."""
    return Lines((Line("worker.named", {"name": name}),)) if name else Name("worker.unnamed")


def check_in_hours(turn: Turn, seen: CourseSeen, margin: dt.timedelta) -> dict[str, Value]:
    """From when to when one checks in, and on which day."""
    course = seen.course
    return {
        "title": course.title,
        "from": Clock(course.starts - margin),
        "to": Clock(course.ends + margin),
        "date": Day(course.day, turn.on),
    }

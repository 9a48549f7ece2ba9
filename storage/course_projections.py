"""What stands after each fact about courses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from domain import training_events as facts
from storage import attendances, attendee_list, course_news, courses
from storage.ledger import Origin

Project = Callable[[Connection, Any, Origin], None]


def _both(first: Project, second: Project) -> Project:
    def project(tx: Connection, event: Any, origin: Origin) -> None:
        first(tx, event, origin)
        second(tx, event, origin)

    return project


OF_COURSES: Mapping[type[Any], Project] = MappingProxyType(
    {
        facts.CourseAnnounced: courses.announced,
        facts.CourseCalled: courses.called,
        facts.CourseHeld: courses.held,
        facts.CourseCancelled: _both(courses.cancelled, course_news.call_off),
        facts.TrainingAccepted: _both(attendances.answered, course_news.remind),
        facts.TrainingDeclined: _both(attendances.answered, course_news.leave_alone),
        facts.TrainingAttended: _both(attendances.attended, course_news.ask_afterwards),
        facts.TrainingRated: attendances.rated,
        facts.AttendeeListed: attendee_list.listed,
        facts.AttendeeStruck: attendee_list.struck,
        facts.AttendeesCounted: attendee_list.counted,
    }
)

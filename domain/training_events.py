"""What happens around courses: made, answered, held, who came, what they say of it.

Titles, places, names, phones and wishes stand in tables that can be erased. A course about both platforms or
about none has no platform: it counts once, in the whole. It counts where it was held: `province` and
`commune` are the course's, `date` is its day.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from domain.facts import Fact

CoursePlatform = Literal["voso", "postmart"]
Rating = Literal["easy", "hard", "behind"]
Once = Literal[0, 1]


class CourseAnnounced(Fact):
    """`person` will hold the course; nothing counts yet."""

    type: Literal["course_announced"] = "course_announced"
    course: str
    starts: AwareDatetime
    ends: AwareDatetime
    platform: CoursePlatform | None = None
    capacity: Annotated[int, Field(ge=1)] | None = None


class CourseCalled(Fact):
    """`person` has everybody of the area invited who wants such messages; `people` of them."""

    type: Literal["course_called"] = "course_called"
    course: str
    area: str
    people: int


class TrainingInvited(Fact):
    type: Literal["training_invited"] = "training_invited"
    course: str


class TrainingAccepted(Fact):
    type: Literal["training_accepted"] = "training_accepted"
    course: str


class TrainingDeclined(Fact):
    type: Literal["training_declined"] = "training_declined"
    course: str


class TrainingRated(Fact):
    type: Literal["training_rated"] = "training_rated"
    course: str
    rating: Rating


class TrainingWished(Fact):
    """The person said what they want to learn; the words are kept apart."""

    type: Literal["training_wished"] = "training_wished"
    course: str


class TrainingFact(Fact):
    """One that changes the figures: by so many `courses` and `attendances`, which may be negative."""

    course: str
    platform: CoursePlatform | None = None
    date: dt.date

    @property
    def courses(self) -> int:
        return 0

    @property
    def attendances(self) -> int:
        return 0


class CourseHeld(TrainingFact):
    """It is over, and somebody was there."""

    type: Literal["course_held"] = "course_held"

    @property
    def courses(self) -> int:
        return 1


class CourseCancelled(TrainingFact):
    """It does not count; `held` and `people` are what had been counted of it."""

    type: Literal["course_cancelled"] = "course_cancelled"
    held: bool = False
    people: Annotated[int, Field(ge=0)] = 0

    @property
    def courses(self) -> int:
        return -int(self.held)

    @property
    def attendances(self) -> int:
        return -self.people


class TrainingAttended(TrainingFact):
    """`person` checked in, once; `people` is 0 when they were counted by their phone before."""

    type: Literal["training_attended"] = "training_attended"
    people: Once = 1

    @property
    def attendances(self) -> int:
        return self.people


class AttendeeListed(TrainingFact):
    """Somebody who came stands on the list, by `person` or (None) by the link; 0 who was counted before."""

    type: Literal["attendee_listed"] = "attendee_listed"
    attendee: UUID
    people: Once = 1

    @property
    def attendances(self) -> int:
        return self.people


class AttendeeStruck(TrainingFact):
    """An entry of the list struck out; `people` is what it had counted."""

    type: Literal["attendee_struck"] = "attendee_struck"
    attendee: UUID
    people: Once = 1

    @property
    def attendances(self) -> int:
        return -self.people


class AttendeesCounted(TrainingFact):
    """So many more came, of whom only the number is known; `before`: what had been said."""

    type: Literal["attendees_counted"] = "attendees_counted"
    people: Annotated[int, Field(ge=0)]
    before: Annotated[int, Field(ge=0)] = 0

    @property
    def attendances(self) -> int:
        return self.people - self.before


TrainingEvent = (
    CourseAnnounced
    | CourseCalled
    | CourseHeld
    | CourseCancelled
    | TrainingInvited
    | TrainingAccepted
    | TrainingDeclined
    | TrainingAttended
    | TrainingRated
    | TrainingWished
    | AttendeeListed
    | AttendeeStruck
    | AttendeesCounted
)

"""What conversations about courses ask the store for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from domain.courses import Course
from domain.training_events import Rating


@dataclass(frozen=True, slots=True)
class CourseByCode:
    """A course by our code of it; nobody else changes it in this turn -> CourseSeen | None."""

    code: str


@dataclass(frozen=True, slots=True)
class CourseByWord:
    """A course by the word of its link, likewise -> CourseSeen | None."""

    word: str


@dataclass(frozen=True, slots=True)
class CourseBySign:
    """Today's course by the digits on its board, likewise; a wrong one is counted -> SignRead."""

    sign: str


@dataclass(frozen=True, slots=True)
class CoursesAhead:
    """The next courses of this household's commune and province -> tuple[CourseSeen, ...]."""


@dataclass(frozen=True, slots=True)
class OwnCourses:
    """Those of a worker's area that are ahead, on, or lately over -> tuple[CourseSeen, ...]."""


@dataclass(frozen=True, slots=True)
class NextCourseCode:
    """A new code of a course in this commune, handed out once; None without a role there -> str | None."""

    commune: str


@dataclass(frozen=True, slots=True)
class CourseSeen:
    """A course as somebody sees it. `going`: how many said that they will come; `worker` holds it, by name.

    The rest is this person's: their answer, whether they checked in or stand on the list, what they said.
    """

    course: Course
    going: int = 0
    worker: str | None = None
    answer: str | None = None
    attended: bool = False
    listed: bool = False
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class SignRead:
    """What digits lead to: a course, or nothing; `often`: this person has guessed enough for today.

    `worker`: by name, who holds the course that the person wants to go to today.
    """

    found: CourseSeen | None = None
    often: bool = False
    worker: str | None = None


CourseQuery = (
    CourseByCode | CourseByWord | CourseBySign | CoursesAhead | OwnCourses | NextCourseCode
)
CourseAnswer = CourseSeen | SignRead | tuple[CourseSeen, ...]

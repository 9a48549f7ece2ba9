"""A worker's courses in the chat: those of the area with digits and counts, a form for another one."""

from __future__ import annotations

from bot.dialogue.course_queries import CourseSeen, NextCourseCode, OwnCourses
from bot.dialogue.forms import CARD
from bot.dialogue.handler import Handler
from bot.dialogue.message import CourseNamed
from bot.dialogue.queries import SignInLink
from bot.dialogue.reply import Button, Line, Lines, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.course_form import COURSE, begun
from bot.drafts.course_words import course_values
from domain.courses import plan_faults
from domain.geography import commune
from domain.roles import RANKS
from domain.training_events import CourseAnnounced


def _claims(turn: Turn) -> bool:
    """A worker with a book of their own is a pupil in the same words, but for `mở lớp`."""
    if not turn.person.roles:
        return False
    words = turn.understood
    asks = turn.as_worker and words is not None and words.intent == "training"
    return requested(turn, "course.open") or asks


def _begin(turn: Turn) -> None:
    if requested(turn, "course.open"):
        _open(turn)
    else:
        _see(turn)


def _see(turn: Turn, _ref: str = "") -> None:
    """Counts first, the digits for the board with them."""
    if not turn.person.roles:
        turn.tell("role.none")
        return
    found: tuple[CourseSeen, ...] = turn.query(OwnCourses())
    opens = [Button("course.open", "button.open_course")] if _may_open(turn) else []
    if not found:
        turn.tell("worker.course.none", *opens)
        return
    lines = tuple(_line(turn, n, seen) for n, seen in enumerate(found, 1))
    page = Button("course.page", "button.role_page")
    turn.tell("worker.course.list", *opens, page, count=len(found), courses=Lines(lines))


def _line(turn: Turn, number: int, seen: CourseSeen) -> Line:
    course = seen.course
    counts: dict[str, Value] = {"going": seen.going, "came": course.came, "sign": course.sign}
    values = course_values(turn, course) | counts
    return Line("worker.course.line", {"number": number, **values})


def _page(turn: Turn, _ref: str = "") -> None:
    if not turn.person.roles:
        turn.tell("role.none")
        return
    path = turn.query(SignInLink())
    turn.tell("role.page", url=f"{turn.rules.public_url}{path}")


def _open(turn: Turn, _ref: str = "") -> None:
    if _may_open(turn):
        COURSE.start(turn, begun(turn))
    else:
        turn.tell("worker.course.readers" if turn.person.roles else "role.none")


def _may_open(turn: Turn) -> bool:
    return any(RANKS[role.kind] >= RANKS["worker"] for role in turn.person.roles)


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == CARD and said(turn) in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    return COURSE.answer(turn, task)


def _save(turn: Turn, ref: str) -> None:
    """Role and area are looked at again where the course gets its code."""
    taken = COURSE.take(turn, ref)
    if taken is None:
        return
    draft = taken[1]
    plan = draft.plan()
    fault = next(plan_faults(plan, turn.person.roles, turn.at), None)
    if fault is not None:
        turn.tell(f"worker.course.fault_{fault}")
        COURSE.start(turn, draft.without(fault))
        return
    code: str | None = turn.query(NextCourseCode(plan.commune))
    if code is None:
        turn.tell("role.none")
        return
    turn.fact(
        CourseAnnounced,
        course=code,
        starts=plan.starts,
        ends=plan.ends,
        platform=plan.platform,
        province=commune(plan.commune).province_code,
        commune=plan.commune,
    )
    turn.keep(CourseNamed(code, plan.title, plan.venue))
    turn.tell("worker.course.made", Button("course.page", "button.role_page"), title=plan.title)


HANDLER = Handler(
    name="course",
    claims=_claims,
    begin=_begin,
    ask=COURSE.ask,
    answer=_answer,
    skip=COURSE.skip,
    taps={
        **COURSE.taps(),
        "course.save": _save,
        "course.open": _open,
        "course.see": _see,
        "course.page": _page,
    },
    of_roles=True,
)

"""A worker's form for a course: title, place, commune, day, hours, platform; a card, a tap."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Button, Clock, Day, Line, Lines, Name, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, text_of, typed_text
from bot.drafts.areas import area_value, areas_value
from bot.drafts.course_places import commune_said
from bot.language.hours import hours_in
from domain.courses import (
    COURSE_PLATFORMS,
    LONGEST_TITLE,
    LONGEST_VENUE,
    CoursePlan,
    PlanFault,
    may_hold,
)
from domain.household import ZONE
from domain.roles import is_commune

WEEK = dt.timedelta(days=7)
LATELY = dt.timedelta(days=60)  # a date that was meant as it was said, and is over
YEAR = re.compile(r"\d{4}")
DATE = re.compile(r"\d ?[/.-] ?\d")
BOTH = "both"  # the platform of a course about both, or about none
SLOT_OF: dict[PlanFault, str] = {"title": "title", "venue": "venue", "area": "commune"}
HOURS: tuple[PlanFault, ...] = ("order", "short", "days")


class CourseDraft(BaseModel):
    """What is known of the course so far; `platform` as a button says it."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    venue: str | None = None
    commune: str | None = None
    day: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    platform: str | None = None

    def with_(self, **fields: Any) -> CourseDraft:
        """The same with these fields changed."""
        return self.model_copy(update=fields)

    def without(self, fault: PlanFault) -> CourseDraft:
        """The same, that what speaks against it is asked again."""
        if fault in HOURS:
            return self.with_(starts=None, ends=None)
        return self.with_(**{SLOT_OF.get(fault, "day"): None})

    def plan(self) -> CoursePlan:
        """The course that is meant, when nothing is missing."""
        assert self.day
        assert self.starts
        assert self.ends
        first, last = (dt.datetime.combine(self.day, t, ZONE) for t in (self.starts, self.ends))
        platform = next((p for p in COURSE_PLATFORMS if p == self.platform), None)
        where = self.commune or ""
        return CoursePlan(self.title or "", self.venue or "", where, first, last, platform)


def begun(turn: Turn) -> CourseDraft:
    """What the sentence says already; one's only commune needs no question."""
    own = sorted({role.area for role in turn.person.roles})
    commune = own[0] if len(own) == 1 and is_commune(own[0]) else None
    draft = CourseDraft(commune=commune)
    return _merge(turn, draft) or draft


def _merge(turn: Turn, draft: CourseDraft) -> CourseDraft | None:
    """Day, hours and platform, wherever they are said."""
    words, hours = turn.understood, hours_in(text_of(turn))
    after = draft
    if words is not None and words.date is not None:
        after = after.with_(day=_ahead(turn, words.date))
    if len(hours) > 1:
        after = after.with_(starts=hours[0], ends=hours[1])
    if words is not None and words.platform in COURSE_PLATFORMS:
        after = after.with_(platform=words.platform)
    return after if after != draft else None


def _words(turn: Turn, longest: int) -> str | None:
    said = " ".join(typed_text(turn).split())
    return said if 1 <= len(said) <= longest else None


def _title(turn: Turn, draft: CourseDraft) -> CourseDraft | None:
    said = _words(turn, LONGEST_TITLE)
    return draft.with_(title=said) if said else None


def _venue(turn: Turn, draft: CourseDraft) -> CourseDraft | None:
    said = _words(turn, LONGEST_VENUE)
    return draft.with_(venue=said) if said else None


def _commune(turn: Turn, draft: CourseDraft) -> CourseDraft | None:
    commune = commune_said(text_of(turn), turn.person.roles)
    mine = commune is not None and may_hold(turn.person.roles, commune)
    return draft.with_(commune=commune) if mine else None


def _outside(turn: Turn, _draft: CourseDraft) -> Line:
    return Line("worker.course.outside", {"areas": areas_value(turn.person.roles)})


def _day(turn: Turn, draft: CourseDraft) -> CourseDraft | None:
    day = read(turn, "date")
    return draft.with_(day=_ahead(turn, day)) if isinstance(day, dt.date) else None


def _ahead(turn: Turn, day: dt.date) -> dt.date:
    """*thứ Tư* and *5/1* are the next ones: of a sale they would be the last."""
    text, gone = text_of(turn), turn.on - day
    if dt.timedelta() < gone < WEEK and not DATE.search(text):
        return day + WEEK
    if gone > LATELY and not YEAR.search(text) and (day.month, day.day) != (2, 29):
        return day.replace(year=day.year + 1)
    return day


def _unclear(turn: Turn, _draft: CourseDraft) -> Line | None:
    return Line("check.not_understood") if re.search(r"\d", text_of(turn)) else None


def _ask_platform(turn: Turn, _draft: CourseDraft, token: str) -> None:
    buttons = [
        option("course", token, "platform", p, "button.plain", text=Name(f"platform.{p}"))
        for p in COURSE_PLATFORMS
    ]
    both = option("course", token, "platform", BOTH, "button.both")
    turn.tell("worker.course.platform", *buttons, both)


def _pick_platform(_turn: Turn, draft: CourseDraft, value: str) -> CourseDraft | None:
    return draft.with_(platform=value) if value in (*COURSE_PLATFORMS, BOTH) else None


def _asks(key: str) -> Any:
    return lambda turn, _draft, _token: turn.tell(f"worker.course.ask_{key}")


def _card(turn: Turn, draft: CourseDraft, _before: CourseDraft | None, token: str) -> None:
    plan = draft.plan()
    values: dict[str, Value] = {
        "title": plan.title,
        "venue": plan.venue,
        "commune": area_value(plan.commune),
        "from": Clock(plan.starts),
        "to": Clock(plan.ends),
        "date": Day(plan.starts.date(), turn.on),
    }
    if plan.platform:
        named = Line("worker.course.on", {"platform": Name(f"platform.{plan.platform}")})
        values["platform"] = Lines((named,))
    buttons = (
        Button(f"course.save:{token}", "button.open_course"),
        Button(f"course.which:{token}", "button.edit"),
        Button(f"course.leave:{token.partition('.')[0]}", "button.leave"),
    )
    turn.tell("worker.course.card", *buttons, **values)


COURSE: Form[CourseDraft] = Form(
    name="course",
    draft=CourseDraft,
    slots=(
        Slot("title", lambda _, d: d.title is None, _asks("title"), _title),
        Slot("day", lambda _, d: d.day is None, _asks("day"), _day, refuse=_unclear),
        Slot("hours", lambda _, d: d.starts is None, _asks("hours"), _merge, refuse=_unclear),
        Slot("venue", lambda _, d: d.venue is None, _asks("venue"), _venue),
        Slot(
            "commune",
            lambda _, d: d.commune is None,
            _asks("commune"),
            _commune,
            refuse=_outside,
        ),
        Slot(
            "platform", lambda _, d: d.platform is None, _ask_platform, _merge, pick=_pick_platform
        ),
    ),
    merge=_merge,
    card=_card,
    named=(
        ("title", "button.slot.course_title"),
        ("day", "button.slot.date"),
        ("hours", "button.slot.hours"),
        ("venue", "button.slot.venue"),
    ),
)

"""The forms of a course's pages: what was typed, read or with its faults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.course_book import NewName
from bot.drafts.course_places import commune_said
from domain.courses import (
    COURSE_PLATFORMS,
    LONGEST_TITLE,
    LONGEST_VENUE,
    MOST_PLACES,
    CoursePlan,
    PlanFault,
)
from domain.household import ZONE
from domain.phones import phone_of
from domain.roles import Role
from web.words import t

FIELDS = ("title", "venue", "commune", "day", "from", "to", "platform", "capacity")
FIELD_OF: Mapping[PlanFault, str] = {
    "title": "title",
    "venue": "venue",
    "area": "commune",
    "past": "day",
    "far": "day",
    "days": "to",
    "order": "to",
    "short": "to",
    "capacity": "capacity",
    "capacity_most": "capacity",
}
BOUNDS = {"title": LONGEST_TITLE, "venue": LONGEST_VENUE, "most": MOST_PLACES}
LONGEST = 200  # characters of a field that are looked at
MOST_LINES = 300  # of a list at once
LONGEST_NAME = 60  # characters
LONGEST_LIST = 30_000
PHONE = re.compile(r"[+\d][\d .()-]{6,}\d")
ODD = dict.fromkeys([*range(32), 127, *range(0x200B, 0x2010), *range(0x202A, 0x202F)])
"""Control signs, and those that turn the direction of what is written."""

Faults = dict[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """A list as it was typed: its lines read, and those that can't be, by number."""

    names: tuple[NewName, ...] = ()
    faults: tuple[str, ...] = ()
    text: str = field(default="")


def typed(fields: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields, bounded."""
    said = {name: fields.get(name, "") for name in FIELDS}
    return {k: _plain(v)[:LONGEST] if isinstance(v, str) else "" for k, v in said.items()}


def _plain(text: str) -> str:
    """Without control signs; a line of several is kept by `names_in`, which splits first."""
    return " ".join(text.translate(ODD).split())


def read_plan(said: Mapping[str, str], roles: Iterable[Role]) -> CoursePlan | Faults:
    """The course that is meant, not yet looked at for sense; or what can't be read."""
    faults: Faults = {}
    commune = commune_said(said["commune"], roles) if said["commune"] else None
    if commune is None:
        faults["commune"] = t("web.course.fault.place")
    moments = [_moment(said["day"], said[name]) for name in ("from", "to")]
    for name, moment in zip(("from", "to"), moments, strict=True):
        if moment is None:
            faults[name] = t("web.course.fault.time")
    capacity = _number(said["capacity"])
    if said["capacity"] and capacity is None:
        faults["capacity"] = t("web.course.fault.capacity")
    if faults or commune is None or moments[0] is None or moments[1] is None:
        return faults
    platform = next((one for one in COURSE_PLATFORMS if one == said["platform"]), None)
    starts, ends = cast("tuple[dt.datetime, dt.datetime]", tuple(moments))
    return CoursePlan(said["title"], said["venue"], commune, starts, ends, platform, capacity)


def faults_of(found: tuple[PlanFault, ...]) -> Faults:
    """What speaks against a course, by field."""
    return {
        FIELD_OF[one]: t(f"web.course.fault.{one}", **BOUNDS, number=MOST_PLACES) for one in found
    }


def _moment(day: str, time: str) -> dt.datetime | None:
    try:
        hour = dt.time.fromisoformat(time)
        return dt.datetime.combine(dt.date.fromisoformat(day), hour.replace(tzinfo=None), ZONE)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def names_in(text: str) -> Names:
    """One person a line, `Nguyễn Văn A, 0912 345 678`; nobody is taken while a line can't be read."""
    lines = [_plain(line) for line in text[:LONGEST_LIST].splitlines()]
    wanted = [(n, line) for n, line in enumerate(lines, 1) if line]
    if len(wanted) > MOST_LINES:
        return Names((), (t("web.course.fault.lines", most=MOST_LINES),), text)
    read = [(n, _name(line)) for n, line in wanted]
    faults = [t(f"web.course.fault.{one}", line=n) for n, one in read if isinstance(one, str)]
    return Names(tuple(one for _, one in read if isinstance(one, NewName)), tuple(faults), text)


def _name(line: str) -> NewName | str:
    found = PHONE.search(line)
    phone = phone_of(found[0]) if found else None
    if found is not None and phone is None:
        return "line_phone"
    name = (line.replace(found[0], " ") if found else line).strip(" ,;-:\t")
    if not any(map(str.isalpha, name)) or len(name) > LONGEST_NAME:
        return "line_name"
    return NewName(" ".join(name.split()), phone)

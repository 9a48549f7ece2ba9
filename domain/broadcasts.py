"""Messages to an area: to whom, by whom, how many, when; and what may stand in one."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypedDict

from domain.broadcast_events import Step
from domain.facts import Platform
from domain.geography import commune
from domain.household import ZONE
from domain.roles import COUNTRY, RANKS, Role, RoleKind, is_commune, lies_in

LONGEST = 500  # signs of a message
MOST_LINES = 12
MOST_OF_WORKER = 2_000  # people whom a worker reaches at once; more is an officer's matter
MOST = 50_000  # people whom anybody reaches at once: 40 minutes of one bot
A_WEEK = 2  # messages to one person; the consent says so
WEEK = dt.timedelta(days=7)
HOURS = (7, 20)  # in Vietnam: from, until
QUIET = (14, 30)  # days without a sale that one may ask for

BroadcastState = Literal["draft", "sending", "paused", "stopped", "finished"]
Change = Literal["start", "pause", "resume", "stop"]
TextProblem = Literal["empty", "long", "link"]
ReachProblem = Literal["nobody", "officer", "many"]

ALLOWED: dict[Change, tuple[BroadcastState, ...]] = {
    "start": ("draft",),
    "pause": ("sending",),
    "resume": ("paused",),
    "stop": ("sending", "paused"),
}
"""From which states a change is possible; in any other one it has been made already, or comes too late."""

LINK = re.compile(r"\b[a-z][a-z0-9+.-]*:(?=//)|\b(?:javascript|data|tg|tel|mailto):", re.IGNORECASE)
KEPT_CONTROLS = "\n"
BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Audience:
    """Households of an area; on a platform, without a sale for `quiet` days, or short of a step."""

    area: str
    platform: Platform | None = None
    quiet: int | None = None
    step: Step | None = None


def sends_as(roles: Iterable[Role], area: str) -> RoleKind | None:
    """The highest role that lets somebody write to this area; readers only look."""
    kinds: set[RoleKind] = {r.kind for r in roles if r.kind != "reader" and lies_in(area, r.area)}
    return max(kinds, key=RANKS.__getitem__, default=None)


def reach_problem(kind: RoleKind, people: int) -> ReachProblem | None:
    """Why this many cannot be written to."""
    if people == 0:
        return "nobody"
    if people > MOST:
        return "many"
    if kind == "worker" and people > MOST_OF_WORKER:
        return "officer"
    return None


def plain(text: str) -> str:
    """The text without signs that nobody sees or that turn the line round; at most one empty line."""
    seen = "".join(
        sign
        for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        if sign in KEPT_CONTROLS or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"}
    )
    lines = [line.strip() for line in seen.split("\n")]
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def text_problem(text: str) -> TextProblem | None:
    """Why a plain text is not sent: nothing in it, too long, or an address that is not https."""
    if not text:
        return "empty"
    if len(text) > LONGEST or text.count("\n") >= MOST_LINES:
        return "long"
    schemes = {found.lower() for found in LINK.findall(text)}
    return "link" if schemes - {"https:"} else None


def at_daytime(now: dt.datetime) -> bool:
    """Whether people may be written to now."""
    return HOURS[0] <= now.astimezone(ZONE).hour < HOURS[1]


class Place(TypedDict):
    """Province and commune, by today's codes; neither is the country."""

    province: str | None
    commune: str | None


def place_of(area: str) -> Place:
    """Province and commune of an area, as events carry them."""
    if area == COUNTRY:
        return {"province": None, "commune": None}
    if is_commune(area):
        return {"province": commune(area).province_code, "commune": area}
    return {"province": area, "commune": None}

"""How a household is called to a worker: code, member who agreed, commune."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.reply import Clock, Line, Lines, Value
from bot.dialogue.turn import Turn
from bot.drafts.areas import own_name
from domain.household import ZONE


def household_named(who: Correspondent) -> Lines:
    """As it opens a sentence; the member is left out while their name is not known."""
    place = own_name(who.commune)
    if who.name is None:
        return Lines((Line("worker.household_unnamed", {"code": who.code, "commune": place}),))
    values: dict[str, Value] = {"code": who.code, "member": _member(who), "commune": place}
    return Lines((Line("worker.household", values),))


def household_short(who: Correspondent) -> Lines:
    """The same without its place."""
    if who.name is None:
        return Lines((Line("worker.household_code", {"code": who.code}),))
    values = {"code": who.code, "member": _member(who)}
    return Lines((Line("worker.household_short", values),))


def _member(who: Correspondent) -> str:
    return " ".join(filter(None, [who.you, who.name]))


def since(turn: Turn, moment: dt.datetime) -> Clock:
    """When something was said, its day only when it was not today."""
    today = moment.astimezone(ZONE).date() == turn.on
    return Clock(moment, None if today else turn.on)

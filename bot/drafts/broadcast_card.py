"""The card of a message to an area: its words as they will be read, how many it reaches, what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bot.dialogue.broadcast_queries import BroadcastReach, PeopleReached
from bot.dialogue.message import BroadcastWords
from bot.dialogue.reply import Button, Line, Value
from bot.dialogue.turn import Turn
from bot.drafts.areas import area_value
from bot.drafts.broadcasts import as_read
from domain.broadcast_events import BroadcastMade
from domain.broadcasts import (
    LONGEST,
    MOST,
    MOST_OF_WORKER,
    Audience,
    place_of,
    reach_problem,
    sends_as,
)

QUIET_DAYS = 30
BOUNDS: dict[str, Value] = {"most": MOST_OF_WORKER, "all": MOST, "signs": LONGEST}


def make_draft(turn: Turn, text: str, audience: Audience) -> None:
    """A draft, shown as it will be read, and to how many it would go."""
    which = turn.id("broadcast")
    reached = reached_by(turn, audience)
    wanted = {"platform": audience.platform, "quiet": audience.quiet, "step": audience.step}
    tell_fact(
        turn, BroadcastMade, which, audience, area=audience.area, reaches=reached.people, **wanted
    )
    turn.keep(BroadcastWords(which, text))
    turn.replies.append(as_read(text, turn.person.name, audience.area))
    show_card(turn, which, audience, reached)


def reached_by(turn: Turn, audience: Audience) -> PeopleReached:
    """How many would get it now."""
    found: PeopleReached = turn.query(BroadcastReach(audience))
    return found


def tell_fact(turn: Turn, event: type[Any], which: UUID, audience: Audience, **fields: Any) -> None:
    """What was done to it, with the role in which it was done and the place of its area."""
    role = sends_as(turn.person.roles, audience.area)
    own = {"household": None, "broadcast": which, "role": role, **place_of(audience.area)}
    turn.fact(event, **own, **fields)


def show_card(turn: Turn, which: UUID, audience: Audience, reached: PeopleReached) -> None:
    """To how many it would go, or why it can't be sent; the ways on."""
    kind = sends_as(turn.person.roles, audience.area)
    problem = reach_problem(kind, reached.people) if kind else "nobody"
    sign = which.hex
    buttons = [Button(f"broadcast.try:{sign}", "button.broadcast_try")]
    if problem is None:
        buttons.insert(0, Button(f"broadcast.send:{sign}", "button.broadcast_send"))
    if audience.quiet is None:
        buttons.append(
            Button(f"broadcast.quiet:{sign}", "button.broadcast_quiet", {"days": QUIET_DAYS})
        )
    lines = [
        Line(f"broadcast.{problem}" if problem else "broadcast.card", values_of(audience, reached))
    ]
    if reached.full:
        lines.append(Line("broadcast.full", {"count": reached.full}))
    turn.say(*lines, buttons=(*buttons, Button("core.leave", "button.leave")))


def values_of(audience: Audience, reached: PeopleReached) -> dict[str, Value]:
    """What its texts are filled with."""
    quiet: dict[str, Value] = {"quiet": audience.quiet} if audience.quiet else {}
    return {"count": reached.people, "area": area_value(audience.area), **BOUNDS, **quiet}

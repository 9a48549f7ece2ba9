"""What somebody with a role does with a message to an area: writes it, tries it, sends it, pauses or ends it.

Each step is one transaction in which the role is looked at anew; a step taken twice is taken once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.dialogue.reply import FIRST, Voice
from bot.dialogue.turn import SPACE
from bot.drafts.broadcasts import as_reply
from bot.locales.render import word
from domain.broadcast_events import (
    BroadcastEvent,
    BroadcastMade,
    BroadcastPaused,
    BroadcastResumed,
    BroadcastStarted,
    BroadcastStopped,
    BroadcastTried,
)
from domain.broadcasts import (
    ALLOWED,
    Audience,
    Change,
    ReachProblem,
    TextProblem,
    place_of,
    plain,
    reach_problem,
    sends_as,
    text_problem,
)
from domain.codes import derived_id
from storage import broadcasts, outbox
from storage.broadcast_people import own_address, reach
from storage.broadcasts import Broadcast
from storage.roles import roles_of
from storage.store import append

STEPS: dict[Change, Any] = {
    "pause": BroadcastPaused,
    "resume": BroadcastResumed,
    "stop": BroadcastStopped,
}


def make(
    tx: Connection, who: UUID, form: UUID, wanted: Audience, text: str, now: dt.datetime
) -> Broadcast | TextProblem | None:
    """A message as a draft; what is wrong with its words; None for who may not write to this area."""
    roles = roles_of(tx, who)
    kind = sends_as(roles, wanted.area)
    if kind is None:
        return None
    which = derived_id(SPACE, f"broadcast/{who}/{form}")
    text = plain(text)
    if (problem := text_problem(text)) is not None:
        return problem
    if broadcasts.one(tx, who, roles, which, locked=True) is None:
        event = BroadcastMade(
            id=derived_id(SPACE, f"broadcast/{which}/made"),
            at=now,
            person=who,
            channel="web",
            broadcast=which,
            role=kind,
            area=wanted.area,
            platform=wanted.platform,
            quiet=wanted.quiet,
            step=wanted.step,
            reaches=reach(tx, roles, wanted, now).people,
            **place_of(wanted.area),
        )
        append(tx, [event])
        broadcasts.write(tx, which, text)
    return broadcasts.one(tx, who, roles, which)


def change(
    tx: Connection, who: UUID, which: UUID, form: UUID, wanted: Change, now: dt.datetime
) -> Broadcast | ReachProblem | None:
    """The message after the step; as it stands when the step is not possible (any more).

    None for who may not steer it; why it cannot be sent to so many.
    """
    roles = roles_of(tx, who)
    one = broadcasts.one(tx, who, roles, which, locked=True)
    kind = sends_as(roles, one.audience.area) if one is not None else None
    if one is None or kind is None:
        return None
    if one.state not in ALLOWED[wanted]:
        return one
    own: dict[str, Any] = {
        "id": derived_id(SPACE, f"broadcast/{which}/{wanted}/{form}"),
        "at": now,
        "person": who,
        "channel": "web",
        "broadcast": which,
        "role": kind,
        **place_of(one.audience.area),
    }
    event: BroadcastEvent
    if wanted == "start":
        people = reach(tx, roles, one.audience, now).people
        if (problem := reach_problem(kind, people)) is not None:
            return problem
        event = BroadcastStarted(**own, reaches=people)
    else:
        event = STEPS[wanted](**own, handed_on=one.handed_on)
    append(tx, [event])
    return broadcasts.one(tx, who, roles, which)


def try_out(
    tx: Connection,
    who: UUID,
    which: UUID,
    form: UUID,
    now: dt.datetime,
    language: str = FIRST,
) -> Broadcast | None:
    """Send it to whoever asks, as they will read it; None for who may not see it."""
    roles = roles_of(tx, who)
    one = broadcasts.one(tx, who, roles, which)
    to = own_address(tx, who)
    if one is None or to is None or one.state != "draft":
        return one
    number = derived_id(SPACE, f"broadcast/{which}/tried/{form}")
    if outbox.stands(tx, number):
        return one
    voice = Voice(to.you, to.me, to.name, bool(to.southern), to.language or language)
    body = word(as_reply(one.text, one.name, one.audience.area, voice)).to_json()
    outbox.put(tx, [outbox.row(number, to.channel, to.address, body, now, urgency=outbox.NOTICE)])
    tried = BroadcastTried(
        id=number,
        at=now,
        person=who,
        channel="web",
        broadcast=which,
        role=sends_as(roles, one.audience.area),
        **place_of(one.audience.area),
    )
    append(tx, [tried])
    return one

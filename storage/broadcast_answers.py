"""What conversations about messages to an area are answered, within the areas of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from bot.dialogue.broadcast_queries import (
    BroadcastReach,
    BroadcastSeen,
    OneBroadcast,
    PeopleReached,
)
from storage import broadcasts
from storage.broadcast_people import reach
from storage.roles import roles_of


def _reach(tx: Connection, query: BroadcastReach, asker: Any) -> PeopleReached:
    found = reach(tx, roles_of(tx, asker.person), query.audience, asker.at)
    return PeopleReached(found.people, found.full)


def _one(tx: Connection, query: OneBroadcast, asker: Any) -> BroadcastSeen | None:
    roles = roles_of(tx, asker.person)
    one = broadcasts.one(tx, asker.person, roles, query.which, locked=True)
    if one is None:
        return None
    found = broadcasts.outcome(tx, one)
    return BroadcastSeen(
        which=one.id,
        audience=one.audience,
        text=one.text,
        name=one.name,
        state=one.state,
        handed_on=one.handed_on,
        arrived=found.delivered + found.read,
        waiting=found.waiting,
        blocked=found.blocked,
        left_out=found.left_out,
        failed=found.failed + found.unsure,
    )


BROADCAST_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Any], Any]] = MappingProxyType(
    {BroadcastReach: _reach, OneBroadcast: _one}
)

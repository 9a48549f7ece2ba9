"""What a turn passes on to others, as messages that are handled in the same transaction."""

from __future__ import annotations

from uuid import uuid5

from sqlalchemy import Connection

from bot.dialogue.message import Message
from bot.dialogue.told import PassedOn
from bot.dialogue.turn import SPACE, Turn
from storage import recipients
from storage.recipients import Address


def messages_of(tx: Connection, turn: Turn) -> tuple[Message, ...]:
    """One for each machine that is told; to be asked for before the turn moves any of them."""
    return tuple(
        _message(turn, place, each, address)
        for place, each in enumerate(turn.passed)
        for address in _addresses(tx, each)
        if address != (turn.message.channel, turn.message.sender)
    )


def _addresses(tx: Connection, each: PassedOn) -> list[Address]:
    found: list[Address] = []
    if each.person is not None:
        machines = recipients.of_person(tx, each.person)
        found += machines if each.everywhere else machines[:1]
    if each.household is not None:
        found += recipients.of_household(tx, each.household)
    return found


def _message(turn: Turn, place: int, each: PassedOn, address: Address) -> Message:
    """The same turn tells the same machine under the same id; an address itself is in none."""
    channel, sender = address
    whom = uuid5(SPACE, f"{channel}:{sender}")
    id_ = f"news:{uuid5(SPACE, turn.message.id)}:{place}:{whom}"
    return Message(id_, channel, sender, turn.at, each.news)

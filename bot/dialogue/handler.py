"""What a conversation is made of: one of these a file in `bot/handlers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.dialogue.message import Location, News, Picture
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn


def _never(*_: object) -> bool:
    return False


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Handler:
    """One conversation.

    `claims`: are these words its business, when nothing of its own is asked? `begin` then answers them.
    `ask` puts the question of a task's step again, `answer` reads words as its answer (False: they are
    none), `skip` leaves the asked slot open. `taps` maps the action of a button to what it does with the
    reference behind it. `gate` takes a message before everybody else. An `aside` answers in the middle
    of another task, which then goes on. `media` takes a picture or a location, `news` what happened
    without anybody writing. `of_roles`: a conversation of people with a role, who may have no household;
    its claims and taps look at `turn.person.roles` themselves, for everybody may come to them.
    `assists`: a worker may have it in the book of a household that they help.
    """

    name: str
    claims: Callable[[Turn], bool] = _never
    begin: Callable[[Turn], None] = _nothing
    ask: Callable[[Turn, Task], None] = _nothing
    answer: Callable[[Turn, Task], bool] = _never
    skip: Callable[[Turn, Task], bool] = _never
    taps: Mapping[str, Callable[[Turn, str], None]] = field(default_factory=dict)
    gate: Callable[[Turn], bool] | None = None
    edited: Callable[[Turn], bool] = _never
    media: Callable[[Turn, Picture | Location], bool] = _never
    news: Callable[[Turn, News], bool] = _never
    aside: bool = False
    of_roles: bool = False
    assists: bool = False


Stage = Callable[[Turn, Sequence[Handler]], bool]
"""One way to answer a message: True when that ends the turn, False when the next one is tried."""

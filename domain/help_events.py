"""What happens to questions that a worker answers. The words themselves stand in a table that can be erased.

`help` is the question's sign. `person` is who did it: a member of the household or a worker.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.facts import Fact


class HelpRequested(Fact):
    """A member of the household wants a person. `message`: the words; none when nobody is there to ask."""

    type: Literal["help_requested"] = "help_requested"
    help: str
    topic: str
    message: UUID | None = None


class HelpOpened(Fact):
    """A worker writes to a member of the household, of their own accord."""

    type: Literal["help_opened"] = "help_opened"
    help: str
    member: UUID
    message: UUID


class HelpAsked(Fact):
    """The household asks or says more."""

    type: Literal["help_asked"] = "help_asked"
    help: str
    message: UUID


class HelpAnswered(Fact):
    """A worker answers: from now on the question is theirs."""

    type: Literal["help_answered"] = "help_answered"
    help: str
    message: UUID


class HelpPromised(Fact):
    """A worker will call: from now on the question is theirs, and it still waits."""

    type: Literal["help_promised"] = "help_promised"
    help: str


class HelpHandedOn(Fact):
    """A worker asks the others to answer."""

    type: Literal["help_handed_on"] = "help_handed_on"
    help: str


class HelpTakenOver(Fact):
    """A worker takes a question that waited for a day; `before` had it."""

    type: Literal["help_taken_over"] = "help_taken_over"
    help: str
    before: UUID


class HelpClosed(Fact):
    """Either side is done."""

    type: Literal["help_closed"] = "help_closed"
    help: str
    by: Literal["household", "worker"]


HelpEvent = (
    HelpRequested
    | HelpOpened
    | HelpAsked
    | HelpAnswered
    | HelpPromised
    | HelpHandedOn
    | HelpTakenOver
    | HelpClosed
)

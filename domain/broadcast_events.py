"""What happens to messages to an area: who made, sent and ended which, and how many it reached; no words."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.facts import Fact, Platform
from domain.roles import RoleKind

Step = Literal["listing", "sale"]  # what a household has not done yet


class _OfBroadcast(Fact):
    """`person` did it as `role` (nobody when it ended by itself); the place is that of the `area`."""

    broadcast: UUID
    role: RoleKind | None = None


class BroadcastMade(_OfBroadcast):
    """Written, for these households; `reaches`: how many people would get it at that moment."""

    type: Literal["broadcast_made"] = "broadcast_made"
    area: str
    platform: Platform | None = None
    quiet: int | None = None
    step: Step | None = None
    reaches: int


class BroadcastTried(_OfBroadcast):
    """Sent to whoever wrote it, and to nobody else."""

    type: Literal["broadcast_tried"] = "broadcast_tried"


class BroadcastStarted(_OfBroadcast):
    """It goes out from now on to those who are of the audience at this moment."""

    type: Literal["broadcast_started"] = "broadcast_started"
    reaches: int


class BroadcastPaused(_OfBroadcast):
    """Nobody gets it for now; `handed_on` had their turn before."""

    type: Literal["broadcast_paused"] = "broadcast_paused"
    handed_on: int


class BroadcastResumed(_OfBroadcast):
    type: Literal["broadcast_resumed"] = "broadcast_resumed"
    handed_on: int


class BroadcastStopped(_OfBroadcast):
    """Nobody gets it any more."""

    type: Literal["broadcast_stopped"] = "broadcast_stopped"
    handed_on: int


class BroadcastFinished(_OfBroadcast):
    """Everybody had their turn; counts of people."""

    type: Literal["broadcast_finished"] = "broadcast_finished"
    delivered: int
    blocked: int
    failed: int
    unsure: int
    left_out: int


BroadcastEvent = (
    BroadcastMade
    | BroadcastTried
    | BroadcastStarted
    | BroadcastPaused
    | BroadcastResumed
    | BroadcastStopped
    | BroadcastFinished
)

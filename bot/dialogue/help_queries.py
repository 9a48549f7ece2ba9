"""What conversations between households and workers ask the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Side = Literal["household", "worker"]
HelpNewsKind = Literal[
    "asked", "answered", "written", "promised", "taken", "closed_by_worker", "closed_by_household"
]


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who would answer the asker's household -> WhoHelps | None (nobody)."""


@dataclass(frozen=True, slots=True)
class WhoHelps:
    """`name` of the one worker, if there is only one; how many hours an answer usually takes."""

    name: str | None
    hours: int


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A question of the asker's household, the newest open one without its sign -> HelpThread | None."""

    help: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadToAnswer:
    """A question that the asker, as a worker, may see; it is theirs in this turn -> HelpThread | None."""

    help: str


@dataclass(frozen=True, slots=True)
class WaitingThreads:
    """Questions that wait for the asker as a worker, the oldest first -> tuple[HelpThread, ...]."""


@dataclass(frozen=True, slots=True)
class OtherHelpers:
    """Whether somebody else could answer this question -> bool."""

    help: str


@dataclass(frozen=True, slots=True)
class HouseholdToWrite:
    """A household that lets the asker, as a worker, see it -> Correspondent | None."""

    code: str


@dataclass(frozen=True, slots=True)
class HelpNewsTold:
    """What news of a question say, if the asker may still hear it -> HelpTold | None."""

    news: UUID


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Whom a worker writes to: `you` and `name` of the member who agreed."""

    household: UUID
    person: UUID
    code: str
    province: str
    commune: str
    you: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class HelpThread:
    """A question as it stands: whom it waits for (None: closed), since when, and the household's last words.

    `worker` has it; `let`: its member agrees that workers see it.
    """

    help: str
    who: Correspondent
    waits: Side | None
    since: dt.datetime
    asked: str
    asked_at: dt.datetime
    worker: UUID | None = None
    worker_name: str | None = None
    let: bool = True


@dataclass(frozen=True, slots=True)
class HelpTold:
    """News of a question: `text` are the words that came, `worker` who is named."""

    kind: HelpNewsKind
    thread: HelpThread
    text: str | None
    worker: str | None


HelpQuery = (
    Helpers
    | OwnThread
    | ThreadToAnswer
    | WaitingThreads
    | OtherHelpers
    | HouseholdToWrite
    | HelpNewsTold
)
HelpAnswer = WhoHelps | HelpThread | tuple[HelpThread, ...] | bool | Correspondent | HelpTold

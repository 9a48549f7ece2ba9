"""Where a conversation stands: what was asked, what is half done. Versioned JSON in the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.dialogue.message import Puzzle

VERSION = 1
OPEN_TASKS = 8  # half-done tasks and unsaved cards whose buttons still work, newest first
EARLIER = 24  # choices of messages before the newest one that can still be said
BACK_STEPS = 6  # how often "back" works in one task


@dataclass(slots=True)
class Task:
    """One conversation half done: the handler's name, its step and slots.

    `draft` is the token in its buttons; `shown` counts the versions of its card, so that a button of an
    older version is known as such. `sentence` is what it was read from, for the review list: without names.
    `home` is the code of the household in whose book it is; none: one's own.
    `within` is the draft of the task in whose middle it asks: that goes on when this one is over.
    """

    handler: str
    step: str
    draft: str
    opened_at: AwareDatetime
    slots: dict[str, Any] = field(default_factory=dict)
    past: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    shown: int = 0
    message: str = ""
    sentence: str = ""
    home: str | None = None
    within: str = ""


@dataclass(slots=True)
class HeardWords:
    """What was heard in the newest voice note, and what was open before it.

    `other`: what a second hearing gave, while it is asked which. `asked`: a tap is waited for, nothing
    came of the words yet. `token` stands in the buttons.
    """

    text: str
    at: AwareDatetime
    token: str
    tasks: list[Task]
    idle: bool
    options: list[tuple[str, str]]
    other: str | None = None
    asked: bool = False


class Session(BaseModel):
    """A sender's session. The first of `tasks` is being talked about unless `idle`.

    `options` are the buttons of the last question as (id, label): typed numbers and words mean them.
    `options_at`: since when, where nobody had asked for them. `earlier` are those of the messages before,
    newest first, where there are no buttons that could still be tapped; so many of them are `numbered`.
    `held` is a sentence typed before consent, `puzzle` one that nobody understood and that the person was
    not yet asked about: each is kept at most a day. `crossed` are orders whose cancellation was told in
    the answer to a tap: it is no news any more. `wrong_codes`: when codes were typed that fit nothing.
    `helping` is the code of the household in whose book a worker writes. `language` is what somebody chose
    of whom nothing is kept yet. `spoken` are the labels of `options` in the first language, where they are
    shown in another: they can be typed as well. `heard` is there for one more message.
    """

    model_config = ConfigDict(extra="ignore")

    version: int = VERSION
    tasks: list[Task] = Field(default_factory=list)
    idle: bool = True
    options: list[tuple[str, str]] = Field(default_factory=list)
    options_at: AwareDatetime | None = None
    earlier: list[tuple[str, str]] = Field(default_factory=list)
    numbered: int = 0
    misses: int = 0
    greeted: bool = False
    held: str | None = None
    held_at: AwareDatetime | None = None
    puzzle: Puzzle | None = None
    improve_asked: bool = False
    worker_asked: bool = False
    broadcast_asked: bool = False
    last_at: AwareDatetime | None = None
    quiet_until: dt.date | None = None
    crossed: list[str] = Field(default_factory=list)
    wrong_codes: list[AwareDatetime] | None = None
    helping: str | None = None
    language: str | None = None
    spoken: list[str] = Field(default_factory=list)
    heard: HeardWords | None = None
    voice_asked: bool = False

    @property
    def task(self) -> Task | None:
        """What is being talked about."""
        return None if self.idle else self.newest

    @property
    def newest(self) -> Task | None:
        """What is being talked about, or was last."""
        return self.tasks[0] if self.tasks else None

    def find(self, draft: str) -> Task | None:
        """The task whose buttons carry this token, while it is open."""
        for task in self.tasks:
            if task.draft == draft:
                return task
        return None

    def open(self, task: Task) -> None:
        """Talk about this task from now on; the others wait."""
        self.tasks = [task, *(t for t in self.tasks if t.draft != task.draft)][:OPEN_TASKS]
        self.idle = False

    def step_in(self, task: Task) -> None:
        """Ask this in the middle of what is being talked about, which goes on afterwards."""
        current = self.task
        if current is not None:
            task.within = current.within if current.draft == task.draft else current.draft
        self.open(task)

    def close(self, draft: str) -> None:
        """This task is over."""
        self.tasks = [t for t in self.tasks if t.draft != draft]
        self.idle = True

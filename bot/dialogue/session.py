"""Where a conversation stands: what was asked, what is half done. Versioned JSON in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

VERSION = 1
OPEN_CARDS = 8  # cards whose buttons still save, newest first


class Task(BaseModel):
    """One conversation half done: the handler's name, its step, its slots, and the card's token."""

    model_config = ConfigDict(extra="ignore")

    handler: str
    step: str
    draft: str
    slots: dict[str, Any] = Field(default_factory=dict)
    past: list[tuple[str, dict[str, Any]]] = Field(default_factory=list)
    message: str = ""
    opened_at: AwareDatetime


class Option(BaseModel):
    """A button as it was shown, so that its number and its word mean the same later."""

    id: str
    key: str
    values: dict[str, str] = Field(default_factory=dict)


class Session(BaseModel):
    """A sender's session. `tasks`: newest first, the first one is being talked about unless `idle`."""

    model_config = ConfigDict(extra="ignore")

    version: int = VERSION
    tasks: list[Task] = Field(default_factory=list)
    idle: bool = True
    options: list[tuple[str, str]] = Field(default_factory=list)
    misses: int = 0
    held: str | None = None
    held_at: AwareDatetime | None = None
    refused: bool = False
    quiet_until: dt.date | None = None
    last_at: AwareDatetime | None = None

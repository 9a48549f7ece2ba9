"""What goes out of the house by itself: a summary with its id, and how it can fail to arrive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from bot.summary import Summary
from domain.schedule import SummaryKind


class NotTaken(Exception):
    """It has not arrived, or nobody knows; tried again. Its sentence is logged: nothing personal is in it."""


class Gone(NotTaken):
    """Nobody takes it there, now or later."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A summary to send; `id` is the same at every attempt."""

    id: UUID
    kind: SummaryKind
    period: str
    made_at: dt.datetime
    summary: Summary

"""What the conversation about publishing asks; answered where summaries are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Hindrance = Literal["early", "empty", "same", "reason"]


@dataclass(frozen=True, slots=True)
class MonthsToPublish:
    """What a publication of these months (YYYY-MM, both included) would hold now -> PublicationSeen.

    Until the turn is over no event is counted.
    """

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class PublicationSeen:
    """Its main figures as they are printed, by indicator; `fields` are those of the event.

    `hindrance`: why it can't be published, whatever reason is given. `sign` is another one when any figure
    is. `before`: when the same months were published last; `at`: until when the figures were counted.
    """

    hindrance: Hindrance | None
    revision: int = 1
    before: dt.datetime | None = None
    at: dt.datetime | None = None
    sign: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, Any] | None = None


PublishingQuery = MonthsToPublish
PublishingAnswer = PublicationSeen

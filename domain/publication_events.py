"""A summary that was published: its figures stand in the event as they were printed, whatever comes later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from domain.facts import Evidence, Fact
from domain.geography import ProvinceSet

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
LONGEST_REASON = 500  # characters


class PublishedFigure(BaseModel):
    """One cell: whole numbers or đồng. No `value`: nobody reported it; no `bot` either: it is withheld."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    province: str | None = None  # a code of the publication's set; empty: it can't be told
    platform: str | None = None
    value: int | None = None
    bot: int | None = None
    reported: int | None = None
    evidence: dict[Evidence, int] = {}

    @property
    def withheld(self) -> bool:
        """Whether so few households are in it that it was not shown."""
        return self.bot is None


class SummaryPublished(Fact):
    """The months from `start` to `end` as they stood when everything up to `xact`, `position` was counted.

    `revision` is 1 for the first; a later one of the same months says its `reason`, and the earlier ones
    stay. `words` is the rest of the summary's body: definitions, statuses, notes; `notes` are those in
    other languages.
    """

    type: Literal["summary_published"] = "summary_published"
    start: Month
    end: Month
    provinces: ProvinceSet
    revision: Annotated[int, Field(ge=1)]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)] | None = None
    xact: int
    position: int
    min_cell: int
    figures: tuple[PublishedFigure, ...]
    words: dict[str, JsonValue]
    notes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


PublicationEvent = SummaryPublished

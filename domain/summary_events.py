"""What people choose about the summaries that are sent by themselves."""

from __future__ import annotations

from typing import Literal

from domain.facts import Fact


class SummariesChosen(Fact):
    """Whether `person` wants the weekly and monthly summary in the chat."""

    type: Literal["summaries_chosen"] = "summaries_chosen"
    wanted: bool

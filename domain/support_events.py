"""Who supports which household: `person` is the worker, `household` whom they help; `id` names it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from domain.facts import Fact


class SupportBegun(Fact):
    """A worker takes the household on; `score` is its potential on that day."""

    type: Literal["support_begun"] = "support_begun"
    score: Annotated[int, Field(ge=0, le=100)]


class SupportEnded(Fact):
    """`person` ended it: the worker themselves, or somebody who may in their place."""

    type: Literal["support_ended"] = "support_ended"
    support: UUID


SupportEvent = SupportBegun | SupportEnded

"""What leaves the house: lists of households that somebody with a role took with them."""

from __future__ import annotations

from typing import Literal

from domain.facts import Fact

Shape = Literal["csv", "xlsx"]


class HouseholdsExported(Fact):
    """`person` took a list of so many households of these areas; what was searched for is not kept."""

    type: Literal["households_exported"] = "households_exported"
    shape: Shape
    areas: tuple[str, ...]
    quiet: int | None = None
    step: str | None = None
    need: str | None = None
    searched: bool = False
    count: int

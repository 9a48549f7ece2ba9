"""Stable names for machines: what a figure is of, the same in every open format and for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from bot.figures import RATIO
from bot.summary import Figure, Summary
from bot.summary_text import withheld

COUNTRY = "VN"
TOTAL = "_T"
UNKNOWN = "X"  # no province, or one that can't be told
State = Literal["reported", "not_reported", "withheld"]


@dataclass(frozen=True, slots=True)
class Series:
    """A figure by its stable names; `period` is a month, or first and last month: `2022-08/2023-06`."""

    figure: Figure
    indicator: str
    area: str
    platform: str
    period: str
    state: State

    @property
    def key(self) -> str:
        """`TRANSACTIONS.VN63_87.VOSO`: the same in every period."""
        return f"{self.indicator}.{self.area}.{self.platform}"


def series(summary: Summary) -> Iterator[Series]:
    """Every figure of the summary."""
    whole = f"{summary.start}/{summary.to}"
    for figure in summary.figures:
        yield Series(
            figure=figure,
            indicator=figure.indicator.upper(),
            area=_area(figure, summary),
            platform=figure.platform.upper() if figure.platform else TOTAL,
            period=figure.month or whole,
            state=_state(figure),
        )


def parts(figure: Figure) -> dict[str, int | None]:
    """The whole and its parts by name; a ratio has no evidence, and what is no figure has no parts."""
    found: dict[str, int | None] = {TOTAL: figure.value}
    if figure.value is None:
        return found
    source, evidence = asdict(figure.source), asdict(figure.evidence)
    if figure.indicator == RATIO:
        return found | {name.upper(): amount or None for name, amount in source.items()}
    found |= {name.upper(): amount for name, amount in source.items()}
    return found | {f"BOT_{name.upper()}": amount for name, amount in evidence.items()}


def _area(figure: Figure, summary: Summary) -> str:
    """Codes repeat between the 63 and the 34, so that the set belongs to the name."""
    if figure.province is None:
        return COUNTRY
    return f"{COUNTRY}{summary.provinces}_{figure.province.code or UNKNOWN}"


def _state(figure: Figure) -> State:
    if figure.value is not None:
        return "reported"
    return "withheld" if withheld(figure) else "not_reported"

"""How a platform's order export names its columns and states: `bot/platforms/<platform>.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from domain.fold import fold
from domain.household import OrderState

ORDER = (
    *("order_id", "shop", "household", "status", "placed_at", "changed_at", "completed_at"),
    *("total_vnd", "buyer", "phone", "province", "commune", "reason", "paid"),
)
"""Fields of an order: the same on each of its lines, or left out on all but one."""
ITEM = ("product", "quantity", "unit", "unit_price_vnd", "line_total_vnd")
FIELDS = (*ORDER, *ITEM)
REQUIRED = ("order_id", "status", "placed_at", "product")
ONE_OF = (("shop", "household"), ("total_vnd", "line_total_vnd", "unit_price_vnd"))
"""Of each of these groups at least one column must be there."""

STATES: tuple[OrderState, ...] = get_args(OrderState)
ExportPlatform = Literal["voso", "postmart"]
CancelledBy = Literal["buyer", "household", "platform"]

_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|[*:]")


@dataclass(frozen=True, slots=True)
class Columns:
    """A platform's names, each folded: heading -> field, state, answer -> what it means."""

    platform: ExportPlatform
    headings: Mapping[str, str]
    statuses: Mapping[str, OrderState]
    cancelled_by: Mapping[str, CancelledBy]
    paid: Mapping[str, bool]
    totals: frozenset[str]
    afternoon: frozenset[str]
    morning: frozenset[str]

    def field(self, heading: object) -> str | None:
        """The field that a heading names, or None."""
        return self.headings.get(plain(heading))

    def sums_up(self, row: Sequence[object]) -> bool:
        """Whether a row says what the others come to: it begins with such a word."""
        first = next((cell for cell in row if cell not in (None, "")), None)
        return isinstance(first, str) and fold(first).strip(" :") in self.totals

    def fits(self, row: Sequence[object]) -> int:
        """How many different fields the cells of a row name."""
        return len({name for cell in row if (name := self.field(cell))})


def plain(heading: object) -> str:
    """A heading without marks, case, stars and what stands in brackets."""
    return fold(_ASIDE.sub(" ", heading)) if isinstance(heading, str) else ""


@cache
def columns(platform: ExportPlatform) -> Columns:
    """The names of this platform; a file with an unknown field or one name for two is a fault of ours."""
    source = (files("bot") / "platforms" / f"{platform}.toml").read_text("utf-8")
    table = tomllib.loads(source)
    answers = table["answers"]
    cancelled: dict[str, CancelledBy] = _by_word(table["cancelled_by"])
    statuses: dict[str, OrderState] = _by_word(table["statuses"])
    own = {fold(name): name for name in FIELDS}
    return Columns(
        platform=platform,
        headings=_by_word(table["columns"]) | own,
        statuses={state: state for state in STATES}
        | statuses
        | dict.fromkeys(cancelled, "cancelled"),
        cancelled_by=cancelled,
        paid={fold(w): said == "paid" for said in ("paid", "unpaid") for w in answers[said]},
        totals=frozenset(map(fold, answers["totals"])),
        afternoon=frozenset(map(fold, answers["afternoon"])),
        morning=frozenset(map(fold, answers["morning"])),
    )


def _by_word(lists: Mapping[str, list[str]]) -> dict[str, Any]:
    """Each word with the key that it stands for."""
    words: dict[str, Any] = {}
    for key, named in lists.items():
        for word in named:
            if words.setdefault(plain(word), key) != key:
                raise ValueError(f"{word!r} stands for {words[plain(word)]} and for {key}")
    return words

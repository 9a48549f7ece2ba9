"""What the households of the sample programme sell, and what they and their buyers are called."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from domain.events import Group

GROUPS: dict[str, Group] = {group: group for group in get_args(Group)}


@dataclass(frozen=True, slots=True)
class Good:
    """Something to sell: usual price in đồng a unit, usual units at once, months it is there."""

    product: str
    unit: str
    price_vnd: int
    lot: int
    stars: int | None
    group: Group | None
    months: frozenset[int]

    def season(self, month: int) -> float:
        """How much of it is sold in that month, against its best ones."""
        return 1.0 if not self.months or month in self.months else 0.05


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader((files("bot") / name).read_text("utf-8").splitlines()))


@cache
def goods(province: str) -> tuple[Good, ...]:
    """What is sold in a province of the 34."""
    return tuple(
        Good(
            product=row["product"],
            unit=row["unit"],
            price_vnd=int(row["price_vnd"]),
            lot=int(row["lot"]),
            stars=int(row["stars"]) if row["stars"] else None,
            group=GROUPS.get(row["group"]),
            months=frozenset(map(int, row["months"].split())),
        )
        for row in _rows("sample_goods.csv")
        if row["province"] == province
    )


@cache
def people(kind: str) -> tuple[tuple[str, str], ...]:
    """How the sellers, or the buyers, are addressed and called."""
    return tuple((r["you"], r["name"]) for r in _rows("sample_people.csv") if r["kind"] == kind)

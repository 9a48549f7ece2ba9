"""Who may see what: a role in an area. The area is the country, a province of today or a commune."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from domain.geography import commune, communes, province, provinces

RoleKind = Literal["worker", "officer", "reader"]

COUNTRY = "vn"
RANKS: dict[RoleKind, int] = {"reader": 0, "worker": 1, "officer": 2}
INVITES = RANKS["worker"]  # the lowest rank that may invite others
COMMUNE_SIGNS = 5  # of a commune's code; a province's has two


@dataclass(frozen=True, slots=True)
class Role:
    """`worker` helps households, `officer` leads workers, `reader` only looks; `area` is a key as above."""

    kind: RoleKind
    area: str


def is_area(key: str) -> bool:
    """Whether this is the country, a province or a commune of today."""
    return key == COUNTRY or key in _keys()


def is_commune(key: str) -> bool:
    """Whether the area is a single commune."""
    return len(key) == COMMUNE_SIGNS


def lies_in(area: str, outer: str) -> bool:
    """Whether the whole of one area lies in the other."""
    if outer in {COUNTRY, area}:
        return True
    return is_commune(area) and commune(area).province_code == outer


def may_invite(own: Iterable[Role], offered: Role) -> bool:
    """Others are invited only within one's own area and up to one's own rank; readers invite nobody."""
    return any(
        INVITES <= RANKS[role.kind] >= RANKS[offered.kind] and lies_in(offered.area, role.area)
        for role in own
    )


def acting(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Those of the roles that may do something in their area; readers only look."""
    return tuple(role for role in roles if RANKS[role.kind] > RANKS["reader"])


def area_name(key: str) -> str:
    """As inside a sentence: `xã Lai Vung, tỉnh Đồng Tháp`; empty for the country."""
    if key == COUNTRY:
        return ""
    if not is_commune(key):
        return province(key).full_name
    place = commune(key)
    return f"{place.full_name}, {province(place.province_code).full_name}"


@cache
def _keys() -> frozenset[str]:
    return frozenset({p.code for p in provinces(34)} | {c.code for c in communes()})

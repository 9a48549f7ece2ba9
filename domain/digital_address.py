"""A household's digital address: a plus code in its commune. It is personal; no event holds the code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.geography import LARGEST_COMMUNE_KM, Commune, commune, kilometres_to, nearest_commune
from domain.plus_codes import centre_of, is_short, near

NEIGHBOURS = 3  # communes whose points are nearest

Misplaced = Literal["abroad", "far"]


@dataclass(frozen=True, slots=True)
class DigitalAddress:
    """One version of it, in force; `decided_by` is the name of the worker who confirmed or disputed it."""

    id: UUID
    code: str
    commune: str
    since: dt.datetime
    confirmed_at: dt.datetime | None = None
    disputed_at: dt.datetime | None = None
    decided_by: str | None = None


def whole_code(code: str, home: Commune) -> str:
    """A short code completed by where the household lives; a whole one as it is."""
    return near(code, home.latitude, home.longitude) if is_short(code) else code


def misplaced(code: str, home: str) -> Misplaced | None:
    """Why a whole code cannot be in the commune `home`; None says nothing but that it may be.

    Communes are known by a point inside, not by their shape: what is farther from it than any commune is
    wide lies outside for sure.
    """
    here = _middle(code)
    if here is None or not nearest_commune(*here, limit=1):
        return "abroad"
    return "far" if kilometres_to(commune(home), *here) > LARGEST_COMMUNE_KM else None


def nearer_communes(code: str, home: str) -> tuple[Commune, ...]:
    """The communes whose points are nearest when `home` is none of them: worth a second look, no proof."""
    here = _middle(code)
    found = nearest_commune(*here, limit=NEIGHBOURS) if here else ()
    nearest = tuple(one.commune for one in found)
    return () if any(one.code == home for one in nearest) else nearest


def _middle(code: str) -> tuple[float, float] | None:
    try:
        return centre_of(code)
    except ValueError:
        return None

"""How a province is named in a summary."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel

from bot.locales.spoken import text
from domain.geography import ProvinceSet, province


class PlaceName(BaseModel):
    """A province of the asked set; no code where it can't be told."""

    code: str | None
    name: str


def place_name(code: str, of: ProvinceSet) -> PlaceName:
    """The province with this code in the set; what can't be told where there is no code."""
    return _named(code, of) if code else PlaceName(code=None, name=untold(of))


@cache
def _named(code: str, of: ProvinceSet) -> PlaceName:
    return PlaceName(code=code, name=province(code, of).short_name)


def place_or_all(code: str | None, of: ProvinceSet) -> PlaceName | None:
    """The same; None, the whole country, has no name."""
    return None if code is None else place_name(code, of)


def untold(of: ProvinceSet) -> str:
    """What stands in the place of a name: a new province, or a commune, may be of several of the 63."""
    return text("summary.no_province" if of == 34 else "summary.undivided")

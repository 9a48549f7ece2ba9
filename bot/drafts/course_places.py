"""The commune in which a course is held, as its worker says it: first of their own area, by today's names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.drafts.areas import area_said
from domain.fold import fold
from domain.geography import Commune, communes, province
from domain.roles import Role, is_commune, lies_in


def commune_said(text: str, roles: Iterable[Role]) -> str | None:
    """Its code; outside the area as `area_said` reads it; None when it is not sure which one is meant."""
    words = " ".join(fold(text).replace(",", " ").split())
    areas = {role.area for role in roles}
    mine = [
        one.code
        for one in communes()
        if words in _names(one) and any(lies_in(one.code, area) for area in areas)
    ]
    if len(mine) == 1:
        return mine[0]
    found = area_said(text)
    return found if found is not None and is_commune(found) else None


def _names(one: Commune) -> Iterator[str]:
    """With and without its kind and its province."""
    where = province(one.province_code)
    for name in (one.full_name, one.name):
        for tail in ("", where.full_name, where.short_name):
            yield fold(f"{name} {tail}").strip()

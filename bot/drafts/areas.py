"""Areas of roles as people say them, and as they are said to people."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.reply import Joined, Name, Place, Value
from domain.geography import (
    FIRST_DAY_OF_34,
    Commune,
    District,
    OldCommune,
    Province,
    commune,
    province,
)
from domain.places import Found, find_place
from domain.province_keys import named_province, province_within
from domain.roles import COUNTRY, Role, RoleKind, is_commune


def area_said(text: str) -> str | None:
    """The province or commune that the words name, of today; None when that is not sure."""
    key = named_province(text, FIRST_DAY_OF_34)
    if key is not None:
        return province_within(key, "", 34)
    found = find_place(text)
    return found.commune.code if isinstance(found, Found) else None


def area_value(area: str) -> Value:
    """The area's name, to be put into a message; a commune's with its province."""
    if area == COUNTRY:
        return Name("role.country")
    if not is_commune(area):
        return place_value(province(area))
    home = commune(area)
    return Joined((place_value(home), place_value(province(home.province_code))))


def place_value(place: Province | District | Commune | OldCommune) -> Place:
    """Its name with what it is, to be put into a message."""
    return Place(place.kind, place.short_name if isinstance(place, Province) else place.name)


def own_name(area: str) -> Place:
    """A commune or province alone, by its code."""
    return place_value(commune(area) if is_commune(area) else province(area))


def areas_value(roles: Iterable[Role]) -> Value:
    """All areas of somebody, in a row."""
    return Joined(tuple(area_value(area) for area in sorted({role.area for role in roles})))


def kind_for(area: str) -> RoleKind:
    """Whom one invites for an area when nothing else is said: communes have workers."""
    return "worker" if is_commune(area) else "officer"

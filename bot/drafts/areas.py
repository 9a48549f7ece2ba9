"""Areas of roles as people say them, and as they are said to people."""

from __future__ import annotations

from collections.abc import Iterable

from bot.dialogue.reply import Joined, Name, Value
from domain.geography import FIRST_DAY_OF_34
from domain.places import Found, find_place
from domain.province_keys import named_province, province_within
from domain.roles import COUNTRY, Role, RoleKind, area_name, is_commune


def area_said(text: str) -> str | None:
    """The province or commune that the words name, of today; None when that is not sure."""
    key = named_province(text, FIRST_DAY_OF_34)
    if key is not None:
        return province_within(key, "", 34)
    found = find_place(text)
    return found.commune.code if isinstance(found, Found) else None


def area_value(area: str) -> Value:
    """The area's name, to be put into a message."""
    return Name("role.country") if area == COUNTRY else area_name(area)


def areas_value(roles: Iterable[Role]) -> Value:
    """All areas of somebody, in a row."""
    return Joined(tuple(area_value(area) for area in sorted({role.area for role in roles})))


def kind_for(area: str) -> RoleKind:
    """Whom one invites for an area when nothing else is said: communes have workers."""
    return "worker" if is_commune(area) else "officer"

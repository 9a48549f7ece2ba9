"""Places as pages name them, in the language that is spoken: `xã Lai Vung`, `Lai Vung commune`."""

from __future__ import annotations

from bot.locales import format as say
from bot.locales.catalogue import FIRST
from bot.locales.spoken import spoken
from domain.geography import Commune, Province, commune, province
from domain.roles import COUNTRY, is_commune
from web.words import t


def full_name(unit: Commune | Province) -> str:
    """As inside a sentence."""
    name = unit.name if isinstance(unit, Commune) else unit.short_name
    return say.place(unit.kind, name, spoken())


def commune_name(code: str) -> str:
    """`xã Lai Vung`."""
    return full_name(commune(code))


def place_name(code: str) -> str:
    """`xã Lai Vung, tỉnh Đồng Tháp`, of a commune's code."""
    there = commune(code)
    return f"{full_name(there)}, {full_name(province(there.province_code))}"


def area_name(key: str) -> str:
    """Of somebody's area: the country, a province, a commune with its province."""
    if key == COUNTRY:
        return t("role.country")
    return place_name(key) if is_commune(key) else full_name(province(key))


def typed_place(code: str) -> str:
    """A commune as somebody may type it: `Lai Vung, Đồng Tháp` is read in every language."""
    if spoken() == FIRST:
        return place_name(code)
    there = commune(code)
    return f"{there.name}, {province(there.province_code).short_name}"


def typed_area(key: str) -> str:
    """The same of a commune, short enough for a list to choose from; else as `area_name`."""
    return typed_place(key) if is_commune(key) else area_name(key)


def begun(name: str) -> str:
    """The same at the start of a line: `Xã Lai Vung`."""
    return name[:1].upper() + name[1:]

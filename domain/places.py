"""Finding the commune that a person means: with or without marks, by old or new names, asking instead of guessing.

An answer that asks knows what it asked, so `narrow` goes on from there; `find_place_by_turns` plays it all again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from domain.address import Address, read_address
from domain.geography import Commune, District, OldCommune, Province, commune, province, successor, successors_by_district
from domain.place_choices import (
    ChooseCommune,
    ChooseDistrict,
    ChooseProvince,
    ChooseSuccessor,
    Found,
    NeedCommune,
    NotFound,
    PlaceSearch,
)
from domain.place_names import CommuneOrOld, Territory, name_key, spelling, territory, words
from domain.place_reading import ANYWHERE, Reading, Scope, best_readings, districts_of
from domain.place_typos import near_communes, near_provinces, reminding_communes

__all__ = [
    "ChooseCommune",
    "ChooseDistrict",
    "ChooseProvince",
    "ChooseSuccessor",
    "Found",
    "NeedCommune",
    "NotFound",
    "PlaceSearch",
    "find_place",
    "find_place_by_turns",
    "narrow",
]

MOST_CHOICES = 8
MARKET_TOWN = "thị trấn"


def find_place(text: str, within: str | None = None) -> PlaceSearch:
    """The commune that a text names, or what must be asked; `within`: the code of today's province it must lie in."""
    return _search(text, Scope(territory(province(within)).old_codes) if within else ANYWHERE)


def find_place_by_turns(texts: Sequence[str]) -> PlaceSearch:
    """A search and the answers to what it asked, from their texts alone."""
    return reduce(narrow, texts[1:], find_place(texts[0]))


def narrow(previous: PlaceSearch, answer: str) -> PlaceSearch:
    """The search after an answer: a label, its number, any name; what is no answer to it is a search of its own."""
    chosen = _choose(previous, answer)
    if chosen is not None:
        return chosen
    anew = find_place(answer)
    if isinstance(previous, Found) or isinstance(anew, Found):
        return anew
    inside = _search(_joined(previous, answer), previous.scope)
    if not isinstance(inside, NotFound):
        return inside
    return inside if isinstance(anew, NotFound) else anew


def _joined(previous: PlaceSearch, answer: str) -> str:
    """An answer that adds to what was said is read together with it."""
    return f"{answer}, {previous.text}" if isinstance(previous, ChooseProvince | ChooseDistrict) else answer


def _choose(previous: PlaceSearch, answer: str) -> PlaceSearch | None:
    match previous:
        case ChooseProvince():
            return _choose_province(previous, answer)
        case ChooseDistrict():
            return _choose_district(previous, answer)
        case ChooseSuccessor():
            return _choose_commune(previous.communes, previous.labels, answer, previous.old_commune)
        case ChooseCommune() | NeedCommune():
            return _choose_commune(previous.communes, previous.labels, answer)
        case NotFound():
            return _choose_commune(previous.nearest, previous.labels, answer)
    return None


def _choose_province(previous: ChooseProvince, answer: str) -> PlaceSearch | None:
    picked = _pick([(label,) for label in previous.labels], answer)
    places = [territory(previous.provinces[picked])] if picked is not None else _named_territories(answer)
    if len(places) != 1 or places[0].today not in previous.provinces:
        return None
    return _search(previous.text, replace(previous.scope, old_codes=places[0].old_codes))


def _named_territories(text: str) -> list[Territory]:
    """The province that a text names and nothing else."""
    readings = best_readings(read_address(text))
    if len(readings) != 1 or readings[0].commune or readings[0].district or readings[0].left:
        return []
    return [mention.units[0] for mention in readings[0].provinces]


def _choose_district(previous: ChooseDistrict, answer: str) -> PlaceSearch | None:
    picked = _pick([(label, d.full_name) for label, d in zip(previous.labels, previous.districts, strict=True)], answer)
    if picked is None:
        return None
    return _search(previous.text, replace(previous.scope, districts=frozenset({previous.districts[picked]})))


def _choose_commune(
    choices: tuple[Commune, ...], labels: tuple[str, ...], answer: str, old: OldCommune | None = None
) -> PlaceSearch | None:
    picked = _pick([(label, c.full_name, c.name) for label, c in zip(labels, choices, strict=True)], answer)
    return None if picked is None else Found(choices[picked], old)


def _pick(choices: Sequence[tuple[str, ...]], answer: str) -> int | None:
    """Which choice an answer is: by its number, by a name with its marks, or by a name whose folding no other has."""
    said = answer.strip()
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        return int(said) - 1
    for alike in (_spelled, name_key):
        matching = [at for at, names in enumerate(choices) if alike(said) in map(alike, names)]
        if len(matching) == 1:
            return matching[0]
    return None


def _spelled(name: str) -> str:
    return " ".join(map(spelling, words(name)))


def _search(text: str, scope: Scope) -> PlaceSearch:
    address = read_address(text)
    readings = best_readings(address, scope)
    if not readings or readings[0].left:
        address, readings = _allowing_typos(address, readings, scope)
    named = [reading for reading in readings if reading.commune]
    if not named:
        return _without_commune(text, address, readings, scope)
    search = _settle(text, named, scope)
    return _doubt(search, named) if all(_is_doubtful(address, r) for r in named) else search


def _allowing_typos(address: Address, readings: list[Reading], scope: Scope) -> tuple[Address, list[Reading]]:
    """Provinces first: in a known province, fewer names are near."""
    left = _left(address, readings)
    if scope.old_codes is None and not (readings and readings[0].provinces):
        address = near_provinces(address, left)
        readings = best_readings(address, scope)
    if not readings or readings[0].left:
        address = near_communes(address, readings, scope)
    return address, best_readings(address, scope)


def _is_doubtful(address: Address, reading: Reading) -> bool:
    """Whether words are left over that may name another place, or the name may be that of a district around it."""
    named = reading.commune
    if not reading.left or named is None:
        return False
    contradicted = any(m.cover & reading.left for m in (*address.districts, *address.provinces))
    return contradicted or (not named.kind and any(m.cover == named.cover for m in address.districts))


def _doubt(search: PlaceSearch, named: list[Reading]) -> PlaceSearch:
    """The commune found, put as a suggestion."""
    if not isinstance(search, Found):
        return search
    return NeedCommune(province(search.commune.province_code), (search.commune,), named[0].scope)


def _settle(text: str, named: list[Reading], scope: Scope) -> PlaceSearch:
    """What the communes that fit come to."""
    units = tuple(dict.fromkeys(unit for reading in named for unit in _meant(reading)))
    communes = _outcomes(units)
    provinces = _provinces_of(communes)
    if len(communes) == 1:
        return Found(communes[0], _renamed_from(units, communes[0], named))
    if len({name_key(unit.name) for unit in units}) > 1:
        return _one_of_like_names(communes, provinces)
    if len(provinces) > 1:
        return ChooseProvince(units[0].name, provinces, text, scope)
    return _within_province(text, units, communes, scope)


def _meant(reading: Reading) -> tuple[CommuneOrOld, ...]:
    """The communes it can mean. Who says a name of today and nothing old doesn't mean the old market town of that name."""
    units = reading.communes
    said_old = reading.district is not None or any(m.units[0].old for m in reading.provinces)
    if said_old or not any(isinstance(unit, Commune) for unit in units):
        return units
    return tuple(unit for unit in units if unit.kind != MARKET_TOWN)


def _outcomes(units: Iterable[CommuneOrOld]) -> tuple[Commune, ...]:
    """The communes of today that these are or became."""
    codes = (code for u in units for code in ((u.code,) if isinstance(u, Commune) else u.successor_codes))
    return tuple(map(commune, dict.fromkeys(codes)))


def _provinces_of(communes: Iterable[Commune]) -> tuple[Province, ...]:
    return tuple(map(province, sorted({c.province_code for c in communes})))


def _renamed_from(units: tuple[CommuneOrOld, ...], found: Commune, named: list[Reading]) -> OldCommune | None:
    """The old commune, if it was named: its name is gone, or its province was said by a name that is gone."""
    old = [unit for unit in units if isinstance(unit, OldCommune)]
    if found not in units:
        return old[0]
    by_old_province = any(m.units[0].old for reading in named for m in reading.provinces)
    return old[0] if by_old_province and len(old) == 1 else None


def _one_of_like_names(communes: tuple[Commune, ...], provinces: tuple[Province, ...]) -> PlaceSearch:
    """Several names are as near to what was typed."""
    if len(provinces) == 1 and len(communes) <= MOST_CHOICES:
        return ChooseCommune(provinces[0], communes)
    return NotFound(communes[:3], provinces[0] if len(provinces) == 1 else None)


def _within_province(text: str, units: tuple[CommuneOrOld, ...], communes: tuple[Commune, ...], scope: Scope) -> PlaceSearch:
    """One name, one province, several communes: told apart by today's names, old districts, or the person."""
    where = province(communes[0].province_code)
    old = [unit for unit in units if isinstance(unit, OldCommune)]
    if set(communes) <= set(units):
        return ChooseCommune(where, communes)
    districts = _districts_among(units, old, scope)
    if len(districts) > 1:
        return ChooseDistrict(where, old[0].name, districts, text, scope)
    return ChooseSuccessor(where, old[0], communes)


def _districts_among(units: tuple[CommuneOrOld, ...], old: list[OldCommune], scope: Scope) -> tuple[District, ...]:
    """The districts that tell these apart: of the old ones, and of today's that no old one became."""
    became = {code for unit in old for code in unit.successor_codes}
    new = [unit for unit in units if isinstance(unit, Commune) and unit.code not in became]
    return tuple(dict.fromkeys(d for unit in (*old, *new) for d in districts_of(unit) if scope.holds(d)))


def _without_commune(text: str, address: Address, readings: list[Reading], scope: Scope) -> PlaceSearch:
    """Only a district, only a province, or nothing known."""
    left = _left(address, readings)
    inside = readings[0].scope if readings else scope
    nearest = reminding_communes(address, left, inside)
    provinces = _provinces_inside([reading.scope for reading in readings] or [scope])
    if len(provinces) == 1:
        return NotFound(nearest, provinces[0], inside) if nearest else _need_commune(address, readings, inside)
    if readings and readings[0].district and not left:
        return ChooseProvince(readings[0].district.units[0].name, provinces, text, scope)
    return NotFound(nearest, None, scope)


def _left(address: Address, readings: list[Reading]) -> int:
    """The words that the best readings leave over."""
    return readings[0].left if readings else address.everything & ~address.covering(0)


def _provinces_inside(scopes: Iterable[Scope]) -> tuple[Province, ...]:
    """The provinces of today that these scopes lie in; none for anywhere."""
    old_codes = {code for scope in scopes for code in _old_codes(scope)}
    return tuple(sorted({successor(code) for code in old_codes}, key=lambda p: p.code))


def _old_codes(scope: Scope) -> frozenset[str]:
    if scope.districts is not None:
        return frozenset(district.province_code for district in scope.districts)
    return scope.old_codes or frozenset()


def _need_commune(address: Address, readings: list[Reading], inside: Scope) -> PlaceSearch:
    """A province or district is sure: its communes, where they are few."""
    where = _provinces_inside([inside])[0]
    communes = _of_districts(inside) or _namesakes(address, readings, inside)
    if len(communes) == 1 and inside.districts is not None:
        return Found(communes[0])
    return NeedCommune(where, communes if len(communes) <= MOST_CHOICES else (), inside)


def _of_districts(inside: Scope) -> tuple[Commune, ...]:
    codes = [code for d in inside.districts or () for code in successors_by_district()[d]]
    return tuple(map(commune, dict.fromkeys(codes)))


def _namesakes(address: Address, readings: list[Reading], inside: Scope) -> tuple[Commune, ...]:
    """The commune that bears the old province's name, where both names of a province were said."""
    covers = {m.cover for reading in readings for m in reading.provinces if len(reading.provinces) > 1}
    units = [unit for m in address.communes if m.cover in covers for unit in m.units if inside.holds_unit(unit)]
    return tuple(unit for unit in dict.fromkeys(units) if isinstance(unit, Commune))

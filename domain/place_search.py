"""From the readings of an address to one commune, or to the question that tells candidates apart."""

from collections.abc import Iterable, Sequence

from domain.address import Address, read_address
from domain.geography import (
    MARKET_TOWN,
    Commune,
    District,
    OldCommune,
    Province,
    commune,
    province,
    successor,
    successors_by_district,
)
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
from domain.place_names import CommuneOrOld, name_key, territory
from domain.place_reading import Reading, Scope, best_readings, districts_of, left_over
from domain.place_typos import near_communes, near_provinces, reminding_communes

MOST_CHOICES = 8


def search(text: str, scope: Scope) -> PlaceSearch:
    """What a text comes to, inside a scope."""
    address = read_address(text)
    readings = best_readings(address, scope)
    if not readings or readings[0].left:
        address, readings = _allowing_typos(address, readings, scope)
    named = [reading for reading in readings if reading.commune]
    if not named:
        return _without_commune(text, address, readings, scope)
    found = _settle(text, named, scope)
    return _suggest(found, named[0]) if _is_doubtful(address, named) else found


def whole(today: Province) -> Scope:
    """All of a province of today."""
    return Scope(territory(today).old_codes)


def _allowing_typos(
    address: Address, readings: list[Reading], scope: Scope
) -> tuple[Address, list[Reading]]:
    """Provinces first: in a known province, fewer names are near."""
    best = _first(readings)
    if scope.old_codes is None and not (best and best.provinces):
        address = near_provinces(address, left_over(address, best))
        best = _first(best_readings(address, scope))
    if best is None or best.left:
        address = near_communes(address, best, scope)
    return address, best_readings(address, scope)


def _first(readings: list[Reading]) -> Reading | None:
    return readings[0] if readings else None


def _is_doubtful(address: Address, named: list[Reading]) -> bool:
    """Whether, in every reading, words are left over that name another place or what is inside this one."""
    districts = {m.cover for m in address.districts}
    around = districts | {m.cover for m in address.provinces}
    return all(
        any(cover & reading.left for cover in around)
        or (reading.left and not reading.commune.kind and reading.commune.cover in districts)
        for reading in named
        if reading.commune
    )


def _suggest(found: PlaceSearch, reading: Reading) -> PlaceSearch:
    """The commune found, put as a suggestion."""
    if not isinstance(found, Found):
        return found
    where = province(found.commune.province_code)
    return NeedCommune(where, (found.commune,), reading.scope)


def _settle(text: str, named: list[Reading], scope: Scope) -> PlaceSearch:
    """What the communes that fit come to."""
    units = tuple(dict.fromkeys(unit for reading in named for unit in _meant(reading)))
    communes = _communes_today(units)
    provinces = _provinces_of(communes)
    if len(communes) == 1:
        return Found(communes[0], _renamed_from(units, communes[0], named))
    if len({name_key(unit.name) for unit in units}) > 1:
        return _among_like_names(text, communes, provinces, scope)
    if len(provinces) > 1:
        return ChooseProvince(units[0].name, provinces, text, scope)
    return _within_province(text, units, communes, scope)


def _meant(reading: Reading) -> tuple[CommuneOrOld, ...]:
    """The communes it can mean: not the old market town of a name of today, where nothing old was said."""
    units = reading.communes
    if _says_old(reading) or not any(isinstance(unit, Commune) for unit in units):
        return units
    return tuple(unit for unit in units if unit.kind != MARKET_TOWN)


def _says_old(reading: Reading) -> bool:
    return reading.district is not None or _by_old_province(reading)


def _by_old_province(reading: Reading) -> bool:
    return any(mention.units[0].old for mention in reading.provinces)


def _communes_today(units: Iterable[CommuneOrOld]) -> tuple[Commune, ...]:
    """What these communes are or became."""
    codes = [code for unit in units for code in _codes_today(unit)]
    return tuple(map(commune, dict.fromkeys(codes)))


def _codes_today(unit: CommuneOrOld) -> tuple[str, ...]:
    return (unit.code,) if isinstance(unit, Commune) else unit.successor_codes


def _provinces_of(communes: Iterable[Commune]) -> tuple[Province, ...]:
    return tuple(map(province, sorted({c.province_code for c in communes})))


def _old(units: Iterable[CommuneOrOld]) -> list[OldCommune]:
    return [unit for unit in units if isinstance(unit, OldCommune)]


def _renamed_from(
    units: Sequence[CommuneOrOld], found: Commune, named: list[Reading]
) -> OldCommune | None:
    """The old commune, if its name is gone, or if its province was said by a name that is gone."""
    old = _old(units)
    if found not in units:
        return old[0]
    return old[0] if len(old) == 1 and any(map(_by_old_province, named)) else None


def _among_like_names(
    text: str, communes: tuple[Commune, ...], provinces: tuple[Province, ...], scope: Scope
) -> PlaceSearch:
    """Several names are as near to what was typed."""
    if len(provinces) > 1:
        return NotFound(communes[:3], None, text, scope)
    if len(communes) > MOST_CHOICES:
        return NotFound(communes[:3], provinces[0], "", whole(provinces[0]))
    return ChooseCommune(provinces[0], communes, whole(provinces[0]))


def _within_province(
    text: str, units: Sequence[CommuneOrOld], communes: tuple[Commune, ...], scope: Scope
) -> PlaceSearch:
    """One name, one province: told apart by today's names, by old districts, or by the person."""
    where = province(communes[0].province_code)
    if set(communes) <= set(units):
        return ChooseCommune(where, communes, whole(where))
    old = _old(units)
    districts = _districts_among(units, old, scope)
    if len(districts) > 1:
        return ChooseDistrict(where, old[0].name, districts, text, scope)
    return ChooseSuccessor(where, old[0], communes, whole(where))


def _districts_among(
    units: Sequence[CommuneOrOld], old: list[OldCommune], scope: Scope
) -> tuple[District, ...]:
    """The districts that tell these apart: of the old ones, and of today's that no old one became."""
    became = {code for unit in old for code in unit.successor_codes}
    new = [unit for unit in units if isinstance(unit, Commune) and unit.code not in became]
    apart: list[CommuneOrOld] = [*old, *new]
    districts = [district for unit in apart for district in districts_of(unit)]
    return tuple(dict.fromkeys(filter(scope.holds, districts)))


def _without_commune(
    text: str, address: Address, readings: list[Reading], scope: Scope
) -> PlaceSearch:
    """Only a district, only a province, or nothing known."""
    best = _first(readings)
    inside = best.scope if best else scope
    nearest = reminding_communes(address, left_over(address, best), inside)
    provinces = _provinces_inside([reading.scope for reading in readings] or [scope])
    if len(provinces) == 1:
        known = _need_commune(provinces[0], address, readings, inside)
        return NotFound(nearest, provinces[0], "", inside) if nearest else known
    if best and best.district and not best.left:
        return ChooseProvince(best.district.units[0].name, provinces, text, scope)
    return NotFound(nearest, None, text, scope)


def _provinces_inside(scopes: Iterable[Scope]) -> tuple[Province, ...]:
    """The provinces of today that these scopes lie in; none for anywhere."""
    old_codes = {code for scope in scopes for code in _old_codes(scope)}
    return tuple(map(province, sorted({successor(code).code for code in old_codes})))


def _old_codes(scope: Scope) -> frozenset[str]:
    if scope.districts is not None:
        return frozenset(district.province_code for district in scope.districts)
    return scope.old_codes or frozenset()


def _need_commune(
    where: Province, address: Address, readings: list[Reading], inside: Scope
) -> PlaceSearch:
    """A province or district is sure: its communes, where they are few; the island district's one."""
    communes = _of_districts(inside) or _namesakes(address, readings, inside)
    if len(communes) == 1 and inside.districts is not None:
        return Found(communes[0])
    return NeedCommune(where, communes if len(communes) <= MOST_CHOICES else (), inside)


def _of_districts(inside: Scope) -> tuple[Commune, ...]:
    codes = [code for d in inside.districts or () for code in successors_by_district()[d]]
    return tuple(map(commune, dict.fromkeys(codes)))


def _namesakes(address: Address, readings: list[Reading], inside: Scope) -> tuple[Commune, ...]:
    """The commune that bears the old province's name, where both names of a province were said."""
    covers = {m.cover for r in readings for m in r.provinces if len(r.provinces) > 1}
    units = [unit for m in address.communes if m.cover in covers for unit in m.units]
    return tuple(u for u in dict.fromkeys(units) if isinstance(u, Commune) and inside.holds_unit(u))

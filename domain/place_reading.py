"""How an address can be read: which commune, district and province leave the fewest words over."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from domain.address import Address, AnyMention, Mention, union
from domain.geography import RURAL_COMMUNE, Commune, District, districts_by_commune
from domain.place_names import EXACT, UNLIKE, CommuneOrOld, Territory, likeness

Districts = Mention[District] | None
Rank = tuple[int, int, bool, bool]
Provinces = tuple[Mention[Territory], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a place may lie, in the terms of before 2025; None: anywhere."""

    old_codes: frozenset[str] | None = None
    districts: frozenset[District] | None = None

    def holds(self, district: District) -> bool:
        """Whether an old district lies in it."""
        in_province = self.old_codes is None or district.province_code in self.old_codes
        return in_province and (self.districts is None or district in self.districts)

    def holds_unit(self, unit: CommuneOrOld) -> bool:
        """Whether a commune lies in it, at least in part."""
        return any(map(self.holds, districts_of(unit)))

    def within(self, provinces: Provinces, district: Districts = None) -> "Scope":
        """What of it lies in all these provinces and in that district."""
        codes = self.old_codes
        for mention in provinces:
            codes = (
                mention.units[0].old_codes if codes is None else codes & mention.units[0].old_codes
            )
        inside = Scope(codes, self.districts)
        return (
            inside
            if district is None
            else Scope(codes, frozenset(filter(inside.holds, district.units)))
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing can lie in it."""
        return self.old_codes == frozenset() or self.districts == frozenset()


ANYWHERE = Scope()


def districts_of(unit: CommuneOrOld) -> tuple[District, ...]:
    """The old district of an old commune, or those that a commune of today was put together from."""
    return districts_by_commune()[unit.code] if isinstance(unit, Commune) else (unit.district,)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the text, inside its `scope`; `left` are the words that it does not explain."""

    commune: Mention[CommuneOrOld] | None
    district: Districts
    provinces: Provinces
    cover: int
    left: int
    scope: Scope

    @property
    def communes(self) -> tuple[CommuneOrOld, ...]:
        """The communes of today and before that it can mean: in its scope, marks and kind as typed."""
        if self.commune is None:
            return ()
        inside = filter(self.scope.holds_unit, self.commune.units)
        return _of_kind(_as_spelled(tuple(inside), self.commune), self.commune.kind)


def best_readings(address: Address, scope: Scope = ANYWHERE) -> list[Reading]:
    """The readings that leave least unexplained, all that are as good; none if nothing in scope is named."""
    named_places = _place_words_of(address)
    ranked: dict[Rank, list[Reading]] = {}
    for reading in _readings(address, scope):
        ranked.setdefault(_rank(reading, *named_places), []).append(reading)
    for rank in sorted(ranked):
        if sound := [r for r in ranked[rank] if r.commune is None or r.communes]:
            return sound
    return []


def left_over(address: Address, best: Reading | None) -> int:
    """The words that the best reading does not explain; without a reading, all that mean anything."""
    return best.left if best else address.everything & ~address.covering(0)


def _readings(address: Address, scope: Scope) -> Iterator[Reading]:
    communes = (None, *address.communes)
    for commune, (district, provinces, inside) in product(communes, _surroundings(address, scope)):
        cover = _cover([m for m in (commune, district, *provinces) if m is not None])
        left = address.everything & ~address.covering(cover)
        reading = Reading(commune, district, provinces, cover, left, inside)
        if cover and (scope.old_codes is not None or not _is_the_province(address, reading)):
            yield reading


def _surroundings(address: Address, scope: Scope) -> Iterator[tuple[Districts, Provinces, Scope]]:
    """A district or none, with a province, both its names (the old and today's), or none."""
    pairs = [
        (one, other)
        for one, other in product(address.provinces, repeat=2)
        if one.cover < other.cover
    ]
    singles = [(one,) for one in address.provinces]
    for district, provinces in product((None, *address.districts), ((), *singles, *pairs)):
        inside = scope.within(provinces, district)
        if not inside.is_empty:
            yield district, provinces, inside


def _cover(mentions: list[AnyMention]) -> int:
    """All words of the mentions; 0 if two share a word, or one tears the word before it from its own."""
    cover = 0
    for mention in mentions:
        if cover & mention.cover:
            return 0
        cover |= mention.cover
    return 0 if any(mention.needs & ~cover for mention in mentions) else cover


def _is_the_province(address: Address, reading: Reading) -> bool:
    """Whether the commune's name is rather the province's: `Hải Dương` alone, beside Hải Phòng,
    into which it went, or after a district of it.
    """
    commune, district = reading.commune, reading.district
    if commune is None or commune.kind:
        return False
    namesakes = [m.units[0] for m in address.provinces if m.cover == commune.cover and not m.typo]
    said = {code for m in reading.provinces for code in m.units[0].old_codes}
    said |= {d.province_code for d in district.units} if district else set()
    return bool(namesakes) and (not said or any(place.old_codes & said for place in namesakes))


def _place_words_of(address: Address) -> tuple[int, int]:
    """The words of districts and of provinces: leaving these over is worse than leaving talk."""
    return union(m.cover for m in address.districts), union(m.cover for m in address.provinces)


def _rank(reading: Reading, district_words: int, province_words: int) -> Rank:
    """Least first: words left over, a typo as one; then most words used, a commune, no district."""
    left = reading.left
    cost = (
        left.bit_count()
        + (left & district_words).bit_count()
        + 2 * (left & province_words).bit_count()
    )
    typos = sum(m.typo for m in (reading.commune, *reading.provinces) if m is not None)
    return (
        cost + typos,
        -reading.cover.bit_count(),
        reading.commune is None,
        _is_bare(reading.district),
    )


def _is_bare(district: Districts) -> bool:
    """A district without its kind: such a name is rather the province's, if it can be."""
    return district is not None and not district.kind


def _as_spelled(
    units: tuple[CommuneOrOld, ...], mention: Mention[CommuneOrOld]
) -> tuple[CommuneOrOld, ...]:
    """Those with the marks typed; else those that the typed marks allow; else, marks being hard, all."""
    fits = {unit: likeness(mention.spelled, unit.name) for unit in units}
    exact = tuple(unit for unit, fit in fits.items() if fit == EXACT)
    return exact or tuple(unit for unit, fit in fits.items() if fit != UNLIKE) or units


def _of_kind(units: tuple[CommuneOrOld, ...], kind: str) -> tuple[CommuneOrOld, ...]:
    """Those of the kind typed, if any. `xã` is said of anything, so it only parts communes of one name."""
    fitting = tuple(unit for unit in units if unit.kind == kind)
    if kind != RURAL_COMMUNE:
        return fitting or units
    names = {unit.name for unit in fitting}
    return tuple(unit for unit in units if unit.kind == kind or unit.name not in names)

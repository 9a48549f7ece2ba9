"""Names that are only nearly in an address: a letter too many, too few or wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from domain.address import Address, Mention, Unit, bits, spans, union
from domain.geography import Commune, commune
from domain.place_names import CommuneOrOld, commune_names, province_names
from domain.place_reading import Reading, Scope, districts_of, left_over

CLOSE = 85  # of 100; below, a name is another name
REMINDING = 60  # worth asking "is it this one?"
SHORTEST = 5  # letters; one wrong letter of four is another word
MOST_RUNS = 40
MOST_NAMES = 8


def near_provinces(address: Address, left: int) -> Address:
    """The address with provinces that the left-over words nearly name."""
    names = tuple(key for key in province_names() if len(key) >= SHORTEST)
    found = []
    for start, end in _runs(address, left):
        close = _close(address, start, end, names)
        if len(close) == 1 and not bits(start, end) & ~left:
            found.append(_mention(province_names()[close[0]], address, start, end))
    return replace(address, provinces=(*address.provinces, *found))


def near_communes(address: Address, best: Reading | None, scope: Scope) -> Address:
    """The address with communes, inside its best reading, that words about the left-over ones nearly name."""
    inside = best.scope if best else scope
    taken = union(mention.cover for mention in best.provinces) if best else 0
    found = []
    for start, end in _runs(address, left_over(address, best)):
        close = (
            () if bits(start, end) & taken else _close(address, start, end, _keys_inside(inside))
        )
        units = [unit for key in close for unit in commune_names()[key] if inside.holds_unit(unit)]
        if units:
            found.append(_mention(tuple(units), address, start, end))
    return replace(address, communes=(*address.communes, *found))


def reminding_communes(
    address: Address, left: int, scope: Scope, limit: int = 3
) -> tuple[Commune, ...]:
    """Communes of today in scope with a name, their own or an old one, most like the left-over words."""
    words = [word.key for at, word in enumerate(address.words) if left & 1 << at]
    said = "".join(word for word in words if not word.isdigit())
    if not said or scope.is_empty:
        return ()
    names = _keys_inside(scope)
    found = process.extract(said, names, scorer=ratio, score_cutoff=REMINDING, limit=MOST_NAMES)
    units = [unit for key, _, _ in found for unit in commune_names()[key] if scope.holds_unit(unit)]
    codes = dict.fromkeys(code for unit in units for code in _today(unit))
    return tuple(map(commune, list(codes)[:limit]))


def _today(unit: CommuneOrOld) -> tuple[str, ...]:
    if isinstance(unit, Commune):
        return (unit.code,)
    return unit.successor_codes if len(unit.successor_codes) == 1 else ()


def _runs(address: Address, left: int) -> Iterator[tuple[int, int]]:
    """Runs of words with a left-over word in them, bounded in number."""
    runs = [(start, end) for start, end in spans(address.words) if bits(start, end) & left]
    yield from runs[:MOST_RUNS]


def _close(address: Address, start: int, end: int, names: Sequence[str]) -> list[str]:
    said = "".join(word.key for word in address.words[start:end])
    if len(said) < SHORTEST:
        return []
    found = process.extract(said, names, scorer=ratio, score_cutoff=CLOSE, limit=MOST_NAMES)
    return [key for key, _, _ in found]


def _mention(units: tuple[Unit, ...], address: Address, start: int, end: int) -> Mention[Unit]:
    spelled = tuple(word.spelling for word in address.words[start:end])
    return Mention(units, bits(start, end), 0, "", spelled, typo=True)


def _keys_inside(scope: Scope) -> tuple[str, ...]:
    if scope.old_codes is None:
        return tuple(commune_names())
    return tuple({key for code in scope.old_codes for key in _keys_by_old_province().get(code, ())})


@cache
def _keys_by_old_province() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, units in commune_names().items():
        for code in {district.province_code for unit in units for district in districts_of(unit)}:
            found.setdefault(code, {})[key] = None
    return {code: tuple(keys) for code, keys in found.items()}

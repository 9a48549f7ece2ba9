"""Names that are only nearly in an address: a letter too many, too few or wrong."""

from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz import fuzz, process

from domain.address import Address, Mention, Unit, bits, spans
from domain.geography import Commune, commune
from domain.place_names import CommuneOrOld, commune_names, province_names
from domain.place_reading import Reading, Scope, districts_of

CLOSE = 85  # of 100; below, a name is another name
REMINDING = 60  # worth asking "is it this one?"
SHORTEST = 5  # letters; one wrong letter of four is another word
MOST_RUNS = 40
MOST_NAMES = 8


def near_provinces(address: Address, left: int) -> Address:
    """The address with provinces that the left-over words nearly name."""
    names = tuple(key for key in province_names() if len(key) >= SHORTEST)
    return address.with_typos(provinces=[
        _mention(province_names()[close[0]], address, start, end)
        for start, end in _runs(address, left)
        if not bits(start, end) & ~left and len(close := _close(_key(address, start, end), names)) == 1
    ])  # fmt: skip


def near_communes(address: Address, readings: Sequence[Reading], scope: Scope) -> Address:
    """The address with communes, in the scope of its readings, that words around the left-over ones nearly name."""
    inside = readings[0].scope if readings else scope
    taken = 0
    for mention in readings[0].provinces if readings else ():
        taken |= mention.cover
    left = readings[0].left if readings else address.everything & ~address.covering(0)
    found = []
    for start, end in _runs(address, left):
        close = _close(_key(address, start, end), _keys_inside(inside))
        units = tuple(unit for key in close for unit in commune_names()[key] if inside.holds_unit(unit))
        if units and not bits(start, end) & taken:
            found.append(_mention(units, address, start, end))
    return address.with_typos(communes=found)


def reminding_communes(address: Address, left: int, scope: Scope, limit: int = 3) -> tuple[Commune, ...]:
    """Communes of today in scope whose names, or whose undivided parts' old names, are most like the left-over words."""
    said = "".join(word.key for at, word in enumerate(address.words) if left & 1 << at and not word.key.isdigit())
    if not said or scope.is_empty:
        return ()
    found: dict[str, None] = {}
    for key, _, _ in process.extract(said, _keys_inside(scope), scorer=fuzz.ratio, score_cutoff=REMINDING, limit=9):
        found.update(dict.fromkeys(code for unit in commune_names()[key] if scope.holds_unit(unit) for code in _today(unit)))
    return tuple(map(commune, list(found)[:limit]))


def _today(unit: CommuneOrOld) -> tuple[str, ...]:
    if isinstance(unit, Commune):
        return (unit.code,)
    return unit.successor_codes if len(unit.successor_codes) == 1 else ()


def _runs(address: Address, left: int) -> Iterator[tuple[int, int]]:
    """Runs of words with a left-over word in them, bounded in number."""
    runs = [(start, end) for start, end in spans(address.words) if bits(start, end) & left]
    yield from runs[:MOST_RUNS]


def _key(address: Address, start: int, end: int) -> str:
    return "".join(word.key for word in address.words[start:end])


def _close(said: str, names: Sequence[str]) -> list[str]:
    if len(said) < SHORTEST:
        return []
    return [key for key, _, _ in process.extract(said, names, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=MOST_NAMES)]


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

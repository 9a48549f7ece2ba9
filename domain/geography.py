"""Administrative units: 63 provinces with districts until 30/06/2025, 34 provinces and communes since.

Codes repeat between the two sets, so whoever names a province says of which. Source: `gazetteer/README.md`.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from heapq import nsmallest
from pathlib import Path
from typing import Literal

ProvinceSet = Literal[63, 34]
GAZETTEER = Path(__file__).with_name("gazetteer")
MARKET_TOWN = "thị trấn"
RURAL_COMMUNE = "xã"
TWO_WORD_KINDS = frozenset({"thị", "thành"})  # thị trấn, thị xã, thành phố
FIRST_DAY_OF_34 = date(2025, 7, 1)
FIRST_SOUTHERN_CODE = 44  # Quảng Trị
LARGEST_COMMUNE_KM = 50  # farther than this from every commune's point is not in Vietnam
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Province:
    """A province of one set; `successor_code` points from the 63 into the 34."""

    code: str
    name: str
    short_name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None

    @property
    def full_name(self) -> str:
        """As inside a sentence: `tỉnh Đồng Tháp`."""
        return f"{self.kind} {self.short_name}"


@dataclass(frozen=True, slots=True)
class District:
    """A district of before July 2025; `province_code` is one of the 63."""

    name: str
    kind: str
    province_code: str

    @property
    def full_name(self) -> str:
        """As inside a sentence: `huyện Chợ Lách`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today; the point lies inside it and is no boundary."""

    code: str
    name: str
    kind: str
    province_code: str
    latitude: float
    longitude: float

    @property
    def full_name(self) -> str:
        """As inside a sentence: `xã Lai Vung`."""
        return f"{self.kind} {self.name}"

    @property
    def title(self) -> str:
        """As on a button: `Xã Lai Vung`."""
        return _capital(self.full_name)


@dataclass(frozen=True, slots=True)
class OldCommune:
    """A commune of before July 2025; several successors: it was divided, and only the person can choose."""

    code: str
    name: str
    kind: str
    district: District
    successor_codes: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """As inside a sentence: `thị trấn Lai Vung`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Nearby:
    """A commune and how far its point is, for the person to confirm."""

    commune: Commune
    kilometres: float


def province_set_on(day: date) -> ProvinceSet:
    """Which set of provinces was in force that day."""
    return 34 if day >= FIRST_DAY_OF_34 else 63


def provinces(of: ProvinceSet) -> tuple[Province, ...]:
    """The provinces of one set, from north to south."""
    return tuple(_provinces()[of].values())


def province(code: str, of: ProvinceSet = 34) -> Province:
    """The province with this code in that set; KeyError if there is none."""
    return _provinces()[of][code]


def successor(old_code: str) -> Province:
    """Today's province that one of the 63 went into."""
    code = province(old_code, 63).successor_code
    assert code is not None, "each of the 63 has a successor"
    return province(code)


def predecessors(code: str) -> tuple[Province, ...]:
    """Which of the 63 went into today's province."""
    return tuple(old for old in provinces(63) if old.successor_code == code)


def commune(code: str) -> Commune:
    """Today's commune with this code; KeyError if there is none."""
    return _communes()[code]


def communes() -> tuple[Commune, ...]:
    """All communes of today."""
    return tuple(_communes().values())


def communes_of(province_code: str) -> tuple[Commune, ...]:
    """The communes of a province of today."""
    return tuple(c for c in _communes().values() if c.province_code == province_code)


def old_communes() -> tuple[OldCommune, ...]:
    """All communes of before July 2025."""
    return _before_2025()[0]


def successors_by_district() -> dict[District, tuple[str, ...]]:
    """What each old district's communes became; island districts had none and became a commune themselves."""
    return _before_2025()[1]


@cache
def districts_by_commune() -> dict[str, tuple[District, ...]]:
    """Which old districts a commune of today, by code, was put together from."""
    found: dict[str, list[District]] = defaultdict(list)
    for district, codes in successors_by_district().items():
        for code in codes:
            found[code].append(district)
    return {code: tuple(districts) for code, districts in found.items()}


def old_provinces_of(commune_code: str) -> frozenset[str]:
    """Which of the 63 provinces a commune of today lies in: one, for 23 communes two; none if unknown."""
    return frozenset(d.province_code for d in districts_by_commune().get(commune_code, ()))


def old_province_of(commune_code: str) -> str | None:
    """The one province of the 63 that a commune of today lies in, or None where two provinces met in it."""
    codes = old_provinces_of(commune_code)
    return next(iter(codes)) if len(codes) == 1 else None


def speaks_southern(province_code: str) -> bool:
    """Whether a province of today says ngàn, lẻ, trái: Quảng Trị southward."""
    return int(province_code) >= FIRST_SOUTHERN_CODE


def nearest_commune(latitude: float, longitude: float, limit: int = 3) -> tuple[Nearby, ...]:
    """The communes whose points are nearest, in degrees WGS 84; empty far from Vietnam."""
    near = nsmallest(limit, ((_kilometres(latitude, longitude, c), c.code) for c in communes()))
    return tuple(
        Nearby(commune(code), round(km, 1)) for km, code in near if km <= LARGEST_COMMUNE_KM
    )


def kilometres_to(to: Commune, latitude: float, longitude: float) -> float:
    """How far a point in degrees WGS 84 is from the commune's point."""
    return _kilometres(latitude, longitude, to)


def _kilometres(latitude: float, longitude: float, to: Commune) -> float:
    """Flat-earth distance, right to a few metres at this size; infinite for what is no number."""
    east = (to.longitude - longitude) * math.cos(math.radians(to.latitude))
    km = math.hypot(east, to.latitude - latitude) * KM_PER_DEGREE
    return math.inf if math.isnan(km) else km


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _rows(name: str) -> Iterator[list[str]]:
    """The lines of a gazetteer file without its heading."""
    with (GAZETTEER / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        yield from rows


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def _provinces() -> dict[ProvinceSet, dict[str, Province]]:
    sets: dict[ProvinceSet, dict[str, Province]] = {63: {}, 34: {}}
    for code, name, short_name, valid_from, valid_to, successor_code in _rows("provinces.csv"):
        kind = name.removesuffix(short_name).strip().lower()
        unit = Province(
            code, name, short_name, kind, _day(valid_from), _day(valid_to), successor_code or None
        )
        sets[63 if unit.valid_to else 34][code] = unit
    return sets


@cache
def _communes() -> dict[str, Commune]:
    found = {}
    for code, name, kind, province_code, latitude, longitude in _rows("communes.csv"):
        bare = name[len(kind) + 1 :]
        found[code] = Commune(
            code, bare, _one(kind), _one(province_code), float(latitude), float(longitude)
        )
    return found


@cache
def _before_2025() -> tuple[tuple[OldCommune, ...], dict[District, tuple[str, ...]]]:
    old: list[OldCommune] = []
    became: dict[District, dict[str, None]] = defaultdict(dict)
    for code, name, district_name, province_code, successor_codes in _rows(
        "communes_before_2025.csv"
    ):
        district = _district(district_name, province_code)
        codes = _codes(successor_codes)
        became[district].update(dict.fromkeys(codes))
        if name:
            kind, bare = _split_kind(name)
            old.append(OldCommune(code, bare, kind, district, codes))
    return tuple(old), {district: tuple(codes) for district, codes in became.items()}


@cache
def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@cache
def _district(name: str, province_code: str) -> District:
    kind, bare = _split_kind(name)
    return District(bare, kind, _one(province_code))


def _split_kind(name: str) -> tuple[str, str]:
    """`Thị trấn Lai Vung` -> `thị trấn`, `Lai Vung`."""
    first, _, rest = name.partition(" ")
    kind = first.lower()
    if kind not in TWO_WORD_KINDS:
        return _one(kind), rest
    second, _, rest = rest.partition(" ")
    return _one(f"{kind} {second.lower()}"), rest


@cache
def _one(text: str) -> str:
    """The same string object for the same text: thousands of rows share a few words."""
    return text

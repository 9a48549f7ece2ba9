"""What a search for a commune can come to: found, or what the person must be asked.

Each that asks has `labels`, one a choice, in the order of its choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.geography import Commune, District, OldCommune, Province, province
from domain.place_reading import ANYWHERE, Scope


@dataclass(frozen=True, slots=True)
class Found:
    """One commune fits. `renamed_from`: it was named as it stood before July 2025."""

    commune: Commune
    renamed_from: OldCommune | None = None


@dataclass(frozen=True, slots=True)
class ChooseProvince:
    """The name stands in several provinces of today; sorted from north to south, often more than eight."""

    name: str
    provinces: tuple[Province, ...]
    text: str
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a choice."""
        return tuple(p.short_name for p in self.provinces)


@dataclass(frozen=True, slots=True)
class ChooseCommune:
    """Several communes of one province have that name, or nearly."""

    province: Province
    communes: tuple[Commune, ...]
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a choice."""
        return tuple(c.title for c in self.communes)


@dataclass(frozen=True, slots=True)
class ChooseDistrict:
    """Communes of that name stood in several districts of what is now one province."""

    province: Province
    old_name: str
    districts: tuple[District, ...]
    text: str
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a choice, as short as keeps them apart."""
        return tuple(_district_label(d, self.districts) for d in self.districts)


@dataclass(frozen=True, slots=True)
class ChooseSuccessor:
    """The old commune was divided, or its name has gone to a neighbour: only the person knows."""

    province: Province
    old_commune: OldCommune
    communes: tuple[Commune, ...]
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a choice."""
        return tuple(c.title for c in self.communes)


@dataclass(frozen=True, slots=True)
class NeedCommune:
    """Only a province or a district is sure; `communes` are those it may be, if they are few."""

    province: Province
    communes: tuple[Commune, ...] = ()
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a suggestion."""
        return tuple(c.title for c in self.communes)


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such commune; `nearest` are names like it, in `province` if that was understood."""

    nearest: tuple[Commune, ...] = ()
    province: Province | None = None
    text: str = ""
    scope: Scope = ANYWHERE

    @property
    def labels(self) -> tuple[str, ...]:
        """For buttons, one a suggestion, with the province where none was said."""
        if self.province:
            return tuple(c.title for c in self.nearest)
        return tuple(f"{c.title}, {province(c.province_code).short_name}" for c in self.nearest)


PlaceSearch = (
    Found
    | ChooseProvince
    | ChooseCommune
    | ChooseDistrict
    | ChooseSuccessor
    | NeedCommune
    | NotFound
)


def _district_label(district: District, among: Sequence[District]) -> str:
    """`Chợ Lách`; `Quận 1`; beside a namesake `Huyện Cai Lậy`, `Huyện Châu Thành, Bến Tre`."""
    if sum(d.full_name == district.full_name for d in among) > 1:
        return f"{_title(district)}, {province(district.province_code, 63).short_name}"
    alone = sum(d.name == district.name for d in among) == 1
    return district.name if alone and not district.name.isdigit() else _title(district)


def _title(district: District) -> str:
    return district.full_name[:1].upper() + district.full_name[1:]

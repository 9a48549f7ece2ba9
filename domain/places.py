"""Finding the commune that a person means: with or without marks, by old or new names, never guessing.

What asks knows what it asked, so `narrow` goes on from there; `find_place_by_turns` plays all again.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from domain.address import read_address
from domain.geography import Commune, OldCommune, province
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
from domain.place_names import Territory, name_key, spelling, territory, words
from domain.place_reading import ANYWHERE, best_readings
from domain.place_search import search, whole

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


def find_place(text: str, within: str | None = None) -> PlaceSearch:
    """The commune that a text names, or what must be asked; `within`: the code of its province of today."""
    return search(text, whole(province(within)) if within else ANYWHERE)


def find_place_by_turns(texts: Sequence[str]) -> PlaceSearch:
    """A search and the answers to what it asked, from their texts alone."""
    return reduce(narrow, texts[1:], find_place(texts[0]))


def narrow(previous: PlaceSearch, answer: str) -> PlaceSearch:
    """The search after an answer: a label, its number, any name; what is no answer is a new search."""
    chosen = _choose(previous, answer)
    if chosen is not None:
        return chosen
    anew = find_place(answer)
    if isinstance(previous, Found) or isinstance(anew, Found):
        return anew
    inside = search(_joined(previous, answer), previous.scope)
    same = isinstance(inside, NeedCommune) and not inside.communes
    return inside if _openness(inside) + same <= _openness(anew) else anew


def _joined(previous: PlaceSearch, answer: str) -> str:
    """An answer that adds to what was said is read together with it."""
    if isinstance(previous, ChooseProvince | ChooseDistrict | NotFound):
        return f"{answer}, {previous.text}"
    return answer


def _openness(found: PlaceSearch) -> int:
    """How much is still to be asked: what an answer leaves less open is what it meant."""
    match found:
        case Found():
            return 0
        case ChooseCommune() | ChooseSuccessor() | ChooseDistrict():
            return 1
        case NeedCommune() if found.communes:
            return 2
        case ChooseProvince():
            return 3
        case NeedCommune():
            return 4
    return 6


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
    places = (
        [territory(previous.provinces[picked])]
        if picked is not None
        else _named_territories(answer)
    )
    if len(places) != 1 or places[0].today not in previous.provinces:
        return None
    return search(previous.text, replace(previous.scope, old_codes=places[0].old_codes))


def _named_territories(text: str) -> list[Territory]:
    """The province that a text names and nothing else."""
    readings = best_readings(read_address(text))
    if len(readings) != 1 or readings[0].commune or readings[0].district or readings[0].left:
        return []
    return [mention.units[0] for mention in readings[0].provinces]


def _choose_district(previous: ChooseDistrict, answer: str) -> PlaceSearch | None:
    picked = _pick(
        [
            (label, d.full_name)
            for label, d in zip(previous.labels, previous.districts, strict=True)
        ],
        answer,
    )
    if picked is None:
        return None
    return search(
        previous.text, replace(previous.scope, districts=frozenset({previous.districts[picked]}))
    )


def _choose_commune(
    choices: tuple[Commune, ...],
    labels: tuple[str, ...],
    answer: str,
    old: OldCommune | None = None,
) -> PlaceSearch | None:
    picked = _pick(
        [(label, c.full_name, c.name, c.kind) for label, c in zip(labels, choices, strict=True)],
        answer,
    )
    return None if picked is None else Found(choices[picked], old)


def _pick(choices: Sequence[tuple[str, ...]], answer: str) -> int | None:
    """Which choice an answer is: by number, by a name with its marks, by a folded name of one only."""
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

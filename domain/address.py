"""The words of an address, and what each run of them may name: a commune, a district, a province.

A set of words is an int with a bit a word, so that all ways to read an address are compared quickly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Generic, TypeVar

from domain.geography import District
from domain.place_names import (
    MOST_WORDS,
    CommuneOrOld,
    Meaning,
    Territory,
    commune_names,
    district_names,
    place_words,
    province_names,
    spelling,
    word_key,
    words,
)

MOST_WORDS_READ = 24  # an address is shorter; more is talk
MOST_MENTIONS = 12  # of one role, the longest first

ANY_ROLE = frozenset({"commune", "district", "province"})
PROVINCE_ONLY = frozenset({"province"})
ROLES: dict[Meaning, frozenset[str]] = {
    "commune": frozenset({"commune"}),
    "district": frozenset({"district"}),
    "city": frozenset({"district", "province"}),
    "province": PROVINCE_ONLY,
    "near": frozenset(),
}

Unit = TypeVar("Unit", CommuneOrOld, District, Territory)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text; no name runs over a comma, from one `part` into the next."""

    key: str
    spelling: str
    part: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words that say what follows them; `cover` are these words."""

    meaning: Meaning
    kind: str
    cover: int


@dataclass(frozen=True, slots=True)
class Mention(Generic[Unit]):
    """Words that may name one of `units`. `needs`: words before them that another mention must cover."""

    units: tuple[Unit, ...]
    cover: int
    needs: int
    kind: str
    spelled: tuple[str, ...]
    typo: bool = False


AnyMention = Mention[CommuneOrOld] | Mention[District] | Mention[Territory]


@dataclass(frozen=True, slots=True)
class Address:
    """A text's words and every mention. `free` words name nothing; `near` ones may explain what follows."""

    words: tuple[Word, ...]
    communes: tuple[Mention[CommuneOrOld], ...]
    districts: tuple[Mention[District], ...]
    provinces: tuple[Mention[Territory], ...]
    free: int
    near: tuple[tuple[int, int], ...]

    @property
    def everything(self) -> int:
        """All words."""
        return bits(0, len(self.words))

    def covering(self, cover: int) -> int:
        """The words that a reading with these mentions explains."""
        explained = cover | self.free
        for before, tail in self.near:
            explained |= 0 if before & cover else tail
        return explained


@dataclass(slots=True)
class _Found:
    communes: list[Mention[CommuneOrOld]] = field(default_factory=list)
    districts: list[Mention[District]] = field(default_factory=list)
    provinces: list[Mention[Territory]] = field(default_factory=list)

    @property
    def everything(self) -> Iterator[AnyMention]:
        yield from self.communes
        yield from self.districts
        yield from self.provinces


def union(covers: Iterable[int]) -> int:
    """All words that are in any of these."""
    return reduce(or_, covers, 0)


def bits(start: int, end: int) -> int:
    """The words from start to before end."""
    return (1 << end) - (1 << start)


def read_address(text: str) -> Address:
    """The text as words, with every mention; long talk is cut."""
    said = tuple(_words(text))[:MOST_WORDS_READ]
    phrases = _phrases(said)
    announced = _announced(said, phrases)
    found = _Found()
    for start, end in spans(said):
        roles = PROVINCE_ONLY if end == start + 1 and _needs_kind(said, start) else ANY_ROLE
        _add(found, said[start:end], bits(start, end), announced.get(start), roles)
    numbers = sum(1 << at for at, word in enumerate(said) if word.key.isdigit())
    of_a_kind = [m.cover for m in found.everything if m.kind]
    return Address(
        words=said,
        communes=_longest(found.communes),
        districts=_longest(found.districts),
        provinces=_longest(found.provinces),
        free=(union(word.cover for word in phrases.values()) | numbers) & ~union(of_a_kind),
        near=tuple(_nearby(said, announced)),
    )


def _words(text: str) -> Iterator[Word]:
    for part, piece in enumerate(text.translate(_COMMAS).split(",")):
        for word in words(piece):
            if key := word_key(word):
                yield Word(key, spelling(word), part)


_COMMAS = str.maketrans(";\n()/", ",,,,,")


def spans(said: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Every run of words, start to before end, that could be a name."""
    for start, first in enumerate(said):
        for end in range(start + 1, min(start + MOST_WORDS, len(said)) + 1):
            if said[end - 1].part == first.part:
                yield start, end


def _phrases(said: Sequence[Word]) -> dict[tuple[int, int], Announcement]:
    """The words around names, by where they stand."""
    found = {}
    for start, end in spans(said):
        if word := place_words().get(tuple(w.key for w in said[start:end])):
            found[start, end] = Announcement(word.meaning, word.kind, bits(start, end))
    return found


def _announced(
    said: Sequence[Word], phrases: dict[tuple[int, int], Announcement]
) -> dict[int, Announcement]:
    """What is announced at a position, by the longest phrase before it: `thị xã` is no `xã`."""
    return {
        end: word
        for (start, end), word in sorted(phrases.items(), reverse=True)
        if word.meaning != "filler" and end < len(said) and said[end].part == said[start].part
    }


def _nearby(said: Sequence[Word], announced: dict[int, Announcement]) -> Iterator[tuple[int, int]]:
    for at, word in announced.items():
        if word.meaning == "near":
            yield word.cover, _tail(said, announced, at)


def _tail(said: Sequence[Word], announced: dict[int, Announcement], start: int) -> int:
    """What the name of a hamlet or street may run over: to the comma or the next kind of place."""
    stops = [at for at, word in enumerate(said) if at > start and word.part != said[start].part]
    return bits(start, min([len(said), *stops, *(at for at in announced if at > start)]))


def _add(
    found: _Found,
    named: Sequence[Word],
    cover: int,
    announced: Announcement | None,
    roles: frozenset[str],
) -> None:
    """Add what these words may name: as announced, or as if the word before were another name's."""
    if announced is None:
        _add_mentions(found, named, (cover, 0), "", roles)
        return
    whole = (cover | announced.cover, 0)
    _add_mentions(found, named, whole, announced.kind, ROLES[announced.meaning])
    _add_mentions(found, named, (cover, announced.cover), "", roles)


def _add_mentions(
    found: _Found, named: Sequence[Word], where: tuple[int, int], kind: str, roles: frozenset[str]
) -> None:
    key = "".join(word.key for word in named)
    spelled = tuple(word.spelling for word in named)
    if "commune" in roles and (units := commune_names().get(key)):
        found.communes.append(Mention(tuple(units), *where, kind, spelled))
    if "district" in roles and (districts := district_names().get(key)):
        found.districts.append(Mention(_of_kind(districts, kind), *where, kind, spelled))
    if "province" in roles:
        for place in province_names().get(key, ()):
            found.provinces.append(Mention((place,), *where, kind, spelled))


def _needs_kind(said: Sequence[Word], at: int) -> bool:
    """A number, or a word of talk among others: phường 1 and xã Ba are no communes without their kind."""
    word = said[at]
    alone = [other.part for other in said].count(word.part) == 1
    return word.key.isdigit() or len(word.key) == 1 or (not alone and (word.key,) in place_words())


def _of_kind(districts: Sequence[District], kind: str) -> tuple[District, ...]:
    """Those of the kind that was said, if there are any: `thị xã Cai Lậy` is not `huyện Cai Lậy`."""
    return tuple(d for d in districts if d.kind == kind) or tuple(districts)


def _longest(mentions: list[Mention[Unit]]) -> tuple[Mention[Unit], ...]:
    return tuple(sorted(mentions, key=lambda m: -m.cover.bit_count())[:MOST_MENTIONS])

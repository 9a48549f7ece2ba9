"""The words of an address, and what each run of them may name: a commune, a district, a province.

A set of words is an int with a bit a word, so that all ways to read an address are compared quickly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from domain.geography import District
from domain.place_names import (
    MOST_WORDS,
    CommuneOrOld,
    Meaning,
    PlaceWord,
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
SHORT = 3  # letters: xã Tư, xã Ba and the like are communes only where `xã` stands before them

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


@dataclass(frozen=True, slots=True)
class Address:
    """A text's words and every mention in them; `free` words name nothing; `near` ones may explain what follows."""

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

    def with_typos(
        self, communes: Iterable[Mention[CommuneOrOld]] = (), provinces: Iterable[Mention[Territory]] = ()
    ) -> "Address":
        """The same address with names added that are only nearly in it."""
        return replace(self, communes=(*self.communes, *communes), provinces=(*self.provinces, *provinces))


@dataclass(slots=True)
class _Found:
    communes: list[Mention[CommuneOrOld]] = field(default_factory=list)
    districts: list[Mention[District]] = field(default_factory=list)
    provinces: list[Mention[Territory]] = field(default_factory=list)


def bits(start: int, end: int) -> int:
    """The words from start to before end."""
    return (1 << end) - (1 << start)


def read_address(text: str) -> Address:
    """The text as words, with every mention; long talk is cut."""
    said = tuple(_words(text))[:MOST_WORDS_READ]
    phrases = _phrases(said)
    announced = {end: word for (_, end), word in sorted(phrases.items(), reverse=True) if word.meaning != "filler"}
    found = _Found()
    for start, end in spans(said):
        roles = PROVINCE_ONLY if _needs_kind(said, start, end) else ANY_ROLE
        _add(found, said[start:end], bits(start, end), announced.get(start), roles)
    numbers = sum(1 << at for at, word in enumerate(said) if word.key.isdigit())
    named = _union(m.cover for mentions in (found.communes, found.districts, found.provinces) for m in mentions if m.kind)
    return Address(
        words=said,
        communes=_longest(found.communes),
        districts=_longest(found.districts),
        provinces=_longest(found.provinces),
        free=(_union(word.cover for word in phrases.values()) | numbers) & ~named,
        near=tuple((w.cover, _tail(said, announced, at)) for at, w in announced.items() if w.meaning == "near"),
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
            found[start, end] = _announcement(word, bits(start, end))
    return found


def _announcement(word: PlaceWord, cover: int) -> Announcement:
    return Announcement(word.meaning, word.kind, cover)


def _tail(said: Sequence[Word], announced: dict[int, Announcement], start: int) -> int:
    """What the name of a hamlet or street may run over: to the comma or the next kind of place."""
    end = start
    while end < len(said) and said[end].part == said[start - 1].part and (end == start or end not in announced):
        end += 1
    return bits(start, end)


def _add(found: _Found, named: Sequence[Word], cover: int, announced: Announcement | None, roles: frozenset[str]) -> None:
    """Add what these words may name: as announced, or as if the word before belonged to something else."""
    if announced is None:
        _add_mentions(found, named, Mention((), cover, 0, "", ()), roles)
        return
    whole = cover | announced.cover
    _add_mentions(found, named, Mention((), whole, 0, announced.kind, ()), ROLES[announced.meaning])
    _add_mentions(found, named, Mention((), cover, announced.cover, "", ()), roles)


def _add_mentions(found: _Found, named: Sequence[Word], like: Mention, roles: frozenset[str]) -> None:  # type: ignore[type-arg]
    key = "".join(word.key for word in named)
    spelled = tuple(word.spelling for word in named)
    if "commune" in roles and (units := commune_names().get(key)):
        found.communes.append(replace(like, units=tuple(units), spelled=spelled))
    if "district" in roles and (districts := district_names().get(key)):
        found.districts.append(replace(like, units=_of_kind(districts, like.kind)))
    if "province" in roles:
        found.provinces += [replace(like, units=(place,)) for place in province_names().get(key, ())]


def _needs_kind(said: Sequence[Word], start: int, end: int) -> bool:
    """A number, or a short word among others: xã Ba and phường 1 are communes only after `xã`, `phường`."""
    key = said[start].key
    alone = [word.part for word in said].count(said[start].part) == 1
    return end == start + 1 and (key.isdigit() or (len(key) <= SHORT and not alone))


def _of_kind(districts: Sequence[District], kind: str) -> tuple[District, ...]:
    """Those of the kind that was said, if there are any: `thị xã Cai Lậy` is not `huyện Cai Lậy`."""
    return tuple(d for d in districts if d.kind == kind) or tuple(districts)


def _longest(mentions: list[Mention[Unit]]) -> tuple[Mention[Unit], ...]:
    return tuple(sorted(mentions, key=lambda m: -m.cover.bit_count())[:MOST_MENTIONS])


def _union(covers: Iterable[int]) -> int:
    union = 0
    for cover in covers:
        union |= cover
    return union

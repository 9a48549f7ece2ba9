"""What stands in a message: names, days and people before numbers, numbers before what is left over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from bot.language import lexicon
from bot.language.amount import Amount
from bot.language.amounts import Amounts
from bot.language.corrections import taken_back
from bot.language.dates import Dates
from bot.language.day import Day
from bot.language.goods import GoodsReader
from bot.language.goods_places import Goods
from bot.language.nearest import nearest
from bot.language.numbers import Numbers
from bot.language.orders import order_id
from bot.language.people import People
from bot.language.person_names import Person
from bot.language.tokens import Sentence, tokenize
from bot.language.understanding import Known
from bot.language.unit_sense import settle
from bot.language.vocabulary import Unit, is_animal, tag


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything found in a message, before it is known what the message does."""

    sentence: Sentence
    at: Numbers
    amounts: tuple[Amount, ...]
    goods: tuple[Goods, ...]
    days: tuple[Day, ...]
    buyer: Person | None
    people: People
    platform: str | None
    order: str | None
    taken: frozenset[int]
    unsure: frozenset[int] = frozenset()  # words that end a name or begin a number


def _put_right(goods: Goods, known: Known) -> Goods:
    """A name with a slip in it: *cam sanhh, sầu riên*."""
    longer = goods.product is None or len(goods.name.split()) > len(goods.product.name.split())
    near = nearest(goods.name, known.products) if longer else ()
    if not near or goods.others:
        return goods
    return replace(goods, name=near[0].name, product=near[0], others=near[1:])


class _Span(Protocol):
    """Anything that stands from one token to another."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def _positions(spans: Iterable[_Span]) -> set[int]:
    return {p for span in spans for p in range(span.start, span.end)}


def _names(at: Numbers, found: tuple[lexicon.Found, ...]) -> tuple[lexicon.Found, ...]:
    return tuple(f for f in found if not _is_verb(at, f) and not _is_count(at, f))


def read(text: str, on: date, known: Known) -> Parts:
    """Tokens, names, days, people, amounts and goods of a message."""
    at = Numbers(sentence := tokenize(text), tag(sentence))
    alike = lexicon.find(sentence, known.products)
    found = _names(at, alike)
    order = order_id(at)
    back = taken_back(at)
    taken = back | (set(range(order[1] + 1, order[2])) if order else set())
    named = _sure_names(at, tuple(f for f in found if taken.isdisjoint(range(f.start, f.end))))
    names = _positions(named)
    days = tuple(
        d for d in Dates(at, on).find() if (names | taken).isdisjoint(range(d.start, d.end))
    )
    platform, places = _platform(at, names)
    taken |= _positions(days) | places
    people = People(at, taken | names, found)
    buyer = people.buyer()
    if buyer is not None:
        taken.update(range(buyer.start, buyer.end))
        names = _positions(f for f in named if taken.isdisjoint(range(f.start, f.end)))
    single = {f.start for f in found if f.end - f.start == 1}
    amounts = tuple(Amounts(at, taken | names, single, {f.start for f in found}, back).find())
    taken |= _positions(amounts)
    starts = {a.end for a in amounts if a.kind in ("quantity", "bare", "vague")}
    goods = tuple(GoodsReader(at, found, taken, starts).find())
    goods = tuple(_put_right(one, known) for one in goods)
    amounts, goods = settle(at, amounts, goods)
    taken |= _positions(g for g in goods if g.product is not None)
    vague = _positions(a for a in amounts if a.kind == "vague")
    free = taken - vague - set(at.where.get("not_that", ()))
    return Parts(
        sentence,
        at,
        amounts,
        goods,
        days,
        buyer,
        people,
        platform,
        order[0] if order else None,
        frozenset(free),
        _unsure(at, alike) if sentence.plain else frozenset(),
    )


def _sure_names(at: Numbers, found: tuple[lexicon.Found, ...]) -> list[lexicon.Found]:
    """Names that come before numbers, days and people: of two words and more, or one that is nothing else."""
    chosen: list[lexicon.Found] = []
    called = {
        at.tags[p][kind].end
        for kind in ("honorific", "place_buyer")
        for p in at.where.get(kind, ())
    }
    for name in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if at.has(name.start, "unit") and _counted(at, name.start) and _is_counter(at, name, found):
            continue
        if (
            name.end - name.start < 2
            or any(name.start < o.end and o.start < name.end for o in chosen)
            or (
                at.has(name.start, "honorific", "place_buyer")
                and at.has(name.start - 1, "buyer_sign")
            )
        ):
            continue
        acts = at.has(name.start, "given_name") and at.has(
            name.start + 1, "buy", "got", "returned", "sell"
        )
        if name.start in called and (at.tokens[name.start].capital or acts):
            continue
        if at.has(name.start - 1, "honorific") and at.has(name.start - 2, "buyer_sign"):
            continue
        chosen.append(name)
    return chosen


_NUMERALS = (
    "digit",
    "ten",
    "tens",
    "hundred",
    "dozen",
    "magnitude",
    "tail",
    "half",
    "twenty",
    "zero_tens",
)


def _is_count(at: Numbers, name: lexicon.Found) -> bool:
    asks_order = (at.has(name.end - 1, "order_ask") and not name.exact) or (
        at.has(name.end - 1, "order_ask") and at.says("question")
    )
    return name.end - name.start > 1 and (asks_order or _is_number(at, name))


def _is_number(at: Numbers, name: lexicon.Found) -> bool:
    """Without marks *nam tram* is five hundred before it is a mushroom, and *trau | ba muoi hai* no betel."""
    if at.has(name.start, "numeral_name"):
        return False
    if name.exact and any(at.tokens[p].marked for p in range(name.start, name.end)):
        return False
    if all(at.has(p, *_NUMERALS) for p in range(name.start, name.end)):
        return True
    return _runs_on(at, name)


def _runs_on(at: Numbers, name: lexicon.Found) -> bool:
    """Its last word may begin the number after it: *nhang tram | muoi lam ky*, *gao tam | muoi tam nghin*."""
    goes_on = at.has(name.end, "tens", "ten", "hundred", "dozen", "magnitude", "tail")
    ten = at.has(name.end - 1, "ten") and at.has(name.end, "digit")
    return (goes_on and at.has(name.end - 1, "digit", "ten", "hundred")) or ten


def _unsure(at: Numbers, found: tuple[lexicon.Found, ...]) -> frozenset[int]:
    """Where a name ends in a word that may as well begin a number."""
    names = (f for f in found if f.end - f.start > 1)
    open_ = (f for f in names if not at.has(f.start, *_NUMERALS) and _runs_on(at, f))
    return frozenset(f.end - 1 for f in open_ if _may_be_sold(at, f))


def _may_be_sold(at: Numbers, name: lexicon.Found) -> bool:
    """After a verb or a unit; *con trau ba…* is an animal, no betel."""
    if at.tokens[name.start - 1].bare == "con" and not is_animal(name.product.name):
        return False
    return at.has(name.start - 1, "sell", "unit", "dozen")


_COUNTERS = ("cây", "con", "quả", "cái", "củ", "bông", "cành")


def _is_counter(at: Numbers, name: lexicon.Found, found: tuple[lexicon.Found, ...]) -> bool:
    """*1.200 quả | trứng gà*: the first word counts; in *3 chục | bưởi da xanh* it is the name's own."""
    unit = at.tags[name.start]["unit"].value
    rest = any(other.start == name.start + 1 and other.end >= name.end for other in found)
    return rest or (isinstance(unit, Unit) and unit.name in _COUNTERS)


def _is_verb(at: Numbers, name: lexicon.Found) -> bool:
    """*tra lai 5 hộp*: give back, not jasmine tea, when a number follows the bare words."""
    back = at.tag(name.start, "returned")
    if back is None or back.end != name.end or name.exact or name.end >= at.count:
        return False
    sold = at.has(name.start - 1, "unit") and _counted(at, name.start - 1)
    return at.tokens[name.end].digits and not sold and not _counted(at, name.start)


def _counted(at: Numbers, position: int) -> bool:
    """Is there a number right before it? Then a unit there is a unit: *1.200 quả | trứng gà*."""
    before = at.token(position - 1)
    numeric = ("digit", "ten", "tens", "hundred", "dozen", "tail", "magnitude", "vague", "half")
    return before is not None and (before.digits or at.has(position - 1, *numeric))


def _platform(at: Numbers, names: set[int]) -> tuple[str | None, set[int]]:
    """Where it is sold, and the words that say so."""
    places: set[int] = set()
    platform: str | None = None
    for kind, name in (
        ("mart", "postmart"),
        ("voso", "voso"),
        ("offline", "offline"),
        ("other_place", None),
    ):
        for position in at.where.get(kind, ()):
            found = at.tags[position][kind]
            if position in names or (
                kind == "offline"
                and not found.exact
                and not at.has(position - 1, "sell", "on_place")
            ):
                continue
            platform = platform or name
            places.update(range(position, found.end))
    return platform, places | _towns(at, names)


def _towns(at: Numbers, names: set[int]) -> set[int]:
    """*khách Hà Nội, lên Sài Gòn*: where somebody is from; a town after a product is part of its name."""
    found = ((p, at.tags[p]["town"].end) for p in at.where.get("town", ()) if p not in names)
    placed = ((p, end) for p, end in found if at.has(p - 1, "guest", "on_place") and end > p + 1)
    return {position for p, end in placed for position in range(p, end)}

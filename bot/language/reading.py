"""What stands in a message: names, days and people before numbers, numbers before what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from bot.language import product_names
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
from bot.language.product_names import Found
from bot.language.sure_names import readable, sure_names, unsure
from bot.language.tokens import Sentence, tokenize
from bot.language.understanding import Known
from bot.language.unit_sense import settle
from bot.language.values import value_class
from bot.language.vocabulary import is_animal, tag


@value_class(frozen=True, slots=True)
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
    longer = goods.product is None or goods.name.count(" ") > goods.product.name.count(" ")
    near = nearest(goods.name, known.products) if longer else ()
    if not near or goods.others:
        return goods
    return replace(goods, name=near[0].name, product=near[0], others=near[1:])


def _inner(at: Numbers, found: Iterable[Found]) -> set[int]:
    """Words of longer names, and animals that are sold: *hột vịt lộn, lon con, ban lon 3 con*."""
    sold = (
        name
        for name in found
        if name.end - name.start > 1
        or (is_animal(name.product.name) and at.has(name.start - 1, "sell", "unit"))
    )
    return {p for name in sold for p in range(name.start, name.end)}


class _Span(Protocol):
    """Anything that stands from one token to another."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_Place = TypeVar("_Place", bound=_Span)


def _positions(spans: Iterable[_Span]) -> set[int]:
    found: set[int] = set()
    for span in spans:
        found.update(range(span.start, span.end))
    return found


def _outside(spans: Sequence[_Place], taken: set[int]) -> Sequence[_Place]:
    """Those of them that touch no position that is taken."""
    if not taken:
        return spans
    return [span for span in spans if taken.isdisjoint(range(span.start, span.end))]


def read(text: str, on: date, known: Known) -> Parts:
    """Tokens, names, days, people, amounts and goods of a message."""
    at = Numbers(sentence := tokenize(text), tag(sentence))
    alike = product_names.find(sentence, known.products)
    found = readable(at, alike, partial(product_names.shorter, sentence, known.products))
    order = order_id(at)
    back = taken_back(at, _inner(at, found)) if at.says("not_that", "wrong") else set[int]()
    taken = back | (set(range(order[1] + 1, order[2])) if order else set())
    named = sure_names(at, tuple(_outside(found, taken)))
    names = _positions(named)
    days = tuple(_outside(Dates(at, on).find(), names | taken))
    platform, places = _platform(at, names)
    taken |= _positions(days) | places if days else places
    people = People(at, taken | names, found, named)
    buyer = people.buyer()
    if buyer is not None:
        taken.update(range(buyer.start, buyer.end))
        if not names.isdisjoint(taken):
            names = _positions(_outside(named, taken))
    single = {f.start for f in found if f.end - f.start == 1}
    passed = back | (set(range(buyer.start, buyer.end)) if buyer else set())
    amounts = tuple(Amounts(at, taken | names, single, people.products, passed).find())
    taken |= _positions(amounts)
    starts = {a.end for a in amounts if a.kind in ("quantity", "bare", "vague")}
    goods = tuple([_put_right(g, known) for g in GoodsReader(at, found, taken, starts).find()])
    amounts, goods = settle(at, amounts, goods)
    taken |= _positions([g for g in goods if g.product is not None])
    if "vague" in at.kinds:
        taken -= _positions([a for a in amounts if a.kind == "vague"])
    taken.difference_update(at.places("not_that"))
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
        frozenset(taken),
        unsure(at, alike) if sentence.plain else frozenset(),
    )


_PLATFORMS = {"mart": "postmart", "voso": "voso", "offline": "offline", "other_place": None}


def _platform(at: Numbers, names: set[int]) -> tuple[str | None, set[int]]:
    """Where it is sold, and the words that say so."""
    places: set[int] = set()
    platform: str | None = None
    if not at.says("town", *_PLATFORMS):
        return None, places
    for kind, name in _PLATFORMS.items():
        for position in at.places(kind):
            found = at.tags[position][kind]
            told = (
                found.exact or found.end > position + 1 or at.has(position - 1, "sell", "on_place")
            )
            if position in names or (kind in ("offline", "other_place") and not told):
                continue  # 2 ky san is sắn
            platform = platform or name
            places.update(range(position, found.end))
    return platform, places | _towns(at, names)


def _towns(at: Numbers, names: set[int]) -> set[int]:
    """*khách Hà Nội, lên Sài Gòn*: where somebody is from; a town after a product is part of its name."""
    found = ((p, at.tags[p]["town"].end) for p in at.places("town") if p not in names)
    placed = (
        (p, end)
        for p, end in found
        if end > p + 1 and _leads_to_town(at, p - 1) and not _names_group(at, p)
    )
    return {position for p, end in placed for position in range(p, end)}


def _names_group(at: Numbers, town: int) -> bool:
    """*đoàn khách Hà Nội*: here the town is the buyer's name."""
    group = at.tags[town - 2].get("place_buyer")
    return group is not None and group.end == town


def _leads_to_town(at: Numbers, before: int) -> bool:
    """*khách Hà Nội, lên Sài Gòn, xuất đi Trung Quốc*"""
    goes = before >= 0 and at.bare[before] in ("di", "sang")
    return goes or at.has(before, "guest", "on_place")

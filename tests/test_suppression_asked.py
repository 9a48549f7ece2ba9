"""Small cells in the real answers: all that can be asked of a programme, laid beside each other."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from itertools import count, product
from uuid import UUID, uuid5

import pytest
from attack import Equations

from bot.drill_down import events_behind
from bot.summarise import summarise
from bot.summary import PLATFORMS, ask
from domain.events import HouseholdRegistered, ProductListed, SaleItem, SaleLogged, ShopLinked
from domain.geography import old_province_of
from storage.rollups import advance
from storage.store import append

LEAST = 5
MONTHS = ("2025-05", "2025-06", "2025-07", "2025-08")
COMMUNES = {  # of today, one in each of the 63; the last of two provinces lies in two of them
    "01": ("00004",),
    "82": ("28249", "29884", "29869"),
    "48": ("20194", "20335"),
    "92": ("31120", "31321", "31507", "31246"),
}
KIND = {"transactions": "sold", "products": "products", "accounts": "accounts"}
SUBSETS = ((), ("province",), ("province", "platform"), ("month", "province", "platform"))
numbers = count()


class Programme:
    """Who sold in which month, listed and linked a shop until when: known to the test alone."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.there = defaultdict[tuple, list[UUID]](list)
        self.events: list = []
        for of, communes in COMMUNES.items():
            for commune in communes:
                self._village(of, commune)

    def _village(self, of, commune):
        homes = [uuid5(UUID(int=0), f"{commune}/{n}") for n in range(9)]
        usual = {platform: self.rng.choice((0, 2, 4, 8)) for platform in PLATFORMS}
        for home in homes:
            code = f"{commune}-{next(numbers)}"
            self._fact(HouseholdRegistered, MONTHS[0], home, of, commune, code=code)
        for month, platform in product(MONTHS, PLATFORMS):
            many = max(0, usual[platform] + self.rng.choice((-2, 0, 1)))
            for home in self.rng.sample(homes, min(many, len(homes))):
                self._sold(month, home, of, commune, platform)
        for month, platform, home in zip(MONTHS * 3, PLATFORMS * 6, homes, strict=False):
            if self.rng.random() < 0.7:
                self._stands(month, home, of, commune, platform)

    def _sold(self, month, home, of, commune, platform):
        item = SaleItem(product="gạo", total_vnd=self.rng.randint(1, 9) * 10_000)
        sale = {
            "code": f"C{next(numbers)}",
            "items": (item,),
            "total_vnd": item.total_vnd,
            "date": dt.date.fromisoformat(f"{month}-15"),
            "platform": platform,
        }
        self._fact(SaleLogged, month, home, of, commune, **sale)
        self.there["sold", month, of, old_province_of(commune) or "", platform].append(home)

    def _stands(self, month, home, of, commune, platform):
        goods = {"code": f"C{next(numbers)}", "product": "mật ong", "unit_price_vnd": 1}
        where = {"platform": platform}
        self._fact(ProductListed, month, home, of, commune, ocop_stars=4, **goods, **where)
        self._fact(ShopLinked, month, home, of, commune, shop=f"s{next(numbers)}", **where)
        for kind, later in product(("products", "accounts"), MONTHS[MONTHS.index(month) :]):
            self.there[kind, later, of, old_province_of(commune) or "", platform].append(home)

    def _fact(self, kind, month, home, of, commune, **fields: object):
        at = dt.datetime.fromisoformat(f"{month}-15T05:00:00+00:00")
        name = uuid5(home, f"{kind.__name__}{len(self.events)}")
        place = {"province": of, "commune": commune}
        self.events.append(kind(id=name, at=at, household=home, **place, **fields))


ATOMS = {(of, old_province_of(one) or "") for of, some in COMMUNES.items() for one in some}
PLACES = [
    None,
    *sorted({("34", of) for of, _ in ATOMS}),
    *sorted({("63", of) for _, of in ATOMS}),
    *sorted({("rest", of) for of, old in ATOMS if not old}),
]


def inside(place):
    if place is None:
        return ATOMS
    of, code = place
    if of == "rest":
        return {(code, "")}
    return {atom for atom in ATOMS if atom[0 if of == "34" else 1] == code}


def unknowns(kind, place, platform, first, last):
    """What a cell is the sum of; of a stock what stands at the last month's end."""
    months = [m for m in MONTHS if first <= m <= last] if kind == "sold" else [last]
    on = [platform] if platform else PLATFORMS
    return {(kind, m, *atom, p): 1 for m, atom, p in product(months, inside(place), on)}


def questions():
    """Every pair of months, set of provinces, platform and breakdown; each province by itself besides."""
    periods = [(a, b) for a in MONTHS for b in MONTHS if a <= b]
    for (a, b), of, platform in product(periods, (63, 34), (None, *PLATFORMS)):
        for by in SUBSETS:
            yield ask(a, b, provinces=of, platform=platform, by=by)
        for place in PLACES:
            if place and place[0] == str(of) and place[1] and platform != "voso":
                only = {"provinces": of, "province": place[1], "platform": platform}
                yield ask(a, b, **only, by=("month", "platform"))


def answers(conn):
    """Each answered cell: kind, place, platform, period; and its bot part, None when withheld."""
    for question in questions():
        told, asked = set(), question.province and question.province.removeprefix("63/")
        for one in summarise(conn, question, LEAST).figures:
            if one.indicator not in KIND:
                continue
            place = one.province and (str(question.provinces), one.province.code or "")
            first, last = one.month or question.start, one.month or question.end
            told.add((KIND[one.indicator], place, one.platform, one.month))
            yield (KIND[one.indicator], place, one.platform, first, last), one.source.bot
        months = [None, *(question.months if "month" in question.by else ())]
        platforms = [question.platform] if question.platform else [None]
        if "platform" in question.by and not question.platform:
            platforms += PLATFORMS
        if "province" in question.by and not asked:
            every = [place for place in PLACES if place and place[0] == str(question.provinces)]
            for kind, place, on, month in product(KIND.values(), every, platforms, months):
                if (kind, place, on, month) not in told:  # not named is: there was nothing
                    yield (kind, place, on, month or question.start, month or question.end), 0


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_no_small_cell_follows_from_everything_that_can_be_asked(db):
    """A cell is never shown in one answer and withheld in another, and the small ones stay unknown."""
    programme = Programme(seed=1)
    await db.write(lambda tx: append(tx, programme.events))
    while await db.write(advance):
        pass
    answered = await db.read(lambda conn: list(answers(conn)))
    shown = {cell for cell, value in answered if value is not None}
    assert not shown & {cell for cell, value in answered if value is None}
    known = Equations()
    for cell, value in dict(answered).items():
        of = unknowns(*cell)
        if value is not None:
            assert value == sum(len(programme.there[key]) for key in of)
            known.learn([of])
    small = [of for of in targets() if few(programme, of)]
    assert len(small) > 100
    assert len(shown) > 300
    assert [of for of in small if known.tell(of)] == []
    for place in PLACES[1:]:
        if place[0] == "34":
            cell = ("sold", place, None, MONTHS[0], MONTHS[-1])
            told = await db.read(lambda conn, code=place[1]: behind(conn, code))
            assert (told.events is None) == (cell not in shown)


def behind(conn, code):
    """The counts of the events that a province's transactions are made of."""
    question = ask(MONTHS[0], MONTHS[-1], provinces=34, province=code)
    return events_behind(conn, question, "transactions", LEAST)


def targets():
    for kind, place, platform in product(KIND.values(), PLACES[1:], (None, *PLATFORMS)):
        for a, b in product(MONTHS, MONTHS):
            if a <= b:
                yield unknowns(kind, place, platform, a, b)


def few(programme, of):
    return 0 < len({home for key in of for home in programme.there[key]}) < LEAST

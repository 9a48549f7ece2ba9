"""Small cells: whoever lays all answers beside each other can work out none that is withheld."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, product
from uuid import UUID

import pytest
from attack import Equations

from domain.rings import alone, in_rings
from domain.suppression import PLATFORMS, Level, Part, closed_ends, levels

LEAST = 5
ATOMS = (
    *(("01", "01"), ("82", "82"), ("82", "87"), ("82", ""), ("48", "48"), ("48", "49")),
    *(("92", "92"), ("92", "93"), ("92", "94"), ("92", "")),
)


class Village:
    """A made-up programme: who sold how much in each month, place and platform."""

    def __init__(self, seed: int, months: int, often: tuple[int, ...]) -> None:
        rng = random.Random(seed)
        self.months = range(months)
        self.there: dict[tuple[int, int, str], dict[UUID, int]] = {}
        for place, platform in product(range(len(ATOMS)), PLATFORMS):
            usual = rng.choice(often)
            for month in self.months:
                those = rng.sample(range(12), min(12, max(0, usual + rng.randint(-2, 2))))
                self.there[month, place, platform] = {
                    UUID(int=place * 100 + who): rng.randint(1, 3) for who in those
                }

    def parts(self) -> list[Part]:
        return [
            Part(
                *(*ATOMS[place], platform),
                [self._households(month, place, platform) for month in self.months],
                [sum(self.there[month, place, platform].values()) for month in self.months],
            )
            for place, platform in product(range(len(ATOMS)), PLATFORMS)
        ]

    def _households(self, month: int, place: int, platform: str) -> frozenset[UUID] | None:
        some = frozenset(self.there[month, place, platform])
        return some if len(some) < LEAST else None

    def who(self, cell) -> set[UUID]:
        return {one for key in cell for one in self.there[key]}


def atoms_in(place: tuple[str, str]) -> list[int]:
    of, code = place
    if of == "rest":
        return [n for n, one in enumerate(ATOMS) if one == (code, "")]
    return [n for n, one in enumerate(ATOMS) if one[0 if of == "34" else 1] == code]


PLACES = sorted(
    {("34", of_34) for of_34, _ in ATOMS}
    | {("63", of_63) for _, of_63 in ATOMS}
    | {("rest", of_34) for of_34, of_63 in ATOMS if not of_63}
)


def cell(months, places, platforms):
    """The unknowns that a cell is the sum of."""
    return list(product(months, places, platforms))


LEVEL = {None: Level.ALL, "voso": Level.PLATFORMS, "postmart": Level.PLATFORMS}


def asked(village):
    """Every cell that can be asked: the place (None: the country), platform, first and last month."""
    platforms = (None, *PLATFORMS)
    periods = [(a, b) for a in village.months for b in village.months if a <= b]
    for place, platform, (first, last) in product((None, *PLACES), platforms, periods):
        where = range(len(ATOMS)) if place is None else atoms_in(place)
        on = PLATFORMS if platform is None else (platform,)
        yield place, platform, first, last, cell(range(first, last + 1), where, on)


def shown(found, place, platform, first, last) -> bool:
    if place is None:
        return True
    ends = [found[place][end] for end in (first - 1, last) if end >= 0]
    return place[0] != "rest" and all(end < LEVEL[platform] for end in ends)


def attacked(village, found) -> list[object]:
    """The cells of few households that follow from those that are shown."""
    known = Equations()
    cells = list(asked(village))
    known.learn(dict.fromkeys(one[-1], 1) for one in cells if shown(found, *one[:-1]))
    return [
        one[:-1]
        for one in cells
        if one[0] is not None
        and 0 < len(village.who(one[-1])) < LEAST
        and known.tell(dict.fromkeys(one[-1], 1))
    ]


@pytest.mark.parametrize("seed", range(30))
def test_no_cell_of_few_households_follows_from_all_that_can_be_asked(seed):
    """All periods, both sets of provinces, both platforms; places from nobody to twelve households."""
    often = ((0, 3, 8), (1, 2, 6, 9), (8, 8, 8, 8, 8, 8, 3), (2, 3, 4))[seed % 4]
    village = Village(seed, 5, often)
    assert attacked(village, levels(village.parts(), LEAST, stock=False)) == []


@pytest.mark.parametrize("seed", range(4))
def test_without_second_cells_the_attack_succeeds(seed, monkeypatch):
    """The attack is worth something: against cells withheld only where they are small it wins."""
    village = Village(seed, 4, (8, 3))
    monkeypatch.setattr("domain.suppression._close", lambda *_, **__: None)
    assert attacked(village, levels(village.parts(), LEAST, stock=False))


@pytest.mark.parametrize("seed", range(20))
def test_what_stands_at_a_months_end_is_as_safe(seed):
    """A stock is asked at one month's end; what stands there on a platform or in a province adds up, too."""
    village = Village(seed, 3, ((0, 3, 8), (8, 8, 8, 8, 3))[seed % 2])
    found = levels(village.parts(), LEAST, stock=True)
    known, small = Equations(), []
    for place, platform, first, last, of in asked(village):
        if first == last:
            if place is None or (place[0] != "rest" and found[place][last] < LEVEL[platform]):
                known.learn([dict.fromkeys(of, 1)])
            elif 0 < len(village.who(of)) < LEAST:
                small.append(of)
    assert small
    assert not any(known.tell(dict.fromkeys(of, 1)) for of in small)


def test_nothing_is_withheld_where_every_cell_holds_enough():
    village = Village(1, 6, (9,))
    assert not any(map(any, levels(village.parts(), LEAST, stock=False).values()))


def test_a_small_beginning_is_not_told_by_a_long_period_later():
    """Two households in the first month and many later: the whole is shown, the first month is not."""
    many = [frozenset({UUID(int=1), UUID(int=2)}), None, None]
    parts = [
        Part("82", "82", "voso", many, [4, 90, 90]),
        Part("01", "01", "voso", [None] * 3, [70, 70, 70]),
        Part("92", "92", "voso", [None] * 3, [800, 800, 800]),
    ]
    found = levels(parts, LEAST, stock=False)
    assert found["34", "82"] == [Level.ALL, Level.OPEN, Level.OPEN]
    assert found["34", "01"] == [Level.ALL, Level.OPEN, Level.OPEN]  # the smaller of the two others
    assert found["34", "92"] == [Level.OPEN] * 3


def test_the_same_small_place_stays_beside_another_in_every_month():
    """Whoever waits a month learns nothing: the second cell is chosen by the place, not by the month."""
    few = [frozenset({UUID(int=n)}) for n in range(4)]
    parts = [Part("82", "82", "voso", few, [1] * 4)]
    parts += [Part(of, of, "voso", [None] * 4, [9 + n] * 4) for n, of in enumerate(("01", "04"))]
    found = levels(parts, LEAST, stock=True)
    assert [found["34", "01"], found["34", "04"]] == [[Level.ALL] * 4, [Level.OPEN] * 4]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_withheld_of_past_months_does_not_change_when_months_are_added(seed):
    """Or two answers, one of last month and one of today, would tell together what each keeps back."""
    parts = Village(seed, 6, (3, 8)).parts()
    whole = levels(parts, LEAST, stock=False)
    for count in range(1, 6):
        until = [
            replace(part, households=part.households[:count], amounts=part.amounts[:count])
            for part in parts
        ]
        earlier = levels(until, LEAST, stock=False)
        assert earlier == {place: found[:count] for place, found in whole.items()}


def test_where_one_province_alone_sold_the_country_tells_it():
    """Country totals are never withheld: then no second cell helps, and none is withheld in vain."""
    one = Part("82", "82", "voso", [frozenset({UUID(int=1)}), None], [3, 50])
    other = Part("01", "01", "voso", [frozenset(), None], [0, 50])
    found = levels([one, other], LEAST, stock=False)
    assert found["34", "82"] == [Level.ALL, Level.OPEN]


# Rings

SQUARE = {
    ("a", ""): ("1", "2"),
    ("b", ""): ("2", "3"),
    ("c", ""): ("3", "4"),
    ("d", ""): ("4", "1"),
}


def test_a_cell_on_no_ring_of_withheld_cells_follows_from_the_sums():
    assert alone(SQUARE, set(SQUARE)) == frozenset()
    for count in (1, 2, 3):
        for some in combinations(SQUARE, count):
            assert alone(SQUARE, some) == frozenset(some)


def test_the_cheapest_ring_is_chosen_and_only_of_cells_with_a_cost():
    more = {**SQUARE, ("e", ""): ("1", "2"), ("f", ""): ("1", "2")}
    secret = {("a", "")}
    price = dict.fromkeys(more, 2) | {("f", ""): 1}
    assert in_rings(more, secret, secret, price.get) == {("a", ""), ("f", "")}
    assert in_rings(more, secret, secret, {}.get) == secret


# Communes, of which only the country is known besides


def of_months(*counts: int, start: int = 0) -> list[frozenset[UUID]]:
    """So many households in each month, all of them different."""
    ids = iter(range(start, start + sum(counts)))
    return [frozenset(UUID(int=next(ids)) for _ in range(count)) for count in counts]


def test_a_commune_that_is_withheld_alone_takes_the_smallest_other_with_it():
    places = {
        ("82", "1"): of_months(3, 9),
        ("82", "2"): of_months(7, 7),
        ("82", "3"): of_months(8, 8),
    }
    assert closed_ends(places, LEAST) == {
        ("82", "1"): [True, False],
        ("82", "2"): [True, False],
        ("82", "3"): [False, False],
    }


def test_two_small_communes_hide_each_other():
    places = {("82", "1"): of_months(3), ("82", "2"): of_months(2), ("82", "3"): of_months(8)}
    assert [ends for (ends,) in closed_ends(places, LEAST).values()] == [True, True, False]


@pytest.mark.parametrize("seed", range(20))
def test_no_small_commune_follows_from_any_periods(seed):
    rng = random.Random(seed)
    places = {
        ("82", str(n)): of_months(*(rng.choice((0, 2, 6, 9)) for _ in range(5)), start=n * 100)
        for n in range(4)
    } | {("01", "9"): of_months(7, 7, 7, 7, 7, start=900), ("01", "8"): of_months(9, 9, 9, 9, 9)}
    ends, known, small = closed_ends(places, LEAST), Equations(), []
    for place, first, last in product([None, *places], range(5), range(5)):
        if first > last:
            continue
        of = {
            (where, m): 1
            for where in ([place] if place else places)
            for m in range(first, last + 1)
        }
        edges = [ends[place][end] for end in (first - 1, last) if end >= 0] if place else []
        if place is None or not any(edges):
            known.learn([of])
        if place and 0 < sum(len(places[place][m]) for m in range(first, last + 1)) < LEAST:
            small.append(of)
    assert not any(known.tell(of) for of in small)

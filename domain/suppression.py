"""Which periods of which places are not shown, so that no figure of a few households can be worked out.

Every period can be asked, and is the difference of what a place had summed up by the ends of two months. An
end of a month is *closed* for a place where the sum up to it would tell, beside those already open, of fewer
than `least` households; a period is shown only between two open ends. Within one end the sums over provinces
and platforms must not tell either: `domain.rings`. Why: docs/adr/0017-second-cell.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from domain.geography import successor
from domain.rings import alone, in_rings

PLATFORMS = ("voso", "postmart")

Place = tuple[str, str]
"""(`34`, code), (`63`, code), no code where it can't be told; (`rest`, code of the 34) is shown nowhere."""
Households = frozenset[UUID] | None
"""None: there are enough of them."""


class Level(IntEnum):
    """What is withheld of a place at the end of a month."""

    OPEN = 0
    PLATFORMS = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A place that is counted by itself, on one platform, month by month; `of_34`, `of_63`: codes or empty.

    `amounts`: transactions in each month, or what stood at its end.
    """

    of_34: str
    of_63: str
    platform: str
    households: Sequence[Households]
    amounts: Sequence[int]


Levels = Mapping[Place, Sequence[Level]]


def levels(parts: Iterable[Part], least: int, *, stock: bool) -> Levels:
    """For each place its level at each month's end. `stock`: only what stands at that end counts."""
    places = _places(parts)
    found = {
        place: [*(_standing if stock else _flowing)(series, least)]
        for place, series in places.items()
    }
    months = max((len(one) for one in found.values()), default=0)
    for month in range(months):
        if any(one[month] for one in found.values()):
            _close(found, places, month, stock=stock)
    return found


def closed_ends(
    places: Mapping[Place, Sequence[frozenset[UUID]]], least: int
) -> dict[Place, list[bool]]:
    """The same for places of which only the sum is known besides: at which ends each of them is closed.

    One that is closed alone would follow from the sum: the smallest of those open is closed with it.
    """
    found = {name: [*_by_itself(months, least)] for name, months in sorted(places.items())}
    for month in range(max(map(len, places.values()), default=0)):
        if sum(ends[month] for ends in found.values()) == 1:
            beside = {
                (len(frozenset().union(*months[: month + 1])), name)
                for name, months in places.items()
                if months[month] and not found[name][month]
            }
            for _, smallest in sorted(beside)[:1]:
                found[smallest][month] = True
    return found


def _by_itself(months: Iterable[frozenset[UUID]], least: int) -> Iterator[bool]:
    since: frozenset[UUID] = frozenset()
    for some in months:
        since |= some
        closed = _few(since, least)
        yield closed
        since = since if closed else frozenset()


# A place by itself


@dataclass(slots=True)
class Series:
    """A place's parts put together: by platform, then by month."""

    households: list[list[Households]]
    amounts: list[list[int]]

    def total(self, month: int) -> int:
        """All until then; no unit, only to say which place is smaller. What comes later changes no choice."""
        return sum(sum(one[: month + 1]) for one in self.amounts)


def _places(parts: Iterable[Part]) -> dict[Place, Series]:
    found: dict[Place, Series] = {}
    for part in parts:
        for place in _places_of(part):
            count = len(part.amounts)
            empty = Series(
                [[frozenset()] * count for _ in PLATFORMS], [[0] * count for _ in PLATFORMS]
            )
            _add(found.setdefault(place, empty), part)
    return dict(sorted(found.items()))


def _places_of(part: Part) -> Iterator[Place]:
    yield "34", part.of_34
    yield "63", part.of_63
    if part.of_34 and not part.of_63:
        yield "rest", part.of_34


def _add(series: Series, part: Part) -> None:
    which = PLATFORMS.index(part.platform)
    households, amounts = series.households[which], series.amounts[which]
    for month, amount in enumerate(part.amounts):
        households[month] = _together(households[month], part.households[month])
        amounts[month] += amount


def _together(some: Households, others: Households) -> Households:
    return None if some is None or others is None else some | others


def _few(households: Households, least: int) -> bool:
    return households is not None and 0 < len(households) < least


def _standing(series: Series, least: int) -> Iterator[Level]:
    for by_platform in zip(*series.households, strict=True):
        if _few(_together(*by_platform), least):
            yield Level.ALL
        else:
            small = any(_few(one, least) for one in by_platform)
            yield Level.PLATFORMS if small else Level.OPEN


def _flowing(series: Series, least: int) -> Iterator[Level]:
    """Households are gathered since the last end that is open, for all and for each platform."""
    whole: Households = frozenset()
    apart: list[Households] = [frozenset() for _ in PLATFORMS]
    for by_platform in zip(*series.households, strict=True):
        whole = _together(whole, _together(*by_platform))
        apart = [_together(was, more) for was, more in zip(apart, by_platform, strict=True)]
        if _few(whole, least):
            yield Level.ALL
            continue
        whole = frozenset()
        if any(_few(one, least) for one in apart):
            yield Level.PLATFORMS
            continue
        apart = [frozenset() for _ in PLATFORMS]
        yield Level.OPEN


# Places beside each other

COUNTRY, LOST, OUTSIDE = "country", "lost", "outside"
HARDLY = 10**18  # a place that had nothing in this month, but in the next, hides little


def _sums(place: Place) -> tuple[str, str]:
    """The two sums of which it is a part; the country's own figures are always shown."""
    of, code = place
    if of == "34":
        return COUNTRY, code or LOST
    if of == "rest":
        return code, LOST
    return (successor(code).code if code else LOST), OUTSIDE


def _close(
    found: dict[Place, list[Level]], places: Mapping[Place, Series], month: int, *, stock: bool
) -> None:
    """Close so many more ends of this month that none can be worked out from the others."""
    ends = {p: _sums(p) for p, one in places.items() if _anything(one, month, stock=stock)}
    ends |= {p: _sums(p) for p in places if found[p][month]}
    unseen = {p for p in ends if p[0] == "rest"}

    def close(level: Level) -> frozenset[Place]:
        secret = {p for p in ends if found[p][month] >= level}

        def cost(place: Place) -> int | None:
            return _cost(places[place], month, level, stock=stock)

        withheld = in_rings(ends, secret | unseen, secret, cost)
        for place in withheld - unseen:
            found[place][month] = max(found[place][month], level)
        return alone(ends, withheld) & secret

    close(Level.ALL)
    lonely = close(Level.PLATFORMS)
    if lonely:
        for place in lonely:
            found[place][month] = Level.ALL
        close(Level.ALL)
        close(Level.PLATFORMS)


def _anything(series: Series, month: int, *, stock: bool) -> bool:
    first = month if stock else 0
    return any(any(one[first : month + 1]) for one in series.amounts)


def _cost(series: Series, month: int, level: Level, *, stock: bool) -> int | None:
    """The smaller place is the cheaper one to close; None where closing it would hide nothing."""
    beside = [one[month : month + (1 if stock else 2)] for one in series.amounts]
    if level is Level.ALL:
        beside = [[sum(both) for both in zip(*beside, strict=True)]]
    if not all(any(one) for one in beside):
        return None
    return 1 + series.total(month) + (0 if all(one[0] for one in beside) else HARDLY)

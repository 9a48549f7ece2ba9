"""What looks wrong about a reported figure: it is asked before it is taken. Pure; the limits are data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from domain.report_series import Period, ReportPlatform, Series, Standing

DoubtKind = Literal[
    "fall",
    "tenfold",
    "tenth",
    "no_transactions",
    "ratio",
    "counted_twice",
    "parts",
    "places",
    "listed",
]
DOUBTS: tuple[DoubtKind, ...] = get_args(DoubtKind)
BOTH: tuple[ReportPlatform, ...] = get_args(ReportPlatform)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a figure is asked about.

    `times`: as many times the one before, or as small a part of it, a day (a stock: as it is); periods of
    which one is more than `longer` times the other are not compared.
    `least_ratio`, `most_ratio`: đồng a transaction. `near`: percent of the assistant's own figure within
    which a report may be that very figure, from `least_own` on.
    """

    times: int = 10
    longer: int = 2
    least_ratio: int = 1_000
    most_ratio: int = 100_000_000
    near: int = 5
    least_own: int = 10


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question about one figure, and the `other` number that makes it doubtful."""

    kind: DoubtKind
    indicator: str
    value: int
    other: int


@dataclass(frozen=True, slots=True)
class Figure:
    """What is to be checked."""

    series: Series
    period: Period
    value: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What it is compared with: reports as they stand with it taken in, and what the assistant counts.

    `own`: by figure; `listed`: news items named one by one, likewise.
    """

    standing: Mapping[Series, Standing] = field(default_factory=dict)
    own: Mapping[tuple[Series, Period], int] = field(default_factory=dict)
    listed: Mapping[tuple[Series, Period], int] = field(default_factory=dict)

    def with_(self, standing: Standing) -> Ground:
        """The same with another state of one series."""
        return replace(self, standing={**self.standing, standing.series: standing})

    def within(self, series: Series, period: Period) -> int | None:
        """The sum of the reports inside the period; None when there are none and some reach over it."""
        figures = self.standing[series].figures if series in self.standing else {}
        inside = [value for one, value in figures.items() if period.contains(one)]
        reach = any(one.overlaps(period) for one, value in figures.items() if value)
        return sum(inside) if inside or not reach else None

    def other_places(self, series: Series) -> Iterator[Standing]:
        """For the country the same figures of its provinces, for a province those of the country."""
        wanted = (series.indicator, series.platform, series.province is not None)
        for other, standing in self.standing.items():
            if (other.indicator, other.platform, other.province is None) == wanted:
                yield standing


def related(series: Series) -> tuple[Series, ...]:
    """The series that its figures are compared with, itself first; the country's with all provinces', too."""
    others = [replace(series, platform=one) for one in (None, *BOTH)]
    if series.indicator in SOLD:
        beside = next(one for one in SOLD if one != series.indicator)
        others += [replace(one, indicator=beside) for one in others]
    others.append(replace(series, province=None))
    return tuple(dict.fromkeys((series, *others)))


SOLD = ("value", "transactions")


def doubts(figure: Figure, ground: Ground, limits: Limits = LIMITS) -> tuple[Doubt, ...]:
    """Every question about it; 0 says that there was nothing, and is not asked about but as a fall."""
    return tuple(doubt for check in CHECKS for doubt in check(figure, ground, limits))


def _doubt(kind: DoubtKind, figure: Figure, other: int) -> Doubt:
    return Doubt(kind, figure.series.indicator, figure.value, other)


def _before(figure: Figure, ground: Ground, limits: Limits) -> Iterator[Doubt]:
    """A stock that falls; ten times the report before it, or a tenth."""
    standing = ground.standing.get(figure.series)
    found = standing.before(figure.period) if standing else None
    if found is None:
        return
    stock, (period, earlier) = figure.series.stock, found
    days, before = (1, 1) if stock else (figure.period.days, period.days)
    if max(days, before) > limits.longer * min(days, before):
        return
    rate, rate_before = figure.value * before, earlier * days
    if figure.value and rate >= rate_before * limits.times:
        yield _doubt("tenfold", figure, earlier)
    elif stock and figure.value < earlier:
        yield _doubt("fall", figure, earlier)
    elif figure.value and rate * limits.times <= rate_before:
        yield _doubt("tenth", figure, earlier)


def _sold(figure: Figure, ground: Ground, limits: Limits) -> Iterator[Doubt]:
    """Money needs transactions, and neither pence nor fortunes each."""
    if figure.series.indicator != "value" or not figure.value:
        return
    count = _transactions(figure, ground)
    if count == 0:
        yield _doubt("no_transactions", figure, 0)
    elif count and not _plausible(figure.value, count, limits):
        yield _doubt("ratio", figure, count)


def _transactions(figure: Figure, ground: Ground) -> int | None:
    """Those reported for the same days; None when that can't be told: for longer ones, or of no platform."""
    series = replace(figure.series, indicator="transactions")
    by_platform = [replace(series, platform=one) for one in (None, *BOTH)]
    counts = [ground.within(one, figure.period) for one in by_platform]
    if series.platform is None:
        return None if None in counts else sum(filter(None, counts))
    own = ground.within(series, figure.period)
    return None if own == 0 and counts[0] != 0 else own


def _counted(figure: Figure, ground: Ground, limits: Limits) -> Iterator[Doubt]:
    """Transactions against the money that stands for the same days."""
    if figure.series.indicator != "transactions" or not figure.value:
        return
    standing = ground.standing.get(replace(figure.series, indicator="value"))
    money = standing.figures.get(figure.period) if standing else None
    if money and not _plausible(money, figure.value, limits):
        yield _doubt("ratio", figure, money)


def _plausible(money: int, count: int, limits: Limits) -> bool:
    return limits.least_ratio * count <= money <= limits.most_ratio * count


def _own(figure: Figure, ground: Ground, limits: Limits) -> Iterator[Doubt]:
    """Both sources are added up: a report that is the assistant's own figure would count it twice."""
    own = ground.own.get((figure.series, figure.period), 0)
    if own >= limits.least_own and abs(figure.value - own) * 100 <= own * limits.near:
        yield _doubt("counted_twice", figure, own)


def _parts(figure: Figure, ground: Ground, _: Limits) -> Iterator[Doubt]:
    """Platforms by name and a figure of no platform, both of the same days: they are added up, too."""
    if not figure.value:
        return
    own = figure.series.platform
    others = BOTH if own is None else (None,)
    series = [replace(figure.series, platform=one) for one in others]
    found = [
        ground.standing[one].figures.get(figure.period, 0)
        for one in series
        if one in ground.standing
    ]
    if sum(found):
        yield _doubt("parts", figure, sum(found))


def _places(figure: Figure, ground: Ground, _: Limits) -> Iterator[Doubt]:
    """The country beside its provinces, both counting on the same days: they are added up, too."""
    own = ground.standing.get(figure.series)
    if not figure.value or own is None:
        return
    days = own.days_of(figure.period)
    if found := sum(one.counting(days) for one in ground.other_places(figure.series)):
        yield _doubt("places", figure, found)


def _listed(figure: Figure, ground: Ground, _: Limits) -> Iterator[Doubt]:
    """Fewer news items than were named one by one."""
    listed = ground.listed.get((figure.series, figure.period), 0)
    if figure.value < listed:
        yield _doubt("listed", figure, listed)


CHECKS: tuple[Callable[[Figure, Ground, Limits], Iterator[Doubt]], ...] = (
    _before,
    _sold,
    _counted,
    _own,
    _parts,
    _places,
    _listed,
)

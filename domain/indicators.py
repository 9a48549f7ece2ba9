"""The programme's figures: what each means, and what an event adds to them. Additive, in any order.

A sum over roll-up rows is a figure: a flow sums the rows of the months asked for, a stock all rows
up to the last of them. What each means in words: `domain.definitions`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType
from typing import Any, Literal, get_args

from domain.check_events import CertificateChecked, CertificateGiven, SaleChecked
from domain.events import (
    Event,
    HouseholdMoved,
    OrderCompleted,
    OrderMatched,
    OrderPaid,
    OrderReturned,
    ProductChanged,
    ProductListed,
    ProductWithdrawn,
    ReportReceived,
    SaleCorrected,
    SaleFigures,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
    ShopLinked,
)
from domain.facts import Evidence, Fact, Platform
from domain.household import ZONE
from domain.report_events import ReportTakenBack
from domain.training_events import TrainingFact

Kind = Literal["stock", "flow", "ratio", "status"]

OFFLINE = (
    "offline"  # the farm gate and the market: the household's own ledger, no platform's figure
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the programme."""

    key: str
    kind: Kind
    unit: str
    by_platform: bool = True
    reported: bool = True


INDICATORS: dict[str, Indicator] = {
    indicator.key: indicator
    for indicator in (
        Indicator("products", "stock", "product"),
        Indicator("transactions", "flow", "transaction"),
        Indicator("value", "flow", "VND"),
        Indicator("value_per_transaction", "ratio", "VND", reported=False),
        Indicator("accounts", "stock", "account"),
        Indicator("courses", "flow", "course"),
        Indicator("attendances", "flow", "attendance"),
        Indicator("articles", "flow", "article"),
        Indicator("decision_468", "status", "province", by_platform=False, reported=False),
    )
}


@dataclass(frozen=True, slots=True)
class RollupKey:
    """Where an amount is kept. Months are YYYY-MM, the same twice but for a reported period;
    what is not known or does not apply is empty: a country's report has no province.
    """

    month: str
    until: str
    province: str
    commune: str
    platform: str
    indicator: str
    source: Literal["bot", "reported"]
    evidence: str


@dataclass(frozen=True, slots=True)
class Delta:
    """What one event adds to one roll-up row; negative to take back, 0 where 0 was reported."""

    key: RollupKey
    amount: int


def deltas(event: Event) -> tuple[Delta, ...]:
    """What the event adds to the figures: whole products, transactions, đồng. Most add nothing.

    A sale struck out or restored counts where its event says, which is where the sale was.
    """
    count = _COUNTS.get(type(event))
    return tuple(count(event)) if count else ()


def month_of(day: dt.date) -> str:
    """YYYY-MM; of a moment, the month in Asia/Ho_Chi_Minh."""
    if isinstance(day, dt.datetime):
        day = day.astimezone(ZONE)
    return f"{day.year:04d}-{day.month:02d}"


def _sold(event: SaleLogged | SaleRestored | OrderCompleted) -> Iterator[Delta]:
    return _sale(_figures(event), 1)


def _struck(event: SaleWithdrawn) -> Iterator[Delta]:
    return _sale(_figures(event), -1)


def _figures(event: SaleLogged | SaleWithdrawn | SaleRestored | OrderCompleted) -> SaleFigures:
    return SaleFigures(
        total_vnd=abs(event.total_vnd),
        date=event.date,
        platform=event.platform,
        evidence=event.evidence,
        province=event.province,
        commune=event.commune,
    )


Changed = SaleCorrected | OrderMatched | OrderPaid | OrderReturned | SaleChecked


def _changed(event: Changed) -> Iterator[Delta]:
    """What stood before goes, what stands now comes, in the place where it was; a return leaves nothing."""
    if event.before is None:
        return
    yield from _sale(event.before, -1)
    match event:
        case SaleCorrected():
            yield from _sale(_corrected(event), 1)
        case OrderMatched() | OrderPaid() | SaleChecked():
            yield from _sale(event.before.model_copy(update={"evidence": event.evidence}), 1)


def _corrected(event: SaleCorrected) -> SaleFigures:
    """A correction made after the household moved leaves the sale where it was."""
    return event.before.model_copy(
        update={
            "total_vnd": event.total_vnd,
            "date": event.date,
            "platform": event.platform,
            "evidence": event.evidence,
        }
    )


def _sale(sale: SaleFigures, sign: int) -> Iterator[Delta]:
    if sale.platform == OFFLINE:
        return
    month = month_of(sale.date)
    at = month, month, sale.province or "", sale.commune or "", sale.platform
    yield Delta(RollupKey(*at, "transactions", "bot", sale.evidence), sign)
    yield Delta(RollupKey(*at, "value", "bot", sale.evidence), sign * sale.total_vnd)


Listed = ProductListed | ProductWithdrawn | ProductChanged | CertificateGiven | CertificateChecked
Stars = tuple[tuple[Platform, ...], Evidence | None, Evidence | None]
"""On which platforms, and what stood and stands behind the stars of a product; None: it has none."""


def _stars(event: Listed) -> Stars:
    match event:
        case ProductListed():
            return (event.platform,), None, event.evidence if event.ocop_stars else None
        case ProductWithdrawn():
            return (event.platform,), event.evidence if event.ocop_stars else None, None
        case CertificateChecked():
            return event.platforms, event.evidence_before, event.evidence
    before = event.evidence_before if event.stars_before else None
    has_stars = isinstance(event, CertificateGiven) or event.ocop_stars
    return event.platforms, before, event.evidence if has_stars else None


def _products(event: Listed) -> Iterator[Delta]:
    """OCOP products count, once on each platform; a change counts when stars or their evidence change."""
    platforms, before, after = _stars(event)
    for platform in platforms if before != after else ():
        if before is not None:
            yield from _stock(event, "products", platform, -1, before)
        if after is not None:
            yield from _stock(event, "products", platform, 1, after)


def _linked(event: ShopLinked) -> Iterator[Delta]:
    return _stock(event, "accounts", event.platform, 1)


def _moved(event: HouseholdMoved) -> Iterator[Delta]:
    """What stands is counted where the household lives, from the day of the move."""
    month = month_of(event.at)
    places = (
        (-1, event.from_province or "", event.from_commune or ""),
        (1, event.province or "", event.commune or ""),
    )
    for one, (sign, province, commune) in product(event.standing, places):
        place = province, commune, one.platform
        key = RollupKey(month, month, *place, one.indicator, "bot", one.evidence)
        yield Delta(key, sign * one.count)


def _stock(
    event: Fact,
    indicator: str,
    platform: str,
    change: int,
    evidence: Evidence = "said",
) -> Iterator[Delta]:
    if platform == OFFLINE:
        return
    month = month_of(event.at)
    place = event.province or "", event.commune or ""
    yield Delta(RollupKey(month, month, *place, platform, indicator, "bot", evidence), change)


def _training(event: TrainingFact) -> Iterator[Delta]:
    """Courses and those who came, on the course's day, where it was held; of no one platform as a whole."""
    month = month_of(event.date)
    place = event.province or "", event.commune or ""
    key = RollupKey(month, month, *place, event.platform or "", "courses", "bot", "said")
    if event.courses:
        yield Delta(key, event.courses)
    if event.attendances:
        yield Delta(replace(key, indicator="attendances"), event.attendances)


def _report(event: ReportReceived | ReportTakenBack) -> Iterator[Delta]:
    """A flow is kept with its whole period; a stock is a step up or down in its last month,
    taken back in the month of the next report, which already says what stood there.
    """
    stock = INDICATORS[event.indicator].kind == "stock"
    until = month_of(event.period_to)
    key = RollupKey(
        month=until if stock else month_of(event.period_from),
        until=until,
        province=event.province or "",
        commune=event.commune or "",
        platform=event.platform or "",
        indicator=event.indicator,
        source="reported",
        evidence="",
    )
    change = _change(event, event.previous if stock else 0)
    yield Delta(key, change)
    if stock and event.next_month:
        back = replace(key, month=event.next_month, until=event.next_month)
        yield Delta(back, -change)


def _change(event: ReportReceived | ReportTakenBack, nothing: int) -> int:
    """From what stood to what stands; where nothing is reported, `nothing` does."""
    if isinstance(event, ReportTakenBack):
        return (nothing if event.stands is None else event.stands) - event.value
    return event.value - (nothing if event.replaces is None else event.replaces)


def _kinds(*families: type[Fact]) -> Iterator[type[Fact]]:
    for family in families:
        yield from family.__subclasses__() or [family]


_COUNTS: Mapping[type[Fact], Callable[[Any], Iterator[Delta]]] = MappingProxyType(
    {
        **dict.fromkeys(_kinds(SaleLogged, SaleRestored, OrderCompleted), _sold),
        **dict.fromkeys(_kinds(SaleWithdrawn), _struck),
        **dict.fromkeys(_kinds(*get_args(Changed)), _changed),
        **dict.fromkeys(_kinds(*get_args(Listed)), _products),
        **dict.fromkeys(_kinds(ShopLinked), _linked),
        **dict.fromkeys(_kinds(HouseholdMoved), _moved),
        **dict.fromkeys(_kinds(TrainingFact), _training),
        **dict.fromkeys(_kinds(ReportReceived, ReportTakenBack), _report),
    }
)
COUNTED = frozenset(one.model_fields["type"].default for one in _COUNTS)
"""The types of the events that change a figure; all others need not be read for it."""

"""The figures are sums: any order, nothing twice, a correction moves and never adds."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.events import (
    EVENT,
    ContactStarted,
    Event,
    OrderCompleted,
    ProductChanged,
    ProductListed,
    ProductWithdrawn,
    ReportReceived,
    SaleCorrected,
    SaleFigures,
    SaleItem,
    SaleLogged,
    SaleRestored,
    SaleWithdrawn,
    ShopLinked,
)
from domain.indicators import INDICATORS, deltas, month_of

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
PLACE = {"province": "82", "commune": "30226"}
PLATFORMS = st.sampled_from(["voso", "postmart", "offline"])
EVIDENCE = st.sampled_from(["said", "confirmed", "matched", "paid"])
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
SUMS = st.integers(0, 10**12)


def fact(**values: object):
    return {"id": uuid4(), "at": NOON, "household": UUID(int=1), **PLACE, **values}


def items(total):
    return (SaleItem(product="cam sành", quantity=Decimal(20), unit="kg", total_vnd=total),)


def sale(
    total=500_000, date=dt.date(2026, 11, 20), platform="postmart", evidence="said", **more: object
):
    return SaleLogged(
        **fact(
            code="KX42",
            items=items(total),
            total_vnd=total,
            date=date,
            platform=platform,
            evidence=evidence,
            **more,
        )
    )


def figures(of):
    return SaleFigures(
        total_vnd=of.total_vnd,
        date=of.date,
        platform=of.platform,
        evidence=of.evidence,
        province=of.province,
        commune=of.commune,
    )


def corrected(before, **after: object):
    values = {
        "total_vnd": before.total_vnd,
        "date": before.date,
        "platform": before.platform,
        "evidence": before.evidence,
    } | after
    return SaleCorrected(
        **fact(code=before.code, items=items(values["total_vnd"]), before=figures(before), **values)
    )


def withdrawn(of, undoes="sale_logged"):
    return SaleWithdrawn(
        **fact(
            code=of.code,
            undoes=undoes,
            total_vnd=-of.total_vnd,
            date=of.date,
            platform=of.platform,
            evidence=of.evidence,
        )
    )


def summed(*events: Event):
    """Roll-up rows that are not zero."""
    rows = Counter()
    for event in events:
        for delta in deltas(event):
            rows[delta.key] += delta.amount
    return {key: amount for key, amount in rows.items() if amount}


def amounts(*events: Event):
    rows = Counter()
    for key, amount in summed(*events).items():
        rows[key.indicator, key.platform, key.until] += amount
    return dict(rows)


sales = st.builds(sale, total=SUMS, date=DAYS, platform=PLATFORMS, evidence=EVIDENCE)


def test_a_sale_on_a_platform_is_one_transaction_and_its_value_on_the_day_it_happened():
    assert amounts(sale(date=dt.date(2026, 10, 31))) == {
        ("transactions", "postmart", "2026-10"): 1,
        ("value", "postmart", "2026-10"): 500_000,
    }


def test_a_sale_at_the_farm_gate_is_no_platforms_figure():
    assert deltas(sale(platform="offline")) == ()


def test_an_order_seen_through_is_one_transaction():
    order = OrderCompleted(
        **fact(
            order="VS-1",
            platform="voso",
            code="KX43",
            total_vnd=700_000,
            date=dt.date(2026, 11, 1),
            evidence="matched",
        )
    )
    assert amounts(order) == {
        ("transactions", "voso", "2026-11"): 1,
        ("value", "voso", "2026-11"): 700_000,
    }
    assert amounts(order, withdrawn(order, "order_completed")) == {}


@given(sales)
def test_logged_and_struck_out_is_nothing(logged):
    assert summed(logged, withdrawn(logged)) == {}


@given(sales)
def test_struck_out_and_restored_is_as_logged(logged):
    back = SaleRestored(
        **fact(
            code=logged.code,
            total_vnd=logged.total_vnd,
            date=logged.date,
            platform=logged.platform,
            evidence=logged.evidence,
        )
    )
    assert summed(logged, withdrawn(logged), back) == summed(logged)


@given(sales, SUMS, DAYS, PLATFORMS, EVIDENCE)
def test_a_correction_is_as_if_it_had_been_logged_so(logged, total, date, platform, evidence):
    after = {"total_vnd": total, "date": date, "platform": platform, "evidence": evidence}
    assert summed(logged, corrected(logged, **after)) == summed(
        sale(total, date, platform, evidence)
    )


def test_a_correction_after_a_move_leaves_the_sale_where_it_was():
    logged = sale()
    event = corrected(logged, total_vnd=1).model_copy(update={"province": "01", "commune": "00004"})
    assert {key.province for key in summed(logged, event)} == {"82"}


@given(st.lists(sales, max_size=8), st.data())
def test_any_order_gives_the_same_sums(logged, draw):
    events = [*logged, *(corrected(one, total_vnd=one.total_vnd + 1) for one in logged[::2])]
    assert summed(*draw.draw(st.permutations(events))) == summed(*events)


@given(st.sampled_from([None, 3, 4, 5]), st.lists(st.sampled_from([None, 3, 4, 5]), max_size=5))
def test_only_ocop_products_count_once_a_platform_and_leave_as_they_came(stars, changes):
    both = ("voso", "postmart")
    listed = [
        ProductListed(
            **fact(code="SP1", product="mật ong", unit_price_vnd=1, ocop_stars=stars, platform=p)
        )
        for p in (*both, "offline")
    ]
    changed = []
    for now in changes:
        changed.append(
            ProductChanged(**fact(code="SP1", ocop_stars=now, stars_before=stars, platforms=both))
        )
        stars = now
    standing = amounts(*listed, *changed)
    assert standing == ({("products", p, "2026-11"): 1 for p in both} if stars else {})
    gone = [
        ProductWithdrawn(**fact(code="SP1", ocop_stars=stars, platform=p))
        for p in (*both, "offline")
    ]
    assert amounts(*listed, *changed, *gone) == {}


def test_a_stock_belongs_to_the_month_in_vietnam():
    late = dt.datetime(2026, 10, 31, 18, tzinfo=dt.UTC)  # 1 November, 01:00 in Vietnam
    assert month_of(late) == "2026-11"
    linked = ShopLinked(**fact(platform="voso", shop="vuon-co-ba") | {"at": late})
    assert amounts(linked) == {("accounts", "voso", "2026-11"): 1}


def test_what_is_no_figure_adds_nothing():
    assert deltas(ContactStarted(**fact())) == ()


class Reports:
    """Reports as the importer makes them: it knows what was reported before."""

    def __init__(self, indicator) -> None:
        self.indicator = indicator
        self.kept = {}

    def report(self, period, value):
        end = period[1]
        earlier = [p for p in self.kept if p[1] < end]
        later = [p for p in self.kept if p[1] > end]
        event = ReportReceived(
            id=uuid4(),
            at=NOON,
            indicator=self.indicator,
            platform="voso",
            period_from=period[0],
            period_to=end,
            value=value,
            replaces=self.kept.get(period),
            previous=self.kept[max(earlier, key=lambda p: p[1])] if earlier else 0,
            next_month=month_of(min(later, key=lambda p: p[1])[1]) if later else None,
        )
        self.kept[period] = value
        return event


MONTHS = [(dt.date(2023, m, 1), dt.date(2023, m, 28)) for m in range(1, 7)]
REPORTED = st.lists(st.tuples(st.sampled_from(MONTHS), st.integers(0, 10**9)), max_size=12)


@given(REPORTED)
def test_a_stock_is_the_latest_report_at_every_months_end_whatever_order_reports_came_in(reported):
    reports = Reports("products")
    rows = summed(*(reports.report(*one) for one in reported))
    for month in MONTHS:
        known = [p for p in reports.kept if p <= month]
        expected = reports.kept[max(known)] if known else 0
        assert sum(a for key, a in rows.items() if key.until <= month_of(month[1])) == expected


@given(REPORTED)
def test_a_later_flow_report_replaces_the_earlier_of_its_period(reported):
    reports = Reports("transactions")
    rows = summed(*(reports.report(*one) for one in reported))
    kept = {month_of(p[1]): value for p, value in reports.kept.items() if value}
    assert {key.until: amount for key, amount in rows.items()} == kept


def test_a_reported_flow_keeps_its_whole_period():
    event = ReportReceived(
        id=uuid4(),
        at=NOON,
        indicator="courses",
        period_from=dt.date(2022, 8, 1),
        period_to=dt.date(2023, 6, 30),
        value=568,
    )
    (delta,) = deltas(event)
    assert (delta.key.month, delta.key.until, delta.key.source, delta.amount) == (
        "2022-08",
        "2023-06",
        "reported",
        568,
    )


def test_a_reported_zero_is_kept_apart_from_no_report():
    event = ReportReceived(
        id=uuid4(),
        at=NOON,
        indicator="courses",
        period_from=dt.date(2023, 1, 1),
        period_to=dt.date(2023, 1, 31),
        value=0,
    )
    assert [delta.amount for delta in deltas(event)] == [0]


@pytest.mark.parametrize("key", INDICATORS)
def test_indicators_know_what_they_are(key):
    indicator = INDICATORS[key]
    assert indicator.key == key
    assert indicator.reported == (indicator.kind in {"stock", "flow"})


def test_events_survive_the_way_through_json_with_the_same_deltas():
    logged = sale()
    assert deltas(EVENT.validate_json(EVENT.dump_json(logged))) == deltas(logged)

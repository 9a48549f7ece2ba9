"""The life of an order: what is allowed to whom, what it holds of the stock, which sale it is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.facts import SaleItem
from domain.household import ZONE, Entry, Product
from domain.orders import (
    ALLOWED,
    OPEN,
    OVER,
    TO,
    WAY,
    Deal,
    Refusal,
    after,
    fits,
    holding,
    own_number,
    same_goods,
    steps_to,
    stronger,
)

STATES = st.sampled_from([*WAY, "cancelled", "expired", "returned"])
STEPS = st.sampled_from(list(TO))
ACTORS = st.sampled_from(list(ALLOWED))
DAY = dt.date(2026, 11, 21)


def item(product="cam sành", quantity="20", unit="kg", total=500_000):
    amount = None if quantity is None else Decimal(quantity)
    return SaleItem(product=product, quantity=amount, unit=unit, total_vnd=total)


def product(name="cam sành", code="AB22", unit="kg", stock="50"):
    return Product(name=name, code=code, unit=unit, stock=None if stock is None else Decimal(stock))


CAM = (item(),)


def entry(total=500_000, date=DAY, platform="voso", items=CAM, **more: object):
    at = dt.datetime(2026, 11, 21, 8, tzinfo=ZONE)
    return Entry("KX42", "", "", items, total, date, platform, "said", at, **more)


def deal(placed=DAY, completed=DAY, items=CAM):
    return Deal("voso", items, 500_000, placed, completed)


# The steps


@given(STATES, STEPS, ACTORS)
def test_a_step_leads_on_or_says_which_are_allowed(state, step, by):
    reached = after(state, step, by)
    if isinstance(reached, Refusal):
        assert step not in reached.allowed
        assert all(isinstance(after(state, other, by), str) for other in reached.allowed)
    else:
        assert reached == TO[step]


@given(STATES, STEPS, ACTORS)
def test_no_step_leads_back(state, step, by):
    reached = after(state, step, by)
    if reached in WAY and state in WAY:
        assert WAY.index(reached) > WAY.index(state)
    if state in {"cancelled", "returned"}:
        assert isinstance(reached, Refusal)


@pytest.mark.parametrize("state", [s for s in WAY if s != "placed"])
def test_a_buyer_may_cancel_only_what_is_not_confirmed(state):
    assert after("placed", "cancel", "buyer") == "cancelled"
    assert after(state, "cancel", "buyer") == Refusal(state, "cancel", ())


def test_the_clock_expires_only_what_nobody_answered():
    assert [s for s in (*WAY, *OVER) if after(s, "expire", "clock") == "expired"] == ["placed"]


def test_a_refused_step_of_the_household_names_the_steps_that_are_allowed():
    assert after("placed", "ship") == Refusal("placed", "ship", ("confirm", "cancel"))
    assert after("cancelled", "confirm") == Refusal("cancelled", "confirm", ())


# What a platform says


@given(STATES)
def test_a_platform_that_repeats_itself_changes_nothing(state):
    assert steps_to(state, state) == ()


@given(st.sampled_from(WAY), st.sampled_from(OPEN))
def test_an_older_message_of_a_platform_changes_nothing(state, said):
    if WAY.index(said) <= WAY.index(state):
        assert steps_to(state, said) == ()
    else:
        assert steps_to(state, said) == (next(s for s, to in TO.items() if to == said),)


@pytest.mark.parametrize(
    ("state", "said"),
    [("cancelled", "completed"), ("completed", "cancelled"), ("returned", "cancelled")],
)
def test_what_contradicts_an_end_is_refused(state, said):
    assert isinstance(steps_to(state, said), Refusal)


@pytest.mark.parametrize("state", ["placed", "confirmed", "packed", "shipped", "expired"])
def test_goods_that_came_back_were_delivered_before(state):
    assert steps_to(state, "returned") == ("complete", "return")


@given(STATES, st.lists(STATES, max_size=6))
def test_every_platform_message_leads_to_a_state_or_a_refusal(state, told):
    for said in told:
        steps = steps_to(state, said)
        if isinstance(steps, Refusal):
            continue
        for step in steps:
            reached = after(state, step, "platform")
            assert isinstance(reached, str)
            state = reached


# The stock


def test_what_is_held_is_never_more_than_there_is():
    held = holding([item(quantity="40"), item(quantity="40")], [product()])
    assert sum(part.quantity for part in held) == 50


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (item(unit="thùng"), product()),
        (item(quantity=None), product()),
        (item(), product(stock=None)),
        (item(), product(code=None)),
        (item("quýt"), product()),
        (item(), product(stock="0")),
    ],
)
def test_nothing_is_held_when_it_is_not_sure_how_much(wanted, there):
    assert holding([wanted], [there]) == ()


# Which sale it is


def test_an_order_is_the_logged_sale_of_the_same_platform_goods_and_sum():
    assert fits(deal(), entry())
    assert not fits(deal(), entry(platform="postmart"))
    assert not fits(deal(), entry(total=500_001))
    assert not fits(deal(), entry(items=(item("quýt"),)))
    assert not fits(deal(), entry(order="VS-1"))
    assert not fits(deal(), entry(struck_at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC)))


@pytest.mark.parametrize(("days", "fit"), [(-3, False), (-2, True), (2, True), (3, False)])
def test_a_sale_is_at_most_two_days_from_its_order(days, fit):
    assert fits(deal(), entry(date=DAY + dt.timedelta(days=days))) is fit


def test_a_sale_may_be_logged_when_the_order_was_placed_or_when_it_was_done():
    long = deal(placed=DAY - dt.timedelta(days=9))
    for days in (-9, -5, 0):
        assert fits(long, entry(date=DAY + dt.timedelta(days=days)))


def test_a_platform_may_say_more_of_a_product_than_the_household():
    assert same_goods([item("Cam sành Hàm Yên loại 1")], [item("cam sanh")])
    assert not same_goods([item("cam sành")], [item("cam xoàn")])
    assert not same_goods([item(), item("quýt")], [item()])


def test_evidence_only_rises():
    order = ["said", "confirmed", "matched", "paid"]
    for low, one in enumerate(order):
        for other in order[low:]:
            assert stronger(one, other) == stronger(other, one) == other


def test_an_own_number_begins_with_the_households_code():
    assert own_number("DT-0412", 7) == "DT-0412-7"

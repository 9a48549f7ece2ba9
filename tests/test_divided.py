"""Provinces in time: what can't be split is said, nothing is guessed, and who moves counts where it was."""

import datetime as dt

import pytest
from test_summary import Farm, cell, stored, summary

from bot.summary_text import summary_text
from domain.events import HouseholdMoved, ProductWithdrawn, ShopLinked
from domain.facts import Standing
from storage.goods import standing
from storage.projections import project
from storage.rollups import rebuild_check

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

UNTOLD = "Không tách được theo 63 tỉnh, thành phố"
OF_TWO = ("92", "31246")  # a commune of Cần Thơ on land of Cần Thơ and Sóc Trăng
OF_ONE = ("92", "31321")  # Hậu Giang


def by_province(found, indicator):
    return {
        one.province.name: one.value
        for one in found.figures
        if one.indicator == indicator and one.province and one.platform is None
    }


async def some_untold(db):
    """A household in such a commune, one beside it, and a report that names the new province only."""
    events = [
        fact for farm in (Farm(*OF_TWO), Farm(*OF_ONE)) for fact in (farm.registered(), farm.sale())
    ]
    await stored(db, *events, reports="2026-11-01,2026-11-30,courses,,3,Cần Thơ\n")


async def test_what_cant_be_told_among_the_63_stands_apart_by_its_own_words(db):
    await some_untold(db)
    old = await summary(db, by=["province"], provinces=63)
    assert by_province(old, "transactions") == {"Hậu Giang": 1, UNTOLD: 1}
    assert by_province(old, "courses") == {UNTOLD: 3}
    assert UNTOLD in summary_text(old)
    (note,) = old.notes
    assert "cộng lại vẫn đúng tổng số" in note


async def test_the_totals_are_equal_under_both_sets(db):
    await some_untold(db)
    old = await summary(db, by=["province", "platform"], provinces=63)
    new = await summary(db, by=["province", "platform"], provinces=34)
    for key in ("transactions", "value", "courses", "products"):
        assert cell(old, key).value == cell(new, key).value
        for found in (old, new):
            parts = by_province(found, key).values()
            assert sum(part or 0 for part in parts) == (cell(found, key).value or 0)
    assert by_province(new, "courses") == {"Cần Thơ": 3}
    assert new.notes == []


async def test_a_province_of_the_63_says_what_is_missing_from_it(db):
    await some_untold(db)
    found = await summary(db, province="Hậu Giang")
    assert cell(found, "transactions", province="Hậu Giang").value == 1
    assert cell(found, "courses", province="Hậu Giang").value is None
    (note,) = found.notes
    assert note.startswith("Số liệu chỉ biết theo Cần Thơ (mới) không tách được")
    assert (await summary(db, province="Hà Giang")).notes == []  # of another new province


# Moves

SALE, MOVE, LATER = (dt.date(2026, month, 10) for month in (9, 10, 11))


async def moved(db):
    """From Đồng Tháp to Hà Nội in October, with a product on a platform and a shop."""
    farm = Farm("82", "30226")
    first = [
        farm.registered(),
        farm.sale(day=SALE),
        farm.listed("voso", day=SALE),
        farm.fact(ShopLinked, SALE, platform="voso", shop="vuon"),
    ]
    await stored(db, *first)
    farm.place = {"province": "01", "commune": "00004"}
    stands = [Standing(indicator=key, platform="voso") for key in ("products", "accounts")]
    left = {"from_province": "82", "from_commune": "30226"}
    move = farm.fact(HouseholdMoved, MOVE, standing=tuple(stands), **left)
    await stored(db, move, farm.sale(day=LATER))
    return farm


@pytest.mark.parametrize("of", [63, 34])
async def test_who_moves_counts_where_it_was_on_that_day(db, of):
    await moved(db)
    found = await summary(db, "2026-09", "2026-11", by=["month", "province"], provinces=of)

    def there(key, place):
        months = ("2026-09", "2026-10", "2026-11")
        shown = {
            (one.month, one.province.name): one.value
            for one in found.figures
            if one.indicator == key and one.province and one.platform is None
        }
        return [shown.get((month, place)) for month in months]

    assert there("transactions", "Đồng Tháp") == [1, None, None]
    assert there("transactions", "Hà Nội") == [None, None, 1]
    for key in ("products", "accounts"):
        assert there(key, "Đồng Tháp") == [1, 0, 0]
        assert there(key, "Hà Nội") == [None, 1, 1]


async def test_what_is_taken_off_after_a_move_leaves_nothing_behind(db):
    farm = await moved(db)
    off = farm.fact(ProductWithdrawn, LATER, code="C1", ocop_stars=4, platform="voso")
    await stored(db, off)
    found = await summary(db, "2026-11", "2026-11", by=["province"])
    assert by_province(found, "products") == {"Đồng Tháp": 0, "Hà Nội": 0}
    assert await db.read(rebuild_check) == []


@pytest.mark.parametrize("late", [False, True])
async def test_a_late_sale_counts_where_the_household_lives_when_it_says_so(db, late):
    """What it said before it moved stays; what it says afterwards has the new address, whatever the day."""
    farm = await moved(db)
    day = SALE if late else LATER
    await stored(db, farm.sale(day=day))
    found = await summary(db, f"{day:%Y-%m}", f"{day:%Y-%m}", by=["province"])
    assert by_province(found, "transactions")["Hà Nội"] == (1 if late else 2)


async def test_what_stands_of_a_household_is_what_is_still_on_a_platform(db):
    """Products without stars and those taken off do not count; a shop stays."""
    one, other, third = (Farm("82", "30226") for _ in range(3))
    listed, gone, plain = one.listed(), other.listed(), third.listed(stars=None)
    linked = one.fact(ShopLinked, platform="voso", shop="vuon")
    off = other.fact(ProductWithdrawn, code=gone.code, ocop_stars=4, platform="voso")
    people = [farm.registered() for farm in (one, other, third)]
    await db.write(lambda tx: project(tx, [*people, listed, gone, plain, linked, off]))
    stands = [
        await db.read(lambda c, who=farm.id: standing(c, who)) for farm in (one, other, third)
    ]
    there = [Standing(indicator=key, platform="voso") for key in ("accounts", "products")]
    assert stands == [tuple(there), (), ()]

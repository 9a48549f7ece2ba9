"""Figures in the number format of the published reports; what is rounded says so."""

from __future__ import annotations

from functools import lru_cache

from bot.locales.format import in_tenths, number
from bot.locales.spoken import spoken, text

BILLION = 10**9
MILLION = 10**6
ACCOUNTS_STEP = MILLION // 10  # above a million, accounts are given to a tenth of it
RATIO_STEP = 1000  # đồng
MONEY = ("value", "value_per_transaction")
MINUS = "\N{MINUS SIGN}"


def display(indicator: str, value: int | None) -> str:
    """The figure as it is printed by itself: `173.745`, `217,1 tỷ`, `khoảng 220.000 đ`."""
    return displayed(indicator, value, spoken())


@lru_cache(maxsize=5_000)  # a summary of the country by province and platform has a thousand
def displayed(indicator: str, value: int | None, _spoken: str) -> str:
    """The same, remembered by the language, which must be the one that is spoken."""
    match indicator:
        case _ if value is None:
            return text("summary.missing")
        case "value":
            return vnd(value)
        case "value_per_transaction":
            return rounded_ratio(value, "summary.money")
        case "accounts" if value >= MILLION:
            return _over(value)
        case _:
            return number(value, spoken())


def exact(indicator: str, value: int) -> str:
    """To the last đồng, so that a difference shows: `987.530`, `1.250.000 đ`."""
    return _money(value) if indicator in MONEY else number(value, spoken())


def signed(indicator: str, value: int) -> str:
    """A difference with its sign: `+35`, `−6`, `+1.250.000 đ`."""
    return f"{MINUS if value < 0 else '+'}{exact(indicator, abs(value))}"


def unit_of(vnd_total: int) -> int:
    """In what a sum is given: billions, millions, or đồng."""
    size = abs(vnd_total)
    return BILLION if size >= BILLION else MILLION if size >= MILLION else 1


def vnd(value: int) -> str:
    """`217,1 tỷ`, `45,6 triệu`, `500.000 đ`."""
    unit = unit_of(value)
    if unit == 1:
        return _money(value)
    key = "summary.billion" if unit == BILLION else "summary.million"
    return _about(text(key).format(sum=tenths(value, unit)), exact=value % (unit // 10) == 0)


def vnd_in(value: int, unit: int) -> str:
    """A part of a sum in the sum's unit, without its name; in its own where that would show 0."""
    if unit == 1:
        return number(value, spoken())
    if value and abs(value) * 20 < unit:
        return vnd(value)
    return tenths(value, unit)


def tenths(value: int, unit: int) -> str:
    """`217,1`, `70`: in units to one place, half up."""
    step = unit // 10
    return in_tenths((2 * value + step) // (2 * step), spoken())


def rounded_ratio(value: int, key: str) -> str:
    """`khoảng 220.000 đ`: to the nearest thousand."""
    near = (2 * value + RATIO_STEP) // (2 * RATIO_STEP) * RATIO_STEP
    shown = near or value
    return _about(text(key).format(sum=number(shown, spoken())), exact=shown == value)


def _money(vnd: int) -> str:
    return text("summary.money").format(sum=number(vnd, spoken()))


def _about(shown: str, *, exact: bool) -> str:
    return shown if exact else text("summary.about").format(figure=shown)


def _over(value: int) -> str:
    """Rounded down, as the reports do: `hơn 5,4 triệu`."""
    down = value // ACCOUNTS_STEP * ACCOUNTS_STEP
    shown = text("summary.million").format(sum=tenths(down, MILLION))
    return text("summary.over").format(figure=shown)

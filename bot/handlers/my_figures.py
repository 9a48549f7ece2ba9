"""My figures: today, this week, month or year, by product, against the period before, with a chart."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.handler import Handler
from bot.dialogue.queries import LedgerSums, LedgerTotals, ProductSum
from bot.dialogue.reply import Amount, Bars, Button, Joined, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.periods import Period, before, period_of, this_month, this_week, this_year, today
from bot.drafts.sums import total_values
from bot.language.products import known_product
from domain.fold import fold

SHOWN_PRODUCTS = 4  # products with a line of their own
DAYS_IN_CHART = 31

PICKS = {"today": today, "week": this_week, "month": this_month, "year": this_year}


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    bare_period = words.intent == "other" and words.period is not None and not words.items
    return words.intent == "stats" or bare_period


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is not None and words.period is not None:
        _show(turn, period_of(*words.period, turn.on))
    elif words is not None and words.date is not None:
        _show(turn, period_of(words.date, words.date, turn.on))
    else:
        _show(turn, this_month(turn.on))


def _picked(turn: Turn, ref: str) -> None:
    _show(turn, PICKS.get(ref, this_month)(turn.on))


def _show(turn: Turn, period: Period) -> None:
    sums: LedgerTotals = turn.query(LedgerSums(period.start, period.end))
    buttons = _buttons(period)
    goods = _goods(turn, sums)
    if goods:
        turn.say(*_of_goods(period, sums, goods), buttons=buttons)
        return
    if not sums.sales:
        turn.say(Line("figures.none", {"period": period.words}), buttons=buttons)
        return
    earlier: LedgerTotals = turn.query(LedgerSums(*before(period)))
    turn.say(*_lines(turn, period, sums, earlier), buttons=buttons, picture=_chart(period, sums))


def _lines(turn: Turn, period: Period, sums: LedgerTotals, earlier: LedgerTotals) -> list[Line]:
    lines = [
        Line("figures.total", total_values(sums.total_vnd)),
        Line("figures.count", {"period": period.words, "count": sums.sales}),
    ]
    lines += _product_lines(sums.products)
    if earlier.sales:
        difference = _difference(sums.total_vnd - earlier.total_vnd)
        lines.append(
            Line("figures.compare", {"before": period.before_words, "difference": difference})
        )
    return lines


def _goods(turn: Turn, sums: LedgerTotals) -> tuple[str, ...]:
    """The goods that were asked about: those that the lexicon or the book knows."""
    words = turn.understood
    items = words.items if words else ()
    said = [each for item in items for each in (item.product or "").split(", ") if each]
    return tuple(g for g in said if _sold(sums, (g,)) or known_product(g) is not None)


def _sold(sums: LedgerTotals, goods: tuple[str, ...]) -> tuple[ProductSum, ...]:
    wanted = [fold(each) for each in goods]
    return tuple(p for p in sums.products if any(w in fold(p.product) for w in wanted))


def _of_goods(period: Period, sums: LedgerTotals, goods: tuple[str, ...]) -> list[Line]:
    """The money from these goods alone, and what it is made of."""
    sold = _sold(sums, goods)
    values: dict[str, Value] = {"period": period.words, "goods": Joined(goods)}
    if not sold:
        return [Line("figures.none_of_goods", values)]
    total = Line("figures.total", total_values(sum(p.total_vnd for p in sold)))
    return [total, Line("figures.of_goods", values), *_product_lines(sold)]


def _product_lines(products: tuple[ProductSum, ...]) -> list[Line]:
    lines = [
        Line(
            "figures.product",
            {"item": Amount(p.quantity, p.unit, p.product), "total": Money(p.total_vnd)},
        )
        for p in products[:SHOWN_PRODUCTS]
    ]
    rest = sum(p.total_vnd for p in products[SHOWN_PRODUCTS:])
    if rest:
        lines.append(Line("figures.other_products", {"total": Money(rest)}))
    return lines


def _difference(vnd: int) -> Value:
    if not vnd:
        return Lines((Line("difference.same"),))
    key = "difference.more" if vnd > 0 else "difference.less"
    return Lines((Line(key, {"sum": Money(abs(vnd))}),))


def _chart(period: Period, sums: LedgerTotals) -> Bars | None:
    """Bars by day for up to a month, else by month; none for a single bar."""
    if period.end - period.start < dt.timedelta(days=DAYS_IN_CHART):
        bars = tuple((str(day.day), vnd) for day, vnd in sums.by_day)
        title = "chart.days"
    else:
        bars = tuple((f"{int(month[5:])}", vnd) for month, vnd in sums.by_month)
        title = "chart.months"
    if len(bars) < 2:
        return None
    return Bars(Line(title, {"period": period.words}), bars)


def _buttons(period: Period) -> tuple[Button, ...]:
    """The other periods, shortest first."""
    return tuple(
        Button(f"figures.period:{name}", f"button.period.{name}")
        for name in PICKS
        if name != period.name
    )


HANDLER = Handler(
    name="figures",
    claims=_claims,
    begin=_begin,
    taps={"figures.period": _picked},
    aside=True,
    assists=True,
)

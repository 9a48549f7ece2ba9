"""My figures: today, this week, month or year, by product, against the period before, with a chart."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.handler import Handler
from bot.dialogue.queries import LedgerSums, LedgerTotals
from bot.dialogue.reply import Amount, Bars, Button, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.drafts.periods import Period, before, period_of, this_month, this_week, this_year, today
from bot.drafts.sums import total_values
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
    lines += _product_lines(turn, sums)
    if earlier.sales:
        difference = _difference(sums.total_vnd - earlier.total_vnd)
        lines.append(
            Line("figures.compare", {"before": period.before_words, "difference": difference})
        )
    return lines


def _product_lines(turn: Turn, sums: LedgerTotals) -> list[Line]:
    products = sums.products
    asked = (
        {fold(i.product) for i in turn.understood.items if i.product} if turn.understood else set()
    )
    if asked:
        products = (
            tuple(p for p in products if any(a in fold(p.product) for a in asked)) or products
        )
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
)

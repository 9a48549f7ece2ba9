"""By how much one figure differs from another, as it is said: in numbers and in per cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from bot.dialogue.summary_queries import Change, SeenFigure
from bot.figure_words import display
from bot.figures import RATIO
from bot.locales.format import number
from bot.locales.spoken import spoken
from bot.summary_text import counted

MAIN = (
    "products",
    "transactions",
    "value",
    RATIO,
    "accounts",
    "courses",
    "attendances",
    "articles",
)
"""What a summary says in a conversation, in this order."""

TENTH = Decimal("0.1")
ALL = Decimal(100)
MOST_PERCENT = 1000  # ten times and more is no matter of per cent


def beside(indicator: str, now: int, then: int | None) -> SeenFigure:
    """A figure with the one beside it, where there is one."""
    said = in_words(indicator, now)
    if then is None:
        return SeenFigure(indicator, "given", said)
    other = in_words(indicator, then)
    return SeenFigure(indicator, "given", said, "given", other, difference(indicator, now, then))


def difference(indicator: str, now: int, then: int) -> Change:
    """In numbers and, where there was something, in per cent."""
    if now == then:
        return Change("same")
    by = in_words(indicator, abs(now - then))
    return Change("more" if now > then else "less", by, _percent(now - then, then))


def in_words(indicator: str, value: int) -> str:
    """As printed by itself: `1.234`, `khoảng 217,1 tỷ đồng`."""
    return counted(indicator, value) if indicator == "value" else display(indicator, value)


def _percent(by: int, of: int) -> str:
    """To a tenth, half up, without its sign; empty where it would say nothing."""
    if of <= 0:
        return ""
    share = (Decimal(abs(by)) * 100 / of).quantize(TENTH, ROUND_HALF_UP)
    if share == ALL and 0 < -by < of:
        share -= TENTH  # something is left
    return number(share, spoken()) if 0 < share < MOST_PERCENT else ""

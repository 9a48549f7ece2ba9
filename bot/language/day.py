"""A day or a span of days said."""

from __future__ import annotations

from datetime import date, timedelta

from bot.language.values import value_class

DAY = timedelta(days=1)


@value_class(frozen=True, slots=True)
class Day:
    """A day or a span said. `past` and `future` differ where the year, month or week was not said.

    `doubt`: "vague" (*hôm bữa*) or "lunar" (*mùng 5 tháng 3*), with the days it may be in `options`.
    """

    start: int
    end: int
    past: date | None = None
    future: date | None = None
    period: tuple[date, date] | None = None
    doubt: str | None = None
    options: tuple[date, ...] = ()
    rule: str = "date"

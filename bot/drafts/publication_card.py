"""What is about to be published, as a card: the months, the main figures, why again."""

from __future__ import annotations

import calendar
import datetime as dt

from bot.dialogue.publishing_queries import PublicationSeen
from bot.dialogue.reply import Button, Line, Lines, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.periods import month_value
from bot.language.figures_asked import figures_asked
from domain.household import ZONE

Months = tuple[str, str]


def months_said(text: str, on: dt.date) -> Months | None:
    """The whole months that the words name, YYYY-MM, both included; None for none, or for days."""
    span = figures_asked(text, on).sides[0].span
    if span is None:
        return None
    first, last = span
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    return (f"{first:%Y-%m}", f"{last:%Y-%m}") if whole else None


def months_value(months: Months) -> Value:
    """*tháng 6/2026*, *từ tháng 4/2026 đến tháng 6/2026*."""
    start, end = (month_value(int(month[:4]), int(month[5:])) for month in months)
    if start == end:
        return Lines((Line("publishing.month", {"month": start}),))
    return Lines((Line("publishing.months", {"start": start, "end": end}),))


def day_value(at: dt.datetime | None) -> Value:
    """As officials write it: *05/07/2026*."""
    return f"{at.astimezone(ZONE):%d/%m/%Y}" if at else ""


def show_card(
    turn: Turn, months: Months, seen: PublicationSeen, reason: str | None, *, moved: bool = False
) -> None:
    """Everything that will be read by everybody, and the question."""
    lines = [Line("publishing.moved")] if moved else []
    lines.append(Line("publishing.card", {"months": months_value(months)}))
    lines += [
        Line("publishing.figure", {"name": Name(f"indicator.name.{key}"), "figure": shown})
        for key, shown in seen.figures
    ]
    if reason is not None:
        lines.append(Line("publishing.again", {"revision": seen.revision, "reason": reason}))
    if seen.at is not None:
        at = seen.at.astimezone(ZONE)
        lines.append(Line("publishing.at", {"time": f"{at:%H:%M}", "date": day_value(at)}))
    lines.append(Line("publishing.ask"))
    go = Button(f"publishing.go:{seen.sign}", "button.publishing.go")
    turn.say(*lines, buttons=(go, Button("publishing.leave", "button.leave")))

"""A figure as a card: the number, how it stands beside the period before, its sources and what it means."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bot.drill_down import COUNTABLE
from bot.figure_words import display
from bot.figures import RATIO
from bot.locales.spoken import text
from bot.summary import PLATFORMS, Definition, Figure, Summary
from bot.summary_text import platform_name, withheld
from domain.indicators import INDICATORS
from web.periods import Kind
from web.words import t

NONE = "–"
PROVEN = ("products", "transactions", "value")  # what stands behind them is told, too
FOLD = 10  # from so many times as much it is told in times, not in per cent


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of the whole question, everything as it is printed."""

    key: str
    shown: str
    known: bool
    change: str
    platforms: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    meaning: Definition
    events: bool


def cards_of(summary: Summary, before: Summary | None, kind: Kind) -> list[Card]:
    """A card for each indicator that is a number, in the order of the programme."""
    keys = dict.fromkeys(figure.indicator for figure in summary.figures)
    return [_card(key, summary, before, kind) for key in keys]


def whole_of(summary: Summary, key: str) -> Figure:
    """The figure of the whole question."""
    return next(figure for figure in summary.figures if figure.indicator == key)


def shown_of(figure: Figure) -> str:
    """The figure as in a table: a dash where nobody reported anything."""
    return NONE if figure.value is None and not withheld(figure) else figure.display


def change_of(now: Figure, before: Figure | None, kind: Kind) -> str:
    """`hơn tháng trước 12 %`; empty where one of them is not known or nothing stood before."""
    if before is None or now.value is None or before.value is None or before.value <= 0:
        return ""
    period = t(f"web.period.before.{kind}")
    more = now.value - before.value
    if now.value >= FOLD * before.value:
        return t("web.change.times", times=_half_up(now.value, before.value), period=period)
    share = _half_up(100 * abs(more), before.value)
    how = "same" if not more else ("more" if more > 0 else "fewer")
    if more and not share:
        return t(f"web.change.hardly.{how}", period=period)
    return t(f"web.change.{how}", share=share, period=period)


def _half_up(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)


def _card(key: str, summary: Summary, before: Summary | None, kind: Kind) -> Card:
    whole = whole_of(summary, key)
    return Card(
        key=key,
        shown=whole.display,
        known=whole.value is not None or withheld(whole),
        change=change_of(whole, whole_of(before, key) if before else None, kind),
        platforms=tuple(_platforms(summary, whole)),
        sources=tuple(_sources(whole)),
        meaning=summary.definitions[key],
        events=key in COUNTABLE and not withheld(whole),
    )


def _platforms(summary: Summary, whole: Figure) -> list[tuple[str, str]]:
    """Each platform's part, where the figure has parts."""
    if whole.platform or not INDICATORS[whole.indicator].by_platform:
        return []
    parts = {
        one.platform: one
        for one in summary.figures
        if (one.indicator, one.month, one.province) == (whole.indicator, None, whole.province)
    }
    return [
        (platform_name(name), shown_of(parts[name]))
        for name in PLATFORMS
        if name in parts and shown_of(parts[name]) != NONE
    ]


def _sources(whole: Figure) -> list[tuple[str, str]]:
    """Where the number comes from; of the bot's part, what stands behind it."""
    if whole.value is None:
        return []
    key = whole.indicator
    parts = {"bot": whole.source.bot, "reported": whole.source.reported}
    found = [(t(f"web.ministry.{name}"), _part(key, part)) for name, part in parts.items()]
    if key in PROVEN:
        found += [
            (
                t("web.ministry.evidence"),
                text(f"summary.evidence.{name}").format(figure=display(key, n)),
            )
            for name, n in asdict(whole.evidence).items()
            if n
        ]
    return found


def _part(key: str, value: int | None) -> str:
    """A ratio of nothing is none, not 0."""
    return NONE if key == RATIO and not value else display(key, value)

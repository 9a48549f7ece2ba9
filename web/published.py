"""The published figures as pages show them: the whole programme until this month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic

import structlog

from bot.figure_words import display
from bot.figures import RATIO
from bot.locales.spoken import spoken, written_month
from bot.services import Services
from bot.summarise import summarise
from bot.summary import PLATFORMS, Figure, Summary, ask
from bot.summary_text import platform_name
from domain.household import ZONE

SINCE = "2022-08"  # the first month that was reported
KEPT = 3.0  # seconds: the same figures for everybody who looks meanwhile
STRIP = ("products", "transactions", "value", "accounts", "courses", "attendances")

NONE = "–"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its whole, its platforms, and where it comes from; all as it is printed."""

    key: str
    name: str
    definition: str
    total: str
    platforms: tuple[str, ...]
    bot: str
    reported: str

    @property
    def display(self) -> str:
        return self.total


@dataclass(frozen=True, slots=True)
class Figures:
    """What the pages need of a summary; indicators that nobody reported are left out."""

    start: str
    end: str
    platforms: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def shown(self) -> list[Row]:
        """The strip."""
        return [row for row in self.rows if row.key in STRIP]


class Published:
    """Asks for the summary at most every few seconds. It is of the whole country, so nothing is withheld."""

    def __init__(self, services: Services, today: Callable[[], dt.date] | None = None) -> None:
        self._services = services
        self._today = today or _today
        self._kept: dict[str, tuple[Summary, float]] = {}

    async def figures(self) -> Figures | None:
        """None when they can't be read now: a page must not fail for that."""
        try:
            return figures_of(await self.summary())
        except Exception:
            log.exception("the published figures can't be read")
            return None

    async def summary(self) -> Summary:
        """What the pages show, whole."""
        language = spoken()
        kept, until = self._kept.get(language, (None, 0.0))
        if kept is None or monotonic() >= until:
            kept = await self._asked()
            self._kept[language] = kept, monotonic() + KEPT
        return kept

    async def series(self) -> Summary:
        """The same, month by month and by platform."""
        return await self._asked("month", "platform")

    async def _asked(self, *by: str) -> Summary:
        question = ask(SINCE, f"{self._today():%Y-%m}", by=by, provinces=34)
        work = partial(summarise, question=question, min_cell=self._services.settings.min_cell)
        return await self._services.db.read(work)


def figures_of(summary: Summary) -> Figures:
    """The rows of a summary of the whole country."""
    country = [f for f in summary.figures if f.province is None]
    wholes = [f for f in country if f.platform is None and f.value is not None]
    return Figures(
        start=written_month(summary.start),
        end=written_month(summary.to),
        platforms=tuple(platform_name(platform) for platform in PLATFORMS),
        rows=tuple(_row(figure, summary) for figure in wholes),
    )


def _row(whole: Figure, summary: Summary) -> Row:
    key = whole.indicator
    means = summary.definitions[key]
    parts = {
        f.platform: f.display for f in summary.figures if f.indicator == key and not f.province
    }
    return Row(
        key=key,
        name=means.name,
        definition=means.definition,
        total=whole.display,
        platforms=tuple(parts.get(platform, "") for platform in PLATFORMS),
        bot=_part(key, whole.source.bot),
        reported=_part(key, whole.source.reported),
    )


def _part(key: str, value: int | None) -> str:
    """A ratio of nothing is none, not 0."""
    return NONE if key == RATIO and not value else display(key, value)


def _today() -> dt.date:
    return dt.datetime.now(ZONE).date()

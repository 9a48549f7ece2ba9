"""What was published of a summary's months and what changed since, in lines; the same for every format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from bot.figure_words import exact, signed
from bot.locales.format import number
from bot.locales.spoken import spoken, text, written_day
from bot.summary import Figure, Summary
from bot.summary_changes import Cause, Change, PublishedCell, Revision
from domain.household import ZONE

NO_CAUSE: tuple[None] = (None,)  # a ratio has a row, too
INDENT = "  "
COLUMNS = (
    *("indicator", "province_code", "province", "platform", "published", "now", "difference"),
    *("cause", "cause_name", "cause_amount", "cause_events"),
)
BESIDE = ("published", "published_revision", "difference", "causes")


def revision_lines(summary: Summary) -> list[str]:
    """Nothing for months that were never published; exact sums, so that the difference shows."""
    published = summary.published
    if published is None:
        return []
    lines = [_revision(one) for one in published.earlier] + [_published(published)]
    changes = [one for one in summary.changes if _is_main(one, summary)]
    if changes:
        return lines + [_change(one, summary, published.at) for one in changes]
    compared = any(_is_main(one, summary) and not one.withheld for one in published.figures)
    key = "summary.published.same" if compared else "summary.published.apart"
    return [*lines, text(key).format(date=_day(published.at))]


def revision_rows(summary: Summary) -> list[tuple[str | int | None, ...]]:
    """A row for each cause of each change, for tables; the columns are COLUMNS."""
    return [
        (*_cell(change), *_why(cause))
        for change in summary.changes
        for cause in change.causes or NO_CAUSE
    ]


def beside(summary: Summary) -> Callable[[Figure], tuple[str | int | None, ...]]:
    """For each figure the cells of BESIDE: as it was published, in which revision, what changed and why."""
    published = summary.published
    if published is None:
        return lambda _: (None,) * len(BESIDE)
    then = {_place_of(one): one.value for one in published.figures}
    changes = {_place_of(one): one for one in summary.changes}

    def of(figure: Figure) -> tuple[str | int | None, ...]:
        key = _place_of(figure)
        if figure.month is not None or key not in {**then, **changes}:
            return (None,) * len(BESIDE)
        change = changes.get(key)
        causes = (
            "; ".join(f"{c.cause} {c.amount:+} ({c.events})" for c in change.causes)
            if change
            else None
        )
        return then.get(key), published.revision, change.difference if change else 0, causes

    return of


def _place_of(one: Figure | PublishedCell | Change) -> tuple[str, str | None, str | None]:
    place = one.province
    return one.indicator, (place.code or "") if place else None, one.platform


def _published(one: Revision) -> str:
    key = "summary.published.again" if one.reason else "summary.published.first"
    return text(key).format(revision=one.revision, date=_day(one.at), reason=one.reason)


def _revision(one: Revision) -> str:
    key = "summary.published.earlier_why" if one.reason else "summary.published.earlier"
    return text(key).format(revision=one.revision, date=_day(one.at), reason=one.reason)


def _is_main(one: Change | PublishedCell, summary: Summary) -> bool:
    """Of the whole question or a platform of it; provinces that are told apart stand in the tables."""
    return one.province == summary.figures[0].province


def _change(change: Change, summary: Summary, since: dt.datetime) -> str:
    """A line; that of a platform beneath the whole is indented."""
    key = change.indicator
    part = change.platform != summary.figures[0].platform
    said = text("summary.changed.part" if part else "summary.changed").format(
        date=_day(since),
        figure=text(f"summary.changed.{key}"),
        platform=text(f"summary.platform.{change.platform}") if part else "",
        published=_exact(key, change.published),
        now=_exact(key, change.now),
        difference=signed(key, change.difference),
    )
    why = ", ".join(_cause(key, one) for one in change.causes if one.amount)
    line = text("summary.changed.why").format(change=said, causes=why) if why else said
    return f"{INDENT}{line}" if part else line


def _cause(key: str, one: Cause) -> str:
    count, amount = number(one.events, spoken()), signed(key, one.amount)
    return text("summary.changed.cause").format(count=count, cause=one.name, amount=amount)


def _exact(key: str, value: int | None) -> str:
    if value is None:
        return text("summary.missing")
    return exact(key, value)


def _cell(change: Change) -> Iterable[str | int | None]:
    place = change.province
    names = (place.code, place.name) if place else (None, None)
    stands = change.published, change.now, change.difference
    return change.indicator, *names, change.platform, *stands


def _why(cause: Cause | None) -> Iterable[str | int | None]:
    if cause is None:
        return None, None, None, None
    return cause.cause, cause.name, cause.amount, cause.events


def _day(at: dt.datetime) -> str:
    return written_day(at.astimezone(ZONE).date())

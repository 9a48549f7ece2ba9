"""Taking in what localities and platforms report: all of it or nothing, and the same figure only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from bot.report_doubts import asked
from bot.report_files import BadReports, Wrong
from bot.report_lines import Line, ReportLine, StatusLine
from domain.decision_468 import ProvinceStatusReported
from domain.events import Event, ReportReceived
from domain.province_keys import province_within
from domain.report_checks import Doubt, Figure, Ground, doubts
from domain.report_events import ReportAccepted, ReportChecked, ReportSubmitted
from domain.report_series import Change, ReportPlatform, Standing, fields_of
from storage.decision_468 import Standing as StatusStanding
from storage.decision_468 import status_on
from storage.report_ground import listed_articles, own_figures
from storage.reports import compared_with, lock_reports
from storage.store import append


@dataclass(frozen=True, slots=True)
class Imported:
    """How many figures were new or changed, how many of these replaced one, how many stood so already."""

    accepted: int = 0
    replaced: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reporter may report: a department its province (one of the 34), a platform itself."""

    province: str | None = None
    platform: ReportPlatform | None = None


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class _Sending:
    """One act of sending: everything in it has this moment, this channel and this submission."""

    now: dt.datetime
    channel: str
    submission: UUID

    def fact(self, kind: type[Any], **fields: Any) -> Any:
        return kind(
            id=uuid4(), at=self.now, channel=self.channel, submission=self.submission, **fields
        )


def import_reports(  # noqa: PLR0913 who sends what, when and through what
    conn: Connection,
    lines: Sequence[Line],
    *,
    now: dt.datetime,
    channel: str = "import",
    reporter: str | None = None,
    scope: Scope = EVERYWHERE,
    confirmed: bool = False,
) -> Imported:
    """Takes in every line or, with BadReports, none. `reporter` stands where a line names none.

    What looks wrong is asked, unless its line says that it is right, or `confirmed` does of all of them.
    """
    lines = [_named(line, reporter, scope) for line in lines]
    _refuse([wrong for line in lines if (wrong := _outside(line, scope))])
    lock_reports(conn)
    sending = _Sending(now, channel, uuid4())
    figures, found = _checked(conn, [one for one in lines if isinstance(one, ReportLine)])
    statuses = _other_statuses(conn, [one for one in lines if isinstance(one, StatusLine)])
    _refuse(
        [] if confirmed else [asked(line.number, one) for line, one in found if not line.confirmed]
    )
    replaced = sum(change.replaces is not None for _, change in figures)
    replaced += sum(old is not None for _, old in statuses)
    taken = Imported(len(figures) + len(statuses), replaced)
    facts = [_figure_event(line, change, sending) for line, change in figures]
    facts += [_status_event(line, sending) for line, _ in statuses]
    append(conn, _with_states(facts, sending, reporter, len(found), taken))
    return replace(taken, unchanged=len(lines) - taken.accepted)


_Changes = list[tuple[ReportLine, Change]]
_Doubts = list[tuple[ReportLine, Doubt]]


def _checked(conn: Connection, lines: Sequence[ReportLine]) -> tuple[_Changes, _Doubts]:
    """The lines that say something new with what each changes; what is asked about them, all taken in."""
    standing = compared_with(conn, [line.series for line in lines])
    changes = [(line, standing[line.series].take(line.period, line.value)) for line in lines]
    _refuse([wrong for line in lines if (wrong := _overlap(line, standing[line.series]))])
    changed = [(line, change) for line, change in changes if change is not None]
    figures = [Figure(line.series, line.period, line.value) for line, _ in changed]
    known = Ground(standing, own_figures(conn, figures), listed_articles(conn, figures))
    asked_of = zip(changed, figures, strict=True)
    return changed, [(line, one) for (line, _), figure in asked_of for one in doubts(figure, known)]


def _other_statuses(
    conn: Connection, lines: Sequence[StatusLine]
) -> list[tuple[StatusLine, StatusStanding | None]]:
    """One that says what stands already on that day is no news."""
    pairs = [(line, status_on(conn, line.province, line.on)) for line in lines]
    return [(line, old) for line, old in pairs if old is None or _said(old) != _said(line)]


def _said(one: StatusLine | StatusStanding) -> tuple[str, str | None, str | None]:
    return one.status, one.document, one.note


def _figure_event(line: ReportLine, change: Change, sending: _Sending) -> Event:
    event: ReportReceived = sending.fact(
        ReportReceived,
        **fields_of(line.series, change),
        value=line.value,
        replaces=change.replaces,
        reporter=line.reporter,
        note=line.note,
    )
    return event


def _status_event(line: StatusLine, sending: _Sending) -> Event:
    event: ProvinceStatusReported = sending.fact(
        ProvinceStatusReported,
        province=line.province,
        status=line.status,
        on=line.on,
        document=line.document,
        reporter=line.reporter,
        note=line.note,
    )
    return event


def _with_states(
    facts: list[Event], sending: _Sending, sender: str | None, doubted: int, taken: Imported
) -> list[Event]:
    """Received, checked, accepted: clean or confirmed figures need nobody else."""
    if not facts:
        return []
    return [
        sending.fact(ReportSubmitted, lines=taken.accepted, sender=sender),
        *facts,
        sending.fact(ReportChecked, doubts=doubted),
        sending.fact(ReportAccepted, replaced=taken.replaced),
    ]


def _named(line: Line, reporter: str | None, scope: Scope) -> Line:
    """Who reports for one place or platform only need not say so in every line."""
    if isinstance(line, StatusLine):
        return replace(line, reporter=line.reporter or reporter)
    series = line.series
    if series.province is None and scope.province:
        series = replace(series, province=scope.province)
    if series.platform is None and scope.platform:
        series = replace(series, platform=scope.platform)
    return replace(line, series=series, reporter=line.reporter or reporter)


def _outside(line: Line, scope: Scope) -> Wrong | None:
    province = line.province if isinstance(line, StatusLine) else line.series.province
    if scope.province and province_within(province or "", "", 34) != scope.province:
        return Wrong(line.number, "province", "is not the province of this key")
    platform = None if isinstance(line, StatusLine) else line.series.platform
    if scope.platform and platform != scope.platform:
        return Wrong(line.number, "platform", "is not the platform of this key")
    return None


def _overlap(line: ReportLine, standing: Standing) -> Wrong | None:
    other = standing.overlapping(line.period)
    if other is None:
        return None
    counted = f"some days are already counted in the report of {other}; set that one to 0 first"
    return Wrong(line.number, "period_from", counted)


def _refuse(wrong: Iterable[Wrong]) -> None:
    found = tuple(wrong)
    if found:
        raise BadReports(found)

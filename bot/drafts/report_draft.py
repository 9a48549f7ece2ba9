"""An officer's report while it is being made: what is known of it, and what a sentence adds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of
from bot.drafts.summary_asked import province_named
from bot.language.report_said import ReportSaid, report_said, span_said
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import STATUSES, Status
from domain.province_keys import province_within
from domain.report_articles import LONGEST_TITLE, Article
from domain.report_series import LARGEST, Period, ReportPlatform, Series
from domain.roles import COUNTRY, Role, is_commune

PLATFORMS: tuple[ReportPlatform, ...] = ("voso", "postmart")


class ReportDraft(BaseModel):
    """What is known of the report so far; `province` is one of today, or the country's sign."""

    model_config = ConfigDict(frozen=True)

    indicator: str | None = None
    province: str | None = None
    platform: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    value: int | None = None
    link: str | None = None
    title: str | None = None
    status: str | None = None
    on: dt.date | None = None
    document: str | None = None

    def with_(self, **fields: Any) -> ReportDraft:
        """The same with these fields changed."""
        return self.model_copy(update=fields)

    @property
    def period(self) -> Period:
        """The days of the figure, when they are known."""
        assert self.start
        assert self.end
        return Period(self.start, self.end)

    @property
    def series(self) -> Series:
        """What it is a figure of, when nothing is missing."""
        platform = next((one for one in PLATFORMS if one == self.platform), None)
        return Series(self.indicator or "", platform, self.place)

    @property
    def place(self) -> str | None:
        """The province's key; None: the country."""
        return None if self.province == COUNTRY else self.province

    @property
    def said_status(self) -> Status:
        """The status, when it is known."""
        return next(one for one in STATUSES if one == self.status)


def reporting(roles: tuple[Role, ...]) -> tuple[str, ...]:
    """The areas for which somebody reports: officers of a province or of the country."""
    own = {one.area for one in roles if one.kind == "officer" and not is_commune(one.area)}
    return tuple(sorted(own))


def begun(turn: Turn) -> ReportDraft:
    """What the sentence says already; who reports for one province only is not asked for it."""
    areas = reporting(turn.person.roles)
    own = COUNTRY if COUNTRY in areas else areas[0] if len(areas) == 1 else None
    heard = report_said(text_of(turn), turn.on)
    draft = ReportDraft(indicator=heard.indicator, province=own)
    if own is None or (heard.indicator == DECISION_468 and own == COUNTRY):
        draft = draft.with_(province=_place_said(turn))
    return with_said(draft, heard, turn)


def elsewhere(turn: Turn) -> bool:
    """Whether the words name a province for which this person does not report."""
    heard, place = report_said(text_of(turn), turn.on), _place_said(turn)
    if place is None or heard.article is not None:
        return False
    areas = reporting(turn.person.roles)
    return place not in areas and not (COUNTRY in areas and heard.indicator == DECISION_468)


def _place_said(turn: Turn) -> str | None:
    """The province of today that the words name; one of the former lies in it."""
    key = province_named(text_of(turn), 34)
    return province_within(key, "", 34) if key else None


def with_said(draft: ReportDraft, heard: ReportSaid, turn: Turn) -> ReportDraft:
    """The draft with all that was heard; days that have not begun are left out."""
    fields: dict[str, Any] = {"platform": heard.platform, "status": heard.status}
    if heard.span and heard.span[0] <= turn.on:
        fields |= {"start": heard.span[0], "end": heard.span[1]}
    if heard.article is not None:
        fields |= article_fields(heard.article, turn, draft)
    elif heard.number is not None and heard.number <= LARGEST:
        fields["value"] = heard.number
    return draft.with_(**{name: value for name, value in fields.items() if value is not None})


def article_fields(article: Article, turn: Turn, draft: ReportDraft) -> dict[str, Any]:
    """A news item is of this month unless another one is said."""
    start, end = draft.start, draft.end
    if start is None or end is None:
        start, end = span_said(f"{turn.on.month}/{turn.on.year}", turn.on) or (turn.on, turn.on)
    return {
        "link": article.link,
        "title": article.title[:LONGEST_TITLE] or None,
        "start": start,
        "end": end,
        "value": 1,
    }


def merged(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    """What a sentence changes of the draft: its month, number, platform or status."""
    heard = report_said(text_of(turn), turn.on)
    if heard.indicator not in {None, draft.indicator}:
        return None
    after = with_said(draft, heard, turn)
    return after if after != draft else None

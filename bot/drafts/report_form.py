"""An officer's form for a report: which figure, of where, which platform, which month, how many."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Line, Name
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, said, text_of, typed_text
from bot.drafts.areas import area_said, area_value
from bot.drafts.report_draft import (
    PLATFORMS,
    ReportDraft,
    article_fields,
    reporting,
    with_said,
)
from bot.language.report_said import number_said, report_said, span_said
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import STATUSES
from domain.report_articles import LONGEST_TITLE
from domain.report_series import LARGEST
from domain.roles import COUNTRY, area_name, is_commune

FORM = "report"
FIGURES = (
    *("accounts", "courses", "attendances", "articles"),
    *("products", "transactions", "value", DECISION_468),
)
OF_PLATFORMS = ("products", "transactions", "value", "attendances")
NONE = "none"  # of no one platform
MONTHS = 3  # on buttons
LONGEST_LABEL = 16
LONGEST_DOCUMENT = 100


def _ask_indicator(turn: Turn, _draft: ReportDraft, token: str) -> None:
    buttons = [option(FORM, token, "indicator", one, f"button.report.{one}") for one in FIGURES]
    turn.tell("report.ask_indicator", *buttons)


def _pick_indicator(_turn: Turn, draft: ReportDraft, value: str) -> ReportDraft | None:
    if value not in FIGURES:
        return None
    province = None if value == DECISION_468 and draft.province == COUNTRY else draft.province
    return draft.with_(indicator=value, province=province)


def _hear(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    heard = report_said(text_of(turn), turn.on)
    if heard.indicator is None:
        return None
    picked = _pick_indicator(turn, draft, heard.indicator)
    return picked and with_said(picked, heard, turn)


def _ask_province(turn: Turn, _draft: ReportDraft, token: str) -> None:
    areas = [area for area in reporting(turn.person.roles) if area != COUNTRY]
    buttons = [
        option(FORM, token, "province", area, "button.plain", text=area_value(area))
        for area in areas
        if len(area_name(area)) <= LONGEST_LABEL
    ]
    turn.tell("report.ask_province", *buttons)


def _province(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    area = area_said(text_of(turn))
    return _pick_province(turn, draft, area) if area else None


def _pick_province(turn: Turn, draft: ReportDraft, value: str) -> ReportDraft | None:
    areas = reporting(turn.person.roles)
    mine = not is_commune(value) and (COUNTRY in areas or value in areas)
    return draft.with_(province=value) if mine else None


def _ask_platform(turn: Turn, _draft: ReportDraft, token: str) -> None:
    buttons = [
        option(FORM, token, "platform", one, "button.plain", text=Name(f"platform.{one}"))
        for one in PLATFORMS
    ]
    turn.tell(
        "report.ask_platform",
        *buttons,
        option(FORM, token, "platform", NONE, "button.report.whole"),
    )


def _platform(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    heard = report_said(text_of(turn), turn.on)
    return draft.with_(platform=heard.platform) if heard.platform else None


def _pick_platform(_turn: Turn, draft: ReportDraft, value: str) -> ReportDraft | None:
    return draft.with_(platform=value) if value in {*PLATFORMS, NONE} else None


def _ask_month(turn: Turn, _draft: ReportDraft, token: str) -> None:
    months, first = [], turn.on.replace(day=1)
    for _ in range(MONTHS):
        first = (first - dt.timedelta(days=1)).replace(day=1)
        months.append(f"{first.month}/{first.year}")
    buttons = [
        option(FORM, token, "month", one, "button.report.month", month=one) for one in months
    ]
    turn.tell("report.ask_month", *buttons)


def _month(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    return _of_month(draft, text_of(turn), turn.on)


def _pick_month(turn: Turn, draft: ReportDraft, value: str) -> ReportDraft | None:
    return _of_month(draft, value, turn.on)


def _of_month(draft: ReportDraft, words: str, on: dt.date) -> ReportDraft | None:
    span = span_said(words, on, bare=True)
    return draft.with_(start=span[0], end=span[1]) if span and span[0] <= on else None


def _ahead(turn: Turn, _draft: ReportDraft) -> Line | None:
    span = span_said(text_of(turn), turn.on, bare=True)
    return Line("report.ahead") if span and span[0] > turn.on else None


def _ask_value(turn: Turn, draft: ReportDraft, _token: str) -> None:
    key = draft.indicator if draft.indicator in {"articles", "value"} else "number"
    turn.tell(f"report.ask_{key}")


def _value(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    heard = report_said(text_of(turn), turn.on)
    if heard.article is not None and draft.indicator == "articles":
        return draft.with_(**article_fields(heard.article, turn, draft))
    number = number_said(text_of(turn))
    if number is None or number > LARGEST:
        return None
    return draft.with_(value=number, link=None, title=None)


def _unclear(_turn: Turn, _draft: ReportDraft) -> Line:
    return Line("check.not_understood")


def _ask_status(turn: Turn, _draft: ReportDraft, token: str) -> None:
    buttons = [option(FORM, token, "status", one, f"button.report.{one}") for one in STATUSES]
    turn.tell("report.ask_status", *buttons)


def _status(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    heard = report_said(text_of(turn), turn.on)
    return draft.with_(status=heard.status) if heard.status else None


def _pick_status(_turn: Turn, draft: ReportDraft, value: str) -> ReportDraft | None:
    return draft.with_(status=value) if value in STATUSES else None


def _document(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    if said(turn) == "no":
        return draft.with_(document="")
    words = " ".join(typed_text(turn).split())
    return draft.with_(document=words) if 0 < len(words) <= LONGEST_DOCUMENT else None


def _ask_document(turn: Turn, _draft: ReportDraft, token: str) -> None:
    turn.tell(
        "report.ask_document", option(FORM, token, "document", NONE, "button.report.no_paper")
    )


def _day(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    day = read(turn, "date")
    return draft.with_(on=day) if isinstance(day, dt.date) and day <= turn.on else None


def _title(turn: Turn, draft: ReportDraft) -> ReportDraft | None:
    words = " ".join(typed_text(turn).split())
    return draft.with_(title=words[:LONGEST_TITLE]) if words else None


def _asks(key: str) -> Any:
    return lambda turn, _draft, _token: turn.tell(f"report.ask_{key}")


def _lacks(name: str) -> Any:
    return lambda _turn, draft: getattr(draft, name) is None


INDICATOR = Slot("indicator", _lacks("indicator"), _ask_indicator, _hear, pick=_pick_indicator)
PROVINCE = Slot(
    "province", _lacks("province"), _ask_province, _province, pick=_pick_province, refuse=_unclear
)
PLATFORM = Slot("platform", _lacks("platform"), _ask_platform, _platform, pick=_pick_platform)
MONTH = Slot("month", _lacks("start"), _ask_month, _month, pick=_pick_month, refuse=_ahead)
VALUE = Slot("value", _lacks("value"), _ask_value, _value, refuse=_unclear)
TITLE = Slot("title", _lacks("title"), _asks("title"), _title)
STATUS = Slot("status", _lacks("status"), _ask_status, _status, pick=_pick_status)
DOCUMENT = Slot(
    "document",
    _lacks("document"),
    _ask_document,
    _document,
    pick=lambda _, draft, __: draft.with_(document=""),
    skip=lambda _, draft: draft.with_(document=""),
)
DAY = Slot("day", lambda _, __: False, _asks("day"), _day, refuse=_unclear)
ALL = (INDICATOR, PROVINCE, PLATFORM, MONTH, VALUE, TITLE, STATUS, DOCUMENT, DAY)


def due(draft: ReportDraft) -> tuple[Slot[ReportDraft], ...]:
    """What has to be known of such a report."""
    if draft.indicator == DECISION_468:
        return INDICATOR, PROVINCE, STATUS, DOCUMENT
    platform = (PLATFORM,) if draft.indicator in OF_PLATFORMS else ()
    title = (TITLE,) if draft.link else ()
    return (INDICATOR, PROVINCE, *platform, MONTH, VALUE, *title)

"""The day of a sale, where it is doubtful: a vague one, one of two, a *mùng* of which calendar."""

from __future__ import annotations

import datetime as dt

from bot.dialogue.forms import Slot, option
from bot.dialogue.reply import Button, Day, Line, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import read
from bot.drafts.sale import SaleDraft
from bot.language.lunar import lunar

Calendars = tuple[dt.date, dt.date]  # the day as a lunar and as a solar one


def _ask(turn: Turn, draft: SaleDraft, token: str) -> None:
    calendars = _calendars(draft)
    if calendars is not None:
        _ask_calendar(turn, token, *calendars)
        return
    days = (turn.on, turn.on - dt.timedelta(days=1))
    buttons = [
        _option(token, day, key, day=str(day.day), month=str(day.month))
        for day, key in zip(days, ("button.today", "button.yesterday"), strict=True)
    ]
    turn.tell("ask.date", *buttons)


def _option(token: str, on: dt.date, key: str, **values: Value) -> Button:
    return option("sale", token, "date", on.isoformat(), key, **values)


def _calendars(draft: SaleDraft) -> Calendars | None:
    """The two days that one number means, one in each calendar."""
    doubt = draft.doubt("date")
    days = [dt.date.fromisoformat(c.value or "") for c in doubt.choices] if doubt else []
    if len(days) != 2:
        return None
    pairs = ((days[0], days[1]), (days[1], days[0]))
    return next(((moon, sun) for moon, sun in pairs if lunar(moon).day == sun.day), None)


def _ask_calendar(turn: Turn, token: str, moon: dt.date, sun: dt.date) -> None:
    buttons = (_option(token, moon, "button.lunar"), _option(token, sun, "button.solar"))
    if lunar(moon).month == sun.month:
        turn.tell("ask.lunar", *buttons, day=sun.day, month=sun.month)
    else:
        turn.tell("ask.lunar_day", *buttons, day=sun.day)


def _fill(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    calendars, said = _calendars(draft), read(turn, "lunar")
    if calendars is not None and said is not None:
        return _on(draft, calendars[said == "solar"])
    day = read(turn, "date")
    return None if day is None or day > turn.on else _on(draft, day)


def _on(draft: SaleDraft, day: dt.date) -> SaleDraft:
    calendars = _calendars(draft)
    moon = calendars is not None and day == calendars[0]
    return draft.with_(date=day, lunar=moon).settled("date")


def _refuse(turn: Turn, _draft: SaleDraft) -> Line | None:
    day = read(turn, "date")
    if day is None:
        return Line("check.date_unclear")
    return Line("check.date_future", {"date": Day(day, turn.on)})


def _pick(turn: Turn, draft: SaleDraft, value: str) -> SaleDraft | None:
    day = dt.date.fromisoformat(value)
    return _on(draft, day) if day <= turn.on else None


DATE: Slot[SaleDraft] = Slot(
    "date",
    lambda _turn, draft: draft.doubt("date") is not None,
    _ask,
    _fill,
    _pick,
    refuse=_refuse,
)

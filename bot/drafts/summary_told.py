"""The programme's figures on a phone's screen: a line a figure, with its difference; nobody judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.dialogue.reply import Joined, Line, Lines, Name, Value
from bot.dialogue.summary_queries import Asked, Change, FiguresSeen, SeenFigure
from bot.dialogue.turn import Turn
from bot.drafts.summary_asked import Wanted, is_own
from domain.geography import FIRST_DAY_OF_34
from domain.household import ZONE
from domain.province_keys import OLD, province_of_key
from domain.roles import COUNTRY, is_commune
from domain.schedule import Due

QUARTER, YEAR = 3, 12  # months


def told(turn: Turn, asked: Wanted, seen: FiguresSeen) -> list[Line]:
    """The answer to a question; one line when there is nothing yet."""
    head = [*_heading(asked, seen)]
    notes = _notes(turn, asked)
    if not any(figure.state != "missing" for figure in seen.figures):
        values = {"scope": _scope(asked.this), "period": _period(asked.this)}
        return [Line("programme.none", values), *notes]
    sides = asked.compared and _differs(seen)
    lines = [_figure(one, of_time=asked.of_time, sides=sides) for one in _given(seen)]
    return [*_label(seen), *head, *lines, *_without(seen), *notes, *_provenance(seen)]


def told_by_itself(turn: Turn, due: Due, area: str, seen: FiguresSeen) -> tuple[list[Line], Asked]:
    """A weekly or monthly summary, and the question that gives the same."""
    province = None if area == COUNTRY else area
    own = is_own(turn.person.roles, province)
    question = Asked(*due.months, 34, province, own=own)
    values = {"scope": _scope(question), "period": _period(question)}
    stop = Line("programme.stop_word")
    if not _given(seen):
        return [*_label(seen), Line("programme.none", values), stop], question
    lines = [*_label(seen), Line(f"programme.sent.{due.kind}", values | _week(due))]
    lines += [*_since(due, seen)]
    lines += [_figure(one, of_time=True, sides=False) for one in _given(seen)]
    return [*lines, *_without(seen), *_provenance(seen), stop], question


def _since(due: Due, seen: FiguresSeen) -> Iterable[Line]:
    """What the figures are put beside, when any of them is."""
    if all(figure.change is None for figure in _given(seen)):
        return
    if due.kind == "month":
        yield Line("programme.since_month")
    elif seen.since is not None:
        yield Line("programme.since", {"day": seen.since.day, "month": seen.since.month})


def _week(due: Due) -> dict[str, Value]:
    if due.kind == "month":
        return {}
    monday = dt.date.fromisoformat(due.period)
    first, last = monday - dt.timedelta(days=7), monday - dt.timedelta(days=1)
    return {
        "from_day": first.day,
        "from_month": first.month,
        "to_day": last.day,
        "to_month": last.month,
    }


# The heading


def _label(seen: FiguresSeen) -> list[Line]:
    return [Line("summary.sample")] if seen.sample else []


def _heading(asked: Wanted, seen: FiguresSeen) -> Iterable[Line]:
    this = {"scope": _scope(asked.this), "period": _period(asked.this)}
    beside: list[Value] = []
    if not asked.of_time:
        beside.append(_scope(asked.beside))
    if _months(asked.this) != _months(asked.beside):
        beside.append(_period(asked.beside))
    yield Line("programme.head", this)
    if beside and _given(seen):
        yield Line(_beside_key(seen), {"beside": Joined(tuple(beside)), "count": seen.smallest})


def _beside_key(seen: FiguresSeen) -> str:
    """What the figures are put beside, or why they can't be."""
    given = _given(seen)
    if not given or _differs(seen):
        return "programme.beside"
    hidden = any(figure.beside_state == "withheld" for figure in given)
    return "programme.beside_withheld" if hidden else "programme.beside_missing"


def _months(question: Asked) -> tuple[str, str]:
    return question.start, question.end


def _scope(question: Asked) -> Value:
    parts: list[Value] = [_place(question)]
    if question.platform:
        parts.append(Name(f"platform.{question.platform}"))
    return Joined(tuple(parts))


def _place(question: Asked) -> Value:
    """`Quảng Nam cũ` of a time in which there is none any more."""
    if question.province is None:
        return Name("role.country")
    name = province_of_key(question.province).short_name
    late = question.end >= f"{FIRST_DAY_OF_34:%Y-%m}"
    if late and question.province.startswith(OLD):
        return Lines((Line("programme.old_place", {"place": name}),))
    return name


def _period(question: Asked) -> Value:
    """`tháng 6/2026`, `quý 2/2026`, `năm 2026`, `9 tháng đầu năm 2026`, or from one month to another."""
    start, count = question.start, question.count
    year, month = start[:4], int(start[5:])
    if count == 1:
        return _worded("month", year=year, month=month)
    if count == QUARTER and month % QUARTER == 1:
        return _worded("quarter", year=year, quarter=month // QUARTER + 1)
    if count == YEAR and month == 1:
        return _worded("year", year=year)
    to: dict[str, Value] = {"to_month": int(question.end[5:]), "to_year": question.end[:4]}
    if to["to_year"] != year:
        return _worded("years", year=year, month=month, **to)
    if month == 1:
        return _worded("first", year=year, count=count)
    return _worded("months", year=year, month=month, **to)


def _worded(kind: str, **values: Value) -> Value:
    return Lines((Line(f"programme.period.{kind}", values),))


# The figures


def _given(seen: FiguresSeen) -> Sequence[SeenFigure]:
    return [figure for figure in seen.figures if figure.state == "given"]


def _differs(seen: FiguresSeen) -> bool:
    """Whether anything can be put beside anything."""
    return any(figure.change is not None for figure in seen.figures)


def _figure(figure: SeenFigure, *, of_time: bool, sides: bool) -> Line:
    values: dict[str, Value] = {"name": _name(figure), "now": figure.now}
    if figure.change is None:
        key = f"programme.figure_{figure.beside_state}" if sides else "programme.figure"
        return Line(key, values)
    values["change"] = _change(figure.change, of_time=of_time)
    if not sides:
        return Line("programme.figure_changed", values)
    return Line("programme.figure_beside", values | {"beside": figure.beside})


def _name(figure: SeenFigure) -> Value:
    return Name(f"programme.name.{figure.indicator}")


def _change(change: Change, *, of_time: bool) -> Value:
    """Up or down between two times; more or less between two places."""
    values: dict[str, Value] = {"by": change.by, "percent": change.percent}
    told = "share" if change.percent or change.direction == "same" else "alone"
    between = "time" if of_time else "place"
    return Lines((Line(f"programme.change.{change.direction}.{told}.{between}", values),))


def _without(seen: FiguresSeen) -> Iterable[Line]:
    """Those that there are no numbers of, and why: one line each."""
    for state in ("missing", "withheld"):
        names = tuple(_name(figure) for figure in seen.figures if figure.state == state)
        if names:
            values: dict[str, Value] = {"names": Joined(names), "count": seen.smallest}
            yield Line(f"programme.{state}", values)


def _notes(turn: Turn, asked: Wanted) -> Iterable[Line]:
    roles = turn.person.roles
    if asked.commune or (roles and all(is_commune(role.area) for role in roles)):
        yield Line("programme.note.commune")
    if asked.partly:
        yield Line("programme.note.months")
    if asked.open:
        yield Line("programme.note.open")


def _provenance(seen: FiguresSeen) -> Iterable[Line]:
    """From where, and until when they were counted."""
    sources = "both" if seen.bot and seen.reported else "bot" if seen.bot else "reported"
    if seen.bot or seen.reported:
        yield Line(f"programme.source.{sources}")
    if seen.at is not None:
        at = seen.at.astimezone(ZONE)
        yield Line("programme.cut_off", {"time": f"{at:%H:%M}", "date": f"{at:%d/%m/%Y}"})
    if seen.looked is not None and seen.news:
        news = tuple(Lines((_new(*one),)) for one in seen.news)
        date = f"{seen.looked.astimezone(ZONE):%d/%m/%Y}"
        yield Line("programme.looked", {"date": date, "news": Joined(news)})


def _new(indicator: str, difference: str) -> Line:
    name = Name(f"summary.changed.{indicator}")
    return Line("programme.new", {"name": name, "difference": difference})

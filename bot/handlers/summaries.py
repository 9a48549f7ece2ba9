"""*tổng hợp tháng 6*, *so sánh Quảng Nam quý này với quý trước*: the programme's figures, asked and sent."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.handler import Handler
from bot.dialogue.message import News, SummaryNews
from bot.dialogue.reply import Button, Joined
from bot.dialogue.summary_queries import (
    Asked,
    FiguresBeside,
    FiguresSeen,
    FiguresSent,
    SummaryLink,
)
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, text_of
from bot.drafts.summary_asked import Wanted, before, question_of, ref_of, wanted
from bot.drafts.summary_told import told, told_by_itself
from bot.language.figures_asked import (
    asks_figures,
    choice_of_summaries,
    figures_asked,
    no_such_period,
)
from bot.language.figures_place import OtherPlace
from domain.geography import province
from domain.roles import COUNTRY, is_commune
from domain.schedule import latest
from domain.summary_events import SummariesChosen

FILES = {"pdf": ".pdf", "xlsx": ".xlsx", "more": ""}
MOST_OFFERED = 3  # provinces of one name, as buttons


def _claims(turn: Turn) -> bool:
    if not turn.person.roles or turn.understood is None:
        return False
    return _choice(turn) is not None or asks_figures(text_of(turn))


def _choice(turn: Turn) -> bool | None:
    """Whether summaries are wanted; *dừng tin* of somebody without a book can mean nothing else."""
    if turn.household is None and requested(turn, "broadcast.stop", "weekly.stop"):
        return False
    return choice_of_summaries(text_of(turn))


def _begin(turn: Turn) -> None:
    choice = _choice(turn)
    if choice is not None:
        _choose(turn, wanted=choice)
        return
    _answer(turn, text_of(turn))


def _now(turn: Turn, _ref: str) -> None:
    """[Tổng hợp]: this month, of one's own area."""
    if turn.person.roles:
        _answer(turn, "")
    else:
        turn.tell("role.none")


def _answer(turn: Turn, words: str) -> None:
    period = no_such_period(words)
    if period is not None:
        kind = "quarter" if period.quarter else "month"
        turn.tell(f"programme.no_{kind}", number=period.number)
        return
    asked = wanted(figures_asked(words, turn.on), turn.person.roles, turn.on)
    if asked.ahead:
        turn.tell("programme.ahead")
    elif asked.elsewhere is not None:
        _elsewhere(turn, asked.this, asked.elsewhere)
    else:
        _show(turn, asked)


def _show(turn: Turn, asked: Wanted) -> None:
    seen: FiguresSeen = turn.query(FiguresBeside(asked.this, asked.beside))
    turn.say(*told(turn, asked, seen), buttons=_buttons(asked.this, seen))


def _elsewhere(turn: Turn, question: Asked, place: OtherPlace) -> None:
    """No province: those it lies in are offered, when they are few."""
    provinces = place.provinces
    if not provinces or len(provinces) > MOST_OFFERED:
        turn.tell("programme.many_places" if provinces else "programme.no_place", place=place.name)
        return
    buttons = [_offer(replace(question, provinces=34, province=code), code) for code in provinces]
    names = Joined(tuple(province(code).short_name for code in provinces))
    turn.tell("programme.place_in", *buttons, place=place.name, provinces=names)


def _offer(question: Asked, code: str) -> Button:
    name = {"text": province(code).short_name}
    return Button(f"programme.of:{ref_of(question)}", "button.plain", name)


def _of(turn: Turn, ref: str) -> None:
    """[Đồng Tháp]: the summary of the province that was offered."""
    question = question_of(ref, turn.person.roles) if turn.person.roles else None
    if question is None:
        turn.tell("old.gone" if turn.person.roles else "role.none")
        return
    earlier = before((question.start, question.end))
    beside = replace(question, start=earlier[0], end=earlier[1])
    _show(turn, Wanted(question, beside, compared=False, open=question.end >= f"{turn.on:%Y-%m}"))


def _buttons(question: Asked, seen: FiguresSeen) -> tuple[Button, ...]:
    """What can be taken home; nothing of nothing."""
    if not any(figure.state == "given" for figure in seen.figures):
        return ()
    ref = ref_of(question)
    return tuple(Button(f"programme.{name}:{ref}", f"button.programme.{name}") for name in FILES)


def _link(turn: Turn, ref: str, name: str) -> None:
    """The same figures as a file or a page, at an address that is open for a day."""
    if not turn.person.roles:
        turn.tell("role.none")
        return
    question = question_of(ref, turn.person.roles)
    if question is None:
        turn.tell("old.gone")
        return
    path = turn.query(SummaryLink(question))
    turn.tell(f"programme.link.{name}", url=f"{turn.rules.public_url}{path}{FILES[name]}")


# Sent by themselves


def _choose(turn: Turn, *, wanted: bool) -> None:
    """From now on they come, or not; only officers get them."""
    if not any(_is_told(turn, role.area) for role in turn.person.roles):
        turn.tell("programme.not_sent")
        return
    turn.fact(SummariesChosen, wanted=wanted)
    turn.tell("programme.wanted" if wanted else "programme.stopped")


def _is_told(turn: Turn, area: str) -> bool:
    """Whether somebody is an officer of this area, or of one around it."""
    mine = {role.area for role in turn.person.roles if role.kind == "officer"}
    return bool(mine & {area, COUNTRY}) and not is_commune(area)


def _news(turn: Turn, news: News) -> bool:
    """What was made, to who is an officer at this moment; one that was overtaken meanwhile is no news."""
    if not isinstance(news, SummaryNews):
        return False
    due = latest(news.kind, turn.at)
    seen: FiguresSeen | None = turn.query(FiguresSent(news.kind, news.period, news.area))
    if seen is None or due.period != news.period or not _is_told(turn, news.area):
        return True
    lines, question = told_by_itself(turn, due, news.area, seen)
    turn.say(*lines, buttons=_buttons(question, seen))
    return True


HANDLER = Handler(
    name="summaries",
    claims=_claims,
    begin=_begin,
    taps={
        "programme.now": _now,
        "programme.of": _of,
        "programme.pdf": lambda turn, ref: _link(turn, ref, "pdf"),
        "programme.xlsx": lambda turn, ref: _link(turn, ref, "xlsx"),
        "programme.more": lambda turn, ref: _link(turn, ref, "more"),
    },
    news=_news,
    aside=True,
    of_roles=True,
)

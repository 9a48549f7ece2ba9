"""What an officer's page is asked for in its address: the period, the place, the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request

from bot.summary import PLATFORMS, BadQuestion, By, Question, ask
from bot.summary_text import platform_name
from domain.geography import province, provinces
from domain.province_keys import province_of_key
from storage.sign_ins import SignedIn
from web.officers import Officer, own_province, seen_by
from web.pages.worker import today
from web.periods import Period, choices, last_month, last_year, read_month, typed_month
from web.words import t

LONGEST = 60  # signs of a field
FIELDS = ("from", "to", "province", "platform", "provinces")


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of a page; `wrong`: something in its address was not understood, so it shows another."""

    question: Question
    wrong: bool = False

    @property
    def period(self) -> Period:
        return Period(self.question.start, self.question.end)

    @property
    def place(self) -> str:
        """The province's short name; empty for the whole country."""
        key = self.question.province
        return province_of_key(key).short_name if key else ""

    @property
    def fields(self) -> dict[str, Any]:
        """The same as the fields of a form or an address."""
        asked = self.question
        return {
            "from": asked.start,
            "to": asked.end,
            "province": self.place,
            "platform": asked.platform or "",
            "provinces": asked.provinces,
        }

    def link(self, path: str, **changed: object) -> str:
        """The same question on another page, or another one."""
        return f"{path}?{urlencode(self.fields | changed)}"

    def over(self, path: str, period: Period, kept: Mapping[str, str] | None = None) -> str:
        """The same for another period, by the provinces that are looked at."""
        months = {"from": period.start, "to": period.end}
        return self.link(path, **months, **(kept or {}))

    def apart(self, *by: By) -> Question:
        """The question with these told apart."""
        return replace(self.question, by=frozenset(by))

    @property
    def running(self) -> bool:
        """Whether the period is not over yet."""
        return self.question.end >= f"{today():%Y-%m}"

    @property
    def before(self) -> Question | None:
        """The same about the period before; None where there was none, or this one is not over."""
        period = self.period.before
        if period is None or self.running:
            return None
        return replace(self.question, start=period.start, end=period.end)


def asked_of(said: Mapping[str, str], who: SignedIn, period: Period) -> Asked:
    """Read from an address. Nothing said of a place: the officer's own; of a period: this one."""
    given = {field: said.get(field, "")[:LONGEST].replace("\0", "") for field in FIELDS}
    own = own_province(who) if "province" not in said else None
    if own:
        given |= {"province": province(own).short_name, "provinces": "34"}
    start = read_month(given["from"] or period.start)
    end = read_month(given["to"] or given["from"] or period.end)
    more = {field: given[field] for field in ("province", "platform", "provinces")}
    try:
        return Asked(seen_by(who, ask(start, end, **more)))
    except BadQuestion:
        return Asked(ask(period.start, period.end), wrong=True)


def _dependency(period: Callable[[], Period]) -> Callable[..., Asked]:
    def asked(request: Request, who: Officer) -> Asked:
        return asked_of(request.query_params, who, period())

    return asked


AskedOfMonth = Annotated[Asked, Depends(_dependency(lambda: last_month(today())))]
AskedOfYear = Annotated[Asked, Depends(_dependency(lambda: last_year(today())))]


def chooser(asked: Asked, path: str, **kept: str) -> dict[str, Any]:
    """What a page needs to offer other periods, places and platforms; `kept`: its own fields."""
    question = asked.question
    after = asked.period.after
    over = partial(asked.over, path, kept=kept)
    return {
        "path": path,
        "fields": asked.fields,
        "wrong": asked.wrong,
        "period": asked.period.name,
        "start": typed_month(question.start),
        "end": typed_month(question.end),
        "before": _step(asked.period.before, over),
        "after": _step(after if after.start <= f"{today():%Y-%m}" else None, over),
        "periods": [(one.name, over(one)) for one in choices(today())],
        "places": [(one.short_name, one.short_name) for one in provinces(question.provinces)],
        "platforms": [(one, platform_name(one)) for one in PLATFORMS],
        "sets": [(of, t(f"web.ministry.set.{of}")) for of in (34, 63)],
        "link": asked.link,
    }


def _step(period: Period | None, over: Callable[[Period], str]) -> tuple[str, str] | None:
    return (period.short, over(period)) if period else None

"""What a worker sees first: their area in numbers, and the households that let them look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from storage import funnel as area
from storage.worker_lists import (
    COUNTED,
    LONGEST_SEARCH,
    PAGE,
    QUIET,
    Need,
    Order,
    Step,
    Wanted,
    page_of,
)
from web.chat import Ours
from web.pages.sign_in import named
from web.pages.worker import row_of, shown, today
from web.signed_in import Visitor
from web.words import t

LONGEST_NUMBER = 5  # digits of a page's number
STEPS = get_args(Step)
NEEDS = get_args(Need)
ORDERS = get_args(Order)
CHOICES: Mapping[str, tuple[str, Sequence[object]]] = MappingProxyType(
    {
        "quiet": ("quiet", QUIET),
        "step": ("step", STEPS),
        "need": ("need", NEEDS),
        "sort": ("order", ORDERS),
    }
)
"""Filters by their name in the address: the field of `Wanted` and what may be chosen."""
FUNNEL = {  # step of the area: the list of those who have taken it
    "joined": "?sort=new",
    "listed": "?step=listed",
    "sold": "?step=sold",
    "ordered": "?step=ordered",
    "active": "?step=active&sort=value",
}

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/")
async def home(ours: Ours, who: Visitor) -> Response:
    """The area: how far its households have come, each number a link to the list."""
    found, answered = await asyncio.gather(
        ours.db.read(partial(area.funnel, roles=who.roles, today=today())),
        ours.db.read(partial(area.answers, roles=who.roles, today=today())),
    )
    return await shown(
        "worker_home.html",
        ours,
        who,
        roles=[named(role) for role in who.roles],
        funnel=[_figure(name, getattr(found, name)) for name in FUNNEL],
        counts=found,
        orders=_answered(answered),
    )


def _figure(name: str, step: area.Step) -> dict[str, Any]:
    """A step of the funnel with its change in words."""
    more = step.now - step.before
    how = "more" if more > 0 else "fewer" if more < 0 else "same"
    change = t(f"web.worker.change.{how}", count=abs(more))
    if name != "active":
        change = t("web.worker.this_month", count=step.now, change=change)
    return {"name": name, "count": step.all, "change": change, "where": FUNNEL[name]}


def _answered(found: area.Answers) -> dict[str, Any]:
    share = round(100 * found.expired / found.orders) if found.orders else 0
    minutes = None if found.median is None else round(found.median / 60)
    return {
        "orders": found.orders,
        "answered": found.answered,
        "expired": share,
        "minutes": minutes,
    }


def wanted_of(
    *, quiet: str = "", step: str = "", need: str = "", q: str = "", sort: str = "quiet"
) -> Wanted:
    """What a list's address or form asks for; a filter that there is not is none."""
    return Wanted(
        quiet=next((days for days in QUIET if quiet == str(days)), None),
        step=next((one for one in STEPS if step == one), None),
        need=next((one for one in NEEDS if need == one), None),
        words=q[:LONGEST_SEARCH].replace("\0", ""),
        order=next((one for one in ORDERS if sort == one), "quiet"),
    )


def asked_of(wanted: Wanted) -> dict[str, Any]:
    """The same as the fields of an address or form."""
    asked = {
        "quiet": wanted.quiet,
        "step": wanted.step,
        "need": wanted.need,
        "q": wanted.words,
        "sort": wanted.order,
    }
    return {key: value for key, value in asked.items() if value}


@router.get("/households")
async def households(  # noqa: PLR0913 the filters of the list
    ours: Ours,
    who: Visitor,
    *,
    quiet: str = "",
    step: str = "",
    need: str = "",
    q: str = "",
    sort: str = "quiet",
    number: Annotated[str, Query(alias="page")] = "1",
) -> Response:
    """Those of the area that agreed, 50 at a time."""
    wanted = replace(
        wanted_of(quiet=quiet, step=step, need=need, q=q, sort=sort), page=_number(number)
    )
    found = await ours.db.read(partial(page_of, roles=who.roles, wanted=wanted, today=today()))
    many = found.total > COUNTED
    return await shown(
        "worker_households.html",
        ours,
        who,
        wanted=wanted,
        rows=[row_of(row) for row in found.rows],
        total=min(found.total, COUNTED),
        many=many,
        more=found.more,
        pages=None if many else max(1, -(-found.total // PAGE)),
        address=partial(_address, wanted),
        asked=asked_of(wanted),
        choices=[_choice(wanted, name) for name in CHOICES],
    )


def _choice(wanted: Wanted, name: str) -> dict[str, Any]:
    """One of the filters with its words."""
    field, values = CHOICES[name]
    options = [(str(value), t(f"web.worker.{name}.{value}")) for value in values]
    if name != "sort":
        options.insert(0, ("", t("web.worker.filter.any")))
    return {"name": name, "options": options, "chosen": str(getattr(wanted, field) or "")}


def _number(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return max(int(text), 1) if plain else 1


def _address(wanted: Wanted, number: int) -> str:
    """Another page of the same list."""
    return f"/worker/households?{urlencode(asked_of(wanted) | {'page': number})}"

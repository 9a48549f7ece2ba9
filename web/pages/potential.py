"""Households with potential, and who supports whom: lists of an area, a form that begins or ends support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Query
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from bot.locales.spoken import written_day
from domain.roles import COUNTRY, Role, is_area
from storage.deciding import By
from storage.potential import Promising, most_promising
from storage.sign_ins import SignedIn
from storage.support_changes import Overview, Supported, overview, supports_of
from storage.supports import Answer, Supporter, begin, end, supporters
from web.chat import Ours, now
from web.claims import worker_name
from web.form_ids import read_form
from web.pages.household import CHANNEL, LONGEST_CODE, household_page
from web.pages.worker import number_of, row_of, shown
from web.promise import areas_within, by_words, form_name, score_words, support_words
from web.signed_in import Sender, Visitor
from web.words import t

router = APIRouter(prefix="/worker", include_in_schema=False)

Page = Annotated[str, Query(alias="page")]


@router.get("/potential")
async def potential(ours: Ours, who: Visitor, area: str = "", number: Page = "1") -> Response:
    """Those of the area that agreed, the highest score first."""
    asked = _asked(area, number)
    found, more, by = await ours.db.read(partial(_promising, roles=who.roles, asked=asked))
    rows = [_row(one, by.get(one.id)) for one in found]
    words = _frame("/worker/potential", who, asked, more=more)
    return await shown("worker_potential.html", ours, who, rows=rows, **words)


@router.get("/support")
async def supports(ours: Ours, who: Visitor, area: str = "", number: Page = "1") -> Response:
    """Who supports whom, and what changed."""
    asked = _asked(area, number)
    found, more, sums = await ours.db.read(partial(_supported, roles=who.roles, asked=asked))
    rows = [support_words(one) for one in found]
    words = _frame("/worker/support", who, asked, more=more)
    return await shown("worker_support.html", ours, who, rows=rows, sums=sums, **words)


def _supported(
    conn: Connection, roles: Sequence[Role], asked: Asked
) -> tuple[list[Supported], bool, list[Overview]]:
    found, more = supports_of(conn, roles, asked.area, asked.page)
    return found, more, overview(conn, roles, asked.area)


@dataclass(frozen=True, slots=True)
class Asked:
    """The part of one's area that is looked at, and which page of it."""

    area: str
    page: int


def _asked(area: str, number: str) -> Asked:
    return Asked(area if is_area(area) else COUNTRY, max(number_of(number), 1))


def _promising(
    conn: Connection, roles: Sequence[Role], asked: Asked
) -> tuple[list[Promising], bool, Mapping[UUID, Supporter]]:
    found, more = most_promising(conn, roles, asked.area, asked.page)
    return found, more, supporters(conn, [one.id for one in found])


def _row(one: Promising, by: Supporter | None) -> dict[str, Any]:
    return {**row_of(one.row), **score_words(one.record), "by": by_words(by) if by else ""}


def _frame(path: str, who: SignedIn, asked: Asked, *, more: bool) -> dict[str, Any]:
    """What both lists have: the choice of an area, and their pages."""
    kept = {} if asked.area == COUNTRY else {"area": asked.area}
    return {
        "path": path,
        "areas": areas_within(who.roles, asked.area),
        "area": asked.area,
        "number": asked.page,
        "more": more,
        "turn": lambda to: f"{path}?{urlencode(kept | {'page': to})}",
    }


# One household


@router.post("/households/{code}/support")
async def support(
    ours: Ours,
    who: Sender,
    code: str,
    form: Annotated[str, Form(max_length=200)],
    do: Annotated[Literal["begin", "end"], Form()],
) -> Response:
    """Begin or end it, once; what was overtaken is told, with who was first."""
    home = code[:LONGEST_CODE]
    which = read_form(ours.secret, form_name(home), form, now())
    if which is None:
        return await household_page(ours, who, home, note=t("web.support.over"), status=409)
    work = begin if do == "begin" else end
    by = By(who.person, CHANNEL, now())
    found = await ours.db.write(partial(work, by=by, code=home, form=which))
    if found is None:
        raise HTTPException(404)
    if found.outcome in ("begun", "ended"):
        return RedirectResponse(f"/worker/households/{home}?done={found.outcome}#support", 303)
    return await household_page(ours, who, home, note=_refused(found), status=409)


def _refused(found: Answer) -> str:
    by = found.supporter
    since = written_day(by.since) if by else ""
    name = worker_name(by.name if by else None)
    return t(f"web.support.{found.outcome}", worker=name, since=since)

"""The HTTP API of the figures: summaries and definitions out, reports in. Refusals are RFC 9457."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from pydantic_core import to_json
from sqlalchemy import Connection
from starlette.responses import JSONResponse

from bot.definitions import definitions, versions
from bot.report_files import BadReports, Wrong
from bot.report_lines import Line, check_lines, json_lines
from bot.reports import Scope, import_reports
from bot.since_fetched import Look, since_fetched
from bot.summarise import fingerprint, summarise
from bot.summary import BadQuestion, Definition, Question, Summary, ask
from bot.summary_files import FORMATS, writer
from domain.household import ZONE
from storage.freshness import changed_at
from storage.keys import ApiKey
from web import bodies
from web.conditional import OWN, Stand, not_modified
from web.keys import Caller, Open, reports_of, seen_by
from web.once import Work, json_of, once
from web.parameters import (
    FILES,
    Apart,
    LastMonth,
    Month,
    PlatformName,
    ProvinceName,
    Provinces,
    Shape,
    worded,
)
from web.problems import problem

router = APIRouter(prefix="/api/v1", tags=["figures"])

PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
REFUSED: dict[int | str, dict[str, Any]] = {
    401: PROBLEM | {"description": "No valid key"},
    403: PROBLEM | {"description": "The key's role may not do this"},
    422: PROBLEM | {"description": "What is wrong with the request, each field by name"},
}
UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing changed since this was asked"}
}


@router.get(
    "/summary",
    response_model=Summary,
    responses=UNCHANGED | {200: {"content": FILES}},
    dependencies=[Depends(worded)],
)
async def summary(  # noqa: PLR0913 the contract names as many parameters
    *,
    request: Request,
    services: Open,
    key: Caller,
    start: Month,
    to: LastMonth,
    province: ProvinceName = None,
    platform: PlatformName = None,
    by: Apart = None,
    provinces: Provinces = None,
    shape: Shape = "json",
) -> Response:
    """The programme's figures of some months, with the sources and definition of each."""
    try:
        write = writer(shape)
        apart = [one for part in by or () for one in part.split(",") if one]
        asked = ask(start, to, province=province, platform=platform, by=apart, provinces=provinces)
    except BadQuestion as wrong:
        return refused([{"field": wrong.field, "message": wrong.message}])
    question = seen_by(key, asked)
    asking = Asking(f"key:{key.name}", question, services.settings.min_cell, shape)
    stand, found, look = await services.db.read(lambda conn: _found(conn, request, asking))
    now = dt.datetime.now(dt.UTC)
    if found is None:
        return not_modified(stand, now, OWN)
    if look is not None:
        await services.db.write(look.keep)
    content = await run_in_threadpool(write, found)
    return Response(content, media_type=FORMATS[shape][1], headers=stand.headers(now) | OWN)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what, in which format."""

    reader: str
    question: Question
    smallest: int
    shape: str


def _found(
    conn: Connection, request: Request, asking: Asking
) -> tuple[Stand, Summary | None, Look | None]:
    """What the answer stands on and, when whoever asks has not that already, the summary and the look at it.

    Newer words of a newer program make it another answer, too: it changed no earlier than this start.
    The tag is weak: the same figures may stand beside another look of before.
    """
    question, smallest = asking.question, asking.smallest
    tag = f'W/"{fingerprint(conn, question, smallest)}-{asking.shape}"'
    counted, began = changed_at(conn), request.app.state.began
    stand = Stand(tag, max(counted, began) if counted else None)
    if stand.is_known(request):
        return stand, None, None
    found, now = summarise(conn, question, smallest), dt.datetime.now(dt.UTC)
    if asking.shape != "json":
        return stand, found, None  # only JSON says what changed since
    return stand, *since_fetched(conn, asking.reader, question, found, now, smallest)


class Indicator(Definition):
    """A figure of the programme with its definition of today, and all that ever held."""

    key: str
    versions: list[Definition]


@router.get(
    "/indicators",
    response_model=list[Indicator],
    responses=UNCHANGED,
    dependencies=[Depends(worded)],
)
async def indicators(request: Request, _: Caller) -> Response:
    """Each indicator: what it means today, in both languages, and every version of that."""
    now = dt.datetime.now(dt.UTC)
    body = to_json(_meant(now.astimezone(ZONE).date()))
    stand = Stand(f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    if stand.is_known(request):
        return not_modified(stand, now, OWN)
    return Response(body, media_type="application/json", headers=stand.headers(now) | OWN)


def _meant(day: dt.date) -> list[Indicator]:
    return [
        Indicator(key=key, versions=versions(key), **one.model_dump())
        for key, one in definitions(day).items()
    ]


class Taken(BaseModel):
    """How many figures were new or changed, how many of these replaced one, how many stood so already."""

    accepted: int
    replaced: int
    unchanged: int


@router.post("/reports", response_model=Taken, responses=REFUSED, openapi_extra=bodies.REPORTS)
async def reports(
    request: Request,
    services: Open,
    key: Caller,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Response:
    """Figures that localities and platforms report: all of them are taken, or none."""
    scope = reports_of(key)
    body = await request.body()
    now = dt.datetime.now(dt.UTC)
    try:
        lines = check_lines(json_lines(json_of(body)), now.astimezone(ZONE).date())
        work = once(key, idempotency_key, body, _taking_in(key, lines, now, scope))
        return JSONResponse(await services.db.write(work))
    except BadReports as bad:
        return refused([_error(wrong) for wrong in bad.wrong])


def _error(wrong: Wrong) -> dict[str, Any]:
    """`asked`: it is taken when the same comes again with `confirmed` true in its line."""
    error = {"line": wrong.line, "field": wrong.field, "message": wrong.message}
    return error | {"asked": True} if wrong.asked else error


def _taking_in(key: ApiKey, lines: list[Line], now: dt.datetime, scope: Scope) -> Work:
    def work(tx: Connection) -> dict[str, Any]:
        taken = import_reports(tx, lines, now=now, channel="api", reporter=key.name, scope=scope)
        counts = {"accepted": taken.accepted, "replaced": taken.replaced}
        return counts | {"unchanged": taken.unchanged}

    return work


def refused(errors: list[dict[str, Any]]) -> Response:
    """422 that names each wrong field."""
    return problem(422, "nothing was done: some fields are wrong", errors=errors)

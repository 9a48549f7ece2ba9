"""The HTTP API of the figures: summaries and definitions out, reports in. Refusals are RFC 9457."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection
from starlette.responses import JSONResponse

from bot.definitions import definitions, versions
from bot.report_files import BadReports, Wrong
from bot.report_lines import Line, check_lines, json_lines
from bot.reports import Scope, import_reports
from bot.summarise import fingerprint, summarise
from bot.summary import BadQuestion, Definition, Question, Summary, ask
from bot.summary_files import FORMATS, writer
from domain.household import ZONE
from storage.keys import ApiKey
from web.keys import Caller, Open, reports_of, seen_by
from web.once import Work, json_of, once
from web.problems import problem

router = APIRouter(prefix="/api/v1", tags=["figures"])

PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
REFUSED: dict[int | str, dict[str, Any]] = {
    401: PROBLEM | {"description": "No valid key"},
    403: PROBLEM | {"description": "The key's role may not do this"},
    422: PROBLEM | {"description": "What is wrong with the request, each field by name"},
}
REPORTS_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}


@router.get(
    "/summary",
    response_model=Summary,
    responses=REFUSED | {304: {"description": "As the ETag says, nothing changed"}},
)
async def summary(  # noqa: PLR0913 the contract names as many parameters
    *,
    request: Request,
    services: Open,
    key: Caller,
    start: Annotated[str | None, Query(alias="from", description="First month")] = None,
    to: Annotated[str | None, Query(description="Last month")] = None,
    province: Annotated[str | None, Query(description="Name or code")] = None,
    platform: Annotated[str | None, Query(description="voso or postmart")] = None,
    by: Annotated[list[str] | None, Query(description="month, province, platform")] = None,
    provinces: Annotated[str | None, Query(description="63 or 34")] = None,
    shape: Annotated[str, Query(alias="format", description="json or a file's kind")] = "json",
) -> Response:
    """The programme's figures of some months, with the sources and definition of each."""
    try:
        write = writer(shape)
        apart = [one for part in by or () for one in part.split(",") if one]
        asked = ask(start, to, province=province, platform=platform, by=apart, provinces=provinces)
    except BadQuestion as wrong:
        return _refused([{"field": wrong.field, "message": wrong.message}])
    question = seen_by(key, asked)
    smallest = services.settings.min_cell
    tag, found = await services.db.read(
        lambda conn: _found(conn, request, question, smallest, shape)
    )
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if found is None:
        return Response(status_code=304, headers=headers)
    if found.cut_off:
        headers["Last-Modified"] = format_datetime(found.cut_off.astimezone(dt.UTC), usegmt=True)
    content = await run_in_threadpool(write, found)
    return Response(content, media_type=FORMATS[shape][1], headers=headers)


def _found(
    conn: Connection, request: Request, question: Question, smallest: int, shape: str
) -> tuple[str, Summary | None]:
    """The ETag and, when whoever asks has not that already, the summary."""
    tag = f'"{fingerprint(conn, question, smallest)}-{shape}"'
    known = request.headers.get("if-none-match", "")
    if tag in [one.strip().removeprefix("W/") for one in known.split(",")] or known.strip() == "*":
        return tag, None
    return tag, summarise(conn, question, smallest)


class Indicator(Definition):
    """A figure of the programme with its definition of today, and all that ever held."""

    key: str
    versions: list[Definition]


@router.get("/indicators", response_model=list[Indicator], responses={401: REFUSED[401]})
async def indicators(_: Caller) -> Response:
    """Each indicator: what it means today, in both languages, and every version of that."""
    today = definitions(dt.datetime.now(ZONE).date())
    meant = [
        Indicator(key=key, versions=versions(key), **one.model_dump()) for key, one in today.items()
    ]
    return JSONResponse([one.model_dump(mode="json") for one in meant])


@router.post("/reports", responses=REFUSED, openapi_extra=REPORTS_BODY)
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
        return _refused([_error(wrong) for wrong in bad.wrong])


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


def _refused(errors: list[dict[str, Any]]) -> Response:
    return problem(422, "nothing was done: some fields are wrong", errors=errors)

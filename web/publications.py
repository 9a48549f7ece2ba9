"""What was published, open to everybody; and from a figure to the counts of the events behind it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from sqlalchemy import Connection
from starlette.responses import Response

from bot.changes import key_of
from bot.drill_down import COUNTABLE, EventsBehind, events_behind
from bot.locales.spoken import spoken
from bot.publishing import frozen, whole_country
from bot.revisions import changes, revision_of
from bot.summarise import fingerprint, summarise
from bot.summary import BadQuestion, Summary, ask
from bot.summary_changes import Change, Revision
from bot.summary_files import FORMATS, writer
from domain.publication_events import SummaryPublished
from storage.publications import (
    Publication,
    latest_publications,
    publication_of,
    publications,
    published_body,
)
from web.api import PROBLEM, UNCHANGED, refused
from web.callers import caller_of
from web.conditional import OWN, Stand, not_modified
from web.keys import Caller, Open, seen_by
from web.parameters import (
    FILES,
    LastMonth,
    Month,
    PlatformName,
    ProvinceName,
    Provinces,
    Shape,
    worded,
)
from web.rate import Rate

MOST = 200  # in the list
ID = re.compile(r"(\d{4}-\d{2})_(\d{4}-\d{2})_(\d{1,4})", re.ASCII)
ANYBODY = {"Cache-Control": "public, no-cache"}
OFTEN: dict[int | str, dict[str, Any]] = {
    429: PROBLEM | {"description": "Too often; Retry-After says in how many seconds to go on"}
}
MISSING: dict[int | str, dict[str, Any]] = {404: PROBLEM | {"description": "Never published"}}

Countable = Annotated[
    str,
    WithJsonSchema({"type": "string", "enum": list(COUNTABLE)}),
    Query(description="Which figure"),
]

router = APIRouter(prefix="/api/v1", tags=["figures"])


class PublicationListed(Revision):
    """One revision of some months; whole under `/api/v1/published/{id}`."""

    model_config = ConfigDict(populate_by_name=True)

    start: str = Field(alias="from", serialization_alias="from")
    to: str


class PublicationList(BaseModel):
    """The newest first."""

    published: list[PublicationListed]


class PublishedSummary(PublicationListed):
    """As it was published, and beside it what stands otherwise now; `revisions`: all of these months."""

    summary: Summary
    changes: list[Change]
    revisions: list[Revision]


def measured(request: Request) -> None:
    """429 for an address that asks too often."""
    rate: Rate = request.app.state.publications
    stands = rate.measure(caller_of(request))
    if not stands.let_in:
        wait = {"Retry-After": str(stands.next_in)}
        raise HTTPException(429, "too often; Retry-After says when to go on", wait)


@router.get(
    "/published",
    response_model=PublicationList,
    responses=UNCHANGED | OFTEN,
    dependencies=[Depends(measured), Depends(worded)],
)
async def listed(request: Request, services: Open) -> Response:
    """What was published, without a key."""
    found = await services.db.read(lambda conn: latest_publications(conn, MOST))
    told = PublicationList(published=[_listed(one) for one in found])
    content = told.model_dump_json(by_alias=True, indent=1) + "\n"
    stand = _stand(content)
    if stand.is_known(request):
        return not_modified(stand, dt.datetime.now(dt.UTC), ANYBODY)
    return _answer(content, "application/json", stand)


@router.get(
    "/published/{publication}",
    response_model=PublishedSummary,
    responses=UNCHANGED | MISSING | OFTEN | {200: {"content": FILES}},
    dependencies=[Depends(measured), Depends(worded)],
)
async def one_published(
    request: Request, services: Open, publication: str, shape: Shape = "json"
) -> Response:
    """One publication, without a key: its figures of then; in JSON also what changed since."""
    try:
        write = writer(shape)
    except BadQuestion as wrong:
        return refused([{"field": wrong.field, "message": wrong.message}])
    smallest = services.settings.min_cell
    found = await services.db.read(lambda conn: _published(conn, publication, shape, smallest))
    if found is None:
        raise HTTPException(404, "nothing was published under this id")
    mark, body, told = found
    stand = _stand(mark)
    if stand.is_known(request):
        return not_modified(stand, dt.datetime.now(dt.UTC), ANYBODY)
    if told is not None:
        return _answer(
            told.model_dump_json(by_alias=True, indent=1) + "\n", FORMATS[shape][1], stand
        )
    content = await run_in_threadpool(write, frozen(body))
    return _answer(content, FORMATS[shape][1], stand)


def _published(
    conn: Connection, name: str, shape: str, smallest: int
) -> tuple[str, SummaryPublished, PublishedSummary | None] | None:
    """What tells it from another answer, the event, and for JSON the whole answer."""
    named = ID.fullmatch(name)
    found = publication_of(conn, named[1], named[2], int(named[3])) if named else None
    if found is None:
        return None
    body = published_body(conn, found.event)
    if shape != "json":
        return f"{found.id}/{shape}/{spoken()}", body, None
    question = whole_country(ask(body.start, body.end, provinces=body.provinces))
    now = {key_of(figure): figure for figure in summarise(conn, question, smallest).figures}
    told = PublishedSummary(
        **_listed(found).model_dump(),
        summary=frozen(body),
        changes=changes(conn, question, body, now, smallest),
        revisions=[revision_of(one) for one in publications(conn, body.start, body.end)],
    )
    return f"{found.id}/{fingerprint(conn, question, smallest)}", body, told


@router.get("/summary/events", response_model=EventsBehind, dependencies=[Depends(worded)])
async def events(  # noqa: PLR0913 as many parameters as the summary
    *,
    services: Open,
    key: Caller,
    indicator: Countable,
    start: Month,
    to: LastMonth,
    province: ProvinceName = None,
    platform: PlatformName = None,
    provinces: Provinces = None,
) -> Response:
    """The events behind one figure: how many of each kind and what they add up to, never whose."""
    smallest = services.settings.min_cell
    try:
        asked = ask(start, to, province=province, platform=platform, provinces=provinces)
        question = seen_by(key, asked)
        found = await services.db.read(
            lambda conn: events_behind(conn, question, indicator, smallest)
        )
    except BadQuestion as wrong:
        return refused([{"field": wrong.field, "message": wrong.message}])
    content = found.model_dump_json(by_alias=True, indent=1) + "\n"
    return Response(content, media_type="application/json", headers=OWN)


def _listed(one: Publication) -> PublicationListed:
    return PublicationListed(**revision_of(one).model_dump(), start=one.start, to=one.end)


def _stand(mark: str) -> Stand:
    return Stand(f'"{hashlib.sha256(mark.encode()).hexdigest()[:32]}"')


def _answer(content: str | bytes, kind: str, stand: Stand) -> Response:
    """Anybody may keep it, and asks whether it still holds."""
    headers = stand.headers(dt.datetime.now(dt.UTC)) | ANYBODY
    return Response(content, media_type=kind, headers=headers)

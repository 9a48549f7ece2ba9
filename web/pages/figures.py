"""The published figures for officials: each with its sources, and as files that anybody may take."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.summary_files import FORMATS
from storage.figures import is_sample
from web.chat import Ours
from web.edition import newest_edition
from web.officers import areas
from web.published import Published
from web.signed_in import Looking
from web.words import page, t

FILES = {
    "len-san.txt": ("text", "web.ministry.text"),
    "len-san.csv": ("csv", "web.ministry.csv"),
    "len-san.xlsx": ("xlsx", "web.ministry.xlsx"),
    "len-san.png": ("png", "web.ministry.png"),
}
SERIES = {
    "len-san-frictionless.zip": ("frictionless", "web.ministry.format.frictionless"),
    "len-san-sdmx.csv": ("sdmx", "web.ministry.format.sdmx"),
}
"""Month by month, for machines."""

router = APIRouter(include_in_schema=False)


@router.get("/ministry")
async def ministry(request: Request, ours: Ours, who: Looking) -> Response:
    """What was published last with what changed since, the running figures, and how to fetch both."""
    return page(
        "ministry.html",
        sample=await ours.db.read(is_sample),
        figures=await published(request).figures(),
        edition=await newest_edition(request),
        officer=bool(who and areas(who.roles)),
        files=[(name, t(label)) for name, (_, label) in (FILES | SERIES).items()],
    )


@router.get("/ministry/files/{name}")
async def file(request: Request, name: str) -> Response:
    """The same figures, as a file of this kind."""
    if name not in FILES | SERIES:
        raise HTTPException(404)
    write, kind = FORMATS[(FILES | SERIES)[name][0]]
    whole = published(request)
    summary = await (whole.series() if name in SERIES else whole.summary())
    return Response(await run_in_threadpool(write, summary), media_type=kind)


def published(request: Request) -> Published:
    """The figures of this application."""
    found: Published = request.app.state.published
    return found

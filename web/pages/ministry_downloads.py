"""The figures of any question as a file, for officers."""

from __future__ import annotations

from functools import partial
from typing import Annotated, get_args

from fastapi import APIRouter, HTTPException, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.summarise import summarise
from bot.summary import By, Summary
from bot.summary_files import FORMATS
from web.asked import Asked, AskedOfMonth
from web.chat import Ours
from web.officers import Officer
from web.pages.ministry import framed
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

ENDINGS = {  # of a file, where it is not the format's name
    "text": "txt",
    "frictionless": "zip",
    "sdmx": "sdmx.csv",
}
WAYS: tuple[By, ...] = get_args(By)


@router.get("/downloads")
async def downloads(ours: Ours, who: Officer, asked: AskedOfMonth) -> Response:
    """What can be taken, told apart by what."""
    return await framed(
        "ministry_downloads.html",
        ours,
        who,
        asked,
        "/ministry/downloads",
        ways=[(one, t(f"web.ministry.by.{one}")) for one in WAYS],
        shapes=[(one, t(f"web.ministry.format.{one}")) for one in FORMATS],
    )


@router.get("/download")
async def download(
    ours: Ours,
    _: Officer,
    asked: AskedOfMonth,
    shape: Annotated[str, Query(alias="format")] = "xlsx",
    by: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """One summary in one format."""
    if shape not in FORMATS or asked.wrong:
        raise HTTPException(404)
    write, kind = FORMATS[shape]
    summary = await _summary(ours, asked, by or [])
    name = f"len-san-{summary.start}-{summary.to}.{ENDINGS.get(shape, shape)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(await run_in_threadpool(write, summary), media_type=kind, headers=headers)


async def _summary(ours: Ours, asked: Asked, by: list[str]) -> Summary:
    question = asked.apart(*(one for one in WAYS if one in by))
    work = partial(summarise, question=question, min_cell=ours.settings.min_cell)
    return await ours.db.read(work)

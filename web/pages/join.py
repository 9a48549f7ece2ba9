"""The page of a code that joins another machine: where to type it. Nothing is looked up or used up."""

from __future__ import annotations

from uuid import uuid4

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from domain.link_codes import code_said, shown
from storage.figures import is_sample
from web.chat import Ours
from web.words import page

router = APIRouter(include_in_schema=False)


@router.get("/join/{said}")
async def join(request: Request, ours: Ours, said: str) -> Response:
    """The same for every code, given or not: nobody tries codes here. 404 for what is none."""
    code = code_said(said)
    if code is None:
        raise HTTPException(404)
    return page(
        "join.html",
        sample=await ours.db.read(is_sample),
        code=shown(code),
        form=str(uuid4()),
        telegram=await request.app.state.telegram.link(code),
    )

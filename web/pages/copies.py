"""A person's copy of everything stored about them, behind the address that the bot gave them."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, HTTPException
from pydantic_core import to_json
from starlette.responses import Response

from storage.copies import copy_behind
from web.chat import Ours, now

AS_FILE = {
    "Content-Disposition": 'attachment; filename="len-san.json"',
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}

router = APIRouter(include_in_schema=False)


@router.get("/copies/{secret}")
async def copy(ours: Ours, secret: str) -> Response:
    """The copy as a file, for a day; 404 afterwards and for anything else."""
    found = await ours.db.read(partial(copy_behind, secret=secret, now=now()))
    if found is None:
        raise HTTPException(404)
    return Response(to_json(found, indent=2), media_type="application/json", headers=AS_FILE)

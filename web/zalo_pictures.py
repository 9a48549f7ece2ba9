"""Pictures of replies for Zalo, which fetches them by an address of ours: signed, and good for a day."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import Response

from bot.channels.zalo import CHANNEL
from bot.channels.zalo_pictures import PATH, PictureLinks
from web.chat import KINDS, PRIVATE, Ours, picture_of

router = APIRouter(include_in_schema=False)


@router.api_route(f"{PATH}/{{name}}", methods=["GET", "HEAD"], response_class=Response)
async def picture(
    ours: Ours,
    name: str,
    until: Annotated[int, Query(ge=0, lt=2**40)] = 0,
    sign: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The picture of a reply; 404 without the signature, after its day, and when the reply was erased."""
    if not PictureLinks("", ours.secret).good(name, until, sign):
        raise HTTPException(404)
    number, _, kind = name.partition(".")
    content = await picture_of(ours, UUID(number), KINDS[kind], CHANNEL)
    if content is None:
        raise HTTPException(404)
    media = "image/jpeg" if kind == "jpg" else "image/png"
    return Response(content, media_type=media, headers=PRIVATE)

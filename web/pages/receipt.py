"""The page of one receipt, for whoever has its link: what was sold, for how much, whether it holds."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from bot.locales.receipt import receipt_words
from bot.locales.spoken import spoken
from bot.receipt_pictures import receipt_png
from bot.services import Services
from domain.geography import speaks_southern
from domain.receipt import Receipt
from storage.figures import is_sample
from storage.receipts import receipt_behind
from web.callers import caller_of
from web.chat import Ours
from web.rate import Rate
from web.words import FRESH, page, t

LONGEST_WORD = 60
NOT_FOUND_BY_SEARCH = {"X-Robots-Tag": "noindex"}
SHOWN_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}  # a chat shows it beside the link

router = APIRouter(include_in_schema=False)


@router.get("/receipt/{word}")
async def show(request: Request, ours: Ours, word: str) -> Response:
    """The sale as it stands in the book now; 404 for any other word."""
    receipt = await _found(request, ours, word)
    site = _site(request, ours)
    said = _words(receipt, site)
    shown = page(
        "receipt.html",
        sample=await ours.db.read(is_sample),
        next="" if receipt.state == "valid" else t(f"web.receipt.{receipt.state}.next"),
        shop=f"/shop/{receipt.shop}" if receipt.shop else None,
        here=f"/receipt/{word}",
        **_pasted(said, f"{site}/receipt/{word}"),
        **said,
    )
    shown.headers.update(NOT_FOUND_BY_SEARCH)
    return shown


@router.get("/receipt/{word}/picture.png")
async def picture(request: Request, ours: Ours, word: str) -> Response:
    """The same as a picture, to keep."""
    receipt = await _found(request, ours, word)
    png = await asyncio.to_thread(receipt_png, _words(receipt, _site(request, ours)))
    headers = FRESH | NOT_FOUND_BY_SEARCH | SHOWN_ANYWHERE
    return Response(png, media_type="image/png", headers=headers)


async def _found(request: Request, ours: Services, word: str) -> Receipt:
    seen: Rate = request.app.state.receipts
    seen.admit(caller_of(request))
    found = None
    if len(word) <= LONGEST_WORD:
        found = await ours.db.read(partial(receipt_behind, word=word))
    if found is None:
        raise HTTPException(404)
    return found


def _site(request: Request, ours: Services) -> str:
    return ours.settings.public_url or str(request.base_url).rstrip("/")


def _words(receipt: Receipt, site: str) -> dict[str, Any]:
    return receipt_words(receipt, site, spoken(), southern=speaks_southern(receipt.province))


def _pasted(said: dict[str, Any], address: str) -> dict[str, Any]:
    """What a chat shows of the page's link; of a receipt that does not hold, that and no sum."""
    goods = ", ".join(what for what, _, _ in said["items"])
    short = [said["title"], said["total"]] if said["holds"] else [said["title"]]
    facts = [said["state"], goods, *said["facts"][:2]]
    return {
        "heading": " · ".join(short),
        "description": ". ".join(filter(None, facts)) + ".",
        "address": address,
        "image": f"{address}/picture.png",
    }

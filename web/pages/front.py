"""The front door, and what consent means."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from bot.locales.spoken import text
from storage.buyers import KEPT
from storage.figures import is_sample
from web.chat import Ours
from web.pages.figures import published
from web.words import page

LOOPBACK = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}  # noqa: S104 nothing is bound here

router = APIRouter(include_in_schema=False)


@router.get("/")
async def front(request: Request, ours: Ours) -> Response:
    """What it is, three doors, the published figures, a code to open the chat on a phone."""
    address = f"{ours.settings.public_url or str(request.base_url).rstrip('/')}/chat"
    return page(
        "front.html",
        sample=await ours.db.read(is_sample),
        figures=await published(request).figures(),
        code=qr(address),
        only_here=urlsplit(address).hostname in LOOPBACK,
    )


@router.get("/privacy")
async def privacy(ours: Ours) -> Response:
    """All that consent means, in full."""
    chosen = ours.settings
    controller = chosen.controller or text("controller.none")
    return page(
        "privacy.html",
        sample=await ours.db.read(is_sample),
        controller=controller[:1].upper() + controller[1:],
        months=chosen.retention_months,
        days=KEPT.days,
        least=chosen.min_cell,
    )


def qr(address: str) -> Markup:
    """The address as an inline picture."""
    drawn = segno.make(address, error="m").svg_inline(
        omitsize=True, border=0, dark="#1f2a24", svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 drawn by segno: shapes only

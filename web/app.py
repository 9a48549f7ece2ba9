"""Everything that is served over HTTP, as one ASGI application."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.telegram_name import TelegramName
from bot.measures import count_faults
from bot.services import Services
from web import (
    api,
    chat,
    explain,
    openapi,
    operators,
    orders_api,
    publications,
    sent_reports,
    voice,
    zalo_pictures,
)
from web.guard import Guard
from web.language import Languages
from web.later import Later
from web.pages import (
    addresses,
    certificates,
    check_in,
    checks,
    copies,
    courses,
    figures,
    front,
    household,
    join,
    letters,
    ministry,
    ministry_coverage,
    ministry_downloads,
    ministry_events,
    ministry_provinces,
    ministry_revisions,
    ministry_trends,
    order,
    potential,
    receipt,
    shop,
    sign_in,
    summaries,
    worker_area,
    worker_export,
)
from web.pages import chat as chat_page
from web.pages import explain as explain_page
from web.pages import messages as messages_page
from web.problems import answer_problems
from web.published import Published
from web.rate import Rate
from web.summaries import Summaries
from web.words import STATIC, t

ROUTERS = (
    chat.router,
    voice.router,
    chat_page.router,
    front.router,
    figures.router,
    ministry.router,
    ministry_provinces.router,
    ministry_trends.router,
    ministry_coverage.router,
    ministry_revisions.router,
    ministry_events.router,
    ministry_downloads.router,
    copies.router,
    shop.router,
    order.router,
    receipt.router,
    sign_in.router,
    join.router,
    worker_area.router,
    worker_export.router,
    household.router,
    potential.router,
    certificates.router,
    letters.router,
    checks.router,
    messages_page.router,
    addresses.router,
    courses.router,
    check_in.router,
    summaries.router,
    explain_page.router,
    operators.router,
    api.router,
    publications.router,
    orders_api.router,
    sent_reports.router,
    openapi.router,
    explain.router,
    zalo_pictures.router,
)


def create_app(services: Services, webhooks: Mapping[str, ASGIApp] | None = None) -> Site:
    """The pages, the API and, by path, the webhooks of channels; those pass by everything else.

    Open it with its lifespan. The services stay open as long as whoever opened them wants.
    """
    app = openapi.Described(
        title=t("web.name"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.began = dt.datetime.now(dt.UTC)
    app.state.later = Later(services.db)
    app.state.rate = Rate()
    app.state.buyers = Rate(
        burst=20, a_second=1 / 20
    )  # orders from one address: many phones may share it
    app.state.keys = Rate(burst=60, a_second=10)  # what one API key asks
    app.state.shops = Rate(burst=60, a_second=1 / 10)  # orders at one shop
    app.state.publications = Rate(burst=60)  # published figures seen from one address
    app.state.receipts = Rate(burst=60)  # receipts and their pictures seen from one address
    app.state.check_ins = Rate(burst=300, a_second=5)  # a whole class behind one network
    app.state.summary_links = Rate(burst=30, a_second=1 / 2)  # a PDF takes a second
    app.state.telegram = TelegramName(services.settings)
    app.state.published = Published(services)
    app.state.summaries = Summaries(services)
    answer_problems(app)
    app.router.routes.extend(_pages().routes)
    app.mount("/static", StaticFiles(directory=STATIC))
    count_faults()
    https = services.settings.address.startswith("https:")
    spoken = Languages(app, services.settings.language, https=https)
    return Site(Guard(spoken, https=https), webhooks or {}, app.state.later)


@cache
def _pages() -> APIRouter:
    """All of them; what they take is read once, however many applications a process makes."""
    every = APIRouter()
    for router in ROUTERS:
        every.include_router(router)
    return every


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    later: Later = app.state.later
    later.start()
    try:
        yield
    finally:
        await later.stop()


class Site:
    """The whole as an ASGI application. Webhooks first: they carry most of the traffic."""

    def __init__(self, pages: ASGIApp, webhooks: Mapping[str, ASGIApp], later: Later) -> None:
        self._pages = pages
        self._webhooks = webhooks
        self._later = later

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        webhook = None
        if scope["type"] == "http" and scope["method"] == "POST":
            webhook = self._webhooks.get(scope["path"])
        await (webhook or self._pages)(scope, receive, send)

    def leave(self) -> None:
        """End the open streams, so that a server that stops need not wait for them."""
        self._later.end()

"""Everything that is served over HTTP, as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.measures import count_faults
from bot.services import Services
from web import chat, operators
from web.guard import Guard
from web.later import Later
from web.pages import chat as chat_page
from web.pages import copies, front
from web.problems import answer_problems
from web.published import Published
from web.rate import Rate
from web.words import STATIC, t

ROUTERS = (chat.router, chat_page.router, front.router, copies.router, operators.router)


def create_app(services: Services, webhooks: Mapping[str, ASGIApp] | None = None) -> ASGIApp:
    """The pages, the API and, by path, the webhooks of channels; those pass by everything else.

    Open it with its lifespan. The services stay open as long as whoever opened them wants.
    """
    app = FastAPI(
        title=t("web.name"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.later = Later(services.db)
    app.state.rate = Rate()
    app.state.published = Published(services)
    answer_problems(app)
    for router in ROUTERS:
        app.include_router(router)
    if find_spec("web.api"):
        app.include_router(import_module("web.api").router)
    app.mount("/static", StaticFiles(directory=STATIC))
    count_faults()
    https = services.settings.address.startswith("https:")
    return _Doors(Guard(app, https=https), webhooks or {})


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    later: Later = app.state.later
    later.start()
    try:
        yield
    finally:
        await later.stop()


class _Doors:
    """Webhooks first: they carry most of the traffic and need none of the layers."""

    def __init__(self, pages: ASGIApp, webhooks: Mapping[str, ASGIApp]) -> None:
        self.pages = pages
        self.webhooks = webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        webhook = None
        if scope["type"] == "http" and scope["method"] == "POST":
            webhook = self.webhooks.get(scope["path"])
        await (webhook or self.pages)(scope, receive, send)

"""What stands around the application: bounded bodies, safe headers, one line in the log for a fault."""

from __future__ import annotations

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 256_000  # bytes of a body, where nothing else is said
LARGEST_AT = {
    "/chat": 32_000_000,  # a photo over 20 MB still gets a kind answer
    "/chat/photos": 32_000_000,
    "/chat/voice": 32_000_000,
    "/api/v1/reports": 16_000_000,
    "/api/v1/orders": 16_000_000,
}
YEAR = "public, max-age=31536000, immutable"
HOUR = "public, max-age=3600"
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HEADERS = "headers"  # of a request's state: what is said with its answer, whatever that is
HTTPS_ONLY = "max-age=31536000"

log = structlog.get_logger()


class Guard:
    """The outermost layer of the pages and the API. `https`: people come by https only."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = SAFE | ({"Strict-Transport-Security": HTTPS_ONLY} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        if scope["method"] == "HEAD":  # the server leaves the body out
            scope = {**scope, "method": "GET"}
        try:
            await self.app(scope, _bounded(scope, receive), self._safe(scope, send))
        except ClientDisconnect:
            pass  # nobody is there any more
        except Exception:
            log.exception("request failed", path=_route(scope))  # it was answered with 500

    def _safe(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                more = scope["state"].get(HEADERS, {})
                for name, value in (self.headers | more | _uncached(scope)).items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/static/") and message["status"] == 200:
                    headers["Cache-Control"] = _kept(scope)
            await send(message)

        return sending


def _uncached(scope: Scope) -> dict[str, str]:
    """An answer of the API that says nothing else is of one moment, for one asker."""
    return {"Cache-Control": "no-store"} if scope["path"].startswith("/api/") else {}


def _kept(scope: Scope) -> str:
    """Fonts and what is named by its content never change."""
    unchanging = scope["query_string"].startswith(b"v=") or "/fonts/" in scope["path"]
    return YEAR if unchanging else HOUR


def _route(scope: Scope) -> str:
    """The path as it is written in the code: the one that was asked for may name somebody."""
    route = scope.get("route")
    return str(getattr(route, "path", "?"))


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """The body, refused with 413 as soon as it is larger than its address allows."""
    largest = LARGEST_AT.get(scope["path"], LARGEST)
    length = dict(scope["headers"]).get(b"content-length", b"0")
    announced = int(length) if length.isdigit() and len(length) < 20 else 0
    read = 0

    async def receiving() -> Message:
        nonlocal read
        if announced > largest:
            raise HTTPException(413)
        message = await receive()
        read += len(message.get("body", b""))
        if read > largest:
            raise HTTPException(413)
        return message

    return receiving

"""One request of a webhook, as ASGI hands it over: its header, its body, its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def header_of(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """The first header of this name, in small letters."""
    return next((value for key, value in headers if key == name), None)


async def body_of(receive: Receive, largest: int) -> bytes:
    """The request's body, not read on past what is allowed."""
    whole = b""
    while len(whole) <= largest:
        event = await receive()
        whole += event.get("body", b"")
        if not event.get("more_body"):
            break
    return whole


async def send_answer(send: Send, status: int, answer: bytes = b"") -> None:
    """The status and, if there is any, JSON."""
    headers = [(b"content-length", str(len(answer)).encode())]
    if answer:
        headers.append((b"content-type", b"application/json"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer})

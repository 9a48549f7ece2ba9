"""The web chat for programs: posts and their answers, the history, what comes later, pictures."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    File,
    Form,
    HTTPException,
    Query,
    Request,
    UploadFile,
)
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.channels import web_chat
from bot.channels.web_chat import CHANNEL, Bubble, Posted
from bot.charts import bars_png
from bot.dialogue.message import Message, Text
from bot.dialogue.reply import Line, Reply, Voice
from bot.locales.render import Worded, word
from bot.locales.spoken import spoken
from bot.photos import LARGEST, checked_photo
from bot.qr_pictures import qr_png
from bot.receipt_pictures import receipt_png
from bot.services import Services
from storage import talk
from storage.roles import has_role
from storage.talk import Heard, Told
from web.chat_answers import FULL, NO_PICTURE, NOBODY, TOO_FAST, Replies, Talk, served
from web.later import Later
from web.problems import problem
from web.rate import Rate

COOKIE = "chat"
NO_REPLY = UUID(int=0)
KINDS = {"png": ("bars", "qr", "receipt"), "jpg": ("photo",)}
ALIVE = 20.0  # seconds between two signs of life on an open stream
PRIVATE = {"Cache-Control": "private, max-age=86400"}
FRESH = {"Cache-Control": "no-store"}
WAIT = {"Retry-After": "5"}  # seconds: some posts of a browser that wrote too fast
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

router = APIRouter(tags=["chat"])


def services(request: Request) -> Services:
    """What the program has open."""
    found: Services = request.app.state.services
    return found


Ours = Annotated[Services, Depends(services)]


def own_client(kept: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> UUID | None:
    """The client of this browser's cookie; a cookie that we never gave is none."""
    try:
        return UUID(kept or "")
    except ValueError:
        return None


Own = Annotated[UUID | None, Depends(own_client)]


def now() -> dt.datetime:
    """The moment at which a post arrived: a browser's clock is not asked."""
    return dt.datetime.now(dt.UTC)


def let_in(request: Request, client: UUID) -> bool:
    """Whether this browser doesn't write faster than anybody types."""
    rate: Rate = request.app.state.rate
    return rate.takes(client)


async def answered(ours: Services, message: Message) -> list[dict[str, Any]]:
    """The replies to a message, after its commit; the same ones when it comes again."""
    handled = await ours.runner.handle(message, inline="all")
    replies = [web_chat.word(kept.id, kept.worded) for kept in handled.replies]
    if handled.by_role and isinstance(message.content, Text):
        for reply in replies:
            address = web_chat.explanation(message.id, reply["text"])
            reply.update({"explain": address} if address else {})
    return replies


def too_fast() -> JSONResponse:
    """429 in the bot's own words; nothing was taken, the same post may come again."""
    kind = word(Reply((Line("limit.rate"),), voice=Voice(language=spoken())))
    replies = [web_chat.word(NO_REPLY, kind)]
    return problem(429, kind.text, WAIT, replies=replies)


@router.post("/chat/messages", response_model=Replies, responses=TOO_FAST)
async def post_message(request: Request, ours: Ours, posted: Posted) -> Response:
    """One message or tap; answers after the commit, the same `message_id` with the same replies."""
    if not let_in(request, posted.client_id):
        return too_fast()
    replies = await answered(ours, web_chat.parse(posted, now(), spoken()))
    return JSONResponse({"replies": replies}, headers=FRESH)


@router.post("/chat/photos", response_model=Replies, responses=TOO_FAST)
async def post_photo(
    request: Request,
    ours: Ours,
    client_id: Annotated[UUID, Form()],
    message_id: Annotated[UUID, Form()],
    photo: Annotated[UploadFile, File()],
) -> Response:
    """A photo, at most 20 MB; one that is none is answered kindly."""
    if not let_in(request, client_id):
        return too_fast()
    picture = await checked_photo(await photo.read(LARGEST + 1))
    message = web_chat.message(client_id, message_id, picture, now(), spoken())
    return JSONResponse({"replies": await answered(ours, message)}, headers=FRESH)


@router.get("/chat/history", response_model=Talk, responses=NOBODY)
async def history(ours: Ours, own: Own, client_id: UUID | None = None) -> Response:
    """Both sides of what is stored of this client's talk, oldest first, and the last position."""
    bubbles, last = await talked(ours, whose(client_id, own))
    return JSONResponse({"messages": [_json(b) for b in bubbles], "last": last}, headers=FRESH)


@router.get(
    "/chat/events",
    response_class=StreamingResponse,
    responses=served("text/event-stream") | NOBODY | FULL,
)
async def events(
    request: Request,
    ours: Ours,
    own: Own,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    client_id: UUID | None = None,
) -> Response:
    """What is told to this client after a position, as it comes (server-sent events)."""
    later: Later = request.app.state.later
    if later.full:
        raise HTTPException(503)
    after = max(after, _resumed(request.headers.get("last-event-id", "")))
    told = stream(ours, later, str(whose(client_id, own)), after)
    return StreamingResponse(told, media_type="text/event-stream", headers=STREAM)


@router.get(
    "/chat/images/{name}",
    response_class=Response,
    responses=served("image/png", "image/jpeg") | NO_PICTURE,
)
async def image(ours: Ours, name: str) -> Response:
    """The picture of a reply, for whoever knows the reply's id."""
    number, _, kind = name.partition(".")
    if kind not in KINDS:
        raise HTTPException(404)
    content = await picture_of(ours, _uuid(number), KINDS[kind])
    if content is None:
        raise HTTPException(404)
    return Response(
        content, media_type=f"image/{'jpeg' if kind == 'jpg' else kind}", headers=PRIVATE
    )


async def picture_of(
    ours: Services, reply: UUID, kinds: Sequence[str], channel: str = CHANNEL
) -> bytes | None:
    """Drawn or fetched; None when there is no such reply in the channel, or none of these kinds."""
    body = await ours.db.read(partial(talk.told_body, channel=channel, which=reply))
    picture = body and body["picture"]
    if not picture or picture["kind"] not in kinds:
        return None
    if picture["kind"] == "bars":
        return await asyncio.to_thread(bars_png, picture)
    if picture["kind"] == "receipt":
        return await asyncio.to_thread(receipt_png, picture)
    if picture["kind"] == "qr":
        return await asyncio.to_thread(qr_png, picture["text"])
    return await ours.db.read(partial(talk.jpeg, which=UUID(picture["id"])))


async def talked(ours: Services, client: UUID) -> tuple[list[Bubble], int]:
    """The talk as it is stored, and the position of the last thing told; all of it counts as seen."""

    def both(conn: Connection) -> tuple[list[Heard], list[Told], bool]:
        whose = CHANNEL, str(client)
        return talk.heard(conn, *whose), talk.told(conn, *whose), has_role(conn, *whose)

    heard, told, by_role = await ours.db.read(both)
    await _saw(ours, told)
    return web_chat.talk(heard, told, by_role=by_role), max((t.position for t in told), default=0)


async def stream(ours: Services, later: Later, client: str, after: int) -> AsyncIterator[str]:
    """Server-sent events without end; a browser that comes again says which one it had last."""
    yield "retry: 3000\n\n"
    with later.opened(client) as woken:
        while not later.ended:
            woken.clear()
            fresh = await ours.db.read(
                partial(talk.told, channel=CHANNEL, address=client, after=after)
            )
            for told in fresh:
                after = told.position
                if not is_answer(told):
                    yield f"id: {told.position}\ndata: {json.dumps(_event(told))}\n\n"
            await _saw(ours, fresh)
            if not await _woken(woken):
                yield ": here\n\n"


def is_answer(told: Told) -> bool:
    """Whether the browser that posted got this in the post's own answer."""
    return bool(told.message and told.message.startswith(f"{CHANNEL}:"))


def whose(given: UUID | None, own: UUID | None) -> UUID:
    """The client that a program names, or the one in the browser's cookie."""
    client = given or own
    if client is None:
        raise HTTPException(400, "client_id is missing")
    return client


async def _saw(ours: Services, told: Sequence[Told]) -> None:
    unseen = [each.id for each in told if not each.seen]
    if unseen:
        await ours.db.write(partial(talk.saw, ids=unseen))


async def _woken(woken: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(woken.wait(), ALIVE)
    return False


def _event(told: Told) -> dict[str, Any]:
    return web_chat.word(told.id, Worded.from_json(told.body))


def _resumed(last_event: str) -> int:
    return (
        int(last_event)
        if last_event.isascii() and last_event.isdigit() and len(last_event) < 19
        else 0
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise HTTPException(404) from None


def _json(bubble: Bubble) -> dict[str, Any]:
    buttons = [{"id": c.id, "label": c.label, "chosen": c.chosen} for c in bubble.buttons]
    return {
        "own": bubble.own,
        "at": bubble.at.isoformat(),
        "text": bubble.text,
        "kind": bubble.kind,
        "buttons": buttons,
        "image": bubble.image,
        "message_id": bubble.message,
        **({"explain": bubble.explain} if bubble.explain else {}),
    }

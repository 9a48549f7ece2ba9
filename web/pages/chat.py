"""The chat as a page: works without scripts, `static/chat.js` makes it quicker."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import Annotated
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from bot.channels import web_chat
from bot.channels.web_chat import CHANNEL, Posted
from bot.dialogue.message import Message
from bot.locales.spoken import spoken
from bot.photos import LARGEST, checked_photo
from bot.services import Services
from storage.figures import is_sample
from storage.languages import chosen_at
from web.chat import COOKIE, WAIT, Ours, Own, answered, let_in, now, talked
from web.language import prefer
from web.words import page

YEAR = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


@router.get("/chat")
async def show(ours: Ours, own: Own) -> Response:
    """The talk so far, newest last, and a place to write."""
    client = own or uuid4()
    bubbles, after = await talked(ours, client)
    chosen = await ours.db.read(partial(chosen_at, channel=CHANNEL, address=str(client)))
    prefer(chosen)
    shown = page(
        "chat.html",
        sample=await ours.db.read(is_sample),
        client=str(client),
        after=after,
        page=str(uuid4()),
        bubbles=bubbles,
        chosen=chosen is not None,
    )
    return remembering(shown, client, ours)


@router.post("/chat")
async def post(  # noqa: PLR0913 the fields of the form
    request: Request,
    ours: Ours,
    own: Own,
    *,
    page: Annotated[UUID, Form()],
    text: Annotated[str, Form()] = "",
    button: Annotated[str | None, Form()] = None,
    photo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """What the forms send; then the page again, so that loading it anew sends nothing."""
    client = own or uuid4()
    if not let_in(request, client):
        raise HTTPException(429, headers=WAIT)
    sent = await photo.read(LARGEST + 1) if photo and photo.filename else b""
    if sent:
        picture = await checked_photo(sent, text.strip()[: web_chat.TEXT_KEPT])
        number = uuid5(page, sha256(sent).hexdigest())
        await answered(ours, web_chat.message(client, number, picture, now(), spoken()))
    elif button or text.strip():
        await answered(ours, words_of(client, page, text, button))
    return remembering(RedirectResponse("/chat", 303), client, ours)


def words_of(client: UUID, page: UUID, text: str, button: str | None) -> Message:
    """Words or a tap as a message. Its number comes from the page: sent twice it is one message."""
    number = uuid5(page, f"button {button}" if button else f"text {text}")
    said = {"button": button} if button else {"text": text}
    try:
        posted = Posted.model_validate({"client_id": client, "message_id": number, **said})
    except ValidationError:
        raise HTTPException(422) from None
    return web_chat.parse(posted, now(), spoken())


def remembering(answer: Response, client: UUID, ours: Services) -> Response:
    """The answer with the cookie by which this browser is known; scripts can't read it."""
    https = ours.settings.address.startswith("https:")
    answer.set_cookie(
        COOKIE, str(client), YEAR, path="/chat", secure=https, httponly=True, samesite="lax"
    )
    return answer

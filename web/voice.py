"""A voice note of the web chat: kept for recognition; its answer goes by the stream of later messages."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import JSONResponse, Response

from bot.channels import web_chat
from bot.dialogue.message import Voice
from bot.locales.spoken import spoken
from bot.voice_notes import LARGEST
from storage.voice_notes import Sound
from web.chat import FRESH, Ours, let_in, now, too_fast
from web.chat_answers import TOO_FAST, Replies

router = APIRouter(tags=["chat"])


@router.post("/chat/voice", response_model=Replies, responses=TOO_FAST)
async def post_voice(
    request: Request,
    ours: Ours,
    client_id: Annotated[UUID, Form()],
    message_id: Annotated[UUID, Form()],
    voice: Annotated[UploadFile, File()],
    seconds: Annotated[int, Form(ge=0, le=86_400)] = 0,
) -> Response:
    """A recording, at most a minute and 20 MB; answers once it is kept, or with why it is not."""
    if not let_in(request, client_id):
        return too_fast()
    sound = Sound(audio=await voice.read(LARGEST + 1))
    message = web_chat.message(client_id, message_id, Voice(seconds), now(), spoken())
    handled = await ours.ears.take(message, sound, inline="all")
    replies = [web_chat.word(kept.id, kept.worded) for kept in handled.replies]
    return JSONResponse({"replies": replies}, headers=FRESH)

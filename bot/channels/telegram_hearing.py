"""What polling and the webhook share: a parsed update goes to the runner, its photo fetched before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Protocol

from bot.channels.telegram import Heard
from bot.channels.telegram_client import TelegramApi
from bot.dialogue.message import Message, Picture
from bot.one_turn import Handled
from bot.voice_notes import VoiceNotes
from storage.voice_notes import Sound

ALLOWED = ("message", "edited_message", "callback_query")


class Handle(Protocol):
    """The runner's `handle`."""

    async def __call__(self, message: Message, *, inline: bool = False) -> Handled: ...


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears one update to its commit."""

    api: TelegramApi
    handle: Handle
    ears: VoiceNotes | None = None

    async def hear(self, heard: Heard, *, inline: bool = False) -> Handled:
        """What the runner makes of it; a tap is answered beside it, so that the button stops waiting."""
        if heard.tap is not None:
            self.api.tap_heard(heard.tap)
        if heard.voice is not None and self.ears is not None:
            sound = Sound(source=heard.voice.file_id)
            size = heard.voice.file_size
            return await self.ears.take(heard.message, sound, size, inline=inline)
        return await self.handle(await self._with_photo(heard), inline=inline)

    async def _with_photo(self, heard: Heard) -> Message:
        content = heard.message.content
        if heard.photo is None or not isinstance(content, Picture):
            return heard.message
        photo = await self.api.photo(heard.photo, content.caption)
        return replace(heard.message, content=photo)


def now() -> dt.datetime:
    """The time at which a tap is heard; Telegram gives none."""
    return dt.datetime.now(dt.UTC)

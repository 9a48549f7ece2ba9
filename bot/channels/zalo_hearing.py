"""What polling and the webhook share: a parsed update goes to the runner, a voice note to the ears."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Protocol

from bot.channels.zalo import Heard
from bot.channels.zalo_client import ZaloApi
from bot.dialogue.message import Message, Picture, Voice
from bot.one_turn import Handled
from bot.voice_notes import VoiceNotes
from storage.voice_notes import Sound


class Handle(Protocol):
    """The runner's `handle`."""

    async def __call__(self, message: Message) -> Handled: ...


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears one update to its commit; Zalo takes no reply in a webhook's answer, all go by the outbox."""

    api: ZaloApi
    handle: Handle
    ears: VoiceNotes | None = None

    async def hear(self, heard: Heard) -> Handled:
        """What the runner makes of it; a photo is fetched before, a voice note when it is recognised."""
        spoken = isinstance(heard.message.content, Voice)
        if spoken and self.ears is not None:
            return await self.ears.take(heard.message, Sound(source=heard.link))
        return await self.handle(await self._with_file(heard))

    async def _with_file(self, heard: Heard) -> Message:
        content = heard.message.content
        if heard.link is None or not isinstance(content, Picture):
            return heard.message
        photo = await self.api.files.photo(heard.link, content.caption)
        return replace(heard.message, content=photo)


def now() -> dt.datetime:
    """The time of a message that bears none."""
    return dt.datetime.now(dt.UTC)

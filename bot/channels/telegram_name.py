"""What the bot is called at Telegram, for links that open a talk with it: asked once."""

from __future__ import annotations

from bot.channels.telegram_client import TelegramApi
from bot.config import Settings
from bot.delivery import NotSent

PATIENCE = 3.0  # seconds; a page waits for this


class TelegramName:
    """`link` opens the bot with a word; None without a bot, or while Telegram can't be reached."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name: str | None = None

    async def link(self, word: str) -> str | None:
        """`https://t.me/<bot>?start=<word>`."""
        if self._name is None:
            self._name = await self._ask()
        return f"https://t.me/{self._name}?start={word}" if self._name else None

    async def _ask(self) -> str | None:
        token = self._settings.telegram_token
        if token is None:
            return None
        try:
            async with TelegramApi(self._settings.telegram_api, token.get_secret_value()) as api:
                found = await api.call("getMe", patience=PATIENCE)
        except NotSent:
            return None
        return found.get("username") if isinstance(found, dict) else None

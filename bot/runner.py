"""What begins a turn: a message of any channel is handed to the database as one piece of work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.message import Message, News
from bot.dialogue.reply import Line, Reply, Voice
from bot.dialogue.turn import Rules
from bot.locales.catalogue import languages, text
from bot.locales.render import word
from bot.locales.requests import asked_for
from bot.measures import TURN_SECONDS
from bot.one_turn import CodeOf, Core, Handled, OneTurn, handled, repeated, turn_of
from bot.waiting_news import due_with
from domain.codes import receipt_code
from storage import answers, claims, store
from storage.answers import Inline
from storage.database import Database
from storage.held_news import told
from storage.languages import chosen_at
from storage.picture import Pictures

log = structlog.get_logger()


class Runner:
    """Handles messages of all channels, on either database."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        handlers: Sequence[Handler],
        *,
        code_of: CodeOf = receipt_code,
    ) -> None:
        self.db = db
        rules = rules_of(settings)
        self._core = Core(
            handlers, rules, code_of, Pictures(), settings.min_cell, settings.quiet_channels
        )

    async def handle(self, message: Message, *, inline: Inline = False) -> Handled:
        """Answer a message once, however often it comes; the result comes after the commit.

        `inline`: the channel can give one reply (True) or all of them ("all") in its own answer; several
        wait in the outbox otherwise. A fault of ours is logged and answered, and the message is kept.
        """
        handled = await self._handle(message, inline)
        if message.channel in self._core.quiet and not isinstance(message.content, News):
            await self._tell_waiting(message)
        return handled

    async def _handle(self, message: Message, inline: Inline) -> Handled:
        try:
            with TURN_SECONDS.labels(message.channel).time():
                return await self.db.write(turn_of(self._core, message, inline=inline))
        except Exception:
            log.exception("turn failed", message_id=message.id)
        spoken = message.language or self._core.rules.language
        fault = partial(_fault, message=message, inline=inline, language=spoken)
        return await self.db.write(fault)

    async def _tell_waiting(self, message: Message) -> None:
        """What happened meanwhile, now that they wrote; each piece is a turn of its own."""
        for which, news in await self.db.write(partial(due_with, message=message)):
            await self.db.write(partial(self._tell_late, which=which, news=news))

    def _tell_late(self, tx: Connection, which: str, news: Message) -> None:
        OneTurn(self._core, news, inline=False)(tx)
        told(tx, which)


def rules_of(settings: Settings) -> Rules:
    """The settings that conversations need."""
    return Rules(
        controller=settings.controller,
        retention_months=settings.retention_months,
        order_hours=settings.order_hours,
        public_url=settings.address,
        help_phone=settings.help_phone,
        language=settings.language,
        languages=tuple((code, text("language.name", code)) for code in languages()),
        asked=tuple(asked_for()),
    )


def _fault(tx: Connection, message: Message, inline: Inline, language: str) -> Handled:
    """The message is not tried again; it stays, and whoever wrote it is told."""
    if not claims.claim(tx, message):
        return repeated(tx, message)
    store.fail(tx, message)
    if isinstance(message.content, News):
        return Handled(())  # nobody waits for an answer
    voice = Voice(language=chosen_at(tx, message.channel, message.sender) or language)
    told = word(Reply((Line("outage.fault"),), voice=voice))
    return handled(answers.answer(tx, message, [told.to_json()], inline), [told])

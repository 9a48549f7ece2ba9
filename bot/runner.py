"""One message, one transaction: claimed, understood, answered and recorded together, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection

from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.message import Message, News, Text, Voice
from bot.dialogue.queries import Query, Unanswered
from bot.dialogue.reply import Line, Reply
from bot.dialogue.respond import respond
from bot.dialogue.session import Session
from bot.dialogue.turn import Rules, Turn
from bot.dialogue.words import known_of
from bot.language.understand import understand
from bot.language.understanding import Understanding
from bot.locales.render import Worded, word
from bot.measures import TURN_SECONDS
from bot.order_intake import link_shop
from domain.codes import receipt_code
from domain.events import ShopLinked
from storage import answers, claims, queries, store
from storage.answers import Inline
from storage.constants import straight
from storage.database import Database
from storage.killpoints import passing
from storage.ledger import Origin
from storage.picture import Pictures
from storage.store import Loaded

LONGEST_READ = 4_096  # characters that the language layer looks at
MOST_QUERIES = 20  # in one turn; more is a handler that asks in circles

CodeOf = Callable[[UUID, int], str]
Begun = Mapping[str, str]  # of each open card the message that it was made of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as it stands in the outbox."""

    id: UUID
    worded: Worded


@dataclass(frozen=True, slots=True)
class Handled:
    """What a message led to. `inline`: the one reply that goes out in the channel's own answer.

    `by_role`: a worker, officer or reader wrote it, who may see why it was understood so.
    """

    replies: tuple[Kept, ...]
    repeated: bool = False
    inline: Kept | None = None
    by_role: bool = False


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
        self._handlers = handlers
        self._rules = rules_of(settings)
        self._code_of = code_of
        self._pictures = Pictures()

    async def handle(self, message: Message, *, inline: Inline = False) -> Handled:
        """Answer a message once, however often it comes; the result comes after the commit.

        `inline`: the channel can give one reply (True) or all of them ("all") in its own answer; several
        wait in the outbox otherwise. A fault of ours is logged and answered, and the message is kept.
        """
        try:
            with TURN_SECONDS.labels(message.channel).time():
                return await self.db.write(partial(self._turn, message=message, inline=inline))
        except Exception:
            log.exception("turn failed", message_id=message.id)
        return await self.db.write(partial(_fault, message=message, inline=inline))

    def _turn(self, tx: Connection, message: Message, inline: Inline) -> Handled:
        tx = straight(tx)
        if not claims.claim(tx, message):
            return _repeated(tx, message)
        passing("after_claim")
        loaded = store.load(tx, message, self._pictures)
        turn, begun = self._answered(tx, message, loaded)
        worded = [word(reply) for reply in turn.replies]
        _remember_options(turn.session, worded)
        passing("after_respond")
        bodies = [w.to_json() for w in worded]
        origin = _origin(begun, turn)
        replies = store.record(tx, turn, loaded, origin, bodies, inline, self._pictures)
        self._take_over(tx, turn)
        return replace(_handled(replies, worded), by_role=bool(turn.person.roles))

    def _take_over(self, tx: Connection, turn: Turn) -> None:
        """The orders that waited for a shop to be linked."""
        for event in turn.events:
            if isinstance(event, ShopLinked):
                link_shop(tx, event, dt.timedelta(hours=self._rules.order_hours))

    def _answered(self, tx: Connection, message: Message, loaded: Loaded) -> tuple[Turn, Begun]:
        """The turn, begun anew with every answer that a handler asked the store for."""
        understood = _understood(message, loaded)
        asker = queries.Asker(loaded.person.id, loaded.person.household, message.sent_at)
        answers: dict[Query, Any] = {}
        for _ in range(MOST_QUERIES):
            turn = self._fresh(message, understood, loaded, answers)
            begun = {task.draft: task.message for task in turn.session.tasks}
            try:
                return respond(turn, self._handlers), begun
            except Unanswered as asked:
                answers[asked.query] = queries.answer(tx, asked.query, asker)
        raise RuntimeError(f"a handler asked the store more than {MOST_QUERIES} times")

    def _fresh(
        self,
        message: Message,
        understood: Understanding | None,
        loaded: Loaded,
        answers: Mapping[Query, Any],
    ) -> Turn:
        return Turn(
            message=message,
            understood=understood,
            session=Session.model_validate_json(loaded.session),
            person=loaded.person,
            household=loaded.household,
            rules=self._rules,
            answers=answers,
            code_of=self._code_of,
        )


def rules_of(settings: Settings) -> Rules:
    """The settings that conversations need."""
    return Rules(
        controller=settings.controller,
        retention_months=settings.retention_months,
        order_hours=settings.order_hours,
        public_url=settings.address,
        help_phone=settings.help_phone,
    )


def _understood(message: Message, loaded: Loaded) -> Understanding | None:
    content = message.content
    text = content.text if isinstance(content, Text | Voice) else None
    if not text or len(text) > LONGEST_READ:
        return None
    return understand(text, message.on, known_of(loaded.household, loaded.person))


def _remember_options(session: Session, worded: Sequence[Worded]) -> None:
    """The buttons that stand last can be typed; words without any question leave none."""
    if worded:
        shown = [w.buttons for w in worded if w.buttons]
        session.options = list(shown[-1]) if shown else []


def _origin(begun: Begun, turn: Turn) -> Origin:
    """The card that an entry was saved from, and the message that the card was made of."""
    draft = next(iter(turn.drafts.values()), "")
    return Origin(begun.get(draft) or turn.message.id, draft)


def _handled(
    replies: Sequence[claims.Reply], worded: Sequence[Worded], *, repeated: bool = False
) -> Handled:
    kept = tuple(Kept(reply.id, words) for reply, words in zip(replies, worded, strict=True))
    alone = kept[0] if len(kept) == 1 and replies[0].inline else None
    return Handled(kept, repeated, alone)


def _repeated(tx: Connection, message: Message) -> Handled:
    """What was answered the first time."""
    replies = claims.replies_to(tx, message)
    return _handled(replies, [Worded.from_json(r.body) for r in replies], repeated=True)


def _fault(tx: Connection, message: Message, inline: Inline) -> Handled:
    """The message is not tried again; it stays, and whoever wrote it is told."""
    if not claims.claim(tx, message):
        return _repeated(tx, message)
    store.fail(tx, message)
    if isinstance(message.content, News):
        return Handled(())  # nobody waits for an answer
    told = word(Reply((Line("outage.fault"),)))
    return _handled(answers.answer(tx, message, [told.to_json()], inline), [told])

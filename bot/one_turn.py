"""One message, one transaction: claimed, understood, answered and recorded together, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.dialogue.assisting import answered
from bot.dialogue.handler import Handler
from bot.dialogue.helped_queries import Book
from bot.dialogue.message import Message, News, Text, Voice
from bot.dialogue.publishing_queries import PublishingQuery
from bot.dialogue.queries import Query, Unanswered
from bot.dialogue.session import EARLIER, Session
from bot.dialogue.summary_queries import SummaryQuery
from bot.dialogue.turn import Rules, Turn
from bot.dialogue.words import WITHOUT_BUTTONS, is_numbered, known_of
from bot.heard import heard, labels_in_first, spoken_to
from bot.language.understand import understand
from bot.language.understanding import Understanding
from bot.locales.render import Worded, word
from bot.locales.spoken import speaking
from bot.order_intake import link_shop
from bot.passing_on import messages_of
from bot.programme_figures import answer as answer_figures
from bot.publishing_answers import answer as answer_publishing
from bot.small_cells import MIN_CELL
from bot.waiting_news import moved, put_aside
from domain.events import ShopLinked
from storage import claims, queries, store
from storage.answers import Inline
from storage.constants import straight
from storage.database import Work
from storage.killpoints import passing
from storage.ledger import Origin
from storage.picture import Pictures
from storage.staged import Staged
from storage.store import Loaded

LONGEST_READ = 4_096  # characters that the language layer looks at
MOST_QUERIES = 20  # in one turn; more is a handler that asks in circles

CodeOf = Callable[[UUID, int], str]


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


@dataclass(frozen=True, slots=True)
class Core:
    """What every turn is answered with; `pictures`: households as they were last loaded.

    `min_cell`: figures that come from fewer households are not told outside their area.
    `quiet`: channels in which nobody is written to unasked.
    """

    handlers: Sequence[Handler]
    rules: Rules
    code_of: CodeOf
    pictures: Pictures
    min_cell: int = MIN_CELL
    quiet: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thought:
    """A turn that was answered, in words, and not yet written down.

    `begun`: of each open card the message that it was made of.
    """

    loaded: Loaded
    turn: Turn
    begun: Mapping[str, str]
    worded: Sequence[Worded]


class OneTurn(Staged[Handled]):
    """The turn of a message. Ahead it is answered, if no handler has to ask the store for more."""

    __slots__ = ("_core", "_heard", "_inline", "_message", "_thought", "whose")

    def __init__(self, core: Core, message: Message, inline: Inline) -> None:
        self.whose = (message.channel, message.sender)
        self._core = core
        self._message = self._heard = message
        self._inline = inline
        self._thought: Thought | None = None

    def ahead(self, tx: Connection) -> Iterator[None]:
        """Load, understand, respond, put into words; whatever fails is done again when the turn is called."""
        with suppress(Exception):
            loaded = self._load(straight(tx))
            yield
            understood = _understood(self._heard, loaded)
            yield
            turn, begun = self._responded(understood, loaded, {})
            yield
            self._thought = Thought(loaded, turn, begun, [word(reply) for reply in turn.replies])

    def __call__(self, tx: Connection) -> Handled:
        tx = straight(tx)
        if not claims.claim(tx, self._message):
            return repeated(tx, self._message)
        passing("after_claim")
        thought, self._thought = self._thought, None
        if thought is None or not store.is_current(tx, thought.loaded):
            thought = self._think(tx)
        passing("after_respond")
        return self._write(tx, thought)

    def _load(self, tx: Connection) -> Loaded:
        loaded = store.load(tx, self._message, self._core.pictures)
        self._heard = heard(self._message, loaded, self._core.rules)
        return loaded

    def _think(self, tx: Connection) -> Thought:
        """With every answer that a handler asks the store for, the turn begun anew with each."""
        loaded = self._load(tx)
        understood = _understood(self._heard, loaded)
        said = self._message
        here = said.channel, said.sender
        asker = queries.Asker(loaded.person.id, loaded.person.household, said.sent_at, here)
        answers: dict[Query, Any] = {}
        for _ in range(MOST_QUERIES):
            try:
                turn, begun = self._responded(understood, loaded, answers)
                return Thought(loaded, turn, begun, [word(reply) for reply in turn.replies])
            except Unanswered as asked:
                with speaking(spoken_to(said, loaded, self._core.rules)):
                    found = answers[asked.query] = self._found(tx, asked.query, asker)
                if isinstance(found, Book):
                    asker = replace(asker, household=found.household.id)
        raise RuntimeError(f"a handler asked the store more than {MOST_QUERIES} times")

    def _found(self, tx: Connection, query: Query, asker: queries.Asker) -> Any:
        if isinstance(query, SummaryQuery):
            return answer_figures(tx, query, asker, self._core.min_cell)
        if isinstance(query, PublishingQuery):
            return answer_publishing(tx, query, asker, self._core.min_cell)
        return queries.answer(tx, query, asker)

    def _responded(
        self, understood: Understanding | None, loaded: Loaded, answers: Mapping[Query, Any]
    ) -> tuple[Turn, Mapping[str, str]]:
        turn = Turn(
            message=self._heard,
            understood=understood,
            session=_session(self._message, loaded.session),
            person=loaded.person,
            household=loaded.household,
            rules=self._core.rules,
            answers=answers,
            code_of=self._core.code_of,
        )
        begun = {task.draft: task.message for task in turn.session.tasks}
        return answered(turn, self._core.handlers), begun

    def _write(self, tx: Connection, thought: Thought) -> Handled:
        turn = thought.turn
        worded = _with_choices(turn, thought.worded)
        bodies = [w.to_json() for w in worded]
        origin = _origin(thought)
        pictures = self._core.pictures
        told = messages_of(tx, turn) if turn.passed else ()
        replies = store.record(tx, turn, thought.loaded, origin, bodies, self._inline, pictures)
        self._take_over(tx, turn)
        for other in told:
            turn_of(self._core, other, inline=False)(tx)
        return handled(replies, worded, by_role=bool(turn.person.roles))

    def _take_over(self, tx: Connection, turn: Turn) -> None:
        """The orders that waited for a shop to be linked."""
        for event in turn.events:
            if isinstance(event, ShopLinked):
                link_shop(tx, event, dt.timedelta(hours=self._core.rules.order_hours))


def turn_of(core: Core, message: Message, *, inline: Inline) -> OneTurn | Work[Handled]:
    """The piece of work that a message is; news in a quiet channel goes elsewhere, or waits."""
    if isinstance(message.content, News) and message.channel in core.quiet:
        return partial(_quietly, core=core, message=message)
    return OneTurn(core, message, inline)


def _quietly(tx: Connection, core: Core, message: Message) -> Handled:
    other = moved(tx, message, core.quiet)
    if other is not None:
        return OneTurn(core, other, inline=False)(tx)
    put_aside(tx, message)
    return Handled(())


def handled(
    replies: Sequence[claims.Reply],
    worded: Sequence[Worded],
    *,
    repeated: bool = False,
    by_role: bool = False,
) -> Handled:
    """The replies as they were kept, in words."""
    kept = tuple(Kept(reply.id, words) for reply, words in zip(replies, worded, strict=True))
    alone = kept[0] if len(kept) == 1 and replies[0].inline else None
    return Handled(kept, repeated, alone, by_role)


def repeated(tx: Connection, message: Message) -> Handled:
    """What was answered the first time."""
    replies = claims.replies_to(tx, message)
    return handled(replies, [Worded.from_json(r.body) for r in replies], repeated=True)


def _understood(message: Message, loaded: Loaded) -> Understanding | None:
    content = message.content
    text = content.text if isinstance(content, Text | Voice) else None
    if not text or len(text) > LONGEST_READ:
        return None
    return understand(text, message.on, known_of(loaded.household, loaded.person))


def _session(message: Message, kept: str) -> Session:
    """A number typed before news came with buttons of its own means none of them."""
    session = Session.model_validate_json(kept)
    if session.options_at is not None and message.sent_at < session.options_at:
        session.options = []
    return session


def _with_choices(turn: Turn, worded: Sequence[Worded]) -> list[Worded]:
    """The buttons that stand last can be typed, perhaps by number; words without any question leave none."""
    session, content = turn.session, turn.message.content
    last = max((n for n, w in enumerate(worded) if w.buttons), default=None)
    if worded and not (isinstance(content, Voice) and content.ahead is not None):
        session.options = [] if last is None else list(worded[last].buttons)
        session.spoken = [] if last is None else labels_in_first(turn.replies[last])
        session.options_at = turn.at if isinstance(turn.message.content, News) else None
    numbered = is_numbered(session, [label for _, label in session.options])
    if turn.message.channel in WITHOUT_BUTTONS and last is not None:
        shown = [button for w in reversed(worded) for button in w.buttons]
        session.earlier = list(dict.fromkeys((*shown, *session.earlier)))[:EARLIER]
        session.numbered = len(session.options) if numbered else 0
    return [_numbered(w, is_so=numbered and n == last) for n, w in enumerate(worded)]


def _numbered(words: Worded, *, is_so: bool) -> Worded:
    if words.numbered == is_so or not words.buttons:
        return words
    return replace(words, numbered=is_so)


def _origin(thought: Thought) -> Origin:
    """The card that an entry was saved from, and the message that the card was made of."""
    turn = thought.turn
    draft = next(iter(turn.drafts.values()), "")
    return Origin(thought.begun.get(draft) or turn.message.id, draft)

"""Which conversations a message meets: somebody with a role and no book of their own is no farmer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.handler import Handler
from bot.dialogue.message import Tap
from bot.dialogue.session import Session, Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, typed_option

OWN = ("log_sale", "list_product", "register")  # what only a household does


def met(turn: Turn, handlers: Sequence[Handler]) -> Sequence[Handler]:
    """Those with which this message is answered; `turn.as_worker` when only those of a role are.

    Whoever has a role and no book meets those, until they want a book of their own. A button of theirs
    works for everybody: it tells whoever has no role (any more) so.
    """
    if turn.helped is not None or (turn.household is not None and "ledger" in turn.person.consents):
        return handlers
    own = tuple(h for h in handlers if h.of_roles)
    roles = bool(turn.person.roles)
    if _tapped(turn, own) or (roles and (_theirs(turn, own) or not _has_book(turn))):
        turn.as_worker = roles
        return own
    return handlers


def put_aside(session: Session, handlers: Sequence[Handler]) -> list[Task]:
    """Take out of the session what was begun in conversations that this message doesn't meet."""
    names = {handler.name for handler in handlers}
    aside = [task for task in session.tasks if task.handler not in names]
    if aside:
        session.idle = session.idle or aside[0] is session.newest
        session.tasks = [task for task in session.tasks if task.handler in names]
    return aside


def _tapped(turn: Turn, own: Sequence[Handler]) -> bool:
    content = turn.message.content
    button = content.button if isinstance(content, Tap) else typed_option(turn) or ""
    action = button.partition(":")[0]
    return any(action in handler.taps for handler in own)


def _theirs(turn: Turn, own: Sequence[Handler]) -> bool:
    """Whether a conversation of a role is going on, or these words begin one."""
    task = turn.session.newest
    if task is not None and any(task.handler == handler.name for handler in own):
        return True
    return any(handler.claims(turn) for handler in own)


def _has_book(turn: Turn) -> bool:
    """Whether there is a book, or one is being opened or wanted."""
    words, consents = turn.understood, turn.person.consents
    wanted = words is not None and words.intent in OWN
    begun = turn.session.newest is not None or "ledger" in consents
    return wanted or begun or turn.household is not None or requested(turn, "consent")

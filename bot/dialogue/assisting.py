"""A worker writes in a household's book: the same sentences, another book, and every message says whose.

What belongs to one book never reaches another: a button carries the household's code, an open card its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.handler import Handler
from bot.dialogue.helped_queries import Book, HelpedBook
from bot.dialogue.message import Content, News, Tap, Text, Voice
from bot.dialogue.reply import Line, Reply
from bot.dialogue.respond import respond
from bot.dialogue.session import OPEN_TASKS, Session, Task
from bot.dialogue.told import EntryKind, EntryNews, PassedOn
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, requested, text_of
from bot.language.understand import understand
from domain.events import SaleCorrected, SaleLogged, SaleRestored, SaleWithdrawn

SIGN = "@"  # between a household's code and a button of its book
CODE = re.compile(r"\b([A-Z]{2,5})[- ]?(\d{4,6})\b[\s:,.-]*", re.IGNORECASE)
FIRST = ("ask.", "check.", "card.ask")  # questions: whose book it is stands before them
KINDS: dict[type, EntryKind] = {
    SaleLogged: "logged",
    SaleCorrected: "corrected",
    SaleWithdrawn: "withdrawn",
    SaleRestored: "restored",
}


def answered(turn: Turn, handlers: Sequence[Handler]) -> Turn:
    """`respond`, in a worker's own book or in that of the household that they help at the moment."""
    if not (turn.person.roles or turn.session.helping or _signed(turn)):
        return respond(turn, handlers)
    session, (code, content) = turn.session, _whose(turn, handlers)
    aside = _put_aside(session, code)
    if code is None:
        respond(turn, handlers)
    else:
        _help(turn, handlers, code, content)
    if turn.session is session:
        _mark_tasks(session, code)
        session.tasks = [*session.tasks, *aside][:OPEN_TASKS]
    return turn


def _signed(turn: Turn) -> bool:
    content = turn.message.content
    return isinstance(content, Tap) and SIGN in content.button


def _whose(turn: Turn, handlers: Sequence[Handler]) -> tuple[str | None, Content]:
    """The code of the household that is meant, None for one's own book, and what is said to it."""
    content, helping = turn.message.content, turn.session.helping
    if isinstance(content, Tap):
        code, sign, button = content.button.partition(SIGN)
        return (code, Tap(button)) if sign else (None, content)
    if requested(turn, "assisted.for"):
        return _named(turn)
    if isinstance(content, News) or _is_own_matter(turn, handlers):
        return None, content
    return helping, content


def _named(turn: Turn) -> tuple[str | None, Content]:
    """`ghi cho hộ DT-0412: bán 20 kg cam`: the household, and the sentence behind it."""
    found = CODE.search(text_of(turn))
    if found is None:
        return turn.session.helping, turn.message.content
    rest = text_of(turn)[found.end() :].strip()
    code, content = f"{found[1].upper()}-{found[2]}", turn.message.content
    if not rest:
        return code, content
    return code, _without(content, code, rest) if isinstance(content, Voice) else Text(rest)


def _without(heard: Voice, code: str, rest: str) -> Voice:
    """What was heard behind the household's code; a second hearing loses it only where it is the same."""
    other = CODE.search(heard.other or "")
    if other is None or f"{other[1].upper()}-{other[2]}" != code:
        return replace(heard, text=rest)
    return replace(heard, text=rest, other=(heard.other or "")[other.end() :].strip())


def _is_own_matter(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """What only a worker does, in whichever book they are."""
    if requested(turn, "assisted.register"):
        return True
    return any(h.claims(turn) for h in handlers if h.of_roles and not h.assists)


def _help(turn: Turn, handlers: Sequence[Handler], code: str, content: Content) -> None:
    """Role, area and the household's yes are looked at again each time, in this transaction."""
    turn.as_worker = bool(turn.person.roles)
    book: Book | None = turn.query(HelpedBook(code))
    if book is None:
        turn.session.helping = None
        turn.tell("assisted.not_yours" if turn.as_worker else "role.none")
        return
    _turn_to(turn, book, content)
    # Whatever the household's own conversations leave over is the worker's.
    respond(turn, sorted([h for h in handlers if h.assists], key=lambda h: h.of_roles))
    if turn.session.helping is not None:
        turn.replies = [_signed_reply(reply, book) for reply in turn.replies]
    _read_back(turn, book)


def _turn_to(turn: Turn, book: Book, content: Content) -> None:
    session, code = turn.session, book.helped.code
    if session.helping != code:
        session.helping, session.idle = code, True
    start = f"{code}{SIGN}"
    mine = [(b, label) for b, label in session.options if b.startswith(start)]
    session.options = [(b.removeprefix(start), label) for b, label in mine]
    session.spoken = session.spoken if len(mine) == len(session.spoken) else []
    turn.household, turn.helped = book.household, book.helped
    turn.message = replace(turn.message, content=content)
    if turn.understood is not None:
        known = known_of(book.household, turn.person)
        turn.understood = understand(text_of(turn), turn.on, known)


def _signed_reply(reply: Reply, book: Book) -> Reply:
    """Whose book it is, on every message, and in every button."""
    code = book.helped.code
    whose = Line("assisted.whose", {"household": code, "name": book.helped.name})
    *lines, last = reply.lines
    said = (*lines, whose, last) if last.key.startswith(FIRST) else (*reply.lines, whose)
    buttons = tuple(replace(b, id=f"{code}{SIGN}{b.id}") for b in reply.buttons)
    return replace(reply, lines=said, buttons=buttons)


def _read_back(turn: Turn, book: Book) -> None:
    """Each entry is read back to the household at once, where it has a machine."""
    if not book.helped.hears:
        return
    name = turn.person.name or ""
    for event in turn.events:
        if isinstance(event, SaleLogged | SaleCorrected | SaleWithdrawn | SaleRestored):
            news = EntryNews(KINDS[type(event)], event.code, name)
            turn.passed.append(PassedOn(news, household=book.household.id))


# Open cards


def _put_aside(session: Session, code: str | None) -> list[Task]:
    """Leave this book's open cards in the session; the others, which are given back."""
    others = [task for task in session.tasks if task.home != code]
    if others:
        session.tasks = [task for task in session.tasks if task.home == code]
    return others


def _mark_tasks(session: Session, code: str | None) -> None:
    for task in session.tasks:
        task.home = code

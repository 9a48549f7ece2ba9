"""What becomes of a question to workers, event by event, and whom that is news to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.dialogue.help_queries import HelpNewsKind, HelpTold
from domain import help_events as facts
from domain.order_news import after_quiet
from domain.roles import acting
from storage.help import own_thread, to_answer, workers_of
from storage.ledger import Origin
from storage.recipients import Address, of_person
from storage.roles import roles_of
from storage.schema import help_message, help_news, help_thread, person
from storage.upsert import insert_new

BATCH = 100  # pieces of news a round
FROM_WORKERS: tuple[HelpNewsKind, ...] = ("answered", "written", "promised", "closed_by_worker")

# What becomes of it

NEW_THREAD = insert(help_thread)
NEW_NEWS = insert_new(help_news)
_THIS = help_thread.c.help == bindparam("which")
THREAD = select(help_thread).where(_THIS)
NOW = update(help_thread).where(_THIS)
ANSWERED = NOW.values(
    worker=bindparam("who"),
    waits="household",
    since=bindparam("at"),
    answered_at=func.coalesce(help_thread.c.answered_at, bindparam("at")),
)
ASKED = NOW.values(waits="worker", since=bindparam("at"))
TAKEN = NOW.values(worker=bindparam("who"))
CLOSED = NOW.values(waits=None, since=bindparam("at"))
OF_HELP = help_news.c.help == bindparam("which")
ASKED_NEWS = (OF_HELP, help_news.c.kind == "asked")
NOT_YET_ASKED = delete(help_news).where(*ASKED_NEWS, help_news.c.told_at.is_(None))
WAS_ASKED = select(help_news.c.person).distinct()
WAS_ASKED = WAS_ASKED.where(*ASKED_NEWS, help_news.c.told_at.is_not(None))


def _open(conn: Connection, event: Any, member: UUID, **state: Any) -> None:
    row = {
        "help": event.help,
        "household": event.household,
        "person": member,
        "since": event.at,
        "opened_at": event.at,
        "answered_at": None,
    }
    conn.execute(NEW_THREAD, row | state)


def _tell(
    conn: Connection, event: Any, kind: HelpNewsKind, people: Iterable[UUID], **words: Any
) -> None:
    """Each once; nobody is woken up."""
    common = {
        "help": event.help,
        "household": event.household,
        "kind": kind,
        "message": None,
        "worker": None,
        "due_at": after_quiet(event.at),
    }
    rows = [
        common | words | {"id": uuid5(event.id, f"{kind}/{who}"), "person": who} for who in people
    ]
    if rows:
        conn.execute(NEW_NEWS, rows)


def _ask_workers(conn: Connection, event: Any, message: UUID, but: UUID) -> None:
    found = workers_of(conn, event.province or "", event.commune or "", but)
    _tell(conn, event, "asked", [who for who, _ in found], message=message)


def requested(conn: Connection, event: facts.HelpRequested, _: Origin) -> None:
    """It waits for whoever answers first."""
    if event.message is None or event.person is None:
        return
    _open(conn, event, event.person, worker=None, waits="worker")
    _ask_workers(conn, event, event.message, event.person)


def opened(conn: Connection, event: facts.HelpOpened, _: Origin) -> None:
    """A worker has written first."""
    _open(conn, event, event.member, worker=event.person, waits="household")
    _tell(conn, event, "written", [event.member], message=event.message, worker=event.person)


def asked(conn: Connection, event: facts.HelpAsked, _: Origin) -> None:
    """More of it goes to the worker who has it; to all again when that one answers no longer."""
    thread = conn.execute(THREAD, {"which": event.help}).one()
    conn.execute(ASKED, {"which": event.help, "at": event.at})
    if thread.worker is not None and acting(roles_of(conn, thread.worker)):
        _tell(conn, event, "asked", [thread.worker], message=event.message)
        return
    conn.execute(TAKEN, {"which": event.help, "who": None})
    _ask_workers(conn, event, event.message, thread.person)


def answered(conn: Connection, event: facts.HelpAnswered, _: Origin) -> None:
    """The household gets the words; the others need not look at it any more."""
    member = _take(conn, event)
    conn.execute(ANSWERED, {"which": event.help, "who": event.person, "at": event.at})
    _tell(conn, event, "answered", [member], message=event.message, worker=event.person)


def promised(conn: Connection, event: facts.HelpPromised, _: Origin) -> None:
    """It still waits, for this worker."""
    _tell(conn, event, "promised", [_take(conn, event)], worker=event.person)


def _take(conn: Connection, event: Any) -> UUID:
    """The question is this worker's; who asked it."""
    thread = conn.execute(THREAD, {"which": event.help}).one()
    conn.execute(TAKEN, {"which": event.help, "who": event.person})
    conn.execute(NOT_YET_ASKED, {"which": event.help})
    if thread.worker is None:
        others = conn.execute(WAS_ASKED, {"which": event.help}).scalars()
        told = [who for who in others if who != event.person]
        _tell(conn, event, "taken", told, worker=event.person)
    member: UUID = thread.person
    return member


def handed_on(conn: Connection, event: facts.HelpHandedOn, _: Origin) -> None:
    """It waits for whoever else answers first."""
    thread = conn.execute(THREAD, {"which": event.help}).one()
    conn.execute(TAKEN, {"which": event.help, "who": None})
    last = _last_words(conn, event.help)
    if last is not None and event.person is not None:
        others = workers_of(conn, event.province or "", event.commune or "", event.person)
        asked_now = [who for who, _ in others if who != thread.person]
        _tell(conn, event, "asked", asked_now, message=last)


def _last_words(conn: Connection, sign: str) -> UUID | None:
    said = select(help_message.c.id).where(
        help_message.c.help == sign, help_message.c.side == "household"
    )
    return conn.execute(said.order_by(help_message.c.at.desc()).limit(1)).scalar_one_or_none()


def taken_over(conn: Connection, event: facts.HelpTakenOver, _: Origin) -> None:
    """Who had it is told."""
    conn.execute(TAKEN, {"which": event.help, "who": event.person})
    _tell(conn, event, "taken", [event.before], worker=event.person)


def closed(conn: Connection, event: facts.HelpClosed, _: Origin) -> None:
    """The other side is told; workers only when they were still to answer."""
    thread = conn.execute(THREAD, {"which": event.help}).one()
    conn.execute(CLOSED, {"which": event.help, "at": event.at})
    conn.execute(NOT_YET_ASKED, {"which": event.help})
    if event.by == "worker":
        _tell(conn, event, "closed_by_worker", [thread.person], worker=event.person)
    elif thread.waits == "worker":
        held = [thread.worker] if thread.worker else []
        told = held or list(conn.execute(WAS_ASKED, {"which": event.help}).scalars())
        _tell(conn, event, "closed_by_household", told)


HELP_PROJECTIONS: Mapping[type[Any], Callable[[Connection, Any, Origin], None]] = MappingProxyType(
    {
        facts.HelpRequested: requested,
        facts.HelpOpened: opened,
        facts.HelpAsked: asked,
        facts.HelpAnswered: answered,
        facts.HelpPromised: promised,
        facts.HelpHandedOn: handed_on,
        facts.HelpTakenOver: taken_over,
        facts.HelpClosed: closed,
    }
)


# What is still to be told

DUE = (
    select(help_news.c.id, help_news.c.person)
    .where(help_news.c.told_at.is_(None), help_news.c.due_at <= bindparam("now"))
    .order_by(help_news.c.due_at, help_news.c.id)
    .limit(BATCH)
)
TOLD = update(help_news).where(help_news.c.id == bindparam("which"))
TOLD = TOLD.values(told_at=bindparam("now"))
NEWS = select(help_news).where(help_news.c.id == bindparam("which"))
TEXT = select(help_message.c.text).where(help_message.c.id == bindparam("which"))
NAME = select(person.c.name).where(person.c.id == bindparam("who"))


def due(conn: Connection, now: dt.datetime) -> list[tuple[UUID, Address | None]]:
    """The next ones, the longest due first, each with where it goes; None: nobody is there any more."""
    rows = conn.execute(DUE, {"now": now}).all()
    return [(row.id, next(iter(of_person(conn, row.person)), None)) for row in rows]


def told(conn: Connection, news: UUID, now: dt.datetime) -> None:
    """It is not told again."""
    conn.execute(TOLD, {"which": news, "now": now})


def behind(conn: Connection, news: UUID, who: UUID, home: UUID | None) -> HelpTold | None:
    """What is to be said to this person, if they may still hear it: roles and areas change meanwhile."""
    row = conn.execute(NEWS, {"which": news}).one_or_none()
    if row is None or row.person != who:
        return None
    kind: HelpNewsKind = row.kind
    if kind in FROM_WORKERS:
        thread = None if home is None else own_thread(conn, home, row.help)
    else:
        thread = to_answer(conn, who, row.help, locked=False)
    if thread is None:
        return None
    text = conn.execute(TEXT, {"which": row.message}).scalar_one_or_none()
    name = conn.execute(NAME, {"who": row.worker}).scalar_one_or_none()
    return HelpTold(kind, thread, text, name)

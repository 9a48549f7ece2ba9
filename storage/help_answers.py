"""What workers and the households that need them ask for, answered in the turn's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from bot.dialogue.help_queries import (
    Correspondent,
    Helpers,
    HelpNewsTold,
    HelpThread,
    HelpTold,
    HouseholdToWrite,
    OtherHelpers,
    OwnThread,
    ThreadToAnswer,
    WaitingThreads,
    WhoHelps,
)
from bot.dialogue.worker_queries import HouseholdsCalled, Seen, ToDo, WorkerDay
from storage import help as threads
from storage import help_news, worker_day, worker_search


class Asking(Protocol):
    """Who asks, and when (see `storage.queries.Asker`)."""

    @property
    def person(self) -> UUID: ...
    @property
    def household(self) -> UUID | None: ...
    @property
    def at(self) -> dt.datetime: ...


def _helpers(tx: Connection, _: Helpers, asker: Asking) -> WhoHelps | None:
    return None if asker.household is None else threads.who_helps(tx, asker.household, asker.person)


def _own(tx: Connection, query: OwnThread, asker: Asking) -> HelpThread | None:
    return None if asker.household is None else threads.own_thread(tx, asker.household, query.help)


def _to_answer(tx: Connection, query: ThreadToAnswer, asker: Asking) -> HelpThread | None:
    return threads.to_answer(tx, asker.person, query.help)


def _waiting(tx: Connection, _: WaitingThreads, asker: Asking) -> tuple[HelpThread, ...]:
    return threads.waiting_for(tx, asker.person, asker.at)


def _others(tx: Connection, query: OtherHelpers, asker: Asking) -> bool:
    thread = threads.to_answer(tx, asker.person, query.help)
    if thread is None:
        return False
    who = thread.who
    found = threads.workers_of(tx, who.province, who.commune, asker.person)
    return any(worker != who.person for worker, _ in found)


def _to_write(tx: Connection, query: HouseholdToWrite, asker: Asking) -> Correspondent | None:
    return threads.to_write(tx, asker.person, query.code)


def _told(tx: Connection, query: HelpNewsTold, asker: Asking) -> HelpTold | None:
    return help_news.behind(tx, query.news, asker.person, asker.household)


def _day(tx: Connection, query: WorkerDay, asker: Asking) -> ToDo | None:
    return worker_day.day_of(tx, asker.person, asker.at, query)


def _called(tx: Connection, query: HouseholdsCalled, asker: Asking) -> tuple[Seen, ...]:
    return worker_search.called(tx, asker.person, query.words)


HELP_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Any], Any]] = MappingProxyType(
    {
        Helpers: _helpers,
        OwnThread: _own,
        ThreadToAnswer: _to_answer,
        WaitingThreads: _waiting,
        OtherHelpers: _others,
        HouseholdToWrite: _to_write,
        HelpNewsTold: _told,
        WorkerDay: _day,
        HouseholdsCalled: _called,
    }
)

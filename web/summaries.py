"""Summaries for pages: each answered once as long as nothing is counted that was not counted then."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy import Connection

from bot.services import Services
from bot.summarise import fingerprint, summarise
from bot.summary import Question, Summary

KEPT = 24  # the questions that were asked last; a large one has some thousand figures


class Summaries:
    """Asks the database whether its figures are still the same before it takes a kept answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._kept: OrderedDict[str, Summary] = OrderedDict()

    async def of(self, question: Question) -> Summary:
        """The summary, at one moment of the database."""
        mark, found = await self._services.db.read(lambda conn: self._found(conn, question))
        self._kept[mark] = found
        self._kept.move_to_end(mark)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found

    def _found(self, conn: Connection, question: Question) -> tuple[str, Summary]:
        smallest = self._services.settings.min_cell
        mark = fingerprint(conn, question, smallest)
        kept = self._kept.get(mark)
        return mark, kept or summarise(conn, question, smallest)

"""What a summary by the 63 provinces says of figures that can't be split among them. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.figures import own_code
from bot.locales.spoken import text
from bot.summary import Question
from domain.geography import Province, successor
from domain.province_keys import province_within
from storage.figures import FigureRow


def undivided(rows: Iterable[FigureRow], question: Question) -> Iterator[str]:
    """One note where such figures stand apart, or are missing from those of one of the 63."""
    own = own_code(question)
    if question.provinces != 63 or not (own or "province" in question.by):
        return
    into = successor(own) if own else None
    if any(_undivided(row, into, question) for row in rows):
        if into is None:
            yield text("summary.note.undivided")
        else:
            yield text("summary.note.undivided_of").format(province=into.short_name)


def _undivided(row: FigureRow, into: Province | None, question: Question) -> bool:
    if not row.province or row.old_province or question.platform not in {None, row.platform}:
        return False
    return into is None or province_within(row.province, "", 34) == into.code

"""What changed in a summary since the same reader fetched it before; of its whole and its platforms."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.changes import Part, Parts, by_cell, causes, has_causes, key_of, less
from bot.figures import CellKey, own_code
from bot.small_cells import MIN_CELL
from bot.summary import Figure, Question, Summary
from bot.summary_changes import Cause, FetchedChange, SinceFetched
from bot.summary_text import withheld
from domain.household import ZONE
from storage.causes import causes_now
from storage.fetched import FetchedCause, FetchedFigure, FetchedState, keep_fetched, last_fetched
from storage.figures import Standing, standing


@dataclass(frozen=True, slots=True)
class Look:
    """A reader (`key:NAME`, `person:ID`) has seen a question at this standing."""

    reader: str
    question: str
    stands: Standing
    state: FetchedState

    def keep(self, tx: Connection) -> None:
        """Remember it, unless they have seen something newer meanwhile."""
        keep_fetched(tx, self.reader, self.question, self.stands, self.state)


def since_fetched(
    conn: Connection,
    reader: str,
    question: Question,
    summary: Summary,
    now: dt.datetime,
    min_cell: int = MIN_CELL,
) -> tuple[Summary, Look | None]:
    """The summary with what changed since; the look is to be kept, None when it is kept already.

    Until new events are counted the same question gets the same answer, however often it is fetched.
    """
    asked, stands = _sign(question), standing(conn)
    known, before = last_fetched(conn, reader, asked, stands)
    shown = {key_of(figure): figure for figure in summary.figures if _is_main(figure, question)}
    parts = by_cell(
        causes_now(conn, question.start, question.end, places=question.province is not None),
        question,
    )
    look = None if known else Look(reader, asked, stands, _state(shown, parts, now))
    if before is None:
        return summary, look
    at = before.at.astimezone(ZONE).replace(microsecond=0)
    told = SinceFetched(at=at, changes=_changes(shown, parts, before, question, min_cell))
    return summary.model_copy(update={"changed_since_fetched": told}), look


def _sign(question: Question) -> str:
    """The same whatever is told apart."""
    said = f"{question.start}/{question.end}/{question.provinces}/{question.province}"
    said += f"/{question.platform}/{question.own}"
    return hashlib.sha256(said.encode()).hexdigest()


def _is_main(figure: Figure, question: Question) -> bool:
    return figure.month is None and key_of(figure).province == own_code(question)


def _state(
    shown: dict[CellKey, Figure], parts: dict[CellKey, Parts], now: dt.datetime
) -> FetchedState:
    return FetchedState(
        at=now,
        figures=tuple(
            FetchedFigure(
                indicator=key.indicator,
                platform=key.platform,
                value=figure.value,
                withheld=withheld(figure),
            )
            for key, figure in shown.items()
        ),
        causes=tuple(
            FetchedCause(
                indicator=key.indicator,
                platform=key.platform,
                source=source,
                cause=cause,
                amount=part.amount,
                events=part.events,
            )
            for key, figure in shown.items()
            if not withheld(figure)
            for (source, cause), part in parts.get(key, {}).items()
        ),
    )


def _changes(
    shown: dict[CellKey, Figure],
    parts: dict[CellKey, Parts],
    before: FetchedState,
    question: Question,
    fewest: int,
) -> list[FetchedChange]:
    """Cells that are or were withheld are not compared."""
    code = own_code(question)
    then = {CellKey(f.indicator, None, code, f.platform): f for f in before.figures}
    earlier = _parts(before, code)
    few = fewest if code is not None and not question.own else 0
    found = []
    for key, figure in shown.items():
        was = then.get(key, FetchedFigure(indicator=key.indicator))
        if withheld(figure) or was.withheld or figure.value == was.value:
            continue
        why = less(parts, earlier, key) if has_causes(key.indicator) else {}
        found.append(_change(figure, was.value, causes(why, few)))
    return found


def _parts(before: FetchedState, code: str | None) -> dict[CellKey, Parts]:
    found: dict[CellKey, Parts] = {}
    for one in before.causes:
        key = CellKey(one.indicator, None, code, one.platform)
        found.setdefault(key, {})[one.source, one.cause] = Part(one.amount, one.events)
    return found


def _change(now: Figure, then: int | None, why: list[Cause]) -> FetchedChange:
    return FetchedChange(
        indicator=now.indicator,
        province=now.province,
        platform=now.platform,
        fetched=then,
        now=now.value,
        difference=(now.value or 0) - (then or 0),
        causes=why,
    )

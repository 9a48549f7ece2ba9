"""A summary beside what was published of the same months: the figures of then, what changed, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.changes import by_cell, causes, has_causes, key_of, less
from bot.figure_words import display
from bot.figures import CellKey
from bot.place_name import place_or_all
from bot.summary import Figure, Question
from bot.summary_changes import Cause, Change, Published, PublishedCell, Revision
from bot.summary_text import withheld
from domain.household import ZONE
from domain.publication_events import PublishedFigure, SummaryPublished
from storage.causes import causes_now, causes_then
from storage.publications import Publication, publications, published_body


def since_published(
    conn: Connection, question: Question, figures: Sequence[Figure], min_cell: int
) -> tuple[Published | None, list[Change]]:
    """The newest publication of just these months, and the figures that stand otherwise now.

    A cell that was withheld then or is withheld now is not compared: the difference would tell it.
    """
    every = publications(conn, question.start, question.end)
    if not every:
        return None, []
    body = published_body(conn, every[-1].event)
    then = figures_of(body, question)
    now = {key_of(figure): figure for figure in figures if figure.month is None}
    published = Published(
        **revision_of(every[-1]).model_dump(),
        provinces=body.provinces,
        figures=[_cell(key, one, body) for key, one in then.items() if key in now],
        earlier=[revision_of(one) for one in every[:-1]],
    )
    return published, changes(conn, question, body, now, min_cell)


def changes(
    conn: Connection,
    question: Question,
    body: SummaryPublished,
    now: Mapping[CellKey, Figure],
    min_cell: int,
) -> list[Change]:
    """Each figure of these that is not as it was published, with the kinds of events that changed it."""
    then = figures_of(body, question)
    changed = [
        key
        for key, figure in now.items()
        if _compared(key, question, body) and _differs(figure, then.get(key))
    ]
    if not changed:
        return []
    places = any(key.province is not None for key in changed)
    after = by_cell(causes_now(conn, body.start, body.end, places=places), question)
    before = by_cell(causes_then(conn, body.id, places=places), question)
    found = []
    for key in changed:
        fewest = min_cell if key.province is not None and not question.own else 0
        parts = less(after, before, key) if has_causes(key.indicator) else {}
        found.append(_change(now[key], then.get(key), causes(parts, fewest, late=True)))
    return found


def figures_of(body: SummaryPublished, question: Question) -> dict[CellKey, PublishedFigure]:
    """The published figures by cell; those of provinces only where the question is of the same set."""
    same = body.provinces == question.provinces
    return {
        CellKey(one.indicator, None, one.province, one.platform): one
        for one in body.figures
        if one.province is None or same
    }


def revision_of(one: Publication) -> Revision:
    """When it was published, and why again."""
    at = one.at.astimezone(ZONE).replace(microsecond=0)
    return Revision(id=one.id, revision=one.revision, at=at, reason=one.reason)


def shown(one: PublishedFigure, min_cell: int) -> str:
    """As it was printed."""
    return f"<{min_cell}" if one.withheld else display(one.indicator, one.value)


def _cell(key: CellKey, one: PublishedFigure, body: SummaryPublished) -> PublishedCell:
    return PublishedCell(
        indicator=key.indicator,
        province=place_or_all(key.province, body.provinces),
        platform=key.platform,
        value=one.value,
        display=shown(one, body.min_cell),
        withheld=one.withheld,
    )


def _compared(key: CellKey, question: Question, body: SummaryPublished) -> bool:
    return key.province is None or question.provinces == body.provinces


def _differs(now: Figure, then: PublishedFigure | None) -> bool:
    if withheld(now) or (then is not None and then.withheld):
        return False
    return now.value != (then.value if then is not None else None)


def _change(now: Figure, then: PublishedFigure | None, why: list[Cause]) -> Change:
    before = then.value if then is not None else None
    return Change(
        indicator=now.indicator,
        province=now.province,
        platform=now.platform,
        published=before,
        now=now.value,
        difference=(now.value or 0) - (before or 0),
        causes=why,
    )

"""The newest publication as the open page shows it: the figures of then, what changed beside them."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from fastapi import Request
from sqlalchemy import Connection

from bot.publishing import frozen
from bot.revision_text import revision_lines
from bot.summary import Question, Summary, ask
from storage.publications import Publication, latest_publications, published_body
from web.pages.ministry import summaries_of
from web.periods import Period
from web.published import Figures, figures_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Edition:
    """Some months as they were published; `told`: when, and why again."""

    id: str
    period: str
    figures: Figures
    told: str
    changes: tuple[str, ...]


async def newest_edition(request: Request) -> Edition | None:
    """None when nothing was published, or when it can't be read now: a page must not fail for that."""
    try:
        found = await request.app.state.services.db.read(_newest)
        if found is None:
            return None
        publication, summary, question = found
        now = await summaries_of(request).of(question)
    except Exception:
        log.exception("the newest publication can't be read")
        return None
    lines = revision_lines(now)
    told = len(now.published.earlier) + 1 if now.published else 0
    return Edition(
        id=publication.id,
        period=Period(publication.start, publication.end).name,
        figures=figures_of(summary),
        told=" ".join(lines[:told]),
        changes=tuple(lines[told:]),
    )


def _newest(conn: Connection) -> tuple[Publication, Summary, Question] | None:
    for one in latest_publications(conn, 1):
        body = published_body(conn, one.event)
        return one, frozen(body), ask(one.start, one.end, provinces=body.provinces)
    return None

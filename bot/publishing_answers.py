"""What the conversation about publishing asks, answered from the summary in the same transaction."""

from __future__ import annotations

import hashlib

from pydantic_core import to_json
from sqlalchemy import Connection

from bot.dialogue.publishing_queries import PublicationSeen, PublishingQuery
from bot.figure_words import display
from bot.publishing import NotPublished, Ready, make_ready
from bot.small_cells import MIN_CELL
from bot.summary import ask
from storage.publications import publications
from storage.queries import Asker

MAIN = ("products", "transactions", "value", "accounts", "courses", "attendances", "articles")
SIGN = 16  # signs


def answer(
    tx: Connection, query: PublishingQuery, asker: Asker, min_cell: int = MIN_CELL
) -> PublicationSeen:
    """What would be published now, or why it can't be."""
    every = publications(tx, query.start, query.end)
    before = every[-1].at if every else None
    try:
        ready = make_ready(tx, ask(query.start, query.end), asker.at, min_cell)
    except NotPublished as refused:
        return PublicationSeen(refused.why, before=before)
    return PublicationSeen(
        None,
        revision=ready.revision,
        before=before,
        at=ready.summary.cut_off,
        sign=_sign(ready),
        figures=tuple(
            (key, display(key, figure.value))
            for key in MAIN
            for figure in [ready.summary.figure(key)]
            if figure.value is not None
        ),
        fields=ready.fields,
    )


def _sign(ready: Ready) -> str:
    return hashlib.sha256(to_json(ready.fields["figures"])).hexdigest()[:SIGN]

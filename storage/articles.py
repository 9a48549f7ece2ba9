"""News items that stand listed: those whose report was not sent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from storage.schema import article, submission

LISTED = (
    select(article.c.date, article.c.province, article.c.title, article.c.link)
    .join_from(article, submission, submission.c.id == article.c.submission)
    .where(submission.c.state != "sent_back")
    .where(article.c.date.between(bindparam("first"), bindparam("last")))
    .order_by(article.c.date, article.c.id)
)


def listed_within(conn: Connection, first: dt.date, last: dt.date) -> Iterable[Row[Any]]:
    """Date, province key (empty: the country), title and link, within the days, both included."""
    return conn.execute(LISTED, {"first": first, "last": last})

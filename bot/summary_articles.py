"""The news items of local media that were listed one by one, as a summary shows them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from bot.definitions import last_day
from bot.figures import own_code
from bot.listed_article import ListedArticle
from bot.place_name import place_name
from bot.summary import Question
from domain.province_keys import province_within
from storage.articles import listed_within


def listed_articles(conn: Connection, question: Question) -> list[ListedArticle]:
    """Those of the asked months and province, the oldest first; they are of no platform."""
    if question.platform:
        return []
    first = dt.date.fromisoformat(f"{question.start}-01")
    found = []
    for one in listed_within(conn, first, last_day(question)):
        code = province_within(one.province, "", question.provinces) if one.province else None
        if own_code(question) in {None, code}:
            place = place_name(code, question.provinces) if code else None
            found.append(
                ListedArticle(date=one.date, province=place, title=one.title, link=one.link)
            )
    return found

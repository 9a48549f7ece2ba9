"""People hear of courses by day: invited, reminded, asked afterwards. And a course that is over counts.

What is to be told stands in the database with its time; each message has an id of its own and is made once. A
few go out at a time: none of many invitations stands in the way of an answer.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from uuid import uuid5

from bot import course_book
from bot.dialogue.message import CourseNews, Message
from bot.dialogue.turn import SPACE
from bot.runner import Runner
from domain.courses import is_decent
from storage import course_news, courses
from storage.course_news import DueNews
from storage.database import Database


async def tell_due(db: Database, runner: Runner, now: dt.datetime) -> bool:
    """One round: courses that are over count, a few people are told; the others in the next round."""
    for code in await db.read(partial(courses.ended, now=now)):
        await db.write(partial(course_book.hold, code=code, at=now))
    if is_decent(now):
        for one in await db.read(partial(course_news.due, now=now)):
            await _tell(db, runner, one, now)
    return False


async def _tell(db: Database, runner: Runner, one: DueNews, now: dt.datetime) -> None:
    address = await db.read(partial(course_news.address_of, one=one, now=now))
    if address is None:
        await db.write(partial(course_news.dropped, one=one))
        return
    id_ = f"news:course:{one.course}:{one.kind}:{uuid5(SPACE, str(one.person))}"
    await runner.handle(Message(id_, *address, now, CourseNews(one.kind, one.course)))
    await db.write(partial(course_news.told, one=one, now=now))

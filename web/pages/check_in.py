"""A course's link: check in with a browser that talks to us already, in the chat, or with a phone number."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import Response

from bot import course_book
from bot.channels import web_chat
from bot.dialogue.message import Text
from bot.locales.spoken import spoken, written_day
from bot.services import Services
from domain.courses import MARGIN, Course
from domain.household import ZONE
from domain.phones import phone_of
from storage import courses
from storage.course_people import is_known
from storage.figures import is_sample
from web.callers import caller_of
from web.chat import Ours, Own, answered, now
from web.places import commune_name
from web.rate import Rate
from web.words import page, t

LONGEST_WORD = 40
LONGEST_PHONE = 40
START = "/start lop-"  # what the chat understands as this link

router = APIRouter(prefix="/training", include_in_schema=False)


@router.get("/{word}")
async def look(request: Request, ours: Ours, own: Own, word: str) -> Response:
    """The course, and the ways to check in while it is on. Looking counts nobody."""
    return await _page(request, ours, own, word)


@router.post("/{word}")
async def check_in(
    request: Request,
    ours: Ours,
    own: Own,
    word: str,
    *,
    phone: Annotated[str, Form()] = "",
    number: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Somebody is there: this browser's person, or whoever has this phone. Twice is once."""
    rate: Rate = request.app.state.check_ins
    rate.admit(caller_of(request))
    if number is not None and own is not None:
        return await _as_themselves(request, ours, own, word, number)
    said = phone_of(phone[:LONGEST_PHONE])
    if said is None:
        return await _page(request, ours, own, word, fault=t("web.shop.fault.phone"), typed=phone)
    done = await ours.db.write(
        partial(course_book.enlist_by_link, word=word[:LONGEST_WORD], phone=said, at=now())
    )
    if done == "gone":
        raise HTTPException(404)
    if isinstance(done, str):
        return await _page(request, ours, own, word, fault=t(f"web.course.refused.{done}"))
    return await _page(request, ours, own, word, told=t("web.check_in.done", title=done.title))


async def _as_themselves(
    request: Request, ours: Services, own: UUID, word: str, number: UUID
) -> Response:
    """As if the link had been sent in this browser's chat, where the answer stands too."""
    await _found(ours, word)
    sent = web_chat.message(own, number, Text(f"{START}{word}"), now(), spoken())
    told = [reply["text"] for reply in await answered(ours, sent)]
    return await _page(request, ours, own, word, told="\n".join(told))


async def _page(  # noqa: PLR0913 what the page shows beside the course
    request: Request,
    ours: Services,
    own: UUID | None,
    word: str,
    *,
    told: str = "",
    fault: str = "",
    typed: str = "",
) -> Response:
    found = await _found(ours, word)
    known = own is not None and await ours.db.read(
        partial(is_known, channel=web_chat.CHANNEL, address=str(own))
    )
    shown = found.is_open(now())
    return page(
        "check_in.html",
        422 if fault else 200,
        sample=await ours.db.read(is_sample),
        title=found.title,
        where=f"{found.venue} · {commune_name(found.commune)}",
        when=_hours(found),
        open=shown,
        cancelled=found.cancelled_at is not None,
        known=known,
        number=str(uuid4()),
        word=found.word,
        telegram=await request.app.state.telegram.link(f"lop-{found.word}") if shown else None,
        told=told,
        fault=fault,
        typed=typed[:LONGEST_PHONE],
    )


async def _found(ours: Services, word: str) -> Course:
    def by_word(conn: Connection) -> Course | None:
        code = courses.code_behind(conn, word)
        return courses.one(conn, code) if code else None

    found = await ours.db.read(by_word) if len(word) <= LONGEST_WORD else None
    if found is None:
        raise HTTPException(404)
    return found


def _hours(found: Course) -> str:
    """The day, and from when to when one checks in."""
    first, last = (
        moment.astimezone(ZONE) for moment in (found.starts - MARGIN, found.ends + MARGIN)
    )
    return t(
        "web.check_in.hours",
        day=written_day(found.day),
        start=f"{first:%H:%M}",
        end=f"{last:%H:%M}",
    )

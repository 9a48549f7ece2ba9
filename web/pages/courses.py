"""A worker's courses: the list with a form for another one; one course with its code, its people, its end."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from bot import course_book
from bot.course_book import Acting, Refusal
from bot.locales.spoken import written_day
from bot.qr_pictures import qr_png
from bot.services import Services
from domain.courses import COURSE_PLATFORMS, Course, may_hold
from domain.household import ZONE
from domain.roles import Role, is_commune, lies_in
from storage import attendee_list, course_news, course_people, courses
from storage.sign_ins import SignedIn
from web.chat import Ours, now
from web.course_form import BOUNDS, Faults, Names, faults_of, names_in, read_plan, typed
from web.form_ids import new_form, read_form
from web.pages.worker import shown
from web.places import area_name, place_name, typed_place
from web.signed_in import Sender, Visitor
from web.words import t

LONGEST_CODE = 20
TOLD = ("called", "listed", "counted", "struck", "cancelled", "made")

router = APIRouter(prefix="/worker/courses", include_in_schema=False)


@router.get("")
async def listed(ours: Ours, who: Visitor, past: str = "") -> Response:
    """Those ahead, or with `?past=1` those that are over; and a form for another one."""
    return await _list(ours, who, past=past == "1")


@router.post("")
async def make(request: Request, ours: Ours, who: Sender) -> Response:
    """A new course; the same form twice is one; with faults the form again."""
    fields = await request.form(max_files=0, max_fields=20)
    said = typed(fields)
    form = read_form(ours.secret, _forms_of(who), str(fields.get("form", "")), now())
    plan = read_plan(said, who.roles)
    if form is None:
        return await _list(ours, who, said=said, faults={"form": t("web.course.fault.old")})
    if isinstance(plan, dict):
        return await _list(ours, who, said=said, faults=plan)
    made = await ours.db.write(
        partial(course_book.announce, who=_acting(who), plan=plan, form=form)
    )
    if isinstance(made, tuple):
        return await _list(ours, who, said=said, faults=faults_of(made))
    return _back(made, "made")


async def _list(
    ours: Services,
    who: SignedIn,
    *,
    past: bool = False,
    said: dict[str, str] | None = None,
    faults: Faults | None = None,
) -> Response:
    found = await ours.db.read(partial(courses.of_area, roles=who.roles, now=now(), past=past))
    own = [role.area for role in who.roles if is_commune(role.area)]
    answer = await shown(
        "worker_courses.html",
        ours,
        who,
        past=past,
        rows=[_row(one) for one in found],
        may=any(may_hold([role], role.area) for role in who.roles if is_commune(role.area))
        or any(role.kind != "reader" for role in who.roles),
        form=new_form(ours.secret, _forms_of(who), now()),
        said=said or typed({"commune": typed_place(own[0]) if len(own) == 1 else ""}),
        communes=sorted(typed_place(area) for area in own),
        platforms=COURSE_PLATFORMS,
        bounds=BOUNDS,
        faults=faults or {},
    )
    answer.status_code = 422 if faults else 200
    return answer


@router.get("/{code}")
async def one(ours: Ours, who: Visitor, code: str, told: str = "", count: str = "") -> Response:
    """One course of the area; 404 alike for one outside it and none at all."""
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 8 else 0
    return await _one(ours, who, code, told=told if told in TOLD else "", number=number)


@router.get("/{code}/qr.png")
async def qr(ours: Ours, who: Visitor, code: str) -> Response:
    """The course's link as a picture, to show or to print."""
    found = await ours.db.read(partial(_found, who=who, code=code))
    return Response(qr_png(_link(ours, found)), media_type="image/png")


@router.post("/{code}/invite")
async def invite(ours: Ours, who: Sender, code: str, area: Annotated[str, Form()] = "") -> Response:
    """Invite those of the commune, or of the province, who want to hear of courses."""
    done = await ours.db.write(
        partial(course_book.invite, who=_acting(who), code=_code(code), area=area)
    )
    if isinstance(done, str):
        return await _one(ours, who, code, fault=done)
    return _back(code, "called", done)


@router.post("/{code}/count")
async def count(
    ours: Ours,
    who: Sender,
    code: str,
    people: Annotated[str, Form()] = "",
    before: Annotated[str, Form()] = "",
) -> Response:
    """How many came of whom only the number is known."""
    given = [int(x) if x.isascii() and x.isdigit() and len(x) < 6 else -1 for x in (people, before)]
    done = await ours.db.write(
        partial(
            course_book.count, who=_acting(who), code=_code(code), people=given[0], before=given[1]
        )
    )
    return await _one(ours, who, code, fault=done) if done else _back(code, "counted", given[0])


@router.post("/{code}/names")
async def names(ours: Ours, who: Sender, code: str, text: Annotated[str, Form()] = "") -> Response:
    """People for the list, one a line; none when a line can't be read."""
    read = names_in(text)
    if read.faults or not read.names:
        return await _one(ours, who, code, typed_names=read)
    done = await ours.db.write(
        partial(course_book.enlist, who=_acting(who), code=_code(code), names=read.names)
    )
    if isinstance(done, str):
        return await _one(ours, who, code, fault=done, typed_names=read)
    return _back(code, "listed", done[0])


@router.post("/{code}/names/{which}/strike")
async def strike(ours: Ours, who: Sender, code: str, which: UUID) -> Response:
    """Somebody who wasn't there."""
    done = await ours.db.write(
        partial(course_book.strike, who=_acting(who), code=_code(code), which=which)
    )
    return await _one(ours, who, code, fault=done) if done else _back(code, "struck")


@router.post("/{code}/cancel")
async def cancel(ours: Ours, who: Sender, code: str) -> Response:
    """The course isn't held, or was none: nothing of it counts."""
    done = await ours.db.write(partial(course_book.cancel, who=_acting(who), code=_code(code)))
    return await _one(ours, who, code, fault=done) if done else _back(code, "cancelled")


async def _one(  # noqa: PLR0913 what the page shows beside the course
    ours: Services,
    who: SignedIn,
    code: str,
    *,
    told: str = "",
    number: int = 0,
    fault: Refusal | None = None,
    typed_names: Names | None = None,
) -> Response:
    found, seen = await ours.db.read(partial(_looked_at, who=who, code=code))
    answer = await shown(
        "worker_course.html",
        ours,
        who,
        course=found,
        row=_row(found),
        link=_link(ours, found),
        open=found.is_open(now()),
        ahead=found.starts > now() and found.cancelled_at is None,
        over=found.ends < now(),
        may=may_hold(who.roles, found.commune),
        takes_names=found.takes_names(now()),
        may_cancel=found.may_be_cancelled(now()),
        told=t(f"web.course.told.{told}", count=number) if told else "",
        fault=t(f"web.course.refused.{fault}") if fault else "",
        typed=typed_names or Names(),
        **seen,
    )
    answer.status_code = 422 if fault or (typed_names and typed_names.faults) else 200
    return answer


def _looked_at(conn: Connection, who: SignedIn, code: str) -> tuple[Course, dict[str, Any]]:
    found = _found(conn, who, code)
    areas = [area for area in (found.commune, found.province) if _invites(who.roles, area)]
    reached = [(a, area_name(a), course_news.reached(conn, found.code, a)) for a in areas]
    return found, {
        "answers": course_people.answers_to(conn, found.code),
        "there": course_people.who_came(conn, who.roles, found.code),
        "entries": attendee_list.entries(conn, found.code),
        "worker": courses.name_of(conn, found.by),
        "areas": reached,
    }


def _invites(roles: tuple[Role, ...], area: str) -> bool:
    return any(role.kind != "reader" and lies_in(area, role.area) for role in roles)


def _found(conn: Connection, who: SignedIn, code: str) -> Course:
    found = courses.one_of_area(conn, who.roles, _code(code))
    if found is None:
        raise HTTPException(404)
    return found


def _code(code: str) -> str:
    if len(code) > LONGEST_CODE:
        raise HTTPException(404)
    return code


def _link(ours: Services, found: Course) -> str:
    return f"{ours.settings.address}/training/{found.word}"


def _acting(who: SignedIn) -> Acting:
    return Acting(who.person, now())


def _forms_of(who: SignedIn) -> str:
    """A form is good for whoever was shown it."""
    return f"courses/{who.person}"


def _back(code: str, told: str, number: int | None = None) -> Response:
    said = {"told": told} | ({} if number is None else {"count": number})
    return RedirectResponse(f"/worker/courses/{code}?{urlencode(said)}", 303)


def _row(found: Course) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "where": f"{found.venue} · {place_name(found.commune)}",
        "when": f"{_clock(found.starts)}–{_clock(found.ends)}, {written_day(found.day)}",
        "platform": t(f"platform.{found.platform}") if found.platform else "",
        "state": t(f"web.course.state.{_state(found)}"),
        "came": found.came,
        "capacity": found.capacity,
    }


def _clock(moment: dt.datetime) -> str:
    return f"{moment.astimezone(ZONE):%H:%M}"


def _state(found: Course) -> str:
    if found.cancelled_at is not None:
        return "cancelled"
    if found.is_open(now()):
        return "open"
    if found.starts > now():
        return "ahead"
    return "held" if found.came else "nobody"

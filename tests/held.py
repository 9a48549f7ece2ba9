"""Courses as they stand for tests: made by a worker, perhaps with everybody of the area invited."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from given import LONG_AGO, SPACE
from sqlalchemy import Connection, update

from bot.course_book import Acting, NewName, cancel, enlist, invite
from bot.dialogue.message import CourseNamed, PersonNamed
from bot.transcripts import Given
from domain.events import RoleGiven
from domain.geography import commune
from domain.household import ZONE
from domain.phones import phone_of
from domain.training_events import CourseAnnounced
from storage import courses, personal
from storage.roles import roles_of
from storage.schema import course
from storage.store import append

TITLE, VENUE = "Chụp ảnh và bán hàng trên mạng", "Nhà văn hóa xã Ninh Phước"
WHERE = "22870"


def hold(tx: Connection, line: Given, now: dt.datetime) -> None:
    """`course code=c214 commune=22870 starts="2026-11-25 08:00" ends=… platform=voso sign=4187 by=Hà invited`.

    `cancelled`: one that stands is called off; `listed="Tư Lành" phone=0912…`: somebody is put on its list.
    """
    values = line.values
    if "starts" not in values:
        change(tx, line, now)
        return
    who = worker(tx, values.get("by", "Hà"), values.get("commune", WHERE))
    moments = [
        dt.datetime.fromisoformat(values[k]).replace(tzinfo=ZONE) for k in ("starts", "ends")
    ]
    more = {k: v for k, v in values.items() if k not in {"code", "starts", "ends", "by"}}
    opened(tx, who, values["code"], *moments, **more)
    if "invited" in line.words:
        invite(tx, Acting(who, LONG_AGO), values["code"], values.get("commune", WHERE))


def change(tx: Connection, line: Given, now: dt.datetime) -> None:
    """Something that its worker does to a course that stands."""
    found = courses.one(tx, line.values["code"])
    assert found is not None
    who = Acting(found.by, now)
    if "cancelled" in line.words:
        assert cancel(tx, who, found.code) is None
    if "listed" in line.values:
        phone = phone_of(line.values["phone"]) if "phone" in line.values else None
        enlist(tx, who, found.code, [NewName(line.values["listed"], phone)])


def worker(tx: Connection, name: str, area: str) -> UUID:
    """Somebody with this name who looks after the area."""
    who = uuid5(SPACE, f"worker/{name}")
    if roles_of(tx, who):
        return who
    given = {"role": "worker", "area": area, "invitation": "", "person": who}
    append(tx, [RoleGiven(id=uuid5(who, area), at=LONG_AGO, **given)])
    personal.keep(tx, who, None, [PersonNamed(name=name)])
    return who


def opened(
    tx: Connection,
    who: UUID,
    code: str,
    starts: dt.datetime,
    ends: dt.datetime,
    **values: str,
) -> None:
    """A course of this worker, with the digits that are given."""
    place = values.get("commune", WHERE)
    capacity = int(values["places"]) if "places" in values else None
    event = CourseAnnounced(
        id=uuid5(SPACE, f"course/{code}"),
        at=LONG_AGO,
        person=who,
        province=commune(place).province_code,
        commune=place,
        course=code,
        starts=starts,
        ends=ends,
        platform=values.get("platform"),  # type: ignore[arg-type]
        capacity=capacity,
    )
    append(tx, [event])
    names = values.get("title", TITLE), values.get("venue", VENUE)
    courses.keep_name(tx, None, who, CourseNamed(code, *names))
    if "sign" in values:
        signed = update(course).where(course.c.code == code)
        tx.execute(signed.values(sign=values["sign"], word=f"{code}-{'w' * 16}"))

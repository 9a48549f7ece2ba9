"""Many people of one area who agreed to messages, put into the tables at once; one worker who writes to them."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert

from bot.broadcast_steps import change, make
from domain.broadcasts import Audience, place_of
from domain.events import RoleGiven
from domain.household import ZONE
from storage.schema import consent, household, identity, person
from storage.store import append

SPACE = UUID("00000000-0000-4000-8000-00000000000b")
LONG_AGO = dt.datetime(2026, 1, 5, 8, 0, tzinfo=ZONE)
AREA = "30226"  # xã Lai Vung, Đồng Tháp
WORKER = uuid5(SPACE, "worker")
TEXT = "Mai 8 giờ có lớp bán hàng ở nhà văn hóa xã, mời [bà con] tới."


def who(number: int) -> UUID:
    """The person with the chat of this number."""
    return uuid5(SPACE, f"person/{number}")


def crowd(
    tx: Connection, chats: range, *, area: str = AREA, channel: str = "telegram", asked: bool = True
) -> None:
    """A household each; `asked`: they agreed to messages."""
    homes, people, addresses, consents = [], [], [], []
    where = place_of(area)
    for number in chats:
        home = uuid5(SPACE, f"home/{number}")
        homes.append(
            {"id": home, "code": f"DT-{number:05}", "registered_at": LONG_AGO, "sample": False}
            | where
        )
        people.append({"id": who(number), "household": home, "name": "Lan", "you": "cô"})
        addresses.append(
            {"channel": channel, "address": str(number), "person": who(number), "since": LONG_AGO}
        )
        for purpose in ("ledger", *(["broadcast"] if asked else [])):
            given = {"person": who(number), "purpose": purpose, "scope": "", "version": 1}
            consents.append(given | {"given_at": LONG_AGO})
    tables = ((household, homes), (person, people), (identity, addresses), (consent, consents))
    for table, rows in tables:
        tx.execute(insert(table), rows)


def appoint(
    tx: Connection, kind: str = "worker", area: str = AREA, chat: int | None = None
) -> UUID:
    """The worker Ngọc; with a chat of her own."""
    event = RoleGiven(
        id=uuid5(SPACE, f"{kind}/{area}"),
        at=LONG_AGO,
        person=WORKER,
        role=kind,
        area=area,
        invitation="",
    )
    append(tx, [event])
    tx.execute(person.update().where(person.c.id == WORKER).values(name="Ngọc", you="chị"))
    if chat is not None:
        row = {"channel": "telegram", "address": str(chat), "person": WORKER, "since": LONG_AGO}
        tx.execute(insert(identity), row)
    return WORKER


def draft(tx: Connection, now: dt.datetime, text: str = TEXT, **wanted: object) -> UUID:
    """A message to the whole area, not sent yet."""
    audience = Audience(**{"area": AREA, **wanted})
    number = uuid5(SPACE, f"{text}/{now}/{wanted}")
    return make(tx, WORKER, number, audience, text, now).id


def start(tx: Connection, which: UUID, now: dt.datetime) -> None:
    """It goes out; whatever the number of people."""
    change(tx, WORKER, which, uuid5(SPACE, "start"), "start", now)

"""Two communes in two provinces whose every name, phone and word is one that stands nowhere else.

In each, one household lets workers see it and one is only counted. What of it may be read by whom is said
here once; the walks look for everything else in whatever comes back.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from held import opened
from sqlalchemy import Connection, Update, select, update
from villages import HERE, THERE, appoint, fact, known, of, settle

from bot.broadcast_steps import make
from bot.dialogue.message import (
    BuyerNamed,
    CertificateNumbered,
    CourseWished,
    DigitalAddressKept,
    HelpWords,
    PersonNamed,
    PhotoKept,
)
from domain.broadcasts import Audience
from domain.check_events import CertificateGiven
from domain.digital_address_events import DigitalAddressGiven
from domain.events import ConsentGiven, OrderPlaced, ProductListed, SaleItem, SaleLogged
from domain.help_events import HelpRequested
from domain.support_events import SupportBegun
from domain.training_events import TrainingAttended
from storage import attendee_list, personal
from storage.schema import broadcast, course, metadata
from storage.store import append

NOW = dt.datetime.now(dt.UTC)
PLACES = {"DT-0001": HERE, "DT-0002": HERE, "HN-0001": THERE, "HN-0002": THERE}
SEEN, COUNTED = ("DT-0001", "HN-0001"), ("DT-0002", "HN-0002")
LETTERS = {"DT-0001": "alfa", "DT-0002": "bravo", "HN-0001": "carla", "HN-0002": "delta"}
AREAS = {"here": HERE[1], "there": THERE[1]}
PLUS = {"DT-0001": "7P277HW8+23", "DT-0002": "7P277HX6+J2"} | {
    "HN-0001": "7PH72RMJ+M4",
    "HN-0002": "7PH72RMH+Q7",
}
OF_HOME = ("name", "phone", "product", "goods", "question", "order", "number", "photo")
NOBODYS = ("buyer",)  # who bought is nobody else's matter
SHORT = re.compile(r"[\s.\-()]|&nbsp;")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who walks: `home` is their own household's code."""

    kind: str = ""
    area: str = ""
    home: str = ""
    over: bool = False  # the role was taken back, or the browser's time is over


ACTORS = {
    "nobody": Actor(),
    "household": Actor(home="DT-0002"),
    "elsewhere": Actor("worker", THERE[1]),
    "worker": Actor("worker", HERE[1]),
    "officer": Actor("officer", HERE[0]),
    "reader": Actor("reader", HERE[1]),
    "expired": Actor("worker", HERE[1], over=True),
}


def word(owner: str, what: str) -> str:
    """The canary: of a household by its code, of an area by its name."""
    if what == "phone":
        return f"+8491{7555501 + list(PLACES).index(owner)}"
    if what == "plus":
        return PLUS[owner]
    if what == "attendee_phone":
        return "+84917555541" if owner == "here" else "+84917555542"
    return f"zq{LETTERS.get(owner, owner)}{what}"


def of_home(code: str) -> set[str]:
    """All that is this household's."""
    return {word(code, what) for what in (*OF_HOME, *NOBODYS, "plus")} | {code}


def of_area(name: str) -> set[str]:
    """What an area's worker has written and listed; the course with its people."""
    return {word(name, what) for what in ("title", "venue", "attendee", "attendee_phone", "wish")}


def broadcast_of(name: str) -> set[str]:
    return {word(name, "broadcast")}


EVERYTHING = set().union(*map(of_home, PLACES), *map(of_area, AREAS), *map(broadcast_of, AREAS))


def allowed(actor: Actor) -> set[str]:
    """What this one may read of it."""
    if actor.over or not actor.kind:
        courses = {word("here", "title"), word("here", "venue")}  # they are for households
        return of_home(actor.home) | courses if actor.home else set()
    name = "there" if actor.area == THERE[1] else "here"
    seen = of_home("HN-0001" if name == "there" else "DT-0001")
    seen -= {word(code, what) for code in PLACES for what in NOBODYS}
    return seen | of_area(name) | (broadcast_of(name) if actor.kind == "officer" else set())


def leaks(text: str, actor: Actor, asked: str = "") -> set[str]:
    """Canaries in it that are not theirs to read; what they have typed themselves is none."""
    plain, said = _plain(text), _plain(asked)
    found = {one for one in EVERYTHING - allowed(actor) if _plain(one) in plain}
    return {one for one in found if _plain(one) not in said}


def _plain(text: str) -> str:
    """Phones however they are set; a phone's country code is a zero inside the country."""
    return SHORT.sub("", text).replace("+84", "0").lower()


# What stands there


def sign(code: str) -> str:
    """Of the household's question."""
    return of(code, "help").hex[:12]


def ids(name: str, codes: tuple[str, ...]) -> dict[str, str]:
    """Where to look for a change: everything of these households, and of the area if it is named."""
    found = {f"{code} {what}": str(of(code, *part)) for code in codes for what, part in PARTS}
    found |= {f"{code} help": sign(code) for code in codes}
    if name:
        found |= {"commune": AREAS[name], "course": f"c-{name}", "broadcast": str(draft_of(name))}
    return found


PARTS = (("home", ()), ("person", ("person",)), ("address", ("address",)))
BESIDE = {"course_news", "session", "outbox", "inbox", "signed_in", "sign_in_link", "usual_price"}
"""Tables of one's own talk and browser, which may name what was asked for in vain; courses called off tell all."""


def about(conn: Connection, needles: dict[str, str]) -> dict[str, list[str]]:
    """Every row of every table that has one of these ids in it."""
    short = set(needles.values()) | {one.replace("-", "") for one in needles.values()}
    found = {}
    for table in metadata.sorted_tables:
        if table.name not in BESIDE:
            rows = (repr(tuple(row)) for row in conn.execute(select(table)))
            found[table.name] = sorted(r for r in rows if any(one in r for one in short))
    return found


def not_theirs(actor: Actor) -> dict[str, str]:
    """What must stand as it stood, whatever this one sends."""
    if actor.home:
        return ids("", ("DT-0001",)) | ids("there", ("HN-0001", "HN-0002"))
    here = actor.area in ("30226", "82") and not actor.over
    if actor.kind == "worker" and actor.area == AREAS["there"]:
        return ids("here", ("DT-0001", "DT-0002")) | ids("", ("HN-0002",))
    if here and actor.kind != "reader":
        return ids("there", ("HN-0001", "HN-0002")) | ids("", ("DT-0002",))
    return ids("here", ("DT-0001", "DT-0002")) | ids("there", ("HN-0001", "HN-0002"))


def draft_of(name: str) -> UUID:
    return of(name, "broadcast")


def fill(tx: Connection) -> None:
    """All of it, and everybody who walks."""
    for name, actor in ACTORS.items():
        person = of(actor.home, "person") if actor.home else of(name)
        if actor.kind:
            appoint(tx, name, actor.kind, actor.area)
        if name != "nobody":
            known(tx, machine(name), person)
    for code, place in PLACES.items():
        home(tx, code, place)
    for name, area in AREAS.items():
        writer = appoint(tx, f"writer {name}", "worker", area)
        personal.keep(tx, writer, None, [PersonNamed(name="Hoa")])
        made = make(tx, writer, of(name, "form"), Audience(area), word(name, "broadcast"), NOW)
        assert not isinstance(made, str | None)
        tx.execute(_renamed(made.id, draft_of(name)))
        lesson(tx, name, area, writer)


def machine(name: str) -> str:
    """The address from which this one writes."""
    return str(of(name, "machine"))


def _renamed(which: UUID, wanted: UUID) -> Update:
    return update(broadcast).where(broadcast.c.id == which).values(id=wanted)


def home(tx: Connection, code: str, place: tuple[str, str]) -> None:
    """A household with something of everything."""
    settle(tx, code, word(code, "name"), place, agreed=code in SEEN)
    today = NOW.date()
    product = {"product": word(code, "product"), "unit_price_vnd": 90_000, "platform": "voso"}
    item = SaleItem(product=word(code, "goods"), total_vnd=300_000)
    sale = {"code": "KX42", "items": (item,), "total_vnd": 300_000, "buyer": "b1", "date": today}
    order = {"order": word(code, "order"), "items": (item,), "total_vnd": 300_000}
    told = {"stars": 4, "issued": dt.date(2025, 1, 1), "valid_until": dt.date(2028, 1, 1)}
    yes = [
        fact(ConsentGiven, code, p, place, purpose=p, version=1) for p in ("address", "broadcast")
    ]
    facts = [
        *yes,
        fact(ProductListed, code, "oc", place, code="OC44", ocop_stars=4, **product),
        fact(CertificateGiven, code, "told", place, code="OC44", photo=of(code, "photo"), **told),
        fact(SaleLogged, code, "sale", place, at=NOW, platform="offline", **sale),
        fact(
            OrderPlaced,
            code,
            "order",
            place,
            at=NOW,
            platform="voso",
            deadline=NOW + dt.timedelta(hours=1),
            **order,
        ),
        fact(DigitalAddressGiven, code, "addr", place, address=of(code, "address"), by="household"),
    ]
    append(tx, facts)
    asked = of(code, "question")
    kept = [
        PersonNamed(phone=word(code, "phone")),
        BuyerNamed("b1", word(code, "buyer")),
        PhotoKept(of(code, "photo"), word(code, "photo").encode()),
        CertificateNumbered("OC44", word(code, "number")),
        DigitalAddressKept(of(code, "address"), PLUS[code], place[1], NOW),
        HelpWords(asked, sign(code), of(code), "household", word(code, "question"), NOW),
    ]
    personal.keep(tx, of(code, "person"), of(code), kept)
    request = {"help": sign(code), "topic": "other", "message": asked}
    helper = of(f"writer {'here' if place == HERE else 'there'}")
    append(tx, [fact(HelpRequested, code, "ask", place, at=NOW, **request)])
    if code in COUNTED:  # it let workers see it when this one began
        append(tx, [fact(SupportBegun, code, "support", place, at=NOW, person=helper, score=40)])


def lesson(tx: Connection, name: str, area: str, holder: UUID) -> None:
    """A course that is on, with somebody on its list, one who came and is only counted, and a wish."""
    code, counted = f"c-{name}", "DT-0002" if name == "here" else "HN-0002"
    hour = dt.timedelta(hours=1)
    names = {"title": word(name, "title"), "venue": word(name, "venue"), "sign": "4187"}
    opened(tx, holder, code, NOW - hour, NOW + hour, commune=area, **names)
    put = (word(name, "attendee"), word(name, "attendee_phone"), holder, NOW)
    attendee_list.put(tx, code, of(name, "entry"), *put)
    came = {"course": code, "date": NOW.date()}
    append(tx, [fact(TrainingAttended, counted, "came", PLACES[counted], at=NOW, **came)])
    personal.keep(tx, of(counted, "person"), of(counted), [CourseWished(code, word(name, "wish"))])


def link_of(conn: Connection, name: str) -> str:
    """The word behind a course's link."""
    return str(conn.scalar(select(course.c.word).where(course.c.code == f"c-{name}")))

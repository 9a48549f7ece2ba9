"""Every route, walked as everybody: nothing of an area that is not theirs comes back, and nothing there changes.

A route that is not named in `WALK` fails the first test: whoever adds one says here how it is walked.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from canaries import (
    ACTORS,
    AREAS,
    NOW,
    PLACES,
    Actor,
    about,
    draft_of,
    fill,
    leaks,
    link_of,
    machine,
    not_theirs,
    word,
)
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Connection, select, true, update
from villages import of

from bot.config import Settings
from bot.handlers import HANDLERS
from bot.qr_pictures import qr_png
from bot.runner import Runner
from bot.services import Services
from storage import sign_ins
from storage.checks import GOODS, SALES, good_claim, place_claim, sale_claim
from storage.database import Database
from storage.potential import reckon_potential
from storage.schema import event, role, signed_in
from storage.tokens import hashed, new_secret
from web import promise
from web.app import Site, create_app
from web.form_ids import new_form
from web.pages.certificates import form_name
from web.signed_in import form_token

SECRET = b"s" * 32
HOMES = (*PLACES, "XX-9999")
COURSES = ("c-here", "c-there", "c-none")


@dataclass(slots=True)
class Walker:
    """Somebody with a browser: their cookies, what their own forms carry, and what came back."""

    name: str
    client: httpx.AsyncClient
    seen: dict[tuple[str, str], str]
    token: str = ""
    answers: list[httpx.Response] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return ACTORS[self.name]

    @property
    def person(self) -> UUID:
        home = self.actor.home
        return of(home, "person") if home else of(self.name)


Requests = Callable[[Walker], list[tuple[str, dict[str, Any]]]]
"""The addresses of one route with the form of each."""


def get(*paths: str, **asked: str) -> Requests:
    return lambda _: [(path, asked) for path in paths]


def over(path: str, *values: object, **asked: str) -> Requests:
    """The same address with each of these in its gap."""
    return lambda _: [(path.format(value), asked) for value in values]


def decisions(walker: Walker) -> list[tuple[str, dict[str, Any]]]:
    """Everything of every household confirmed, then its sale disputed, on the version that stands there."""
    wishes = [("sale", "KX42", "confirm"), ("certificate", "OC44", "confirm")]
    wishes += [("place", "", "confirm"), ("sale", "KX42", "dispute")]
    return [
        (
            f"/worker/households/{code}/checks",
            {"subject": s, "ref": ref, "seen": walker.seen[code, s], "verdict": v}
            | ({"reason": "amount"} if v == "dispute" else {}),
        )
        for code in HOMES
        for s, ref, v in wishes
    ]


def papers(_: Walker) -> list[tuple[str, dict[str, Any]]]:
    stars = {"number": "QD 1", "stars": "5", "issued": "2025-01-01", "until": "2028-01-01"}
    return [
        (
            f"/worker/households/{code}/certificates/OC44",
            stars | {"form": new_form(SECRET, form_name(code, "OC44"), NOW)},
        )
        for code in HOMES
    ]


def letters(_: Walker) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            f"/worker/households/{code}/letters",
            {"words": "hello", "form": new_form(SECRET, f"letter/{code}", NOW)},
        )
        for code in HOMES
    ]


def support(_: Walker) -> list[tuple[str, dict[str, Any]]]:
    return [
        (
            f"/worker/households/{code}/support",
            {"do": do, "form": new_form(SECRET, promise.form_name(code), NOW)},
        )
        for code in HOMES
        for do in ("begin", "end")
    ]


def lesson(walker: Walker) -> list[tuple[str, dict[str, Any]]]:
    """A course in the other commune, and one in a commune that there is not."""
    day = {
        "day": NOW.date().isoformat(),
        "from": "08:00",
        "to": "23:30",
        "title": "A",
        "venue": "B",
    }
    form = {"form": new_form(SECRET, f"courses/{walker.person}", NOW)}
    return [("/worker/courses", day | form | {"commune": area}) for area in (*AREAS.values(), "?")]


def writing(_: Walker) -> list[tuple[str, dict[str, Any]]]:
    """To each area, and to places by their name."""
    said = {"text": "hello", "form": str(uuid4())}
    areas = [("/worker/messages", said | {"area": one}) for one in (*AREAS.values(), "82", "vn")]
    return [*areas, ("/worker/messages", said | {"place": "Ba Đình, Hà Nội", "area": "vn"})]


def steering(_: Walker) -> list[tuple[str, dict[str, Any]]]:
    steps = ("try", "start", "stop")
    which = (*map(draft_of, AREAS), uuid4())
    return [
        (f"/worker/messages/{one}/{step}", {"form": str(uuid4())})
        for one in which
        for step in steps
    ]


def of_course(step: str, **asked: str) -> Requests:
    return over("/worker/courses/{}/" + step, *COURSES, **asked)


PHOTOS = [f"/worker/households/{a}/photos/{of(a, 'photo')}" for a in HOMES]
PHOTOS += [f"/worker/households/{a}/photos/{of('DT-0002', 'photo')}" for a in PLACES]
FORGED = new_secret()
ENTRIES = [of(name, "entry") for name in AREAS]
LIST = "/worker/households"
WALK: dict[tuple[str, str], Requests] = {
    ("GET", "/"): get("/"),
    ("GET", "/privacy"): get("/privacy"),
    ("GET", "/ministry"): get("/ministry"),
    ("GET", "/ministry/files/{name}"): over("/ministry/files/{}", "x.csv", "../x"),
    ("GET", "/ministry/"): over("/ministry/?province={}", "", "82", "01"),
    ("GET", "/ministry/provinces"): over("/ministry/provinces?of={}", "value", "x"),
    ("GET", "/ministry/trends"): over("/ministry/trends?province={}", "", "82", "01"),
    ("GET", "/ministry/coverage"): over("/ministry/coverage?province={}", "", "82", "01"),
    ("GET", "/ministry/revisions"): get("/ministry/revisions"),
    ("GET", "/ministry/events"): over("/ministry/events?province={}", "", "82", "01"),
    ("GET", "/ministry/downloads"): get("/ministry/downloads"),
    ("GET", "/ministry/download"): lambda _: [
        ("/ministry/download", {"format": shape, "province": place, "by": "month"})
        for shape in ("csv", "xlsx", "svg")
        for place in ("", "82", "01")
    ],
    ("GET", "/copies/{secret}"): over("/copies/{}", FORGED),
    ("GET", "/summaries/{word}"): over("/summaries/{}", FORGED, f"{FORGED}.pdf"),
    ("GET", "/shop/{household}"): over("/shop/{}", *HOMES),
    ("GET", "/shop/{household}/{product}"): over("/shop/{}/OC44", *HOMES),
    ("GET", "/shop/{household}/{product}/{size}"): over("/shop/{}/OC44/320.jpg", *HOMES),
    ("POST", "/shop/{household}"): over("/shop/{}", *HOMES, name="A", phone="0912345678"),
    ("POST", "/shop/{household}/{product}"): over("/shop/{}/OC44", *HOMES, quantity="1"),
    ("GET", "/order/{word}"): over("/order/{}", FORGED[:22]),
    ("GET", "/order/{word}/qr.png"): over("/order/{}/qr.png", FORGED[:22]),
    ("POST", "/order/{word}/cancel"): over("/order/{}/cancel", FORGED[:22]),
    ("POST", "/order/{word}/forget"): over("/order/{}/forget", FORGED[:22]),
    ("GET", "/receipt/{word}"): over("/receipt/{}", FORGED[:22]),
    ("GET", "/receipt/{word}/picture.png"): over("/receipt/{}/picture.png", FORGED[:22]),
    ("GET", "/invitations/{word}"): over("/invitations/{}", FORGED),
    ("GET", "/join/{said}"): over("/join/{}", "K7XM-P3QA"),
    ("GET", "/training/{word}"): over("/training/{}", FORGED[:22], "c-here"),
    ("POST", "/training/{word}"): over("/training/{}", FORGED[:22], phone="0912345678"),
    ("GET", "/chat"): get("/chat"),
    ("POST", "/chat"): lambda _: [("/chat", {"page": str(uuid4()), "text": "hello"})],
    ("GET", "/chat/history"): get("/chat/history"),
    ("GET", "/chat/events"): get("/chat/events"),
    ("GET", "/chat/images/{name}"): over("/chat/images/{}.jpg", of("DT-0001", "photo"), uuid4()),
    ("GET", "/zalo/pictures/{name}"): over(
        "/zalo/pictures/{}.jpg?until=9999999999&sign=" + "0" * 32, of("DT-0001", "photo"), uuid4()
    ),
    ("POST", "/chat/messages"): get("/chat/messages"),
    ("POST", "/chat/photos"): get("/chat/photos"),
    ("POST", "/chat/voice"): get("/chat/voice"),
    ("GET", "/healthz"): get("/healthz"),
    ("GET", "/readyz"): get("/readyz"),
    ("GET", "/metrics"): get("/metrics"),
    ("GET", "/api/v1/openapi.json"): get("/api/v1/openapi.json"),
    ("GET", "/api/v1/summary"): get("/api/v1/summary"),
    ("GET", "/api/v1/indicators"): get("/api/v1/indicators"),
    ("GET", "/api/v1/summary/events"): get("/api/v1/summary/events"),
    ("GET", "/api/v1/published"): get("/api/v1/published"),
    ("GET", "/api/v1/published/{publication}"): get("/api/v1/published/2026-06_2026-06_1"),
    ("GET", "/api/v1/reports/sent"): get("/api/v1/reports/sent"),
    ("POST", "/api/v1/reports"): get("/api/v1/reports"),
    ("POST", "/api/v1/orders"): get("/api/v1/orders"),
    ("GET", "/api/v1/orders/answers"): get("/api/v1/orders/answers"),
    ("GET", "/api/v1/explain"): get("/api/v1/explain?text=hello"),
    ("GET", "/worker"): get("/worker"),
    ("GET", "/worker/in/{word}"): over("/worker/in/{}", FORGED),
    ("POST", "/worker/in/{word}"): over("/worker/in/{}", FORGED),
    ("GET", "/worker/"): get("/worker/"),
    ("GET", LIST): get(
        LIST,
        *(f"{LIST}?q={word(code, what)}" for code in PLACES for what in ("name", "phone")),
        *(f"{LIST}?need={need}" for need in ("photo", "price", "orders")),
        f"{LIST}?quiet=14&sort=value",
        f"{LIST}?page=2",
    ),
    ("GET", "/worker/households/{code}"): over("/worker/households/{}", *HOMES),
    ("GET", "/worker/households/{code}/photos/{which}"): get(*PHOTOS),
    ("POST", "/worker/households/{code}/checks"): decisions,
    ("POST", "/worker/households/{code}/certificates/{ref}"): papers,
    ("POST", "/worker/households/{code}/letters"): letters,
    ("POST", "/worker/households/{code}/support"): support,
    ("GET", "/worker/potential"): over("/worker/potential?area={}", "vn", *AREAS.values(), "01"),
    ("GET", "/worker/support"): over("/worker/support?area={}", "vn", *AREAS.values(), "01"),
    ("POST", "/worker/export"): lambda _: [
        ("/worker/export", {"shape": shape, "q": q})
        for shape in ("csv", "xlsx")
        for q in ("", "zq")
    ],
    ("GET", "/worker/checks"): get("/worker/checks"),
    ("GET", "/worker/messages"): get("/worker/messages"),
    ("POST", "/worker/messages"): writing,
    ("GET", "/worker/messages/{which}"): over("/worker/messages/{}", *map(draft_of, AREAS)),
    ("POST", "/worker/messages/{which}/{step}"): steering,
    ("GET", "/worker/courses"): get("/worker/courses", "/worker/courses?past=1"),
    ("POST", "/worker/courses"): lesson,
    ("GET", "/worker/courses/{code}"): over("/worker/courses/{}", *COURSES),
    ("GET", "/worker/courses/{code}/qr.png"): over("/worker/courses/{}/qr.png", *COURSES),
    ("POST", "/worker/courses/{code}/invite"): lambda _: [
        (f"/worker/courses/{code}/invite", {"area": area})
        for code in COURSES
        for area in (*AREAS.values(), "82", "01", "vn")
    ],
    ("POST", "/worker/courses/{code}/count"): of_course("count", people="7", before="0"),
    ("POST", "/worker/courses/{code}/names"): of_course("names", text="Lan, 0912 345 678"),
    ("POST", "/worker/courses/{code}/names/{which}/strike"): lambda _: [
        (f"/worker/courses/{code}/names/{which}/strike", {})
        for code in COURSES
        for which in ENTRIES
    ],
    ("POST", "/worker/courses/{code}/cancel"): of_course("cancel"),
    ("GET", "/worker/addresses"): get("/worker/addresses", "/worker/addresses?page=2"),
    ("POST", "/worker/addresses/{address}"): lambda _: [
        (f"/worker/addresses/{of(code, 'address')}", {"verdict": verdict})
        for code in PLACES
        for verdict in ("confirmed", "disputed")
    ],
    ("GET", "/worker/explain"): lambda _: [
        (f"/worker/explain?message=web:{machine(name)}:1", {}) for name in ACTORS
    ],
    ("POST", "/worker/explain"): get("/worker/explain", text="hello"),
    ("POST", "/worker/language"): get("/worker/language", language="vi", back="/worker/checks"),
    ("POST", "/worker/out"): get("/worker/out"),  # the last one: then nobody is in any more
}
"""Every route as method and path; of each the requests with which it is walked."""


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """All that is served; HEAD is a GET without its body."""
    found = ((r.methods or {"GET"}, r.path) for r in iter_route_contexts(app.routes))
    return {(m, path) for all_, path in found for m in all_ if m != "HEAD" and path != "/static"}


@pytest.fixture(scope="module")
def filled(empty_sqlite, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("areas") / "filled.db"
    shutil.copyfile(empty_sqlite, file)
    asyncio.run(_fill(f"sqlite+aiosqlite:///{file}"))
    return file


async def _fill(url: str) -> None:
    db = await Database.open(url)
    await db.write(fill)
    await reckon_potential(db, NOW)
    await db.close()


@pytest.fixture
async def db(filled, tmp_path) -> AsyncIterator[Database]:
    """SQLite; the queries of areas are tried on both in the tests of each page."""
    shutil.copyfile(filled, tmp_path / "areas.db")
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/areas.db")
    yield opened
    await opened.close()


@pytest.fixture
def site(db) -> Site:
    chosen = Settings()
    found = create_app(Services(chosen, db, Runner(db, chosen, HANDLERS), SECRET))
    found.leave()  # open streams end at once
    return found


def versions(conn: Connection) -> dict[tuple[str, str], str]:
    """What a form of each claim would send, if its page could be seen."""
    found = dict.fromkeys(product(HOMES, ("sale", "certificate", "place")), "0")
    found |= {(c.code, "sale"): c.version for c in map(sale_claim, conn.execute(SALES))}
    found |= {(c.code, "certificate"): c.version for c in map(good_claim, conn.execute(GOODS))}
    places = filter(None, (place_claim(conn, true(), code) for code in PLACES))
    return found | {(c.code, "place"): c.version for c in places}


async def enter(site: Site, db: Database, name: str) -> Walker:
    """A browser of this one: signed in if they ever could be."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(site),
        base_url="http://farm.test",
        headers={"Accept": "text/html"},
    )
    walker = Walker(name, client, await db.read(versions))
    client.cookies.set("chat", machine(name), domain="farm.test")
    actor = walker.actor
    if actor.kind:
        now = dt.datetime.now(dt.UTC)  # the link lives ten minutes, the run of tests may be longer
        link = await db.write(lambda tx: sign_ins.new_link(tx, walker.person, now))
        kept = await db.write(lambda tx: sign_ins.sign_in(tx, link, now))
        assert kept is not None
        client.cookies.set("worker", kept, domain="farm.test")
        walker.token = form_token(SECRET, hashed(kept))
        if actor.over:
            mine = update(signed_in).where(signed_in.c.person == walker.person)
            await db.write(lambda tx: tx.execute(mine.values(expires_at=NOW)))
    return walker


async def walk(walker: Walker) -> list[str]:
    """Every request; what came back that is not theirs, and every fault of ours."""
    wrong = []
    for (method, _), requests in WALK.items():
        for path, asked in requests(walker):
            given = {"token": walker.token, **asked}
            sent = {"data": given} if method == "POST" else {"params": asked or None}
            answer = await walker.client.request(method, path, **sent)
            walker.answers.append(answer)
            found = leaks(read(answer), walker.actor, f"{path} {given}")
            if found or answer.status_code == 500:
                wrong.append(f"{walker.name} {method} {path} {asked}: {answer.status_code} {found}")
    return wrong


def read(answer: httpx.Response) -> str:
    """All that can be read of it: headers, body, and the cells of a workbook."""
    body = answer.content
    if body.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(body))
        body = b"".join(book.read(name) for name in book.namelist())
    return f"{answer.headers} {body.decode('utf-8', 'replace')}"


def test_every_route_is_walked(site):
    assert routes(site._pages.app.app) == set(WALK)


@pytest.mark.parametrize("name", ACTORS)
async def test_nobody_reads_or_changes_what_is_not_theirs(site, db, name):
    walker = await enter(site, db, name)
    before = await db.read(partial(about, needles=not_theirs(walker.actor)))
    done_before = await db.read(partial(types_by, who=walker.person))
    async with walker.client:
        wrong = await walk(walker)
    after = await db.read(partial(about, needles=not_theirs(walker.actor)))
    assert wrong == []
    assert {t: set(rows) ^ set(before[t]) for t, rows in after.items() if rows != before[t]} == {}
    links = [await db.read(partial(link_of, name=one)) for one in AREAS]
    shown = {answer.content for answer in walker.answers}
    drawn = [qr_png(f"{Settings().address}/training/{one}") in shown for one in links]
    mine = walker.actor.area if walker.actor.kind and not walker.actor.over else ""
    assert drawn == [mine in {"30226", "82"}, mine == AREAS["there"]]
    assert mine == "" or missing(walker) == set()
    done = set(await db.read(partial(types_by, who=walker.person))) - set(done_before)
    acts = bool(mine) and walker.actor.kind != "reader"
    assert (ACTS - done if acts else ACTS & done) == set()


ACTS = {"sale_confirmed", "certificate_confirmed", "certificate_given", "place_confirmed"}
ACTS |= {"digital_address_confirmed", "help_opened", "attendees_counted", "course_cancelled"}
ACTS |= {"broadcast_made", "support_ended", "support_begun", "attendee_listed"}
"""What the walk of a worker does in their own area; of others it must come to nothing."""


def types_by(conn: Connection, who: UUID) -> list[str]:
    return list(conn.scalars(select(event.c.type).where(event.c.person == who)))


def missing(walker: Walker) -> set[str]:
    """What is theirs to see and was not seen: a walk that comes to nothing would find nothing wrong."""
    everything = "".join(map(read, walker.answers))
    code, area = ("HN-0001", "there") if walker.name == "elsewhere" else ("DT-0001", "here")
    expected = {word(code, what) for what in ("name", "product", "goods", "plus", "photo")}
    expected |= {word(area, what) for what in ("title", "venue", "attendee", "wish")}
    expected |= {word(area, "broadcast")} if walker.name == "officer" else set()
    return {one for one in expected if one not in everything}


async def test_a_role_taken_back_ends_the_walk_at_once(site, db):
    """A browser that is still signed in, whose person has no role any more."""
    walker = await enter(site, db, "officer")
    await db.write(
        lambda tx: tx.execute(
            update(role).where(role.c.person == walker.person).values(withdrawn_at=NOW)
        )
    )
    async with walker.client:
        await walk(walker)
    over = {a.status_code for a in walker.answers if str(a.url.path).startswith("/worker/")}
    assert over <= {401, 403, 404, 422}
    assert not any(leaks(read(a), ACTORS["nobody"], str(a.url)) for a in walker.answers)

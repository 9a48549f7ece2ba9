"""Every page of the product with something on it, as whoever may see it gets it: for looking at languages."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from canaries import NOW, draft_of, link_of, machine
from canaries import fill as fill_areas
from programme import fill_programme, today
from shops import BEFORE, CODE, GARLIC, HOME, fact, open_shop
from sqlalchemy import Connection
from villages import HERE, appoint, of
from villages import fact as village_fact

from bot.config import Settings
from bot.dialogue.summary_queries import Asked
from bot.handlers import HANDLERS
from bot.publishing import publish
from bot.runner import Runner
from bot.services import Services
from bot.summary import ask
from domain.events import SaleItem, SaleLogged
from domain.roles import Role
from domain.support_events import SupportBegun
from storage import roles, sign_ins, summary_links
from storage.database import Database
from storage.potential import reckon_potential
from storage.receipts import open_receipt
from storage.rollups import advance
from storage.store import append
from storage.tokens import hashed
from web.app import create_app
from web.periods import last_month
from web.signed_in import form_token

SECRET = b"s" * 32
ORIGIN = "http://farm.test"
OFFICER = "country"
SENTENCE = "hôm qua bán 20 ký cam sành giá 25 ngàn"  # somebody wants explained
PAGES: Mapping[str, tuple[str, str]] = {
    "front": ("", "/"),
    "privacy": ("", "/privacy"),
    "figures": ("", "/ministry"),
    "worker door": ("", "/worker"),
    "join": ("", "/join/K7XM-P3QA"),
    "shop": ("", f"/shop/{CODE}"),
    "product": ("", f"/shop/{CODE}/{GARLIC}"),
    "order": ("", "/order/{order}"),
    "receipt": ("", "{receipt}"),
    "invitation": ("", "/invitations/{invitation}"),
    "sign in": ("", "/worker/in/{sign_in}"),
    "summary": ("", "{summary}"),
    "check in": ("household", "/training/{course}"),
    "not found": ("", "/shop/XX-9999"),
    "not signed in": ("", "/worker/"),
    "chat": ("", "/chat"),
    "talk": ("household", "/chat"),
    "worker": ("worker", "/worker/"),
    "households": ("worker", "/worker/households?need=orders"),
    "household": ("worker", "/worker/households/DT-0001"),
    "potential": ("worker", "/worker/potential"),
    "support": ("worker", "/worker/support"),
    "checks": ("worker", "/worker/checks"),
    "messages": ("worker", "/worker/messages"),
    "message": ("officer", f"/worker/messages/{draft_of('here')}"),
    "courses": ("worker", "/worker/courses"),
    "course": ("worker", "/worker/courses/c-here"),
    "addresses": ("worker", "/worker/addresses"),
    "country": (OFFICER, "/ministry/"),
    "province": (OFFICER, "/ministry/?province=82"),
    "provinces": (OFFICER, "/ministry/provinces"),
    "trends": (OFFICER, "/ministry/trends"),
    "coverage": (OFFICER, "/ministry/coverage"),
    "revisions": (OFFICER, "/ministry/revisions"),
    "events": (OFFICER, "/ministry/events"),
    "downloads": (OFFICER, "/ministry/downloads"),
}
"""Name -> who looks (of `canaries`; nobody without), and where."""
FORMS: Mapping[str, tuple[str, str, dict[str, str]]] = {
    "order refused": ("", f"/shop/{CODE}", {f"quantity-{GARLIC}": "900", "name": "1"}),
    "course refused": ("worker", "/worker/courses", {"title": "", "commune": "?"}),
    "message refused": ("worker", "/worker/messages", {"text": "", "form": str(uuid4())}),
    "explanation": (
        "worker",
        "/worker/explain",
        {"text": SENTENCE},
    ),
    "letter refused": ("worker", "/worker/households/DT-0001/letters", {"words": ""}),
}
"""Pages that come back with what is to be put right."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as a browser gets it."""

    name: str
    path: str
    html: str
    headers: httpx.Headers


async def fill(db: Database) -> None:
    """Everything that the pages show."""
    for work in (fill_areas, open_shop, fill_programme, _more):
        await db.write(work)
    await reckon_potential(db, NOW)
    while await db.write(advance):
        pass


def _more(tx: Connection) -> None:
    while advance(tx):
        pass
    month = last_month(today())
    publish(tx, ask(month.start, month.end), now=NOW)
    appoint(tx, OFFICER, "officer", "vn")
    goods = (SaleItem(product="tỏi Lý Sơn", quantity=5, unit="kg", total_vnd=600_000),)
    sale = {"items": goods, "total_vnd": 600_000, "date": month_day(month.start)}
    more = {"platform": "voso", "evidence": "said", "code": "KX42"}
    append(tx, [fact(SaleLogged, 30, **sale, **more)])
    began = {"at": NOW - dt.timedelta(days=40), "person": of("worker"), "score": 40}
    append(tx, [village_fact(SupportBegun, "DT-0001", "support", HERE, **began)])


def month_day(month: str) -> dt.date:
    """The middle of a month."""
    return dt.date.fromisoformat(f"{month}-15")


async def filled(file: Path, empty: Path) -> str:
    """The address of a new database with all of it."""
    shutil.copyfile(empty, file)
    url = f"sqlite+aiosqlite:///{file}"
    db = await Database.open(url)
    await fill(db)
    await db.close()
    return url


async def shown(url: str, language: str, **settings: Any) -> list[Shown]:
    """Every page as somebody gets it who asks for this language."""
    db = await Database.open(url)
    chosen = Settings(database_url=url, **settings)
    site = create_app(Services(chosen, db, Runner(db, chosen, HANDLERS), SECRET))
    site.leave()
    headers = {"Accept": "text/html", "Accept-Language": language}
    carrier = httpx.ASGITransport(site)
    try:
        async with httpx.AsyncClient(transport=carrier, base_url=ORIGIN, headers=headers) as client:
            return [page async for page in _walked(client, db)]
    finally:
        await db.close()


async def _walked(client: httpx.AsyncClient, db: Database) -> AsyncIterator[Shown]:
    words = await _words(client, db)
    for name, (who, path) in PAGES.items():
        await _enter(client, db, who)
        yield _page(name, await client.get(path.format(**words)))
    for name, (who, path, form) in FORMS.items():
        token = await _enter(client, db, who)
        yield _page(name, await client.post(path, data={"token": token, **form}))


def _page(name: str, answer: httpx.Response) -> Shown:
    assert answer.headers["content-type"].startswith("text/html"), (name, answer.text[:500])
    assert answer.status_code != 500, name
    return Shown(name, answer.request.url.path, answer.text, answer.headers)


async def _enter(client: httpx.AsyncClient, db: Database, who: str) -> str:
    """Be this one from now on; what their forms carry."""
    client.cookies.clear()
    if not who:
        return ""
    client.cookies.set("chat", machine(who), domain="farm.test")
    now = dt.datetime.now(dt.UTC)
    link = await db.write(lambda tx: sign_ins.new_link(tx, of(who), now))
    kept = await db.write(lambda tx: sign_ins.sign_in(tx, link, now))
    if kept is None:
        return ""
    client.cookies.set("worker", kept, domain="farm.test")
    return form_token(SECRET, hashed(kept))


async def _words(client: httpx.AsyncClient, db: Database) -> dict[str, str]:
    """What opens the pages that are nobody else's."""
    now = dt.datetime.now(dt.UTC)
    page = await client.get(f"/shop/{CODE}")
    form = re.search(r'name="form" value="([^"]+)"', page.text)
    assert form
    wish = {f"quantity-{GARLIC}": "2", f"price-{GARLIC}": "120000", "form": form[1]}
    buyer = {"name": "Lan", "phone": "0987654321", "place": "12 Nguyen Hue"}
    placed = await client.post(f"/shop/{CODE}", data=wish | buyer)
    assert placed.status_code == 303, placed.text
    client.cookies.clear()
    month = last_month(today()).start
    asked = Asked(month, month, 34)
    role = Role("worker", "30226")
    return {
        "order": placed.headers["location"].rpartition("/")[2],
        "receipt": await db.write(
            lambda tx: open_receipt(tx, whose=HOME, code="KX42", now=BEFORE).path
        ),
        "invitation": await db.write(lambda tx: roles.invite(tx, role, None, now)),
        "sign_in": await db.write(lambda tx: sign_ins.new_link(tx, of("worker"), now)),
        "summary": await db.write(lambda tx: summary_links.new_link(tx, of(OFFICER), asked, now)),
        "course": await db.read(lambda conn: link_of(conn, "here")),
    }

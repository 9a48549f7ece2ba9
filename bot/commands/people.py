"""Who has a role: invitations, shown once, listed, taken back."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import Connection

from bot.commands.areas import named_area
from bot.commands.output import Given, Mistake, Output
from bot.services import Services
from domain.events import RoleWithdrawn
from domain.fold import fold
from domain.household import ZONE
from domain.province_keys import province_within
from domain.roles import COUNTRY, Role, RoleKind, area_name, is_commune
from storage import roles
from storage.store import append

SIGNS = 8  # of what a role or an invitation is called in the list
WHOLE = ("vn", "viet nam", "ca nuoc", "toan quoc")  # the country, without marks


async def invite(services: Services, given: Given, out: Output) -> int:
    """A one-time link for a person; or who has which role, or one of them taken back."""
    if given["list"]:
        return await _list(services, out)
    if given["revoke"]:
        return await _revoke(services, given["revoke"], out)
    if not given["role"] or not given["area"]:
        raise Mistake("an invitation needs --role and --area")
    offered = _offered(given["role"], given["area"])
    now = dt.datetime.now(dt.UTC)
    secret = await services.db.write(lambda tx: roles.invite(tx, offered, None, now))
    out.say(f"{services.settings.address}/invitations/{secret}")
    return 0


def _offered(kind: RoleKind, area: str) -> Role:
    """The role in an area of today; Mistake for an officer of a single commune."""
    key = COUNTRY if fold(area).strip() in WHOLE else _of_today(named_area(area))
    if kind == "officer" and is_commune(key):
        raise Mistake("an officer's area is a province or the country; communes have workers")
    if kind == "worker" and key == COUNTRY:
        raise Mistake("a worker's area is a commune or a province; the country has officers")
    return Role(kind, key)


def _of_today(area: str) -> str:
    """A province of before July 2025 is the one that it went into."""
    return area if is_commune(area) else province_within(area, "", 34) or area


async def _list(services: Services, out: Output) -> int:
    now = dt.datetime.now(dt.UTC)
    given, offered = await services.db.read(
        lambda conn: (roles.standing(conn), roles.offers(conn, now))
    )
    for one in given:
        out.say(_row(_sign(one), "role", one.role, f"since {_day(one.since)}"))
    for offer in offered:
        out.say(_row(offer.hash[:SIGNS], "offered", offer.role, f"until {_day(offer.until)}"))
    if not given and not offered:
        out.problem("nobody has a role, and none is offered")
    return 0


def _row(sign: str, state: str, role: Role, day: str) -> str:
    return f"{sign}  {state:7}  {role.kind:7}  {area_name(role.area) or COUNTRY}  {day}"


def _sign(given: roles.Given) -> str:
    """What one role is called in the list: the same every time, and nobody's name."""
    said = f"{given.person}/{given.role.kind}/{given.role.area}"
    return sha256(said.encode()).hexdigest()[:SIGNS]


def _day(at: dt.datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


async def _revoke(services: Services, sign: str, out: Output) -> int:
    """By the sign that the list shows; what was done with the role stays."""
    now = dt.datetime.now(dt.UTC)

    def close(tx: Connection) -> int:
        offered = [o for o in roles.offers(tx, now) if o.hash[:SIGNS] == sign]
        for offer in offered:
            roles.close_offer(tx, offer.hash, now)
        given = [one for one in roles.standing(tx) if _sign(one) == sign]
        append(tx, [_withdrawn(tx, one, now) for one in given])
        return len(offered) + len(given)

    if not await services.db.write(close):
        raise Mistake(f"{sign} is no sign of the list: lensan invite --list")
    out.problem("taken back")
    return 0


def _withdrawn(tx: Connection, given: roles.Given, now: dt.datetime) -> RoleWithdrawn:
    """The household is named, so that what is known of the person is loaded anew."""
    return RoleWithdrawn(
        id=uuid4(),
        at=now,
        household=roles.home_of(tx, given.person),
        person=given.person,
        channel="command",
        role=given.role.kind,
        area=given.role.area,
    )

"""API keys: made and shown once, listed, closed."""

from __future__ import annotations

import datetime as dt
import re

from bot.commands.areas import named_area
from bot.commands.output import Given, Mistake, Output
from bot.services import Services
from domain.household import ZONE
from domain.province_keys import province_of_key
from domain.roles import COUNTRY, is_commune
from storage.keys import ROLE_MAY, ApiKey, KeptKey, kept_keys, new_key, revoke

LONGEST = 3_650  # days that a key with an end may live
HEADINGS = ("state", "role", "scope", "area", "made", "expires", "last used", "name")
NONE = "-"


async def key(services: Services, given: Given, out: Output) -> int:
    """A new API key, alone on standard output; or all keys of a name closed."""
    now = dt.datetime.now(dt.UTC)
    if given["revoke"] is not None:
        return await _revoke(services, given["revoke"] or given["name"], out)
    if not given["name"]:
        raise Mistake("a key needs --name: whose it is")
    role, (area, platform) = given["role"], _where(given)
    scope, expires = _scope(role, given["scope"]), _expiry(given["expires"], now)
    secret = await services.db.write(
        lambda tx: new_key(
            *(tx, given["name"], role, now),
            area=area,
            platform=platform,
            expires_at=expires,
            scope=scope,
        )
    )
    out.say(secret)
    return 0


async def _revoke(services: Services, name: str | None, out: Output) -> int:
    now = dt.datetime.now(dt.UTC)
    if not name:
        raise Mistake("which key? lensan key --revoke NAME")
    closed = await services.db.write(lambda tx: revoke(tx, name, now))
    if not closed:
        raise Mistake(f"no open key is called {name}")
    out.problem(f"{closed} closed")
    return 0


def _where(given: Given) -> tuple[str | None, str | None]:
    """The area and the platform of the key."""
    area = named_area(given["area"]) if given["area"] else None
    if given["role"] == "department" and (area is None or is_commune(area)):
        raise Mistake("a department's key needs its province: --area")
    if given["role"] == "platform" and given["platform"] is None:
        raise Mistake("a platform's key needs --platform")
    return area, given["platform"]


def _scope(role: str, typed: list[str]) -> list[str] | None:
    """What was typed, one after another or with commas; None when nothing was."""
    asked = [one for part in typed for one in part.split(",") if one]
    for one in asked:
        if one not in ROLE_MAY[role]:
            raise Mistake(f"--scope: {one}: a {role}'s key may {', '.join(ROLE_MAY[role])}")
    return list(dict.fromkeys(asked)) or None


def _expiry(typed: str | None, now: dt.datetime) -> dt.datetime | None:
    """From when on it opens nothing: so many days from now, or the end of a day in Vietnam."""
    if typed is None:
        return None
    if days := re.fullmatch(r"(\d{1,4})d", typed):
        expires = now + dt.timedelta(days=int(days[1]))
    else:
        expires = _end_of(typed)
    if not now < expires <= now + dt.timedelta(days=LONGEST):
        raise Mistake(f"--expires: {typed} is not within the next {LONGEST} days")
    return expires


def _end_of(typed: str) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(typed)
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZONE)
    except (ValueError, OverflowError):
        raise Mistake(
            f"--expires: {typed} is neither days like 90d nor a day like 2027-06-30"
        ) from None


async def keys(services: Services, _: Given, out: Output) -> int:
    """Every key in a line, the oldest first; what opens with it is not kept and not shown."""
    now = dt.datetime.now(dt.UTC)
    rows = [_row(one, now) for one in await services.db.read(kept_keys)]
    if not rows:
        out.problem("no key was made yet: lensan key")
        return 0
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
    for row in (HEADINGS, *rows):
        out.say("  ".join(map(str.ljust, row, widths)).rstrip())
    return 0


def _row(kept: KeptKey, now: dt.datetime) -> tuple[str, ...]:
    key = kept.key
    days = (_day(one) for one in (kept.made_at, kept.expires_at, key.last_used_at))
    scope = ",".join(one for one in ROLE_MAY.get(key.role, ()) if one in key.scope)
    return kept.state(now), key.role, scope or NONE, _area(key), *days, key.name


def _area(key: ApiKey) -> str:
    if key.platform:
        return key.platform
    try:
        return province_of_key(key.area).short_name if key.area else COUNTRY
    except KeyError:
        return str(key.area)


def _day(at: dt.datetime | None) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else NONE

"""Who may look: API keys and invitations, shown once."""

from __future__ import annotations

import datetime as dt

from bot.commands.output import Given, Mistake, Output
from bot.services import Services
from domain.household import ZONE
from domain.places import Found, find_place
from domain.province_keys import named_province
from storage import keys


async def key(services: Services, given: Given, out: Output) -> int:
    """A new API key, alone on standard output; or all keys of a name closed."""
    now = dt.datetime.now(dt.UTC)
    name, role = given["name"], given["role"]
    if given["revoke"]:
        closed = await services.db.write(lambda tx: keys.revoke(tx, name, now))
        if not closed:
            raise Mistake(f"no open key is called {name}")
        out.problem(f"{closed} closed")
        return 0
    area = _area(given["area"]) if given["area"] else None
    if role == "department" and area is None:
        raise Mistake("a department's key needs its province: --area")
    if role == "platform" and given["platform"] is None:
        raise Mistake("a platform's key needs --platform")
    days = given["days"]
    expires = now + dt.timedelta(days=days) if days else None
    secret = await services.db.write(
        lambda tx: keys.new_key(
            tx, name, role, now, area=area, platform=given["platform"], expires_at=expires
        )
    )
    out.say(secret)
    return 0


async def invite(services: Services, given: Given, out: Output) -> int:
    """A one-time link for a worker or an officer."""
    now = dt.datetime.now(dt.UTC)
    role, area = given["role"], _area(given["area"])
    secret = await services.db.write(lambda tx: keys.invite(tx, role, area, now))
    out.say(f"{services.settings.address}/invitations/{secret}")
    return 0


def _area(text: str) -> str:
    """The key of a province or the code of a commune, by name or code; Mistake when it is neither."""
    key = named_province(text, dt.datetime.now(ZONE).date())
    if key is not None:
        return key
    found = find_place(text)
    if isinstance(found, Found):
        return found.commune.code
    raise Mistake(f"--area: {text} is no province, nor one commune with its province")

"""API keys: shown once, kept as hashes, for a role in an area."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.schema import api_key
from storage.tokens import hashed, new_secret

USE_NOTED = dt.timedelta(hours=1)  # how exactly a key's last use is known


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who asks with this key: `ministry`, `department` (its province is `area`) or `platform`."""

    name: str
    role: str
    area: str | None
    platform: str | None
    last_used_at: dt.datetime | None


NEW_KEY = insert(api_key)
VALID = select(api_key).where(
    api_key.c.hash == bindparam("hash_is"), api_key.c.revoked_at.is_(None)
)
USED = (
    update(api_key)
    .where(api_key.c.hash == bindparam("hash_is"))
    .values(last_used_at=bindparam("at"))
)
REVOKED = (
    update(api_key)
    .where(api_key.c.name == bindparam("called"), api_key.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)


def new_key(  # noqa: PLR0913 a key has this many sides
    tx: Connection,
    name: str,
    role: str,
    now: dt.datetime,
    *,
    area: str | None = None,
    platform: str | None = None,
    expires_at: dt.datetime | None = None,
) -> str:
    """A new key; this is the only time that it is seen."""
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "name": name,
        "role": role,
        "area": area,
        "platform": platform,
        "made_at": now,
        "expires_at": expires_at,
    }
    tx.execute(NEW_KEY, row)
    return secret


def whose_key(conn: Connection, secret: str, now: dt.datetime) -> ApiKey | None:
    """Who has this key; None when it is unknown, revoked or has expired."""
    mine = hashed(secret)
    row = conn.execute(VALID, {"hash_is": mine}).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, mine):
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    return ApiKey(row.name, row.role, row.area, row.platform, row.last_used_at)


def note_use(tx: Connection, secret: str, now: dt.datetime) -> None:
    """Remember that the key was used; ask for it only when that was USE_NOTED ago."""
    tx.execute(USED, {"hash_is": hashed(secret), "at": now})


def revoke(tx: Connection, name: str, now: dt.datetime) -> int:
    """Close all keys of this name; how many were open."""
    return tx.execute(REVOKED, {"called": name, "at": now}).rowcount

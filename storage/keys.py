"""API keys: shown once, kept as hashes, for a role in an area; each may do some of what its role may."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.schema import api_key
from storage.tokens import hashed, new_secret

USE_NOTED = dt.timedelta(hours=1)  # how exactly a key's last use is known

KeyScope = Literal["read", "report", "orders"]
ROLE_MAY: Mapping[str, tuple[KeyScope, ...]] = {
    "ministry": ("read", "report"),
    "department": ("read", "report"),
    "platform": ("read", "report", "orders"),
}
"""Read figures, report figures, send orders: all that a key of this role can be made for."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who asks with this key: `ministry`, `department` (its province is `area`) or `platform`."""

    name: str
    role: str
    area: str | None
    platform: str | None
    last_used_at: dt.datetime | None
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key as the list shows it."""

    key: ApiKey
    made_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def state(self, now: dt.datetime) -> Literal["open", "expired", "revoked"]:
        """Only an open one opens anything."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "open"


NEW_KEY = insert(api_key)
ALL = select(api_key).order_by(api_key.c.made_at, api_key.c.hash)
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
    scope: Iterable[str] | None = None,
) -> str:
    """A new key; this is the only time that it is seen. `scope` None: all that its role may."""
    secret = new_secret()
    row = {
        "hash": hashed(secret),
        "name": name,
        "role": role,
        "scope": " ".join(ROLE_MAY.get(role, ()) if scope is None else scope),
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
    return _key(row)


def kept_keys(conn: Connection) -> list[KeptKey]:
    """Every key that was ever made, the oldest first."""
    rows = conn.execute(ALL)
    return [KeptKey(_key(r), r.made_at, r.expires_at, r.revoked_at) for r in rows]


def _key(row: Any) -> ApiKey:
    scope = frozenset(row.scope.split())
    return ApiKey(row.name, row.role, row.area, row.platform, row.last_used_at, scope)


def note_use(tx: Connection, secret: str, now: dt.datetime) -> None:
    """Remember that the key was used; ask for it only when that was USE_NOTED ago."""
    tx.execute(USED, {"hash_is": hashed(secret), "at": now})


def revoke(tx: Connection, name: str, now: dt.datetime) -> int:
    """Close all keys of this name; how many were open."""
    return tx.execute(REVOKED, {"called": name, "at": now}).rowcount

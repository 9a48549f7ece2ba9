"""What is put before a worker to look at: what stands out first, then the newest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from domain.checks import Claim, Unit, unit_of, unusual
from domain.household import ZONE
from domain.roles import Role
from storage.checks import open_claims
from storage.schema import usual_price

USUAL = select(usual_price).where(
    usual_price.c.province.in_(bindparam("provinces", expanding=True)),
    usual_price.c.key.in_(bindparam("keys", expanding=True)),
)


def put_forward(
    conn: Connection, who: UUID, roles: Sequence[Role], now: dt.datetime
) -> list[Claim]:
    """What nobody of the area decided yet, with its signs; those with more come first, `who`'s own never."""
    found = open_claims(conn, who, roles, now)
    usual = _usual_prices(conn, found)
    today = now.astimezone(ZONE).date()
    seen = [replace(claim, signs=unusual(claim, usual, today)) for claim in found]
    return sorted(seen, key=lambda claim: -len(claim.signs))


def _usual_prices(conn: Connection, claims: Iterable[Claim]) -> Mapping[Unit, int]:
    sales = [claim for claim in claims if claim.entry is not None]
    keys = {unit_of(item)[0] for claim in sales if claim.entry for item in claim.entry.items}
    if not keys:
        return {}
    values = {"provinces": sorted({c.province for c in sales}), "keys": sorted(keys)}
    return {(r.province, r.key, r.unit): r.vnd for r in conn.execute(USUAL, values)}

"""One household as people with a role see it: its book in pages, what was decided of each line, photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from domain.checks import Claim
from domain.household import Household
from domain.roles import Role
from storage.areas import seen_by
from storage.checks import GOODS, SALES, claim_of, good_claim, place_claim, sale_claim
from storage.schema import entry, household, photo
from storage.worker_lists import Listed, one_household

LINES = 20  # of the book on one page

JPEG = select(photo.c.jpeg).join_from(photo, household, household.c.id == photo.c.household)
COUNT = select(func.count()).select_from(entry).where(entry.c.household == bindparam("whose"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A household with its place, one page of its sales and its products with stars, as claims.

    `may_decide`: whoever looks may confirm and dispute here, and not only look.
    """

    row: Listed
    home: Household
    place: Claim
    sales: Sequence[Claim]
    sales_total: int
    goods: Mapping[str, Claim]
    may_decide: bool


def household_seen(
    conn: Connection, who: UUID, roles: Sequence[Role], code: str, page: int = 1
) -> Seen | None:
    """What there is to see of a household of the area; None for any other code."""
    found = one_household(conn, roles, code)
    if found is None:
        return None
    row, home = found
    place = place_claim(conn, seen_by(roles), code)
    if place is None:
        return None
    mine = (seen_by(roles), household.c.code == code)
    lines = SALES.where(*mine).order_by(entry.c.logged_at.desc(), entry.c.code)
    lines = lines.limit(LINES).offset((page - 1) * LINES)
    return Seen(
        row=row,
        home=home,
        place=place,
        sales=[sale_claim(line) for line in conn.execute(lines)],
        sales_total=int(conn.scalar(COUNT, {"whose": home.id}) or 0),
        goods={good.ref: good for good in map(good_claim, conn.execute(GOODS.where(*mine)))},
        may_decide=claim_of(conn, who, roles, code, "place", "") is not None,
    )


def photo_seen(conn: Connection, roles: Sequence[Role], code: str, which: UUID) -> bytes | None:
    """A photo of a household of the area, as JPEG; None for any other."""
    asked = JPEG.where(seen_by(roles), household.c.code == code, photo.c.id == which)
    found: bytes | None = conn.execute(asked).scalar_one_or_none()
    return found

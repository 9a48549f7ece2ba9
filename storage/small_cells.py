"""In which provinces and months so few of the bot's households are that they could be recognised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    select,
    text,
)

from storage.schema import crowd, rollup_household

Kind = Literal["sold", "products", "accounts"]
"""What is counted together: the three figures of sales come of the same households."""


class Few(NamedTuple):
    """A household in a cell of few; places as roll-ups by province have them.

    Who sold is there in that `month`; of a stock, from then until before `ends` (YYYY-MM; empty: still).
    """

    kind: Kind
    month: str
    ends: str
    province: str
    old_province: str
    platform: str
    household: UUID


class Amount(NamedTuple):
    """What the bot counted in a month: transactions, or steps of a stock. Places as in `Few`."""

    kind: Kind
    month: str
    province: str
    old_province: str
    platform: str
    amount: int


_c, _h, _later = crowd.c, rollup_household.c, crowd.alias().c
_PLACE = ("kind", "province", "old_province", "platform")
_SMALL = _c.households.between(1, bindparam("most"))


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(*(one[name] == other[name] for name in _PLACE))


def _named(ends: ColumnElement[str], when: ColumnElement[bool]) -> Select[Any]:
    """The households of small crowds, beside when and where those are."""
    where = _c.province, _c.old_province, _c.platform
    return (
        select(_c.kind, _c.month, ends, *where, _h.household)
        .join_from(crowd, rollup_household, and_(_same(_h, _c), when))
        .where(_SMALL)
    )


_NEXT = select(func.min(_later.month)).where(_same(_later, _c), _later.month > _c.month)
_SOLD = _named(literal("", String), _h.month == _c.month).where(_c.kind == "sold", _h.amount > 0)
_STANDING = (
    _named(func.coalesce(_NEXT.scalar_subquery(), ""), _h.month <= _c.month)
    .where(_c.kind != "sold")
    .group_by(*crowd.primary_key.columns, _h.household)
    .having(func.sum(_h.amount) > 0)
)
_AMOUNTS = text(
    """SELECT CASE WHEN indicator = 'transactions' THEN 'sold' ELSE indicator END,
              month, province, old_province, platform, CAST(SUM(amount) AS BIGINT)
    FROM rollup_place
    WHERE indicator IN ('transactions', 'products', 'accounts') AND source = 'bot'
    GROUP BY 1, 2, 3, 4, 5"""
)


def few(conn: Connection, least: int) -> Iterator[Few]:
    """The households of every cell in which there are some, but fewer than `least`, in any month at all.

    Cells with none or with enough are not named; where no crowd is small, nothing but an index is read.
    """
    for statement in (_SOLD, _STANDING):
        for row in conn.execute(statement, {"most": least - 1}):
            yield Few(*row)


def amounts(conn: Connection) -> Iterator[Amount]:
    """All that the bot counted, by month and place."""
    for row in conn.execute(_AMOUNTS):
        yield Amount(*row)

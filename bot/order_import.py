"""An export's orders to where all platforms' orders are taken in: first for trial, then for good."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from bot.exported_order import BadExport, ExportedItem, ExportedOrder
from bot.order_columns import ExportPlatform
from bot.order_intake import TOGETHER, take_in, trial
from bot.report_files import Wrong
from domain.codes import shop_reference
from domain.facts import SaleItem
from domain.platform_orders import Outcome, PlatformOrder, Result
from storage.database import Database

Told = Callable[[str, int, int], None]
"""What is being done, how many orders are done, of how many."""
Tally = Counter[Result]


class Take(Protocol):
    """Does something with some orders in a transaction."""

    def __call__(self, tx: Connection, lines: list[PlatformOrder]) -> list[Outcome]: ...


class Importing:
    """One export on its way in. `answer_within` is how long a household has to answer a new order."""

    def __init__(
        self,
        db: Database,
        orders: Sequence[ExportedOrder],
        platform: ExportPlatform,
        answer_within: dt.timedelta,
        told: Told,
    ) -> None:
        self._db = db
        self._orders = sorted(orders, key=_seller)  # few households at a time are looked up quicker
        self._platform = platform
        self._answer_within = answer_within
        self._told = told

    async def try_out(self) -> Tally:
        """What would come of it, nothing written; BadExport names every order that would be refused."""
        tally, wrong = await self._each("checked", lambda tx, lines: trial(tx, lines, _now()))
        if wrong:
            raise BadExport(sorted(wrong, key=lambda one: one.line))
        return tally

    async def take_in(self) -> Tally:
        """Some hundred orders a transaction, so that nobody waits long; broken off, it can be run again.

        An order that somebody changed since `try_out` so that it is refused is left as it is.
        """
        tally, _ = await self._each("taken in", self._take_in)
        return tally

    async def _each(self, doing: str, take: Take) -> tuple[Tally, list[Wrong]]:
        tally: Tally = Counter()
        wrong: list[Wrong] = []
        for start in range(0, len(self._orders), TOGETHER):
            some = self._orders[start : start + TOGETHER]
            lines = [platform_order(order, self._platform) for order in some]
            outcomes = await self._db.write(partial(take, lines=lines))
            tally.update(outcome.result for outcome in outcomes)
            wrong += _refused(some, outcomes)
            self._told(doing, start + len(some), len(self._orders))
        return tally, wrong

    def _take_in(self, tx: Connection, lines: list[PlatformOrder]) -> list[Outcome]:
        return take_in(tx, lines, now=_now(), channel="import", answer_within=self._answer_within)


def _seller(order: ExportedOrder) -> tuple[str, str]:
    return order.household or "", order.shop or ""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _refused(orders: Iterable[ExportedOrder], outcomes: Iterable[Outcome]) -> Iterator[Wrong]:
    for order, outcome in zip(orders, outcomes, strict=True):
        if outcome.result == "refused":
            reason = f"{order.order_id}: {outcome.reason}"
            yield Wrong(order.line, "order_id", reason)


def platform_order(order: ExportedOrder, platform: ExportPlatform) -> PlatformOrder:
    """The same as every platform's order is told; shops by their reference."""
    assert order.status is not None
    places = [place for place in (order.commune, order.province) if place]
    return PlatformOrder(
        number=order.order_id,
        platform=platform,
        status=order.status,
        items=tuple(map(_item, order.items)),
        total_vnd=order.total_vnd,
        placed_at=order.placed_at,
        completed_at=order.completed_at,
        shop=shop_reference(platform, order.shop) if order.shop else None,
        household=order.household,
        buyer_name=order.buyer,
        buyer_phone=order.phone,
        destination=", ".join(places) or None,
        cancelled_by=order.cancelled_by,
        reason=order.reason,
        paid=bool(order.paid),
    )


def _item(item: ExportedItem) -> SaleItem:
    assert item.total_vnd is not None
    return SaleItem(
        product=item.product,
        quantity=item.quantity,
        unit=item.unit,
        unit_price_vnd=item.unit_price_vnd,
        price_unit=item.unit if item.unit_price_vnd is not None else None,
        total_vnd=item.total_vnd,
    )

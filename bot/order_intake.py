"""Taking in what platforms tell of orders: each once, in the right state, for the household that sells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection

from bot.reports import EVERYWHERE, Scope
from domain.events import Event, ShopLinked
from domain.household import Order
from domain.order_case import Arrival, Case, take
from domain.order_seller import Seller
from domain.orders import OPEN, local_day
from domain.platform_orders import (
    Outcome,
    PlatformOrder,
    Result,
    order_of,
    told_again,
    told_later,
)
from storage import order_reads, order_rows, store
from storage.constants import straight
from storage.order_reads import Number, ShopName
from storage.order_rows import Details
from storage.touched import touch

TOGETHER = 500  # orders whose households and sales are looked up at once
ANSWER_WITHIN = dt.timedelta(hours=12)

NO_HOUSEHOLD = "no household has this code"
OTHER_SHOP = "this shop is another household's"
OTHER_HOUSEHOLD = "this order is another household's"
NO_SHOP = "shop or household is needed"
OTHER_PLATFORM = "is not the platform of this key"


@dataclass(slots=True)
class _Desk:
    """Some orders while they are taken in: what is known, and what will be written at the end."""

    arrival: Arrival
    orders: dict[Number, Order]
    sellers: dict[UUID, Seller]
    shops: dict[ShopName, UUID]
    codes: dict[str, UUID]
    events: list[Event] = field(default_factory=list)
    details: dict[Number, Details] = field(default_factory=dict)
    apart: dict[Number, Details] = field(default_factory=dict)
    taken_out: list[Order] = field(default_factory=list)
    news: list[tuple[Order, str]] = field(default_factory=list)

    def take(self, said: PlatformOrder) -> Outcome:
        """What becomes of one order."""
        key = said.platform, said.number
        order = self.orders.get(key)
        whose = self._whose(said, order)
        if isinstance(whose, str):
            return Outcome(said.number, "refused", whose)
        seller = self.sellers.get(whose) if whose else None
        if seller is None:
            return self._apart(said, order)
        assigned = order is not None and order.household is None
        if order is not None and assigned:
            order = self._assign(order, said, seller)
        return self._own(said, order, seller, assigned=assigned)

    def _whose(self, said: PlatformOrder, order: Order | None) -> UUID | str | None:
        """The household that the order is for; None when nobody linked the shop, a reason when refused."""
        shop = self.shops.get((said.platform, said.shop)) if said.shop else None
        named = self.codes.get(said.household) if said.household else None
        if said.household and named not in self.sellers:
            return NO_HOUSEHOLD
        if shop and named and shop != named:
            return OTHER_SHOP
        whose = named or shop
        before = order.household if order else None
        if before and whose and before != whose:
            return OTHER_HOUSEHOLD
        return before or whose

    def _apart(self, said: PlatformOrder, order: Order | None) -> Outcome:
        now = self.arrival.at
        if order is None and not said.shop:
            return Outcome(said.number, "refused", NO_SHOP)
        after = order_of(said, now) if order is None else told_later(order, said, now)
        if isinstance(after, str):
            return Outcome(said.number, "refused", after)
        if after is order:
            return Outcome(said.number, "unchanged")
        key = said.platform, said.number
        self.orders[key] = after
        self.apart[key] = Details(after, said.shop, said.reason)
        return Outcome(said.number, "unassigned", "nobody has linked this shop yet")

    def _assign(self, order: Order, said: PlatformOrder, seller: Seller) -> Order | None:
        """An order that was kept apart is the household's from now on."""
        self.taken_out.append(order)
        self.apart.pop((order.platform, order.number), None)
        case = take(None, told_again(order), seller, self.arrival)
        assert isinstance(case, Case), case
        self._keep(case, None, said)
        return case.order

    def _own(
        self, said: PlatformOrder, order: Order | None, seller: Seller, *, assigned: bool
    ) -> Outcome:
        case = take(order, said, seller, self.arrival)
        if isinstance(case, str):
            return Outcome(said.number, "refused", case)
        if case.order == order:
            return Outcome(said.number, "updated" if assigned else "unchanged")
        self._keep(case, order, said)
        result: Result = "created" if order is None else "updated"
        return Outcome(said.number, result, _in_doubt(case.order))

    def _keep(self, case: Case, before: Order | None, said: PlatformOrder) -> None:
        key = case.order.platform, case.order.number
        self.orders[key] = case.order
        self.events += case.events
        earlier = self.details.get(key)
        shop = said.shop or (earlier.shop if earlier else None)
        self.details[key] = Details(case.order, shop, said.reason)
        self.news += [(case.order, kind) for kind in _news(before, case.order)]

    def write(self, tx: Connection) -> None:
        """Everything that came of it."""
        order_rows.take_out(tx, self.taken_out)
        store.append(tx, self.events)
        order_rows.keep_apart(tx, list(self.apart.values()))
        order_rows.detail(tx, list(self.details.values()))
        order_rows.announce(tx, self.news, self.arrival.at)
        for seller in self.sellers.values():
            if seller.new_codes:
                touch(tx, seller.id, codes=seller.new_codes)


def _in_doubt(order: Order) -> str | None:
    """Why a delivered order does not count yet."""
    if not order.doubt:
        return None
    return "the household is asked which of its logged sales this is; until then it does not count"


def _news(before: Order | None, order: Order) -> Iterator[str]:
    """What the household is told: what waits for its answer, and how its orders end.

    Of an order that was over when it was first heard of there is nothing to tell.
    """
    if order.doubt and not (before and before.doubt):
        yield "doubt"
    if before is None:
        if order.state == "placed" and not order.doubt:
            yield "placed"
    elif before.state != order.state and order.state not in OPEN:
        yield order.state


def take_in(
    tx: Connection,
    lines: Sequence[PlatformOrder],
    *,
    now: dt.datetime,
    channel: str = "import",
    scope: Scope = EVERYWHERE,
    answer_within: dt.timedelta = ANSWER_WITHIN,
) -> list[Outcome]:
    """What became of each order, in their order; some statements a few hundred orders, some an order.

    Nothing is raised for what an order says: whoever wants all or nothing undoes the transaction, or
    makes a `trial` first.
    """
    tx = straight(tx)
    order_reads.one_at_a_time(tx)
    outcomes: list[Outcome] = []
    for desk, some in _desks(tx, lines, scope, Arrival(now, channel, now + answer_within)):
        outcomes += some
        desk.write(tx)
    return outcomes


def trial(tx: Connection, lines: Sequence[PlatformOrder], now: dt.datetime) -> list[Outcome]:
    """What would become of each order; nothing is written, and each few hundred are looked at alone."""
    arrival = Arrival(now, "import", now + ANSWER_WITHIN)
    desks = _desks(straight(tx), lines, EVERYWHERE, arrival)
    return [outcome for _, some in desks for outcome in some]


def _desks(
    tx: Connection, lines: Sequence[PlatformOrder], scope: Scope, arrival: Arrival
) -> Iterator[tuple[_Desk, list[Outcome]]]:
    """Each few hundred orders taken, not yet written; those before are known when they were written."""
    for start in range(0, len(lines), TOGETHER):
        some = lines[start : start + TOGETHER]
        desk = _desk(tx, [line for line in some if _within(line, scope)], arrival)
        refused = f"platform: {OTHER_PLATFORM}"
        yield (
            desk,
            [
                desk.take(line)
                if _within(line, scope)
                else Outcome(line.number, "refused", refused)
                for line in some
            ],
        )


def _within(line: PlatformOrder, scope: Scope) -> bool:
    return scope.platform in {None, line.platform}


def _desk(tx: Connection, lines: Sequence[PlatformOrder], arrival: Arrival) -> _Desk:
    """What is known of these orders, their households locked."""
    numbers = list(dict.fromkeys((line.platform, line.number) for line in lines))
    shops = order_reads.owners(tx, {(line.platform, line.shop) for line in lines if line.shop})
    codes = order_reads.by_code(tx, {line.household for line in lines if line.household})
    whose = {*shops.values(), *codes.values(), *order_reads.holders(tx, numbers)}
    sellers = order_reads.sellers(tx, whose)
    orders = order_reads.known(tx, numbers)
    _learn_sales(tx, lines, orders, sellers, arrival)
    return _Desk(arrival, orders, sellers, shops, codes)


def _learn_sales(
    tx: Connection,
    lines: Sequence[PlatformOrder],
    orders: dict[Number, Order],
    sellers: dict[UUID, Seller],
    arrival: Arrival,
) -> None:
    """The sales that the orders may be, and the lines that they are already."""
    moments = {m for line in lines for m in (line.placed_at, line.completed_at) if m}
    moments |= {o.placed_at for o in orders.values()} | {arrival.at}
    days = local_day(min(moments)), local_day(max(moments))
    totals = {line.total_vnd for line in lines if line.total_vnd is not None}
    totals |= {order.total_vnd for order in orders.values()}
    order_reads.learn_sales(tx, sellers, totals, days, list(orders))


def link_shop(tx: Connection, linked: ShopLinked, answer_within: dt.timedelta) -> list[Outcome]:
    """The orders that waited for the shop to be linked are the household's from now on."""
    tx = straight(tx)
    order_reads.one_at_a_time(tx)
    waiting = order_reads.unassigned(tx, linked.platform, linked.shop)
    lines = [replace(told_again(order), shop=linked.shop) for order in waiting]
    return take_in(tx, lines, now=linked.at, channel=linked.channel, answer_within=answer_within)

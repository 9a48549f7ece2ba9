"""A platform's order export, as bytes, into its orders: one line an item, each order's lines put together.

All or nothing: every line that can't be taken is named with its number and why, and then there are no orders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from bot import order_cells as cells
from bot.exported_order import BadExport, ExportedItem, ExportedOrder, item_of, settle
from bot.order_columns import ITEM, ORDER, Columns
from bot.order_heading import heading
from bot.report_files import Wrong
from bot.tables import Limits, Unreadable, blank, rows
from domain.fold import fold

LIMITS = Limits(sent=60_000_000, unpacked=600_000_000, rows=200_000)
MOST_WRONG = 1_000  # bad lines that are named
MOST_ITEMS = 100  # of one order
TOLD_EVERY = 2_000  # lines
SKEW = dt.timedelta(days=1)  # a platform's clock and ours

Progress = Callable[[int], None]
Read = Callable[[Any], object]

READ: Mapping[str, Read] = {
    "order_id": cells.number_of_order,
    "shop": cells.plain_text,
    "household": cells.plain_text,
    "total_vnd": cells.money,
    "buyer": cells.text,
    "phone": cells.phone,
    "province": cells.text,
    "commune": cells.text,
    "reason": cells.text,
    "product": cells.text,
    "quantity": cells.quantities,
    "unit": cells.plain_text,
    "unit_price_vnd": cells.money,
    "line_total_vnd": cells.money,
}

REPEATED = frozenset({"shop", "household", "province", "commune", "reason", "product", "unit"})


def read_export(
    content: bytes, names: Columns, now: dt.datetime, progress: Progress = lambda _: None
) -> list[ExportedOrder]:
    """The orders in the order in which they begin; BadExport names every bad line."""
    reading = _Reading(names, now)
    try:
        found = rows(content, LIMITS, names.fits)
        places, first = heading(found, names)
        for count, (number, row) in enumerate(chain(first, found), 1):
            if not names.sums_up(row):
                reading.take(number, {n: row[at] for n, at in places.items() if at < len(row)})
            if count % TOLD_EVERY == 0:
                progress(count)
    except Unreadable as fault:
        raise BadExport([*reading.wrong, Wrong(fault.line, "", str(fault))]) from None
    return reading.orders()


class _Line(NamedTuple):
    number: int
    order_id: str
    order: dict[str, Any]
    item: ExportedItem


@dataclass(slots=True)
class _Reading:
    """The orders as far as the lines were read, and all that is wrong so far."""

    names: Columns
    now: dt.datetime
    wrong: list[Wrong] = field(default_factory=list)
    found: dict[str, ExportedOrder] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)  # orders that have a bad line
    last: str | None = None
    words: dict[object, object] = field(default_factory=dict)  # each of REPEATED kept once

    def take(self, number: int, row: Mapping[str, object]) -> None:
        """One line: its item goes to its order, which it may begin."""
        given = {name: cells.as_written(cell) for name, cell in row.items() if not blank(cell)}
        if not given:
            return
        before = len(self.wrong)
        order, parts = self._read(number, given, ORDER), self._read(number, given, ITEM)
        self.last = whose = self._whose(number, given, order)
        item = self._item(number, parts) if len(self.wrong) == before else None
        if item is not None and whose is not None:
            self._put(_Line(number, whose, order, item))
        if len(self.wrong) > before and whose is not None:
            self.bad.add(whose)
        if len(self.wrong) > MOST_WRONG:
            raise Unreadable(f"has more than {MOST_WRONG} bad lines")

    def _whose(
        self, number: int, given: Mapping[str, object], order: Mapping[str, Any]
    ) -> str | None:
        """The order's number; a line with nothing but goods belongs to the order above it."""
        if not order and "order_id" not in given:
            return self.last
        if "order_id" in given:
            number_of_order: str | None = order.get("order_id")
            return number_of_order
        self._bad(number, "order_id", "is missing")
        return None

    def _read(
        self, number: int, given: Mapping[str, object], fields: Iterable[str]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in fields:
            if name not in given:
                continue
            try:
                values[name] = self._value(name, given[name])
            except ValueError as fault:
                self._bad(number, name, str(fault))
        return values

    def _value(self, name: str, cell: object) -> object:
        if name in ("placed_at", "changed_at", "completed_at"):
            found = cells.moment(cell, self.names)
            if found > self.now + SKEW:
                raise ValueError(f"{cells.shown(cell)} lies in the future")
            return found
        if name == "status":
            return self._state(cell)
        if name == "paid":
            return self.names.paid.get(fold(str(cell)))
        value = READ[name](cell)
        repeats = isinstance(value, str) and name in REPEATED
        return self.words.setdefault(value, value) if repeats else value

    def _state(self, cell: object) -> str:
        """The words of the state; which one it is, and who cancelled, is told by them."""
        said = fold(str(cell))
        if said not in self.names.statuses:
            raise ValueError(f"{cells.shown(cell)} is a state that is not known yet")
        return said

    def _item(self, number: int, parts: Mapping[str, Any]) -> ExportedItem | None:
        try:
            return item_of(parts)
        except ValueError as fault:
            self._bad(number, "product", str(fault))
            return None

    def _put(self, line: _Line) -> None:
        known = self.found.get(line.order_id)
        if known is None and line.order_id not in self.bad:
            known = self.found[line.order_id] = self._begun(line)
        elif known is not None:
            self._agree(known, line)
        if known is None:
            return
        if line.item in known.items:
            self._bad(line.number, "product", f"stands in order {known.order_id} already")
        elif len(known.items) >= MOST_ITEMS:
            self._bad(line.number, "order_id", f"has more than {MOST_ITEMS} items")
        known.items.append(line.item)

    def _begun(self, line: _Line) -> ExportedOrder:
        """An order of this line; what is missing is told at the end: it may stand in a later one."""
        order = {"order_id": line.order_id, **line.order}
        said = order.pop("status", "")
        return ExportedOrder(
            line=line.number,
            status=self.names.statuses.get(said),
            cancelled_by=self.names.cancelled_by.get(said),
            **order,
        )

    def _agree(self, known: ExportedOrder, line: _Line) -> None:
        """What a later line says of the order is what the first one said, or was left out there."""
        for name, value in line.order.items():
            said = self.names.statuses[value] if name == "status" else value
            first = getattr(known, name)
            if first is None:
                setattr(known, name, said)
            elif first != said:
                self._bad(line.number, name, f"is not the same as in line {known.line}")

    def _bad(self, number: int, name: str, message: str) -> None:
        self.wrong.append(Wrong(number, name, message))

    def orders(self) -> list[ExportedOrder]:
        """All of them, whole; BadExport when anything was wrong."""
        for order in self.found.values():
            if order.order_id not in self.bad:
                self.wrong += settle(order)
        if self.wrong:
            raise BadExport(sorted(self.wrong, key=lambda one: one.line))
        if not self.found:
            raise BadExport([Wrong(0, "", "has no line with an order")])
        return list(self.found.values())

"""A sale before it is saved: lines, doubts, and what a correction changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.language.understanding import Item, Reading, Understanding
from bot.language.units import line_total
from domain.events import Platform, SaleItem
from domain.fold import fold
from domain.household import Entry

PLATFORMS: tuple[Platform, ...] = ("voso", "postmart", "offline")


class SaleLine(BaseModel):
    """One product of the sale; what is None was not said. Money in đồng.

    `sum_only`: the person gives the money and no quantity.
    """

    model_config = ConfigDict(frozen=True)

    product: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price_vnd: int | None = None
    price_unit: str | None = None
    total_vnd: int | None = None
    stated: bool = False
    base_quantity: Decimal | None = None
    pack_size: Decimal | None = None
    pack_unit: str | None = None
    second_quantity: Decimal | None = None
    second_unit: str | None = None
    dozen: int | None = None
    sum_only: bool = False

    @property
    def item(self) -> Item:
        """The line as the language layer knows it."""
        pack = (self.pack_size, self.pack_unit) if self.pack_size and self.pack_unit else None
        second = None
        if self.second_quantity and self.second_unit:
            second = (self.second_quantity, self.second_unit)
        return Item(
            product=self.product,
            quantity=self.quantity,
            unit=self.unit,
            unit_price_vnd=self.unit_price_vnd,
            price_unit=self.price_unit,
            total_vnd=self.total_vnd,
            stated=self.stated,
            pack=pack,
            second=second,
            dozen=self.dozen,
        )

    @property
    def computed(self) -> int | None:
        """Quantity times price in đồng, where the units allow it."""
        return line_total(self.item)

    def with_(self, **fields: Any) -> SaleLine:
        """The line with some fields changed and its total worked out again, unless it was said."""
        line = self.model_copy(update=fields)
        if {"quantity", "unit"} & fields.keys() and "base_quantity" not in fields:
            line = line.model_copy(update={"base_quantity": None})
        if not line.stated or line.total_vnd is None:
            line = line.model_copy(update={"total_vnd": line.computed, "stated": False})
        return line


def line_of(item: Item) -> SaleLine:
    """A line from what the language layer found."""
    pack = item.pack or (None, None)
    second = item.second or (None, None)
    line = SaleLine(
        product=item.product,
        quantity=item.quantity,
        unit=item.unit,
        unit_price_vnd=item.unit_price_vnd,
        price_unit=item.price_unit or (item.unit if item.unit_price_vnd is not None else None),
        total_vnd=item.total_vnd,
        stated=item.stated,
        base_quantity=item.base_quantity,
        pack_size=pack[0],
        pack_unit=pack[1],
        second_quantity=second[0],
        second_unit=second[1],
        dozen=item.dozen,
    )
    if line.total_vnd is None and item.quantity is not None and item.unit_price_vnd is not None:
        return line.with_()
    return line


class Choice(BaseModel):
    """One way to read a doubt: the lines and, where a name is doubtful, the buyer; or a single value."""

    model_config = ConfigDict(frozen=True)

    key: str
    lines: tuple[SaleLine, ...] | None = None
    value: str | None = None
    buyer: str | None = None

    def changed(self, number: int, change: Callable[[SaleLine], SaleLine]) -> Choice:
        """The reading with this line changed."""
        if self.lines is None or number >= len(self.lines):
            return self
        lines = tuple([change(x) if i == number else x for i, x in enumerate(self.lines)])
        return self.model_copy(update={"lines": lines})


class Doubt(BaseModel):
    """Something that has to be asked, with the readings that become buttons; `said`: its words."""

    model_config = ConfigDict(frozen=True)

    slot: str
    item: int = 0
    said: str | None = None
    choices: tuple[Choice, ...] = ()

    def changed(self, number: int, change: Callable[[SaleLine], SaleLine]) -> Doubt:
        """The doubt with this line changed in each reading."""
        return self.model_copy(
            update={"choices": tuple([choice.changed(number, change) for choice in self.choices])}
        )


class SaleDraft(BaseModel):
    """A sale before its tap. `entry` is the code of a saved entry that this draft corrects.

    `sure`: an unusual sum was confirmed. `again`: a second sale just like an earlier one is meant.
    `ordered`: it is an order that is still to be handed over, on the draft's day.
    `lunar`: the day was said by the lunar calendar.
    `focus`: the number of the line that is being changed, from 0.
    """

    model_config = ConfigDict(frozen=True)

    lines: tuple[SaleLine, ...] = (SaleLine(),)
    buyer: str | None = None
    date: dt.date | None = None
    lunar: bool = False
    platform: Platform | None = None
    deposit_vnd: int | None = None
    doubts: tuple[Doubt, ...] = ()
    sure: bool = False
    again: bool = False
    ordered: bool = False
    entry: str | None = None
    focus: int | None = None

    @property
    def total_vnd(self) -> int:
        """The sum of the lines; call it when no line is without money."""
        return sum([line.total_vnd or 0 for line in self.lines])

    def with_(self, **fields: Any) -> SaleDraft:
        """The draft with some fields changed."""
        return self.model_copy(update=fields)

    def with_line(self, number: int, line: SaleLine) -> SaleDraft:
        """The draft with one line replaced; its change is over."""
        lines = tuple(line if i == number else old for i, old in enumerate(self.lines))
        return self.with_(lines=lines, focus=None)

    def doubt(self, slot: str) -> Doubt | None:
        """What is doubtful about this slot."""
        for doubt in self.doubts:
            if doubt.slot == slot:
                return doubt
        return None

    def changed(self, number: int, change: Callable[[SaleLine], SaleLine]) -> SaleDraft:
        """The draft with one line changed, in the readings of what is doubtful too."""
        doubts = tuple([doubt.changed(number, change) for doubt in self.doubts])
        return self.with_line(number, change(self.lines[number])).with_(doubts=doubts)

    def settled(self, slot: str) -> SaleDraft:
        """The draft without the doubts about this slot."""
        if self.doubt(slot) is None:
            return self
        return self.with_(doubts=tuple(d for d in self.doubts if d.slot != slot))


def draft_of(words: Understanding, on: dt.date) -> SaleDraft:
    """A draft from one sentence, with everything in it that must be asked.

    A day not said is the day of the sentence, settled now: the tap may come a week later.
    """
    return SaleDraft(
        lines=tuple(map(line_of, words.items)) or (SaleLine(),),
        buyer=words.buyer,
        date=words.date or on,
        lunar=words.lunar,
        platform=platform_of(words.platform),
        deposit_vnd=words.deposit_vnd,
        doubts=tuple([_doubt(slot, words.readings) for slot in words.ask]),
    )


def platform_of(name: str | None) -> Platform | None:
    """A platform of ours; anything else the language layer may know is no place of a sale."""
    return next((p for p in PLATFORMS if p == name), None)


def _doubt(slot: str, readings: tuple[Reading, ...]) -> Doubt:
    mine = [r for r in readings if r.slot == slot]
    if not mine:
        return Doubt(slot=slot)
    return Doubt(slot=slot, item=mine[0].item, said=mine[0].said, choices=tuple(map(_choice, mine)))


def _choice(reading: Reading) -> Choice:
    value = reading.value
    if isinstance(value, tuple) and value and isinstance(value[0], Item):
        lines = tuple(line_of(item) for item in value)
        return Choice(key=reading.key, lines=lines, buyer=reading.buyer)
    if isinstance(value, tuple):
        return Choice(key=reading.key, value=" ".join(str(part) for part in value))
    return Choice(key=reading.key, value=str(value))


def draft_of_entry(entry: Entry) -> SaleDraft:
    """A draft that corrects a saved entry."""
    return SaleDraft(
        lines=tuple(_line_of_saved(item) for item in entry.items),
        buyer=entry.buyer_name,
        date=entry.date,
        platform=entry.platform,
        entry=entry.code,
        sure=True,
        again=True,
    )


def _line_of_saved(item: SaleItem) -> SaleLine:
    line = SaleLine(**item.model_dump())
    stated = line.computed is None or line.computed != item.total_vnd
    return line.model_copy(update={"stated": stated})


def saved_items(draft: SaleDraft) -> tuple[SaleItem, ...]:
    """The lines as the event keeps them."""
    return tuple([SaleItem.model_validate(line, from_attributes=True) for line in draft.lines])


def same_goods(draft: SaleDraft, entry: Entry) -> bool:
    """Whether the entry names the same products, quantities and sums, and the same buyer."""
    lines = [(fold(line.product or ""), line.quantity, line.total_vnd) for line in draft.lines]
    saved = [(fold(item.product), item.quantity, item.total_vnd) for item in entry.items]
    return lines == saved and fold(draft.buyer or "") == fold(entry.buyer_name or "")

"""Unit price or total (rules.md 4): markers, then sense, then the household's own past and the lexicon's range."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bot.language.amount import MOST_MONEY, Amount, money_of
from bot.language.counted import Counted
from bot.language.drafts import Draft
from bot.language.understanding import Item
from bot.language.vocabulary import Unit, units

_SERVICE = ("suất", "phần", "người", "khách")
_TOTAL_ONLY = ("area", "lot")
_TEN = 5  # beyond five times the range or the household's own past, a zero may be wrong


class Priced(NamedTuple):
    """An item with its money, what must be asked about it, and the readings that become buttons."""

    item: Item
    ask: tuple[str, ...] = ()
    readings: tuple[tuple[str, str, object], ...] = ()  # slot, key, value
    rule: str = ""


class Pricer(Counted):
    """Decides the roles of one draft's sums. `listing`: goods offered, so there is no total."""

    def price(self) -> Priced:
        """The item; money stays None where it is in doubt."""
        item = self._base()
        self._vague()
        item = self._less(self._sums(item))
        self._check(item)
        return Priced(item, tuple(dict.fromkeys(self.ask)), tuple(self.readings), self.rule)

    def _sums(self, item: Item) -> Item:
        sums = [s for s in self.draft.sums if s.value < MOST_MONEY]
        if len(sums) < len(self.draft.sums):
            self.ask.append("total_vnd")
        for one in sums:
            if len(one.options) > 1 or one.high is not None:
                return self._doubtful(item, one)
        prices, totals, opens = self._roles(sums)
        if not prices and self.draft.per is not None and opens:
            prices, opens = [opens[0]._replace(per=self.draft.per)], opens[1:]
        return self._assign(item, prices, totals, opens)

    def _roles(self, sums: list[Amount]) -> tuple[list[Amount], list[Amount], list[Amount]]:
        """Prices, totals, and what is still open."""
        prices: list[Amount] = []
        totals: list[Amount] = []
        opens: list[Amount] = []
        for one in sums:
            role = prices if self._is_price(one) else totals if self._is_total(one) else opens
            role.append(one)
        return prices, totals, opens

    def _is_price(self, amount: Amount) -> bool:
        if amount.per is not None and not self._same_whole(amount.per):
            return True
        return amount.marker in ("price", "each") and not self._is_one()

    def _same_whole(self, per: Unit) -> bool:
        """*bán sào lúa 20 triệu một sào* says a total; *bán 4 công lúa 5 triệu một công* a price."""
        quantity = self.draft.quantity
        several = quantity is not None and quantity.unit == per and quantity.value > 1
        return per.family in _TOTAL_ONLY and per.family != "lot" and not several

    def _is_total(self, amount: Amount) -> bool:
        if amount.marker in ("total", "got", "money", "spent", "right"):
            return True
        quantity = self.draft.quantity
        if quantity is None:
            return False
        return quantity.unit is not None and quantity.unit.family in _TOTAL_ONLY

    def _assign(
        self, item: Item, prices: list[Amount], totals: list[Amount], opens: list[Amount]
    ) -> Item:
        if opens and not prices and not totals:
            return self._open(item, opens)
        if opens and prices and not totals:
            totals, opens = [o for o in opens if self._may_be_total(o)], []
        elif opens and totals and not prices:
            prices, opens = opens, []
        if len(prices) > 1 or (len(totals) > 1 and len({t.value for t in totals}) > 1):
            self.ask.append("unit_or_total")
        if prices:
            item = self._with_price(item, prices[0])
        if totals and not self.listing:
            item = self._with_total(item, money_of(totals[-1]) - int(self.apart.change or 0))
        elif totals and not prices:
            item = item._replace(unit_price_vnd=money_of(totals[0]), price_unit=item.unit)
        return item

    def _may_be_total(self, amount: Amount) -> bool:
        """A small bare number beside a price is no sum: it is asked."""
        if amount.kind == "bare" and amount.value < 100:
            self.ask.append("quantity")
            return False
        return True

    def _with_price(self, item: Item, amount: Amount) -> Item:
        price = money_of(amount)
        unit = self._price_unit(item, amount, price)
        item = item._replace(unit_price_vnd=price, price_unit=unit)
        if self.listing:
            return item._replace(unit=item.unit or unit)
        if (item.unit in _SERVICE and unit in _SERVICE) or (
            item.unit is None and item.quantity and self._counts(unit)
        ):
            item = item._replace(unit=unit)
        if item.quantity is None:
            return item._replace(unit=item.unit or unit)
        return self._multiplied(item, price, unit)

    def _price_unit(self, item: Item, amount: Amount, price: int) -> str | None:
        per = amount.per or self.draft.per
        if per is not None:
            return per.name
        if item.unit is None:
            return None
        candidates = self._price_units(item)
        if len(candidates) > 1:
            sure = [c for c in candidates if self._plausible(Decimal(price), c)]
            if len(sure) == 1:
                return sure[0]
            self._doubt(
                "unit_or_total",
                *(
                    (
                        "per " + c,
                        (
                            self._multiplied(
                                item._replace(unit_price_vnd=price, price_unit=c), price, c
                            ),
                        ),
                    )
                    for c in candidates
                ),
            )
        return candidates[0]

    def _with_total(self, item: Item, total: int) -> Item:
        computed = item.total_vnd
        item = item._replace(total_vnd=total, stated=True)
        if computed is None:
            if "quantity" in self.ask and item.unit_price_vnd:
                self.ask.remove("quantity")
            return item
        owed = int(self.apart.owed or 0)
        if computed == total + owed:
            return item._replace(total_vnd=computed, stated=total == computed)
        if self.apart.discount or self.apart.percent or self.draft.dozen:
            return item._replace(discount_vnd=computed - total)
        self._mismatch(item, computed, total)
        return item._replace(discount_vnd=computed - total)

    def _less(self, item: Item) -> Item:
        """*bớt 10k, giảm 10%* with no sum at the end: what is left is asked."""
        if (
            item.stated
            or item.total_vnd is None
            or self.listing
            or not (self.apart.discount or self.apart.percent)
        ):
            if (
                self.apart.deposit
                and item.stated
                and item.unit_price_vnd is None
                and self.draft.sums[-1].marker is None
            ):
                self.ask.append("total_vnd")
            return item
        cut = self.apart.discount or item.total_vnd * (self.apart.percent or Decimal(0)) / 100
        self._mismatch(
            item._replace(stated=True, total_vnd=int(item.total_vnd - cut)),
            item.total_vnd,
            int(item.total_vnd - cut),
        )
        return item

    def _mismatch(self, item: Item, computed: int, total: int) -> None:
        stated = item._replace(discount_vnd=computed - total)
        derived = item._replace(total_vnd=computed, stated=False, discount_vnd=None)
        self._doubt("sum_mismatch", ("stated", (stated,)), ("computed", (derived,)))

    def _open(self, item: Item, opens: list[Amount]) -> Item:
        first = opens[0]
        price = money_of(first)
        if self.listing:
            return self._with_price(item, first)
        if len(opens) > 1:
            return self._two_open(item, opens)
        if item.quantity is None and self._fetches(price):
            return self._unsaid(item, first)
        one = item.quantity == 1 and (
            not self._weighs_item() or not self._plausible(Decimal(price), "kg")
        )
        if item.quantity is None or one:
            self.rule = "a sum without a count is the total"
            return item._replace(total_vnd=price, stated=True)
        return self._by_sense(item, first, item.quantity)

    def _by_sense(self, item: Item, amount: Amount, quantity: Decimal) -> Item:
        """The one reading that can be true; both, or none: asked."""
        price = money_of(amount)
        candidates: list[str | None] = [*self._price_units(item)] or [None]
        each = [u for u in candidates if self._plausible(Decimal(price), u)]
        whole = self._plausible(price / quantity, item.unit)
        if len(each) == 1 and not whole:
            self.rule = "sense: the price of one"
            return self._with_price(item, amount._replace(per=units().get(each[0] or "")))
        if whole and not each:
            self.rule = "sense: the whole sum"
            return item._replace(total_vnd=price, stated=True)
        return self._either(item, price)

    def _unsaid(self, item: Item, amount: Amount) -> Item:
        self.ask.append("quantity")
        return item._replace(amount_vnd=money_of(amount))

    def _two_open(self, item: Item, opens: list[Amount]) -> Item:
        """*10kg cam 25k 250k*: the second is the first times the quantity, or it is asked."""
        priced = self._with_price(item, opens[0])
        if priced.total_vnd == money_of(opens[1]):
            return priced._replace(stated=True)
        return self._either(item, money_of(opens[0]))

    def _either(self, item: Item, price: int) -> Item:
        units_ = self._price_units(item)
        unit = units_[-1] if units_ and self._weighs_item() else item.unit
        each = self._multiplied(item._replace(unit_price_vnd=price, price_unit=unit), price, unit)
        whole = item._replace(total_vnd=price, stated=True)
        self._doubt("unit_or_total", ("each", (each,)), ("all", (whole,)))
        return item._replace(amount_vnd=price)

    def _doubtful(self, item: Item, amount: Amount) -> Item:
        values = (
            amount.options
            if len(amount.options) > 1
            else (amount.value, amount.high or amount.value)
        )
        sums = [int(v) for v in values]
        for value in sorted(sums):
            plain = Draft(
                self.draft.goods,
                self.draft.quantity,
                self.draft.second,
                self.draft.pack,
                self.draft.dozen,
            )
            plain.sums = [amount._replace(value=Decimal(value), options=(), high=None)]
            priced = Pricer(
                plain, self.apart, self.known, listing=self.listing, northern=self.northern
            ).price()
            item_ = priced.item
            if item_.quantity is None and item_.amount_vnd and not self.listing:
                item_ = item_._replace(total_vnd=value, stated=True, amount_vnd=None)
            self.readings.append(("sum_scale", str(value), (item_,)))
        self.ask.append("sum_scale")
        return item

    def _check(self, item: Item) -> None:
        """Ten times the household's own past, or far beyond what anybody pays: asked first."""
        price, unit = item.unit_price_vnd, item.price_unit
        if (
            item.total_vnd is not None
            and not self.ask
            and (
                item.total_vnd < 1000
                or (price and item.quantity is None and item.total_vnd < price)
            )
        ):
            self.ask.append("total_vnd")
        if price is None and item.total_vnd and item.quantity and not self.listing:
            price, unit = int(item.total_vnd / item.quantity), item.unit
        bounds = self._bounds(unit)
        if price is None or bounds is None or self.ask or price <= 0:
            return
        low, high = bounds
        if low / _TEN <= price <= high * _TEN:
            return
        self.ask.append("money_guard")
        for value in sorted({price // 10 if price > high else price * 10, price}):
            scaled = item._replace(
                unit_price_vnd=value,
                price_unit=unit,
                total_vnd=None,
                stated=False,
                discount_vnd=None,
            )
            self.readings.append(
                ("money_guard", str(value), (self._multiplied(scaled, value, unit),))
            )

"""Amounts and goods in their order -> drafts of items: which quantity, price and product belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter

from bot.language.amount import Amount
from bot.language.goods_places import Goods
from bot.language.vocabulary import Unit

_WEIGHED = ("weight", "volume", "local")
_HELD = ("weight", "volume", "piece")
_GUESTS = ("khách", "người")
_HEAVY_PACK = 50  # kg or litres: more than one pack holds
_DEAR = 1_000_000  # đồng; *bán con bò giá 25 triệu* is one cow
_LIGHT_PACK = 5  # under this in each, the weight can only be of one pack
_APART = ("deposit", "owed", "discount", "fee", "extra", "change", "gift")


@dataclass(slots=True)
class Draft:
    """One item while it is being put together; `sums` in the order said, roles not yet decided."""

    goods: Goods | None = None
    quantity: Amount | None = None
    second: Amount | None = None
    pack: tuple[Decimal, Unit] | None = None
    dozen: Decimal | None = None
    sums: list[Amount] = field(default_factory=list)
    per: Unit | None = None  # named without a sum: "mỗi ký"
    vague: bool = False  # "vài ký": some, not how many
    clash: bool = False  # two quantities that do not go together
    unclear_pack: bool = False  # 40 khay trứng 30 quả: in each, or in all?

    @property
    def whole(self) -> bool:
        return self.goods is not None and (self.quantity is not None or bool(self.sums))


@dataclass(slots=True)
class Apart:
    """Sums that are not the price: deposit, debt, discount."""

    deposit: Decimal | None = None
    owed: Decimal | None = None
    discount: Decimal | None = None
    percent: Decimal | None = None
    change: Decimal | None = None  # given back on a sum paid


class Drafter:
    """Walks over amounts and goods from left to right. `commas`: the places of signs between them."""

    def __init__(
        self,
        amounts: Sequence[Amount],
        goods: Sequence[Goods],
        commas: set[int] | frozenset[int] = frozenset(),
        *,
        listing: bool = False,
    ) -> None:
        self.commas = commas
        self.listing = listing
        events: list[Amount | Goods] = [a for a in amounts if a.kind != "skip" or a.percent]
        self.events = sorted([*events, *goods], key=attrgetter("start"))
        self.now = Draft()
        self.drafts = [self.now]
        self.apart = Apart()

    def run(self) -> list[Draft]:
        """The drafts; a draft of nothing but words is dropped when another holds more."""
        for position, event in enumerate(self.events):
            if isinstance(event, Goods):
                self._goods(event, position)
            else:
                self._amount(event, position)
        for draft in self.drafts:
            _drop_implied(draft)
        kept = [d for d in self.drafts if d.quantity or d.sums]
        return kept or [d for d in self.drafts if d.goods][:1]

    def _open(self, draft: Draft) -> None:
        """What comes now belongs to this one."""
        self.drafts.append(draft)
        self.now = draft

    def _next(self, position: int) -> Amount | Goods | None:
        return self.events[position + 1] if position + 1 < len(self.events) else None

    def _goods(self, goods: Goods, position: int) -> None:
        if self.now.goods is None:
            self.now.goods = goods
            return
        following = self._next(position)
        own = isinstance(following, Amount) and following.kind in ("quantity", "money", "bare")
        apart = position > 0 and self.events[position - 1].end < goods.start
        if self.now.whole and own and (goods.product is not None or apart):
            self._open(Draft(goods))
        elif self.now.goods.product is None and goods.product is not None and not self._stays():
            self.now.goods = goods

    def _stays(self) -> bool:
        """Did the draft's goods come right after its quantity? Then they stay."""
        quantity, kept = self.now.quantity, self.now.goods
        return quantity is not None and kept is not None and kept.start == quantity.end

    def _amount(self, amount: Amount, position: int) -> None:
        counts = amount.kind == "quantity" or (
            amount.kind == "bare" and self._counts(amount, position)
        )
        if amount.marker == "gift" and amount.kind in ("quantity", "bare"):
            return  # given, not sold
        if amount.percent or (amount.marker in _APART and amount.kind in ("money", "bare")):
            self._set_apart(amount)
        elif amount.kind in ("vague", "pack", "dozen", "per"):
            self._add_to_draft(amount)
        elif counts:
            self._quantity(amount, position)
        else:
            self.now.pack = self.now.pack or amount.pack
            self.now.sums.append(amount)

    def _add_to_draft(self, amount: Amount) -> None:
        if amount.kind == "vague":
            self.now.vague = True
        elif amount.kind == "dozen":
            self.now.dozen = amount.value
        elif amount.kind == "per":
            self.now.per = amount.per
        else:
            self.now.pack = amount.pack

    def _set_apart(self, amount: Amount) -> None:
        if amount.percent:
            self.apart.percent = amount.value if amount.marker == "discount" else None
            return
        value = (
            amount.value * 1000 if amount.kind == "bare" and amount.value < 1000 else amount.value
        )
        if amount.marker == "deposit":
            self.apart.deposit = value
        elif amount.marker == "owed":
            self.apart.owed = value
        elif amount.marker in ("discount", "gift"):
            self.apart.discount = value
        elif amount.marker == "change":
            self.apart.change = value

    def _counts(self, amount: Amount, position: int) -> bool:
        """A bare number right before the goods counts them: *200 vịt con*."""
        following = self._next(position)
        return (
            ((isinstance(following, Goods) and following.start == amount.end) or amount.after_verb)
            and amount.marker not in ("price", "each", "total")
            and (self.now.quantity is None or self.now.whole)
        )

    def _quantity(self, amount: Amount, position: int) -> None:
        following = self._next(position)
        leads = isinstance(following, Goods) and self.commas.isdisjoint(
            range(amount.end, following.start)
        )
        draft = self.now
        if self._is_per(amount, position):
            self.now.per = amount.unit
        elif leads and draft.goods is not None and (draft.quantity is not None or draft.sums):
            self._open(Draft(quantity=amount))
        elif draft.quantity is None:
            draft.quantity = amount
        else:
            self._second(draft, amount)

    def _is_per(self, amount: Amount, position: int) -> bool:
        """*1 chục 55 ngàn*, *120 nghìn 1 con*: one of it beside a sum, when the quantity is known."""
        if amount.value != 1 or amount.kind != "quantity":
            return False
        following = self._next(position)
        before = self.events[position - 1] if position else None
        sum_after = (
            isinstance(following, Amount)
            and following.kind in ("money", "bare")
            and following.per is None
        )
        sum_before = (
            isinstance(before, Amount) and before.kind in ("money", "bare") and before.per is None
        )
        if self.listing and (sum_after or sum_before):
            return True
        return (self.now.quantity is not None and (sum_after or sum_before)) or (
            sum_before and not isinstance(following, Goods)
        )

    def _second(self, draft: Draft, amount: Amount) -> None:
        """Count and weight together: the weight is what is priced. A pack and a weight: what the pack holds."""
        first = draft.quantity
        if first is None or first.unit is None or amount.unit is None:
            draft.clash = True
        elif first.unit.family == "lot" and first.value == 1:
            draft.quantity = amount  # bán lứa heo 20 con
        elif "service" in (first.unit.family, amount.unit.family):
            self._service(draft, first, amount)
        elif first.unit.family == "pack" and amount.unit.family in _HELD:
            self._packed(draft, first, amount)
        elif amount.unit.family in _WEIGHED and first.unit.family not in _WEIGHED:
            draft.quantity, draft.second = amount, first
        elif first.unit.family in _WEIGHED and amount.unit.family not in _WEIGHED:
            draft.second = amount
        elif amount.marker == "total" or (first.value, first.unit) == (amount.value, amount.unit):
            draft.quantity = amount
        else:
            draft.clash = True

    def _service(self, draft: Draft, first: Amount, amount: Amount) -> None:
        """*3 khách thuê 2 chiếc*: the guests are not what is counted; *2 phòng 3 đêm*: both are."""
        if first.unit is None or amount.unit is None or first.unit.family != "service":
            return
        if amount.unit.name != first.unit.name:
            draft.quantity = amount if first.unit.name in _GUESTS else first
            draft.second = first if draft.quantity is amount else amount

    def _packed(self, draft: Draft, first: Amount, amount: Amount) -> None:
        """*5 can rượu 20l* holds 20 each, *3 thùng cam 60kg* weighs 60 in all; between them it is asked."""
        if amount.unit is not None and amount.unit.family == "piece":
            draft.pack, draft.unclear_pack = (amount.value, amount.unit), True
            return
        weight, count = amount.value * (_kilos(amount) or 1), first.value
        if amount.marker in ("got", "total") or (weight > _HEAVY_PACK and count > 1):
            draft.quantity, draft.second = amount, first
            return
        draft.pack = (amount.value, amount.unit) if amount.unit else None
        weighed = amount.unit is not None and amount.unit.family == "weight"
        split = count > 1 and weight / count >= _LIGHT_PACK
        draft.unclear_pack = weighed and split


def commas_in(bare: tuple[str, ...]) -> set[int]:
    """The places of signs between goods."""
    if "," not in bare and ";" not in bare:
        return set()
    return {p for p, word in enumerate(bare) if word in (",", ";")}


def _drop_implied(draft: Draft) -> None:
    """*bán cây giống 25k/cây*: with a price of one, the number sold was not said."""
    if draft.quantity is None or not draft.quantity.implied:
        return
    priced = draft.per is not None or any(
        s.per is not None or (s.marker in ("price", "each") and s.value < _DEAR) for s in draft.sums
    )
    if priced or not draft.sums:
        draft.quantity = None


def _kilos(amount: Amount) -> Decimal | None:
    return amount.unit.kg if amount.unit else None

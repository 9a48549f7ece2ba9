"""Units that look alike without marks (*can*: cân or can) are told apart by what is sold in them."""

from __future__ import annotations

from dataclasses import replace

from bot.language.amount import Amount
from bot.language.goods_places import Goods
from bot.language.lexicon import Product, spelling_of
from bot.language.numbers import Numbers
from bot.language.vocabulary import Unit, is_animal, same_letters, units
from domain.fold import fold


def settle(
    at: Numbers, amounts: tuple[Amount, ...], goods: tuple[Goods, ...]
) -> tuple[tuple[Amount, ...], tuple[Goods, ...]]:
    """Units decided by the goods next to them, and goods by the units: *con bo* is bò, *bó*, *bơ* are not."""
    goods = tuple([_decided(one, amounts) for one in goods])
    if same_letters().keys().isdisjoint(at.bare):
        return amounts, goods
    return tuple(_settled(at, amount, goods) for amount in amounts), goods


def _decided(goods: Goods, amounts: tuple[Amount, ...]) -> Goods:
    """The one of several products that is sold in the unit said; all of them where that does not tell."""
    if goods.product is None or not goods.others:
        return goods
    unit = _unit_of(goods, amounts)
    fitting = [p for p in (goods.product, *goods.others) if unit is not None and _sold_in(p, unit)]
    unpriced = [p for p in (goods.product, *goods.others) if not p.prices]
    if len(fitting) != 1 or (unit is not None and unit.family == "weight" and unpriced):
        return goods
    return replace(goods, product=fitting[0], name=_renamed(goods, fitting[0]), others=())


def _renamed(goods: Goods, product: Product) -> str:
    """With the marks of the product meant, and the words that follow it: *dau phong nguyên chất*."""
    if product is goods.product:
        return goods.name
    words = goods.name.split()
    for size in range(len(words), 0, -1):
        said = " ".join(words[:size])
        spelled = spelling_of(product, said)
        if fold(spelled) == fold(said):
            return " ".join((spelled, *words[size:]))
    return product.name


def _unit_of(goods: Goods, amounts: tuple[Amount, ...]) -> Unit | None:
    counted = [
        a.unit
        for a in amounts
        if a.kind == "quantity" and a.unit is not None and a.end == goods.start
    ]
    priced = [a.per for a in amounts if a.per is not None] + [
        a.unit for a in amounts if a.unit is not None
    ]
    return next(iter(counted or priced), None)


def _sold_in(product: Product, unit: Unit) -> bool:
    sold = {name for name, _, _ in product.prices}
    if unit.name in sold:
        return True
    if unit.family == "piece" and unit.name != "cái":
        return is_animal(product.name) == (unit.name == "con")
    weighed = any(units()[name].kg is not None for name in sold if name in units())
    return weighed and (unit.kg is not None or unit.family in ("area", "local"))


def _settled(at: Numbers, amount: Amount, goods: tuple[Goods, ...]) -> Amount:
    if amount.unit is None and amount.per is None:
        return amount
    alike = _alike(at, amount)
    if not alike:
        return amount
    product = _nearest(amount, goods)
    unit = alike.get(amount.unit.name) if amount.unit else None
    per = alike.get(amount.per.name) if amount.per else None
    chosen = amount._replace(unit=_choose(unit, product)) if unit else amount
    return chosen._replace(per=_choose(per, product)) if per else chosen


def _alike(at: Numbers, amount: Amount) -> dict[str, tuple[Unit, ...]]:
    """By the unit taken: the units that those letters may be."""
    words = [at.tokens[p] for p in range(amount.start, min(amount.end, at.count))]
    plain = [t.bare for t in words if t.low == t.bare and t.bare in same_letters()]
    return {unit.name: same_letters()[bare] for bare in plain for unit in same_letters()[bare]}


def _nearest(amount: Amount, goods: tuple[Goods, ...]) -> Product | None:
    known = [g for g in goods if g.product is not None]
    after = [g for g in known if g.start >= amount.end]
    before = [g for g in known if g.end <= amount.start]
    if amount.kind == "quantity" and after:
        return after[0].product
    return before[-1].product if before else after[0].product if after else None


def _choose(candidates: tuple[Unit, ...] | None, product: Product | None) -> Unit | None:
    if not candidates:
        return None
    sold_in = {name for name, _, _ in product.prices} if product else set()
    priced = next((unit for unit in candidates if unit.name in sold_in), None)
    if priced is not None:
        return priced
    liquid = "lít" in sold_in or any(units()[n].family == "volume" for n in sold_in if n in units())
    held = next((unit for unit in candidates if unit.family == "pack"), None)
    return held if liquid and held is not None else candidates[0]

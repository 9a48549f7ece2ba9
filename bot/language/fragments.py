"""Pieces of a sentence while something is asked: `giá 27`, `15 ký thôi`, `8 ngàn một ký`; numbers that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from bot.language.reading import read
from bot.language.understand import understand
from bot.language.understanding import Item, Known, Understanding
from domain.fold import fold

_LONGEST = 80  # characters; more is a sentence of its own
_DATE_WORDS = 5  # *mùng 2 tháng 10 âm*; a day in a longer text is beside the point
_CORRECTION = "sửa "
_SOLD, _PRICE = "bán", "giá"
_FOR = re.compile(r"(^|[,.;] ?)((ban|ghi|ten) )?cho ")
_ASKS = re.compile(r"\bcho (\w+ )?hoi\b")
_NEGATIVE = re.compile(r"^\W*(-|−|am )\s*\d")
_DIGITS = re.compile(r"\d[\d.,]*")
_MOST_DIGITS = 13
_TEN = 10
_NO_MONEY: dict[str, Any] = {
    **dict.fromkeys(("unit_price_vnd", "price_unit", "total_vnd", "amount_vnd")),
    "stated": False,
}


def fragment(text: str, on: date, known: Known) -> Understanding | None:
    """The slots that a fragment names, as a correction would name them; None when it is a question or too long."""
    if len(text) > _LONGEST or "?" in text or _ASKS.search(fold(text)):
        return None
    words = understand(_CORRECTION + text, on, known)
    if words.intent != "correct_last":
        return None
    if words.date and not words.items and len(text.split()) > _DATE_WORDS:
        words = replace(words, date=None)
    if _one_small_word(words.text, on, known):
        bare = tuple(item._replace(**_NO_MONEY) for item in words.items)
        words = replace(words, amount_vnd=None, items=bare)
    items = (_of_known_goods(item, words.text, on, known) for item in words.items)
    words = replace(words, items=tuple(item for item in items if item != Item()))
    # An honorific alone is somebody spoken to: only *cho …* names a buyer here.
    return words if _FOR.search(fold(text)) else replace(words, buyer=None)


def _one_small_word(text: str, on: date, known: Known) -> bool:
    """*cả hai*, *cho ai Hai*: a single digit in a word, with nothing that makes it a sum."""
    sums = [a for a in read(text, on, known).amounts if a.kind in ("money", "bare")]
    bare = [a for a in sums if a.kind == "bare" and a.value < _TEN and a.marker != "price"]
    return len(bare) == len(sums) == 1 and not _DIGITS.search(text)


def _of_known_goods(item: Item, text: str, on: date, known: Known) -> Item:
    """The item without a name that nothing knows: words beside the point change no goods."""
    names = {g.name for g in read(text, on, known).goods if g.product is not None}
    return item if item.product is None or item.product in names else item._replace(product=None)


def of_other_goods(text: str, mine: Collection[str], on: date, known: Known) -> bool:
    """Whether goods are named, with a number, that none of `mine` is."""
    parts = read(text, on, known)
    named = [fold(g.name) for g in parts.goods if g.product is not None]
    own = [fold(name) for name in mine]
    alike = any(a in b or b in a for a in own for b in named)
    return bool(named and parts.amounts) and not alike


def odd_number(text: str) -> str | None:
    """`negative`, `zero` or `big` when the one number in the text cannot be a price or a quantity."""
    if _NEGATIVE.match(fold(text)):
        return "negative"
    numbers = _DIGITS.findall(text)
    if len(numbers) != 1:
        return None
    digits = re.sub(r"\D", "", numbers[0])
    if not digits.strip("0"):
        return "zero"
    return "big" if len(digits) > _MOST_DIGITS else None


def priced(text: str, item: Item, on: date, known: Known) -> Understanding | None:
    """An answer about the price of goods already named, as the whole sentence would say it.

    None when that says more than their money. What is doubtful about it stands in `ask` and `readings`.
    """
    return _of_goods(f"{_PRICE} {text}", item, on, known) if len(text) <= _LONGEST else None


def with_sum(vnd: int, item: Item, on: date, known: Known) -> Understanding | None:
    """A sum said before its goods were whole: of one or of all, as the whole sentence would say it."""
    return _of_goods(f"{vnd}đ", item, on, known)


def _of_goods(money: str, item: Item, on: date, known: Known) -> Understanding | None:
    if item.product is None or item.quantity is None:
        return None
    goods = f"{format(item.quantity, 'f').replace('.', ',')} {item.unit or ''} {item.product}"
    words = understand(f"{_SOLD} {goods} {money}", on, known)
    same = [i for i in words.items if (i.quantity, i.unit) == (item.quantity, item.unit)]
    alone = words.intent == "log_sale" and len(words.items) == len(same) == 1
    return words if alone and fold(same[0].product or "") == fold(item.product) else None

"""Free text as the answer to one asked slot: a bare number is read in that slot's sense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot.language.amount import money_of
from bot.language.asked import Asked, numbers, short
from bot.language.people import SPEAKERS
from bot.language.reading import read
from bot.language.replies import reason, stars
from bot.language.understanding import Answer, Item, Known
from bot.language.vocabulary import units

_FORMS = SPEAKERS | {"bà con"}


def read_answer(
    slot: str, text: str, on: date, known: Known, item: Item | None = None
) -> Answer | None:
    """The value that was said for this slot, or None when the text is no answer to it."""
    reader = _READERS.get(slot)
    if reader is None or not text.strip():
        return None
    value = reader(Asked(read(text, on, known), on, item))
    return None if value is None else Answer(slot, value)


# -- money


def _price(asked: Asked) -> object:
    """đồng; *25, hăm lăm* are thousands."""
    return next((money_of(a) for a in asked.sums() if len(a.options) < 2 and a.high is None), None)


def _total(asked: Asked) -> object:
    return _price(asked)


def _each_or_all(asked: Asked) -> object:
    """*mỗi chậu* or *cả 3 chậu*; both words, or neither, is no answer."""
    at = asked.parts.at
    each = any(
        at.has(p, "each_word") and not at.has(p - 1, "all_word")
        for p in range(at.count)
        if not _in_number(asked, p)
    )
    whole = any(at.has(p, "all_word") for p in range(at.count))
    if each == whole:
        return None
    return "each" if each else "all"


def _in_number(asked: Asked, position: int) -> bool:
    at = asked.parts.at
    return at.bare[position] in ("1", "mot") and not at.has(position + 1, "unit")


def _dozen(asked: Asked) -> object:
    said = next((a.value for a in asked.parts.amounts if a.kind == "dozen"), None)
    sizes = [said] if said else [n for n in numbers(asked) if 10 <= n <= 16]
    return int(sizes[0]) if len(sizes) == 1 else None


# -- quantities


def _quantity(asked: Asked) -> object:
    """(how many, unit or None); the unit of the item stands when none is said."""
    found = next(
        (
            a
            for a in asked.parts.amounts
            if a.kind == "quantity" and a.high is None and not a.implied
        ),
        None,
    )
    if found is not None and found.unit is not None:
        return short(found.value), found.unit.name
    if any(a.kind == "money" for a in asked.parts.amounts):
        return None  # 6 ngàn: a sum
    number = next(iter(numbers(asked)), None)
    return None if number is None else (number, asked.item.unit if asked.item else None)


def _unit(asked: Asked) -> object:
    found = next((a.unit for a in asked.parts.amounts if a.unit is not None), None)
    if found is None:
        at = asked.parts.at
        tags = (at.tag(p, "unit") for p in range(at.count))
        found = next((t.value for t in tags if t is not None), None)  # type: ignore[assignment]
    return found.name if found is not None and found.name in units() else None


def _number(asked: Asked) -> object:
    return next(iter(numbers(asked)), None)


def _stars(asked: Asked) -> object:
    """3 to 5, or 0 when there are none."""
    said = stars(asked.parts.at)
    if said is not None:
        return said
    counts = [int(n) for n in numbers(asked) if 3 <= n <= 5 and n == int(n)]
    if len(counts) == 1:
        return counts[0]
    at = asked.parts.at
    return 0 if any(at.has(p, "no_stars", "no", "not_yet") for p in range(at.count)) else None


# -- days


def _date(asked: Asked) -> object:
    """A day in the past; *15*, *mùng 5* alone is the latest such day."""
    day = next((d for d in asked.parts.days if d.period is None), None)
    if day is not None and day.past is not None:
        return day.past
    if day is not None and day.options:
        return None
    days = [int(n) for n in numbers(asked) if n == int(n) and 1 <= n <= 31]
    return _day_of_month(asked.on, days[0]) if len(days) == 1 else None


def _day_of_month(today: date, day: int) -> date | None:
    days = (today - timedelta(days=back) for back in range(62))
    return next((d for d in days if d.day == day), None)


def _lunar(asked: Asked) -> object:
    """Which calendar: "lunar" or "solar"."""
    at = asked.parts.at
    moon = any(at.has(p, "lunar_sign") for p in range(at.count))
    sun = any(at.has(p, "solar_sign") for p in range(at.count))
    return None if moon == sun else "lunar" if moon else "solar"


def _period(asked: Asked) -> object:
    span = next((d.period for d in asked.parts.days if d.period is not None), None)
    if span is not None:
        return span
    day = next((d.past for d in asked.parts.days if d.past is not None), None)
    return (day, day) if day else None


# -- names and places


def _product(asked: Asked) -> object:
    if asked.parts.goods:
        return asked.parts.goods[0].name
    words = _plain_words(asked)
    return words if words and not asked.parts.amounts else None


def _plain_words(asked: Asked) -> str | None:
    """The words without politeness at either end."""
    at = asked.parts.at
    kept = [p for p in range(at.count) if at.word[p] or at.digits[p]]
    while kept and at.has(kept[-1], "final_particle"):
        kept.pop()
    while kept and at.has(kept[0], "emotion", "sell"):
        kept.pop(0)
    return asked.parts.sentence.words(kept[0], kept[-1] + 1) if kept and len(kept) <= 8 else None


def _buyer(asked: Asked) -> object:
    if asked.parts.buyer is not None:
        return asked.parts.buyer.name
    named = _person(asked)
    return f"{named[1]} {named[0]}" if named and named[1] else named[0] if named else None


def _person(asked: Asked) -> tuple[str, str | None] | None:
    """(name, form of address or None): *co Ba* -> (Ba, cô), *Páo* -> (Páo, None)."""
    words = _plain_words(asked)
    if words is None or asked.parts.sentence.tokens[0].digits:
        return None
    at = asked.parts.at
    start = next((p for p in range(at.count) if at.word[p]), None)
    if start is None:
        return None
    while (
        at.has(start, "self", "emotion", "calls_self")
        and start + 1 < at.count
        and not at.has(start, "honorific")
    ):
        start += 1
    form = (
        str(at.tags[start]["honorific"].value)
        if at.has(start, "honorific") and start + 1 < at.count
        else None
    )
    first = at.tags[start]["honorific"].end if form else start
    name = [t for t in at.tokens[first:] if t.word][:5]
    while (
        len(name) > 1
        and (name[-1].low == "đi" or at.has(at.tokens.index(name[-1]), "final_particle"))
        and not name[-1].capital
    ):
        name.pop()
    if not name:
        return None
    return " ".join(t.raw[:1].upper() + t.raw[1:] for t in name), form


def _name(asked: Asked) -> object:
    named = _person(asked)
    if named is None:
        return None
    return named if named[1] in _FORMS or named[1] is None else (named[0], None)


def _form(asked: Asked) -> object:
    at = asked.parts.at
    if any(at.has(p, "all_of_us") for p in range(at.count)):
        return "bà con"
    forms = [str(at.tags[p]["honorific"].value) for p in range(at.count) if at.has(p, "honorific")]
    known = [f for f in forms if f in _FORMS]
    return known[0] if known else None


def _platform(asked: Asked) -> object:
    return asked.parts.platform


def _platforms(asked: Asked) -> object:
    """One or several, as a tuple; *cả hai* is both."""
    at = asked.parts.at
    both = any(at.has(p, "both") for p in range(at.count))
    said = [
        name
        for kind, name in (("voso", "voso"), ("mart", "postmart"))
        if both or any(at.has(p, kind) for p in range(at.count))
    ]
    return tuple(said) or None


def _order(asked: Asked) -> object:
    if asked.parts.order:
        return asked.parts.order
    token = next((t for t in asked.parts.sentence.tokens if t.digits and t.raw.isdigit()), None)
    number = next(iter(numbers(asked)), None)
    return token.raw if token else None if number is None else str(int(number))


def _reason(asked: Asked) -> object:
    return reason(asked.parts.at) or _plain_words(asked)


_READERS: dict[str, Callable[[Asked], object]] = {
    "product": _product,
    "quantity": _quantity,
    "stock": _quantity,
    "unit": _unit,
    "unit_price_vnd": _price,
    "total_vnd": _total,
    "sum_scale": _price,
    "money_guard": _price,
    "sum_mismatch": _total,
    "unit_or_total": _each_or_all,
    "dozen": _dozen,
    "date": _date,
    "lunar": _lunar,
    "period": _period,
    "buyer": _buyer,
    "name": _name,
    "form": _form,
    "platform": _platform,
    "platforms": _platforms,
    "stars": _stars,
    "number": _number,
    "order_id": _order,
    "reason": _reason,
}

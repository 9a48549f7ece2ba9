"""Which names of the lexicon are read before numbers, days and people, and which only look like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.language.numbers import Numbers
from bot.language.product_names import Found
from bot.language.vocabulary import Unit, is_animal

_NUMERALS = (
    "digit", "ten", "tens", "hundred", "dozen", "magnitude", "tail", "half", "twenty", "zero_tens",
)  # fmt: skip
_COUNTS = ("digit", "ten", "tens", "hundred", "dozen", "tail", "magnitude", "vague", "half")
_TOURS = ("tour", "combo", "nghiem")
_COUNTERS = ("cây", "con", "quả", "cái", "củ", "bông", "cành")


Shorten = Callable[[Found], Found | None]


def readable(at: Numbers, found: tuple[Found, ...], shorten: Shorten) -> tuple[Found, ...]:
    """Without those that are a verb or a number here; a name that runs into a number is cut before it."""
    inside = _inside(at, "day", "update_price")
    kept: list[Found] = []
    for each in found:
        name: Found | None = each
        if each.end - each.start > 1:
            if not each.exact and each.start in inside:
                continue
            name = _cut(at, each, shorten) if _is_count(at, each) else each
        if name is not None and (name.exact or not _is_verb(at, name)):
            kept.append(_lasting(at, name) if name.product.group == "tourism" else name)
    return tuple(kept)


def _lasting(at: Numbers, name: Found) -> Found:
    """*tour hái dâu tây nửa ngày, tour vườn 2 ngày 1 đêm*: how long it takes is part of its name."""
    end = name.end
    if not any(at.bare[p] in _TOURS for p in range(max(0, name.start - 2), end)):
        return name
    while "lasts" in at.tags[end + 1] and (at.digits[end] or at.has(end, "half_before", "digit")):
        end += 2
    said = " ".join(at.raw[p] for p in range(name.end, end))
    return replace(name, end=end, spelling=f"{name.spelling} {said}") if said else name


def _cut(at: Numbers, name: Found, shorten: Shorten) -> Found | None:
    short = shorten(name) if _runs_on(at, name) else None
    return short if short is not None and not _is_count(at, short) else None


def sure_names(at: Numbers, found: tuple[Found, ...]) -> list[Found]:
    """Names of two words and more that are neither counted units nor part of a buyer's name."""
    chosen: list[Found] = []
    long = [f for f in found if f.end - f.start > 1]
    if len(long) > 1:
        long.sort(key=lambda f: (f.start - f.end, f.start))
    called = _called(at) if long else set[int]()
    for name in long:
        if chosen and any(_overlap(name, other) for other in chosen):
            continue
        if _counts(at, name, found) or (called and _is_buyer(at, name, called, found)):
            continue
        chosen.append(name)
    return chosen


def _inside(at: Numbers, *kinds: str) -> set[int]:
    """Second and later words of these phrases: *toi qua | roi*, *sua gia | cam*."""
    inside: set[int] = set()
    for start, kind, phrase in at.phrases:
        if kind in kinds:
            inside.update(range(start + 1, phrase.end))
    return inside


def unsure(at: Numbers, found: tuple[Found, ...]) -> frozenset[int]:
    """Where a name ends in a word that may as well begin a number."""
    names = (f for f in found if f.end - f.start > 1)
    open_ = (f for f in names if not at.has(f.start, *_NUMERALS) and _runs_on(at, f))
    return frozenset(f.end - 1 for f in open_ if _may_be_sold(at, f))


# -- counted, not named


def _counts(at: Numbers, name: Found, found: tuple[Found, ...]) -> bool:
    """*1.200 quả | trứng gà*: the first word counts; in *3 chục | bưởi da xanh* it is the name's own."""
    if "unit" not in at.tags[name.start] or not _counted(at, name.start):
        return False
    unit = at.tags[name.start]["unit"].value
    rest = [f for f in found if f.start == name.start + 1 and f.end >= name.end]
    if any(at.bare[name.start] != "gio" or f.product.group == name.product.group for f in rest):
        return True  # but hai | giò lụa is no silk
    return isinstance(unit, Unit) and (unit.name in _COUNTERS or unit.family == "weight")


def _counted(at: Numbers, position: int) -> bool:
    """Is there a number right before it? Then a unit there is a unit: *1.200 quả | trứng gà*."""
    before = position - 1
    return before >= 0 and (at.digits[before] or at.has(before, *_COUNTS))


def _is_counted(at: Numbers, unit: int) -> bool:
    """A counted unit, also with a tail: `1kg4 | nấm`."""
    tail = unit > 0 and at.digits[unit] and at.glued[unit]
    unit -= tail
    return "unit" in at.tags[unit] and _counted(at, unit)


# -- a buyer, not goods


def _called(at: Numbers) -> set[int]:
    """Where a name of people or shops begins."""
    if not at.says("honorific", "place_buyer"):
        return set()
    kinds = ("honorific", "place_buyer")
    return {at.tags[p][kind].end for kind in kinds for p in at.places(kind)}


def _is_buyer(at: Numbers, name: Found, called: set[int], found: tuple[Found, ...]) -> bool:
    """*bán cho bà Ba…*, *chị Na lấy*, *cho nhà hàng hoa sen 5 ký cá*: the word belongs to who buys."""
    start, before = name.start, name.start - 1
    if "buyer_sign" in at.tags[before] and at.has(start, "honorific", "place_buyer"):
        return True
    if "honorific" in at.tags[before] and "buyer_sign" in at.tags[before - 1]:
        return True
    if _in_capitals(at, start, called):
        return True
    near = start in called or (start - 1 in called and "given_name" in at.tags[start - 1])
    if not near:
        return False
    acts = "given_name" in at.tags[start] and at.has(start + 1, "buy", "got", "returned", "sell")
    if start in called and (at.capital[start] or acts):
        return True
    others = any(not _overlap(f, name) for f in found)
    return (others and "buy" in at.tags[name.end]) or _other_goods(at, name, found)


def _in_capitals(at: Numbers, start: int, called: set[int]) -> bool:
    """*vựa trái cây Hoàng Lan, Cô Sáu Bánh Tằm*: capitals after who buys."""
    if not at.capital[start]:
        return False
    begins = next((p for p in (start - 1, start - 2) if p in called), None)
    return begins is not None and all(
        at.word[p] and not at.has(p, "sell", "price") for p in range(begins, start)
    )


def _other_goods(at: Numbers, name: Found, found: tuple[Found, ...]) -> bool:
    """Are other goods counted, so that this name needs no quantity of its own?"""
    counted = {f.start for f in found if _is_counted(at, f.start - 1)}
    counted -= set(range(name.start, name.end))
    number = at.read(name.end, money=False)
    if not counted:
        long = (f for f in found if f.end - f.start > 1 and not _overlap(f, name))
        return number is None and any("sell" in at.tags[f.start - 1] for f in long)
    if number is None:
        return True
    unit = at.tags[number.end].get("unit")
    date = number.end < at.count and at.raw[number.end] == "/"
    return unit.end in counted if unit is not None else date


# -- a number or a verb, not a name


def _is_count(at: Numbers, name: Found) -> bool:
    if name.end - name.start == 1:
        return False
    asks = "order_ask" in at.tags[name.end - 1] and (not name.exact or "question" in at.kinds)
    return asks or _is_number(at, name)


def _is_number(at: Numbers, name: Found) -> bool:
    """Without marks *nam tram* is five hundred before it is a mushroom, and *trau | ba muoi hai* no betel."""
    if "numeral_name" in at.tags[name.start]:
        return False
    if name.exact and any(at.marked[name.start : name.end]):
        return False
    if at.has(name.start, *_NUMERALS) and all(
        at.has(p, *_NUMERALS) for p in range(name.start + 1, name.end)
    ):
        return True
    service = name.product.group == "tourism" and "digit" in at.tags[name.start]
    return (service and _is_weighed(at, name.start - 1)) or _runs_on(at, name)


def _is_weighed(at: Numbers, unit: int) -> bool:
    """*35 ky | hai dau xanh* is 35,2 kg; picking berries is not sold by weight."""
    tag = at.tags[unit].get("unit")
    weighed = tag is not None and isinstance(tag.value, Unit) and tag.value.family == "weight"
    return weighed and _counted(at, unit)


def _runs_on(at: Numbers, name: Found) -> bool:
    """Its last word may begin the number after it: *nhang tram | muoi lam ky*, *gao tam | muoi tam nghin*."""
    if not at.tags[name.end]:
        return False
    goes_on = at.has(name.end, "tens", "ten", "hundred", "dozen", "magnitude", "tail")
    ten = "ten" in at.tags[name.end - 1] and "digit" in at.tags[name.end]
    return (goes_on and at.has(name.end - 1, "digit", "ten", "hundred")) or ten


def _may_be_sold(at: Numbers, name: Found) -> bool:
    """After a verb or a unit; *con trau ba…* is an animal, no betel."""
    if at.bare[name.start - 1] == "con" and not is_animal(name.product.name):
        return False
    return at.has(name.start - 1, "sell", "unit", "dozen")


def _is_verb(at: Numbers, name: Found) -> bool:
    """*tra lai 5 hộp*: give back, not jasmine tea, when a number follows the words without marks."""
    if "sell" in at.tags[name.end - 1] and _ends_selling(at, name):
        return True
    back = at.tags[name.start].get("returned")
    if back is None or back.end != name.end or name.end >= at.count:
        return False
    sold = "unit" in at.tags[name.start - 1] and _counted(at, name.start - 1)
    return at.digits[name.end] and not sold and not _counted(at, name.start)


def _ends_selling(at: Numbers, name: Found) -> bool:
    """*mai giao cho…*, *mai ban 5 ký*: tomorrow and a verb, no *mai giảo*."""
    if not at.has(name.start, "day", "just", "future"):
        return False
    return at.has(name.end, "buyer_sign", "honorific") or at.digits[min(name.end, at.count - 1)]


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end

"""Short answers, moods and finer requests: what a message is besides its intent."""

from __future__ import annotations

from itertools import chain

from bot.language.numbers import Numbers
from bot.language.scene import Scene
from bot.language.understanding import MOODS

_LONGEST_ANSWER = 8  # tokens; longer messages are more than an answer
_STRONG = (
    "save",
    "edit",
    "undo",
    "restore",
    "human",
    "cancel",
    "later",
    "skip",
    "back",
    "resume",
    "thanks",
)

_REGIONAL = ("southern", "northern", "magnitude")
# Requests in which a sum may stand.
_OF_MONEY = ("qr", "bank.change", "bank.remove", "assisted.for")


def answer(at: Numbers, *, alone: bool = True) -> str | None:
    """The universal answer that the message is, or None. *ừ lưu đi* is `save`, *đúng rồi cháu* `yes`.

    `alone`: only a whole message counts; otherwise its first clause may be the answer too.
    """
    if at.count <= _LONGEST_ANSWER and (whole := _answer(at, at.count)):
        return whole
    if alone:
        return None
    comma = next((p for p in range(at.count) if at.raw[p] in ",.;!"), None)
    return None if not comma or comma > _LONGEST_ANSWER else _answer(at, comma)


def _answer(at: Numbers, end: int) -> str | None:
    found: list[str] = []
    position = 0
    while position < end:
        tag = at.tags[position].get("answer")
        if tag is not None and not (found and "answer_filler" in at.tags[position]):
            found.append(str(tag.value))
            position = tag.end
        elif (filler := at.tags[position].get("answer_filler")) is not None:
            position = filler.end
        elif not at.word[position] and not at.digits[position]:
            position += 1
        else:
            return None
    if "help" in found:
        return "help"
    return next((kind for kind in found if kind in _STRONG), found[0] if found else None)


def mood(at: Numbers, scene: Scene) -> str | None:
    """The gravest mood in the message; outside matters only when there is nothing to save."""
    if "mood" not in at.kinds:
        return None
    found = {
        str(at.tags[p]["mood"].value)
        for p in at.places("mood")
        if p not in scene.taken and _sure(at, p)
    }
    if scene.goods and scene.money:
        found -= {"outside", "sorrow"}
    return next((kind for kind in MOODS if kind in found), None)


def _sure(at: Numbers, position: int) -> bool:
    """One bare syllable is too little: *bao* (bão, bao), *vay* (vay, vậy), *ngu* (ngu, ngủ)."""
    tag = at.tags[position]["mood"]
    return (
        (tag.exact and at.marked[position])
        or tag.end > position + 1
        or at.bare[position] in ("dm", "cc", "vcl", "vl")
    )


def request(at: Numbers, scene: Scene) -> str | None:
    """The finer request: the longest phrase of the table that stands in the message."""
    best: tuple[int, str] | None = None
    for position in at.places("request"):
        tag = at.tags[position]["request"]
        if tag.value == "order.refuse" and _by_buyer(at, position):
            continue
        if tag.value == "address.digital" and at.read(tag.end) is not None:
            continue  # the number of a house: *địa chỉ số 5 Lê Lợi*
        if best is None or tag.end - position > best[0]:
            best = (tag.end - position, str(tag.value))
    if best is None and _ordered(at, scene):
        return "order.typed"
    if best is not None and best[1] == "order.paid" and scene.says("order"):
        return best[1]
    if best is None or (scene.money and best[1] not in _OF_MONEY):
        return None
    return None if best[1] == "consent" and answer(at) != "yes" else best[1]


def _ordered(at: Numbers, scene: Scene) -> bool:
    """*chị Lan đặt 5kg cam mai lấy*: somebody ordered it; nothing says that it was handed over or paid."""
    if scene.buyer is None or scene.asked or scene.sell is not None or not scene.goods:
        return False
    ordered = any(at.low[p] in ("đặt", "dat") for p in scene.each("buy"))
    return ordered and not scene.says("deposit", "shipped", "got", "owed", "cancel", "order")


def southern(at: Numbers) -> bool | None:
    """By the last regional word: *ngàn, lẻ, trái* or *nghìn, linh, quả*."""
    found = {*chain(*[at.where[kind] for kind in _REGIONAL if kind in at.kinds])}
    for position in sorted(found, reverse=True):
        tags, low = at.tags[position], at.low[position]
        if "southern" in tags and tags["southern"].exact:
            return True
        if "northern" in tags and tags["northern"].exact:
            return False
        if low in ("ngan", "nghin") and at.magnitude(position):
            return low == "ngan"
    return None


def stars(at: Numbers) -> int | None:
    """*4 sao, bốn sao OCOP*; 3 to 5."""
    if "sao" not in at.bare:
        return None
    for position in range(1, at.count):
        if at.bare[position] != "sao":
            continue
        before = at.tokens[position - 1]
        said = (
            int(before.raw)
            if before.raw.isdigit() and len(before.raw) == 1
            else at.value(position - 1, "digit")
        )
        if said is not None and 3 <= said <= 5:
            return said
    return None


def reason(at: Numbers) -> str | None:
    """Why an order is not taken, by the first words that say it; *không nhận đơn 12* says no reason."""
    for position in at.places("reason"):
        found = at.tags[position]["reason"]
        if found.value != "not_taken":
            return str(found.value)
        if "order" not in at.tags[found.end] or _by_buyer(at, position):
            return "buyer_refused"
    return None


def _by_buyer(at: Numbers, position: int) -> bool:
    """*khách không nhận đơn*, *chị Lan không nhận*: the buyer's doing, not the household's."""
    return any(at.has(p, "guest", "honorific") for p in range(max(0, position - 2), position))

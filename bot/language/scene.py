"""What has been found in a message, and what can be asked of it before its intent is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from bot.language import lunar
from bot.language.amount import Amount
from bot.language.day import Day
from bot.language.reading import Parts

_KIND = attrgetter("kind")
_TET_MONTH = 30  # days
_NOWHERE: Sequence[int] = ()


class Scene:
    """What has been found so far, for the rules to look at. `taken`: tokens inside names, dates and amounts.

    `money`: a sum is told. `counted`: something is. `sell`: position of a verb of selling that is one.
    """

    def __init__(self, parts: Parts, today: date) -> None:
        self.at = parts.at
        self.text = parts.sentence.text
        self.taken = parts.taken
        self.amounts = parts.amounts
        self.goods = parts.goods
        self.days = parts.days
        self.buyer = parts.buyer
        self.platform = parts.platform
        self.order_id = parts.order
        self.today = today
        self.other_seller = parts.people.other_seller()
        kinds = set(map(_KIND, self.amounts))
        self.money = "money" in kinds or ("bare" in kinds and any(map(_is_bare_sum, self.amounts)))
        self.counted = "quantity" in kinds or "bare" in kinds
        self.sell = self._sell()
        self.asked = self._asked()

    def first(self, *kinds: str) -> int | None:
        """Position of the first free word of these classes."""
        found = self.each(*kinds)
        return found[0] if found else None

    def each(self, *kinds: str) -> Sequence[int]:
        """Positions of the free words of these classes, from left to right."""
        places, taken = self.at.places, self.taken
        if self.at.kinds.isdisjoint(kinds):
            return _NOWHERE  # as for most rules
        if len(kinds) == 1:
            return [p for p in self.at.where[kinds[0]] if p not in taken]
        return sorted({p for kind in kinds for p in places(kind) if p not in taken})

    def says(self, *kinds: str) -> bool:
        if self.at.kinds.isdisjoint(kinds):
            return False  # as for most rules
        if len(kinds) == 1:
            return not self.taken.issuperset(self.at.where[kinds[0]])
        return any(not self.taken.issuperset(self.at.places(kind)) for kind in kinds)

    def tells(self, *kinds: str) -> bool:
        """As `says`, words inside days included: *bỏ dòng bán hồi nãy*."""
        return self.at.says(*kinds)

    def _sell(self) -> int | None:
        for at in self.each("sell"):
            other = "not_sell" in self.at.tags[at]
            if not other and not self.at.has(at - 1, "not_sell", "order", "register_word"):
                return at
        return None

    def _asked(self) -> bool:
        """A question: its sign, a word of quantity asked for, or a question word at the end."""
        if "?" in self.text:
            return True
        if not self.at.says("question", "how_many"):
            return False
        at = self.at.count - 1
        while at > 0 and (not self.at.word[at] or _particle(self, at)):
            at -= 1
        return at > 0 and at not in self.taken and _ends_with(self, at, "question", "how_many")


# -- what the rules look at


def _is_bare_sum(amount: Amount) -> bool:
    return amount.kind == "bare" and amount.marker in ("price", "total", "each", "got")


def _particle(scene: Scene, at: int) -> bool:
    return (
        "final_particle" in scene.at.tags[at]
        and at not in scene.taken
        and not _ends_with(scene, at, "how_many")
    )


def _ends_with(scene: Scene, at: int, *kinds: str) -> bool:
    for start in range(max(0, at - 2), at + 1):
        if any(
            (tag := scene.at.tags[start].get(kind)) is not None and tag.end == at + 1
            for kind in kinds
        ):
            return True
    return False


def how_many(scene: Scene) -> bool:
    """*bao nhiêu, bn*; *mấy* only before what is counted, and not beside a sum, where it is vague."""
    return any(
        scene.at.bare[p] != "may" or _counts(scene, p)
        for p in scene.each("how_many")
        if not however_many(scene, p)
    )


def however_many(scene: Scene, at: int) -> bool:
    """*bán được bao nhiêu cũng…*: no question."""
    after = scene.at.token(scene.at.tags[at]["how_many"].end)
    return after is not None and after.bare == "cung"


def asks_price(scene: Scene) -> bool:
    """*giá bao nhiêu*: what others pay, which is not ours to say."""
    return any("price" in scene.at.tags[p - 1] for p in scene.each("how_many"))


def _counts(scene: Scene, at: int) -> bool:
    if scene.at.tags[at]["how_many"].end > at + 1:
        return True
    counted = scene.at.has(
        at + 1, "unit", "order", "money", "dong", "day_count", "guest", "place_buyer"
    )
    return (counted or at + 1 == scene.at.count) and not (scene.money and not scene.asked)


def negates(scene: Scene, at: int) -> bool:
    """*không, chưa* at this position, and not the unit *kg*."""
    return at not in scene.taken and scene.at.has(at, "no", "not_yet")


def denied(scene: Scene, sell: int) -> bool:
    """*chưa bán, không bán được, suýt bán*; *bán không được*."""
    if not scene.says("no", "not_yet"):
        return False
    for before in (sell - 1, sell - 2, sell - 3):
        if before in scene.taken or not scene.at.has(before, "no", "not_yet"):
            continue
        if before == sell - 1 or all(
            scene.at.has(p, "got", "noise", "self") for p in range(before + 1, sell)
        ):
            return True
    after = scene.at.tags[sell]["sell"].end
    return (
        scene.at.has(after, "no", "not_yet")
        and not scene.at.digits[after]
        and after not in scene.taken
    )


def to_come(scene: Scene, sell: int) -> bool:
    """Not yet: *mai bán, tính bán, sẽ bán*."""
    if scene.days and any(_is_to_come(day, scene.today) for day in scene.days):
        return True
    return "future" in scene.at.kinds and any(at < sell for at in plans(scene))


def _is_to_come(day: Day, today: date) -> bool:
    if day.period is not None and day.period[0] > today:
        return True
    return day.past is not None and day.past == day.future and day.past > today


def plans(scene: Scene) -> Iterator[int]:
    """Where something is meant to come; *tính 18 ngàn một ký* is a sum that was asked."""
    sums = {a.start for a in scene.amounts if a.kind in ("money", "bare")}
    found = (p for p in scene.each("future") if scene.at.tags[p]["future"].end not in sums)
    return (p for p in found if "tet" not in scene.at.bare or not _tet_is_near(scene, p))


def _tet_is_near(scene: Scene, at: int) -> bool:
    """In the month before Tết and after it, *tết này bán* tells of a sale."""
    said = scene.at.bare[at : scene.at.tags[at]["future"].end]
    if "tet" not in said:
        return False
    past, future = lunar.near(1, 1, scene.today)
    before = future is not None and (future - scene.today).days <= _TET_MONTH
    return before or (past is not None and (scene.today - past).days <= _TET_MONTH)


def gives_back(scene: Scene) -> bool:
    """*đại lý trả 4 bao gạo bị mốc*: goods are paid with, or given back."""
    if scene.sell is not None or not (scene.buyer is not None or scene.says("guest")):
        return False
    counted = {a.start for a in scene.amounts if a.kind == "quantity" and _is_whole_count(a)}
    after = (p + 1 for p in scene.each("got") if scene.at.bare[p] == "tra")
    return any(p in counted for p in after) and bool(scene.goods or scene.says("defect"))


def _is_whole_count(amount: Amount) -> bool:
    return amount.unit is not None and amount.unit.family != "dozen"

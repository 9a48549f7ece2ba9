"""What stands around an amount: the words that tell its role, units, goods."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.numbers import Numbers
from bot.language.vocabulary import Unit

_BEFORE = (
    "change",
    "from_up",
    "deposit",
    "owed",
    "discount",
    "fee",
    "gift",
    "total",
    "price",
    "each",
    "got",
    "spent",
    "extra",
    "money",
    "sell",
)
_EQUALS = "=→>"
_PARTING = ",;.+" + _EQUALS
_TELLING = frozenset(_BEFORE)
_PASSED = frozenset(("unit", "noise", "self", "honorific", "ago", "just"))


class Surroundings:
    """Looks around a position of one sentence. `taken`: what belongs to something else."""

    def __init__(
        self, numbers: Numbers, taken: set[int], goods: set[int], names: set[int], back: set[int]
    ) -> None:
        self.at = numbers
        self.names = names  # where any name of the lexicon begins
        self.back = back  # what a correction takes back; a marker before it still tells
        self.taken = taken
        # *từ 50 kg trở lên, đặt trước 5 ngày*: may a number be a condition?
        self.conditional = "from_up" in numbers.kinds or "truoc" in numbers.bare
        self._ends_at = _endings(numbers)
        self._markers: dict[int, str | None] = {}
        self.goods = goods  # where a product of one word may stand

    def unit(self, at: int) -> Unit | None:
        tag = self.at.tags[at].get("unit")
        if tag is None or at in self.taken:
            return None
        unit = tag.value
        return unit if isinstance(unit, Unit) else None

    def unit_end(self, at: int) -> int:
        return self.at.tags[at]["unit"].end

    def _digits(self, at: int) -> bool:
        token = self.at.token(at)
        return token is not None and token.digits

    def _counted(self, at: int) -> bool:
        if at - 1 in self.taken:
            return False
        return self._digits(at - 1) or self.at.has(
            at - 1, "digit", "ten", "tens", "hundred", "dozen", "vague", "tail"
        )

    def _closes(self, at: int) -> bool:
        token = self.at.token(at)
        return (
            token is None
            or (not token.word and not token.digits and token.raw != "/")
            or self.at.has(at, "buyer_sign", "half")
        )

    def _counted_before(self, at: int) -> bool:
        return any(self.unit(p) is not None for p in range(at))

    def _is_goods(self, at: int) -> bool:
        token = self.at.token(at)
        return (
            token is not None
            and token.word
            and (at in self.names or "noise" not in self.at.tags[at])
        )

    def _money_after(self, at: int) -> bool:
        """Is there a sum or a bare number later on?"""
        for later in range(at, self.at.count):
            if later in self.taken:
                continue
            if self.at.magnitude(later) is not None or self.at.has(later, "hundred", "dong"):
                return True
            if self.at.digits[later] and not self.unit(later + 1):
                return True
        return False

    def _marker(self, at: int) -> str | None:
        """The class of the nearest telling word before a sum, over filler words and a unit."""
        if at not in self._markers:
            self._markers[at] = self._find_marker(at)
        return self._markers[at]

    def _find_marker(self, at: int) -> str | None:
        near: Sequence[int] = range(at - 1, max(at - 5, -1), -1)
        if not self.back.isdisjoint(near):
            near = self._not_taken_back(at)
        for before in near:
            if not self.at.word[before] and self._parts(before):
                return "total" if self.at.raw[before] in _EQUALS else None
            if before in self.taken or (before in self.goods and self._is_sold(before)):
                return None
            if before in self._ends_at and (telling := self._ends_at[before] - {"sell"}):
                return min(telling, key=_BEFORE.index)
            if not self._passes(before):
                return None
        return None

    def _parts(self, at: int) -> bool:
        """Digits, or a sign that ends what belongs to the sum after it."""
        return self.at.digits[at] or self.at.raw[at] in _PARTING

    def _is_sold(self, at: int) -> bool:
        if "discount" in self.at.tags[at]:
            return False
        return self._follows_quantity(at) or self._opens_next(at)

    def _not_taken_back(self, at: int) -> Sequence[int]:
        """The four nearest places before it that no correction takes back."""
        return [p for p in range(at - 1, max(at - 9, -1), -1) if p not in self.back][:4]

    def _opens_next(self, at: int) -> bool:
        """`bán 2kg cam 50k, tra 100k`: after a comma and an earlier sum it is the next thing sold."""
        apart = at > 0 and (self.at.raw[at - 1] in ",;+" or "and" in self.at.tags[at - 1])
        earlier = any(self.at.magnitude(p) is not None for p in range(at))
        return apart and earlier and not self.at.marked[at]

    def _follows_quantity(self, at: int) -> bool:
        """Goods stand right after a quantity or the verb: *3kg ca 60k*; a price's unit does not count."""
        if "unit" in self.at.tags[at - 1] and (
            "per" in self.at.tags[at - 2] or self.at.raw[at - 2] == "/"
        ):
            return False
        return self.at.has(at - 1, "unit", "sell", "dozen") or self._digits(at - 1)

    def _ends(self, at: int, kind: str) -> bool:
        return at in self._ends_at and kind in self._ends_at[at]

    def _passes(self, at: int) -> bool:
        return not _PASSED.isdisjoint(self.at.tags[at]) or self.at.raw[at] in ":("


def _endings(at: Numbers) -> dict[int, set[str]]:
    """Where the telling words end: position of their last token -> their classes."""
    found: dict[int, set[str]] = {}
    for kind in _TELLING.intersection(at.kinds):
        for start in at.where[kind]:
            found.setdefault(at.tags[start][kind].end - 1, set()).add(kind)
    return found

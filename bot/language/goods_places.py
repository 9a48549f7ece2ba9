"""Where in a sentence a product can stand, and which words can be part of its name."""

from __future__ import annotations

from bot.language.lexicon import Product
from bot.language.numbers import Numbers
from bot.language.product_names import Found
from bot.language.values import value_class
from bot.language.vocabulary import is_animal

# Words of these classes end a product's name, unless they stand inside a name of the lexicon.
_STOPS = frozenset(
    [
        "noise",
        "sell",
        "buy",
        "price",
        "total",
        "got",
        "spent",
        "money",
        "discount",
        "deposit",
        "owed",
        "gift",
        "fee",
        "buyer_sign",
        "honorific",
        "place_buyer",
        "guest",
        "question",
        "how_many",
        "no",
        "not_yet",
        "mart",
        "voso",
        "offline",
        "other_place",
        "on_place",
        "each",
        "order",
        "cancel",
        "wrong",
        "right_is",
        "not_that",
        "about",
        "vague",
        "becomes",
        "have",
        "self",
        "call_end",
        "offer",
        "if",
        "training_word",
        "use_service",
        "taste",
        "household",
        "look",
        "help_word",
        "unlist",
        "update_price",
        "erase",
        "returned",
        "confirm",
        "stats_word",
        "register_word",
        "more",
        "forgot",
        "just_now",
        "future",
    ]
)
_PHRASES = _STOPS - {"use_service"}
_PARTING = frozenset((",", "+", ";", ""))  # signs between goods; invisible ones are folded away
LONGEST_NAME = 8
_VERBS = frozenset(
    ("sell", "buy", "offer", "money", "have", "unlist", "update_price", "use_service")
)


@value_class(frozen=True, slots=True)
class Goods:
    """A product named: its words, and the lexicon's entry where there is one. `others`: it may also be these."""

    start: int
    end: int
    name: str
    product: Product | None
    others: tuple[Product, ...] = ()


class GoodsPlaces:
    """Judges the positions of one sentence. `starts`: right after a quantity."""

    def __init__(
        self, numbers: Numbers, found: tuple[Found, ...], taken: set[int], starts: set[int]
    ) -> None:
        self.at = numbers
        self.found = found
        self.taken = taken
        self.starts = starts  # positions right after a quantity
        self.inside = _inside_phrases(numbers)

    def _stands_as_goods(self, found: Found) -> bool:
        """One word is a product where a product can stand: many such words are also something else."""
        at = found.start
        if self._is_name(at):
            return False
        animal = is_animal(found.product.name) and "con" in self.at.bare
        if "unit" in self.at.tags[at] and at not in self.starts and self._number_next(found.end):
            return animal  # ban 2 con lon 45kg
        of_money = ("money" in self.at.tags[at - 1] and "honorific" not in self.at.tags[at]) or (
            "money" in self.at.tags[at - 1] and found.end == self.at.count
        )
        if at in self.starts or of_money or self._next_thing(found):
            return True
        return not self._function(at)

    def _next_thing(self, found: Found) -> bool:
        """`rau 200k, ca 350k`: between a comma and an amount."""
        before = self.at.token(found.start - 1)
        parted = before is not None and (
            before.raw in ",;+" or "and" in self.at.tags[found.start - 1]
        )
        if not found.exact and "discount" in self.at.tags[found.start]:
            return False  # giam 50k
        return (parted or "sell" in self.at.tags[found.start - 1]) and self._amount_at(found.end)

    def _amount_at(self, at: int) -> bool:
        return at in self.taken or self._number_next(at)

    def _function(self, at: int) -> bool:
        return at in self.inside or not _STOPS.isdisjoint(self.at.tags[at])

    def _is_name(self, at: int) -> bool:
        """*chị Lan* is no orchid."""
        form = self.at.tags[at - 1].get("honorific")
        return (
            form is not None
            and form.value != "con"
            and form.exact
            and "given_name" in self.at.tags[at]
        )

    def _number_next(self, at: int) -> bool:
        return at < self.at.count and (
            self.at.digits[at] or self.at.has(at, "digit", "ten", "twenty")
        )

    def _belongs(self, at: int, named: list[Found], *, left: bool) -> bool:
        if at in self.taken:
            return False
        for found in named:
            if found.start <= at < found.end:
                return False
        if self.at.digits[at]:
            return not left and self._variety(at)
        word = self.at.word[at]
        if (
            left
            and at in self.starts
            and word
            and not self.at.tags[at].keys() & {"buyer_sign", "self", "price", "how_many"}
        ):
            return True
        if not word or (
            self._function(at)
            and not (self.at.capital[at] and at and not self.at.raw[at].isupper())
        ):
            return False
        return not (left and "unit" in self.at.tags[at] and self.at.tags[at]["unit"].exact)

    def _kind_word(self, found: Found, at: int) -> bool:
        """*khoai lang sua 5k6/kg*: between goods that are sold and a sum it is their kind, no correction."""
        if "kind_word" not in self.at.tags[at] or not (
            self._amount_at(at + 1) or at + 1 == self.at.count
        ):
            return False
        verbs = (*self.at.places("sell"), *self.at.places("buy"))
        return any(p < found.start for p in verbs)

    def _variety(self, at: int) -> bool:
        """The digits of *ST25, OM18*: glued to letters that are no unit."""
        return self.at.glued[at] and at > 0 and self.at.word[at - 1]

    def _text(self, start: int, end: int) -> str:
        if start >= end:
            return ""
        if start + 1 == end:
            return self.at.raw[start]
        raw, glued = self.at.raw, self.at.glued
        rest = [raw[p] if glued[p] else f" {raw[p]}" for p in range(start + 1, end)]
        return raw[start] + "".join(rest)

    def _run(self, at: int, busy: set[int]) -> int:
        end = at
        while (
            end < self.at.count
            and end not in busy
            and self._belongs(end, [], left=False)
            and end - at < LONGEST_NAME
        ):
            end += 1
        return end

    def _openings(self) -> set[int]:
        """Where something unnamed may begin: after a quantity or a verb, past filler words, or after a sign."""
        starts = {*self.starts, 0}
        tags = self.at.tags
        for kind in _VERBS.intersection(self.at.kinds):
            starts.update([tags[p][kind].end for p in self.at.where[kind]])
        for at in sorted(starts):
            end = at
            while "noise" in tags[end] and end not in self.taken:
                end += 1
                starts.add(end)
        if not _PARTING.isdisjoint(self.at.bare):
            starts.update([p + 1 for p, word in enumerate(self.at.bare) if word in _PARTING])
        if "and" in self.at.kinds:
            starts.update([p + 1 for p in self.at.where["and"]])
        starts.discard(self.at.count)
        return starts

    def _may_start(self, at: int, busy: set[int]) -> bool:
        if at in self.starts:
            return True
        before = at - 1
        while (
            before >= 0
            and before not in self.taken
            and "noise" in self.at.tags[before]
            and not self._verb(before)
        ):
            before -= 1
        after_sign = at > 0 and (self.at.raw[at - 1] in ",+;" or "and" in self.at.tags[at - 1])
        return self._verb(before) or ((at == 0 or after_sign) and self._run(at, busy) in self.taken)

    def _verb(self, at: int) -> bool:
        return any(
            (tag := self.at.tags[start].get(kind)) is not None and tag.end == at + 1
            for start in range(max(0, at - 2), at + 1)
            for kind in _VERBS
        )


def _inside_phrases(at: Numbers) -> set[int]:
    """Positions inside a phrase of several words that is no part of a name: *hợp tác xã, nhà hàng*."""
    inside: set[int] = set()
    for start, kind, tag in at.phrases:
        if kind in _PHRASES and (tag.exact or tag.end > start + 2 or kind == "sell"):
            inside.update(range(start, tag.end))
    return inside

"""Which words are the product: the longest name we know, with the words that belong to it, or what is left over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.language.lexicon import Found, Product
from bot.language.numbers import Numbers

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
_LONGEST_NAME = 8
_VERBS = ("sell", "buy", "offer", "money", "have", "unlist", "update_price", "use_service")


@dataclass(frozen=True, slots=True)
class Goods:
    """A product named: its words, and the lexicon's entry where there is one. `others`: it may also be these."""

    start: int
    end: int
    name: str
    product: Product | None
    others: tuple[Product, ...] = ()


class GoodsReader:
    """Finds the products of one sentence among the tokens that nothing else has taken."""

    def __init__(
        self, numbers: Numbers, found: tuple[Found, ...], taken: set[int], starts: set[int]
    ) -> None:
        self.at = numbers
        self.found = found
        self.taken = taken
        self.starts = starts  # positions right after a quantity
        self.inside = _inside_phrases(numbers)

    def find(self) -> list[Goods]:
        """Products from left to right, names of the lexicon first."""
        named = self._named()
        goods: list[Goods] = []
        for found in named:
            goods.append(self._whole(self._stay(found), named, goods[-1].end if goods else 0))
        busy = {p for g in goods for p in range(g.start, g.end)}
        goods += self._unnamed(busy)
        return self._joined(sorted(goods, key=lambda g: g.start))

    def _joined(self, goods: list[Goods]) -> list[Goods]:
        """Two names side by side, nothing between them, are one product: *bonsai linh sam*."""
        joined: list[Goods] = []
        for one in goods:
            before = joined[-1] if joined else None
            if before is not None and self._listed(before, one):
                joined[-1] = Goods(
                    before.start, one.end, f"{before.name}, {one.name}", before.product
                )
            elif before is not None and before.end == one.start:
                joined[-1] = Goods(
                    before.start,
                    one.end,
                    f"{before.name} {one.name}",
                    before.product or one.product,
                )
            else:
                joined.append(one)
        return joined

    def _listed(self, before: Goods, after: Goods) -> bool:
        """*hành, tỏi, ớt được 300k*: several goods for one sum; a number between would part them."""
        signs = range(before.end, after.start)
        return (
            len(signs) == 1
            and (self.at.tokens[before.end].raw in ",+" or self.at.has(before.end, "and"))
            and after.end not in self.starts
            and not self._amount_at(after.end)
            and before.start not in self.starts
        )

    def _amount_at(self, at: int) -> bool:
        return at in self.taken or self._number_next(at)

    def _named(self) -> list[Found]:
        chosen: list[Found] = []
        for found in sorted(self.found, key=lambda f: (f.start - f.end, f.start)):
            if any(p in self.taken for p in range(found.start, found.end)):
                continue
            if any(found.start < other.end and other.start < found.end for other in chosen):
                continue
            if found.end - found.start == 1 and not self._stands_as_goods(found):
                continue
            chosen.append(found)
        return sorted(chosen, key=lambda f: f.start)

    def _stands_as_goods(self, found: Found) -> bool:
        """One word is a product where a product can stand: many such words are also something else."""
        at = found.start
        if self._is_name(at):
            return False
        if self.at.has(at, "unit") and at not in self.starts and self._number_next(found.end):
            return False
        of_money = (self.at.has(at - 1, "money") and not self.at.has(at, "honorific")) or (
            self.at.has(at - 1, "money") and found.end == self.at.count
        )
        if at in self.starts or of_money or self._next_thing(found):
            return True
        return not self._function(at)

    def _next_thing(self, found: Found) -> bool:
        """`rau 200k, ca 350k`: between a comma and an amount."""
        before = self.at.token(found.start - 1)
        parted = before is not None and (before.raw in ",;+" or self.at.has(found.start - 1, "and"))
        return parted and self._amount_at(found.end)

    def _function(self, at: int) -> bool:
        return at in self.inside or any(kind in _STOPS for kind in self.at.tags[at])

    def _is_name(self, at: int) -> bool:
        """*chị Lan* is no orchid."""
        form = self.at.tag(at - 1, "honorific")
        return (
            form is not None
            and form.value != "con"
            and form.exact
            and self.at.has(at, "given_name")
        )

    def _number_next(self, at: int) -> bool:
        return at < self.at.count and (
            self.at.tokens[at].digits or self.at.has(at, "digit", "ten", "twenty")
        )

    def _stay(self, found: Found) -> Found:
        """*ở homestay*: what is sold is the homestay."""
        words = found.spelling.split()
        if (
            self.at.has(found.start, "use_service")
            and len(words) > 1
            and self.at.tokens[found.start].bare in ("o", "nghi", "ngu")
        ):
            return replace(found, start=found.start + 1, spelling=" ".join(words[1:]))
        return found

    def _whole(self, found: Found, named: list[Found], after: int) -> Goods:
        """The name with the words that belong to it on both sides, none of them before `after`."""
        start, end = found.start, found.end
        while (
            start > after
            and self._belongs(start - 1, named, left=True)
            and end - start < _LONGEST_NAME
        ):
            start -= 1
        while end < self.at.count and end - start < _LONGEST_NAME:
            tail = self.at.tag(end, "name_tail")
            if tail is None and not self._belongs(end, named, left=False):
                break
            end = tail.end if tail else end + 1
        end = self._grade(end)
        return Goods(start, end, self._spelled(start, end, found), found.product, found.others)

    def _belongs(self, at: int, named: list[Found], *, left: bool) -> bool:
        token = self.at.tokens[at]
        if at in self.taken or any(f.start <= at < f.end for f in named):
            return False
        if token.digits:
            return not left and self._variety(at)
        if (
            left
            and at in self.starts
            and token.word
            and not self.at.tags[at].keys() & {"buyer_sign", "self", "price"}
        ):
            return True
        if not token.word or (
            self._function(at) and not (token.capital and at and not token.raw.isupper())
        ):
            return False
        return not (left and "unit" in self.at.tags[at] and self.at.tags[at]["unit"].exact)

    def _variety(self, at: int) -> bool:
        """The digits of *ST25, OM18*: glued to letters that are no unit."""
        token = self.at.tokens[at]
        return token.glued and at > 0 and self.at.tokens[at - 1].word

    def _grade(self, at: int) -> int:
        """*xoài loại 2*"""
        if (
            self.at.has(at, "grade")
            and self.at.tokens[at].bare == "loai"
            and at + 1 < self.at.count
        ):
            after = self.at.tokens[at + 1]
            return (
                at + 2
                if after.digits or self.at.has(at + 1, "digit") or len(after.raw) == 1
                else at
            )
        return at

    def _spelled(self, start: int, end: int, found: Found) -> str:
        before = self._text(start, found.start)
        after = self._text(found.end, end)
        name = self._text(found.start, found.end) if found.exact else found.spelling
        return " ".join(part for part in (before, name, after) if part)

    def _text(self, start: int, end: int) -> str:
        if start >= end:
            return ""
        words = [self.at.tokens[start].raw]
        for token in self.at.tokens[start + 1 : end]:
            words.append(token.raw if token.glued else " " + token.raw)
        return "".join(words)

    def _unnamed(self, busy: set[int]) -> list[Goods]:
        """What is left over right after a quantity, a verb of selling or *tiền*."""
        found: list[Goods] = []
        last = 0
        for at in sorted(self._openings()):
            end = self._run(at, busy) if at >= last else at
            if end > at and self._may_start(at, busy):
                found.append(Goods(at, end, self._text(at, end), None))
            last = max(end, last)
        return found

    def _openings(self) -> set[int]:
        """Where something unnamed may begin: after a quantity or a verb, past filler words, or after a sign."""
        starts = {*self.starts, 0}
        for kind in _VERBS:
            starts.update(self.at.tags[p][kind].end for p in self.at.where.get(kind, ()))
        for at in sorted(starts):
            end = at
            while self.at.has(end, "noise") and end not in self.taken:
                end += 1
                starts.add(end)
        signs = {
            p + 1 for p, t in enumerate(self.at.tokens) if t.raw in ",+;" or self.at.has(p, "and")
        }
        return {p for p in starts | signs if p < self.at.count}

    def _run(self, at: int, busy: set[int]) -> int:
        end = at
        while (
            end < self.at.count
            and end not in busy
            and self._belongs(end, [], left=False)
            and end - at < _LONGEST_NAME
        ):
            end += 1
        return end

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
        after_sign = at > 0 and (self.at.tokens[at - 1].raw in ",+;" or self.at.has(at - 1, "and"))
        return self._verb(before) or ((at == 0 or after_sign) and self._run(at, busy) in self.taken)

    def _verb(self, at: int) -> bool:
        return any(
            (tag := self.at.tag(start, kind)) is not None and tag.end == at + 1
            for start in range(max(0, at - 2), at + 1)
            for kind in _VERBS
        )


def _inside_phrases(at: Numbers) -> set[int]:
    """Positions inside a phrase of several words that is no part of a name: *hợp tác xã, nhà hàng*."""
    inside: set[int] = set()
    for position, tags in enumerate(at.tags):
        for kind, tag in tags.items():
            if (
                tag.end > position + 1
                and kind in _STOPS
                and kind != "use_service"
                and (tag.exact or tag.end > position + 2 or kind == "sell")
            ):
                inside.update(range(position, tag.end))
    return inside

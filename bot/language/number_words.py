"""What stands at each place of a sentence, for whoever reads numbers, days or people in it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.number import Number
from bot.language.tokens import Sentence, Token
from bot.language.vocabulary import Tag, Tagged, Tags

_THOUSANDS = frozenset(("k", "ng", "n"))
_THOUSAND = frozenset((1000,))
_NOWHERE: Sequence[int] = ()
_BEYOND: Tags = ({},) * 16  # negative positions end up here


class NumberWords:
    """One tagged sentence. `tags`: class -> phrase, at each position; `kinds`: the classes anywhere in it."""

    def __init__(self, sentence: Sentence, tagged: Tagged) -> None:
        self.text = sentence.text
        self.plain = sentence.plain
        self.tokens = sentence.tokens
        self.raw = sentence.raw
        self.low = sentence.low
        self.bare = sentence.bare
        self.digits = sentence.digits
        self.word = sentence.word
        self.marked = sentence.marked
        self.capital = sentence.capital
        self.glued = sentence.glued
        self.count = len(sentence.tokens)
        self.phrases = tagged.phrases
        self.where = tagged.where
        self.kinds = self.where.keys()
        # Nothing stands beyond either end, so that neighbours are looked up without asking where it ends.
        self.tags = tagged.tags + _BEYOND
        # Only beyond a million a sum is read in another way than a count.
        sizes = [self.tags[p]["magnitude"].value for p in self.where.get("magnitude", _NOWHERE)]
        self.millions = not _THOUSAND.issuperset(sizes)
        self._kept: dict[tuple[int, bool], Number | None] = {}

    def places(self, kind: str) -> Sequence[int]:
        """Where words of this class stand, from left to right."""
        return self.where.get(kind, _NOWHERE)

    def last(self, *kinds: str) -> int:
        """The last place where a word of these classes stands, -1 for none."""
        if self.kinds.isdisjoint(kinds):
            return -1
        return max([self.where[kind][-1] for kind in kinds if kind in self.where])

    def value(self, at: int, kind: str) -> int | None:
        tag = self.tags[at].get(kind)
        return tag.value if tag is not None and isinstance(tag.value, int) else None

    def tag(self, at: int, kind: str) -> Tag | None:
        return self.tags[at].get(kind)

    def says(self, *kinds: str) -> bool:
        """Is a word of these classes anywhere in the sentence?"""
        return not self.kinds.isdisjoint(kinds)

    def has(self, at: int, *kinds: str) -> bool:
        return not self.tags[at].keys().isdisjoint(kinds)

    def token(self, at: int) -> Token | None:
        return self.tokens[at] if 0 <= at < self.count else None

    def _glued(self, at: int) -> bool:
        return 0 <= at < self.count and self.glued[at]

    def magnitude(self, at: int) -> int | None:
        """1.000, 1.000.000, 10⁹ at this token. A bare *k, ng, n* belongs to the digit before it; `m` is a metre first."""
        tag = self.tags[at].get("magnitude")
        if tag is None:
            return None
        low = self.low[at]
        if self.raw[at] == "m" or (low in _THOUSANDS and not self._is_thousand(at, low)):
            return None
        return tag.value if isinstance(tag.value, int) else None

    def _is_thousand(self, at: int, low: str) -> bool:
        """`25k, 25ng, 25n`; *15 ng ăn cơm* are people, `2n1đ` is a tour."""
        if at == 0 or not self.digits[at - 1]:
            return False
        if low == "ng":
            return not self.has(at + 1, "use_service") and not self.says("guest")
        tour = self._glued(at + 1) and self.digits[at + 1]
        return low == "k" or (self.glued[at] and not tour)

    def _starts_unit(self, at: int) -> bool:
        """A unit, and not a number word that only looks like one without marks: *tam* tám, tấm."""
        unit = self.tag(at, "unit")
        return (
            unit is not None
            and self.magnitude(at) is None
            and (unit.exact or not self.has(at, "digit") or self.has(at - 1, "per"))
        )

    def _says_tail(self, at: int) -> bool:
        """*mốt, tư, lăm*. Without marks *mot* before a unit or goods is *một*: *ngan | mot ky*."""
        if "tail" not in self.tags[at] or self.has(at + 1, "hundred", "tens"):
            return False
        if self.has(at + 1, "dozen"):
            return self.value(at, "tail") == 5  # ba lăm chục
        if self.marked[at] or not self.has(at, "digit"):
            return True
        return not self._starts_unit(at + 1) and not self._starts_goods(at + 1)

    def _starts_goods(self, at: int) -> bool:
        """A word that is no filler: what *một* before it counts."""
        token = self.token(at)
        closes = ("noise", "buyer_sign", "money", "honorific", "dong", "half", "magnitude")
        return token is not None and token.word and not self.has(at, *closes)

    def _closes(self, at: int) -> bool:
        return not self._starts_unit(at) and not self.has(at, "tens", "dozen")

"""A sentence without who and where: names, long numbers and places are covered, the rest stays as typed.

Rather a word too many than a name left in. Pure: the same sentence always gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language import product_names
from bot.language.numbers import Numbers
from bot.language.person_names import Person
from bot.language.shop_names import ShopNames
from bot.language.tokens import Token, tokenize
from bot.language.understanding import NOBODY, Known
from bot.language.vocabulary import tag

NAME, NUMBER, PLACE = "<tên>", "<số>", "<nơi>"
MOST_DIGITS = 7  # of a number that stays; longer ones are phones and accounts
LONGEST_PLACE = 4  # words after the kind of a place

_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
_LONG = re.compile(  # a phone with or without gaps; groups as on a bank card; digits in a row
    r"(?<![\d.,])(?:\+|0)\d*(?:[ .-]?\d+){2,}|(?<![\d.,])\d{3,}(?: \d{3,}){2,}|\d{8,}"
)
_ROW = re.compile(r"(<\w+>)(?:\s+\1)+")
_OWN = frozenset(("em", "con", "chau", "be", "ba", "e", "c", "thang"))  # also *I*, animals, *tháng*
_KINDS = frozenset(
    ("ấp", "thôn", "xóm", "xã", "phường", "huyện", "quận", "tỉnh", "hẻm", "ngõ", "khóm", "số",
     "ap", "thon", "xom", "huyen")
)  # fmt: skip
_ALSO_GOODS = frozenset(
    ("đường", "phố", "bản", "buôn", "làng", "tổ")
)  # before a capital or a digit
_OTHERS = ("voso", "mart", "place_buyer", "offline")  # phrases whose later words are no names
_MAY_BE_NAME = frozenset(("given_name", "town", "digit", "ten", "tail", "other_place"))
_ACTS = ("buy", "got", "sell", "returned")
_ENDS_PLACE = ("sell", "buy", "price", "total", "buyer_sign", "got", "noise", "honorific", "self")

Words = tuple[int, int, str]
"""Tokens from, to, and what covers them; the same with characters is a `Letters`."""
Letters = tuple[int, int, str]


def masked(text: str, known: Known = NOBODY) -> str:
    """The text with `<tên>`, `<số>` and `<nơi>` in place of people's names, numbers and places.

    What lies beyond the words that the grammar reads is left out.
    """
    sentence = tokenize(text)
    if not sentence.tokens:
        return ""
    spans = sentence.spans()
    shown = sentence.text[: spans[-1][1]]
    words = _words(Numbers(sentence, tag(sentence)), product_names.find(sentence, known.products))
    covers = [(spans[start][0], spans[end - 1][1], sign) for start, end, sign in words]
    covers += [(*m.span(), NUMBER) for m in _LONG.finditer(shown) if _is_long(m.group())]
    covers += [(*m.span(), NUMBER) for m in _ADDRESS.finditer(shown)]
    return _covered(shown, covers)


def _words(at: Numbers, found: tuple[product_names.Found, ...]) -> Iterator[Words]:
    goods = {p for f in found if _is_good(at, f) for p in range(f.start, f.end)}
    singles = {f.start for f in found} - goods
    inside = _inside_phrases(at)
    for person in _Everybody(at, goods, found).named():
        yield _name_of(at, person), _past_capitals(at, person.end), NAME
    for start in range(at.count):
        if start in goods | inside:
            continue
        if _is_bare_name(at, start, good=start in singles):
            yield start, _past_capitals(at, start + 1), NAME
        if (end := _place_end(at, start)) > start + 1:
            yield start + 1, end, PLACE
        if (end := _digits_end(at, start)) - start > MOST_DIGITS:
            yield start, end, NUMBER


def _is_good(at: Numbers, name: product_names.Found) -> bool:
    """A product of two words and more, unless it is somebody: *cho chị Trà My*."""
    someone = at.has(name.start - 1, "honorific") and at.capital[name.start]
    return name.end - name.start > 1 and not someone


def _inside_phrases(at: Numbers) -> set[int]:
    """Later words of *vỏ sò, hợp tác xã*: they are no names and no places."""
    starts = ((p, at.tags[p][kind].end) for kind in _OTHERS for p in at.places(kind))
    return {p for start, end in starts for p in range(start + 1, end)}


def _past_capitals(at: Numbers, end: int) -> int:
    while (token := at.token(end)) and token.capital and not at.has(end, *_OTHERS):
        end += 1
    return end


class _Everybody(ShopNames):
    """Everybody named in a sentence, whatever they do in it."""

    def named(self) -> list[Person]:
        """Buyers, sellers, the writer: whoever has a name."""
        starts = {p for kind in ("honorific", "place_buyer") for p in self.at.places(kind)}
        starts |= {p for p, token in enumerate(self.tokens) if token.bare.endswith("mart")}
        people = [p for at in sorted(starts - self.taken) if (p := self._person(at))]
        return [p for p in people if _name_of(self.at, p) < p.end and self._is_name(p)]

    def _is_name(self, person: Person) -> bool:
        if self.tokens[person.start].bare not in _OWN:
            return True
        first = _name_of(self.at, person)
        sure = self.at.has(first, "given_name") and first not in self.products
        return sure or self.tokens[first].capital


def _name_of(at: Numbers, person: Person) -> int:
    """Where the name itself begins, after *chị* or *đại lý*."""
    form = at.tag(person.start, "place_buyer") or at.tag(person.start, "honorific")
    return form.end if form and form.end <= person.end else person.start


def _is_bare_name(at: Numbers, start: int, *, good: bool) -> bool:
    """A name without a form of address: *bán cho Lan*, *Lan Anh lấy*; `good`: it is a product as well."""
    token, before = at.tokens[start], at.token(start - 1)
    named = at.has(start, "given_name")
    if at.has(start, "honorific", "place_buyer"):
        return False
    if at.has(start - 1, "buyer_sign") and named and not at.has(start, "digit"):
        return token.capital or not good
    if before is None or before.raw in ".!?:" or before.digits:
        follows = at.token(start + 1)
        alone = follows is None or not (follows.capital or at.has(start + 1, *_ACTS))
        return token.capital and named and not alone
    sure = at.tags[start].keys() <= _MAY_BE_NAME or at.has(start, "town")
    return token.capital and sure and not good


def _place_end(at: Numbers, start: int) -> int:
    """Where the place ends whose kind stands here: *ấp 3*, *xã Lai Vung*; `start` when it is none."""
    kind, name = at.low[start], at.token(start + 1)
    if name is None or not (name.word or name.digits):
        return start
    certain = name.capital or name.digits
    if kind not in _KINDS and not (kind in _ALSO_GOODS and certain):
        return start
    if kind == "số" and not at.has(start - 1, "household"):
        return start
    end = start + 1
    while end < at.count and end - start <= LONGEST_PLACE and _in_place(at, end, name):
        end += 1
    return end


def _in_place(at: Numbers, here: int, first: Token) -> bool:
    token = at.tokens[here]
    if token is first:
        return not at.has(here, *_ENDS_PLACE) or token.capital
    if first.digits or not token.word:
        return False
    return token.capital or (not first.capital and not at.has(here, *_ENDS_PLACE, "unit"))


def _digits_end(at: Numbers, start: int) -> int:
    """The end of digits said one by one from here on; 0 in the middle of such a row."""
    if _is_digit(at, start - 1):
        return 0
    end = start
    while _is_digit(at, end):
        end += 1
    return end


def _is_digit(at: Numbers, here: int) -> bool:
    return at.has(here, "digit", "tail")


def _is_long(number: str) -> bool:
    """More digits than a price has; thousands between dots are money however long they are."""
    money = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", number)
    return money is None and sum(c.isdigit() for c in number) > MOST_DIGITS


def _covered(text: str, covers: Iterable[Letters]) -> str:
    """The text with each of these in its place; of two that overlap the first stays, the other's rest goes."""
    parts, last = [], 0
    for start, end, sign in sorted(covers, key=lambda c: (c[0], -c[1])):
        if start >= last:
            parts += [text[last:start], sign]
        last = max(last, end)
    return _ROW.sub(r"\1", "".join([*parts, text[last:]]))

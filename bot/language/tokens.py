"""Text -> tokens in two forms: as typed (lower case, NFC) and folded, cut at digit/letter borders."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from bot.language.kept import Kept
from bot.language.values import value_class
from domain.fold import fold

LONGEST = 4096  # characters; what lies beyond is not read
MOST_TOKENS = 120
_NONE: tuple[tuple[()], ...] = ((),) * 9  # the columns of no tokens
_USUAL = 24  # characters between two spaces; what is longer will not come again

# What stands before it, and a number, a word or a sign.
_TOKEN = re.compile(r"([\s_]*)(\d{1,18}(?:[.,]\d{1,12})*|[^\W\d_]+|[^\w\s])")
# Old tone placement: hoà -> hòa. Only at the end of a syllable, where the vowel pair is open.
_PLACEMENT = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


class Token(NamedTuple):
    """One word, number or sign. `glued`: nothing stands between it and the token before.

    `bareness`: 1 for a word typed without marks, -3 for one with them; a letter alone tells nothing. The same word
    is the same token wherever it stands; where that is, its sentence knows.
    """

    raw: str
    low: str
    bare: str
    digits: bool
    word: bool
    marked: bool
    capital: bool
    glued: bool
    bareness: int


@value_class(frozen=True, slots=True)
class Sentence:
    """A message as tokens, and what they are by columns. `plain`: typed without diacritics, so bare forms are read."""

    text: str
    plain: bool
    tokens: tuple[Token, ...]
    raw: tuple[str, ...]
    low: tuple[str, ...]
    bare: tuple[str, ...]
    digits: tuple[bool, ...]
    word: tuple[bool, ...]
    marked: tuple[bool, ...]
    capital: tuple[bool, ...]
    glued: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.tokens)

    def spans(self) -> list[tuple[int, int]]:
        """The characters of each token, as from and to. Looked up again: few ask."""
        return [match.span(2) for match in islice(_TOKEN.finditer(self.text), len(self))]

    def words(self, start: int, end: int) -> str:
        """The text between two token positions, as typed."""
        if start >= end:
            return ""
        spans = self.spans()
        return self.text[spans[start][0] : spans[end - 1][1]]


@lru_cache(maxsize=8192)
def _token(raw: str, glued: bool) -> Token:  # noqa: FBT001 named arguments make the look-up dear
    first = raw[0]
    if first.isdecimal():
        return Token(raw, raw, raw, True, False, False, False, glued, 0)
    low = raw.lower()
    if low[-2:] in _PLACEMENT and not low.startswith("qu"):
        low = low[:-2] + _PLACEMENT[low[-2:]]
    bare, word = fold(low), first.isalpha()
    marked = low != bare
    told = (-3 if marked else 1) if word and len(raw) > 1 else 0
    return Token(raw, low, bare, False, word, marked, word and first.isupper(), glued, told)


def tokenize(text: str) -> Sentence:
    """Bounded: at most 4,096 characters and 120 tokens are read."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    found = chain.from_iterable(map(_TOKENS.__getitem__, text.split()))
    tokens = tuple(islice(found, MOST_TOKENS))
    raw, low, bare, digits, word, marked, capital, glued, bareness = (
        zip(*tokens, strict=True) if tokens else _NONE
    )
    # Vietnamese text carries marks on two words of three; under one in four it was typed without.
    plain = sum(bareness) > 0
    return Sentence(text, plain, tokens, raw, low, bare, digits, word, marked, capital, glued)


def _cut(run: str) -> tuple[Token, ...]:
    """The tokens of what stands between two spaces."""
    found = _TOKEN.findall(run)[:MOST_TOKENS]
    return tuple([_token(raw, at > 0 and not gap) for at, (gap, raw) in enumerate(found)])


class _Tokens(Kept[str, tuple[Token, ...]]):
    """By what stands between two spaces: the same few thousand runs of signs make up nearly all that is typed."""

    def __missing__(self, run: str) -> tuple[Token, ...]:
        return super().__missing__(run) if len(run) <= _USUAL else _cut(run)


_TOKENS = _Tokens(_cut, 8192)

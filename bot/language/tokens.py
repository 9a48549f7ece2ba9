"""Text -> tokens in two forms: as typed (lower case, NFC) and folded, cut at digit/letter borders."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from domain.fold import fold

LONGEST = 4096  # characters; what lies beyond is not read
MOST_TOKENS = 120
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

    The same word is the same token wherever it stands; where that is, its sentence knows.
    """

    raw: str
    low: str
    bare: str
    digits: bool
    word: bool
    marked: bool
    capital: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message as tokens. `plain`: typed without diacritics, so bare forms are read."""

    text: str
    tokens: tuple[Token, ...]
    low: tuple[str, ...]
    bare: tuple[str, ...]
    plain: bool

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
        return Token(raw, raw, raw, True, False, False, False, glued)
    low = raw.lower()
    if low[-2:] in _PLACEMENT and not low.startswith("qu"):
        low = low[:-2] + _PLACEMENT[low[-2:]]
    bare, word = fold(low), first.isalpha()
    return Token(raw, low, bare, False, word, low != bare, word and first.isupper(), glued)


def tokenize(text: str) -> Sentence:
    """Bounded: at most 4,096 characters and 120 tokens are read."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    found: list[Token] = []
    for run in text.split():
        found += _tokens(run) if len(run) <= _USUAL else _cut(run)
    tokens = tuple(found[:MOST_TOKENS])
    low, bare = tuple([t.low for t in tokens]), tuple([t.bare for t in tokens])
    return Sentence(text, tokens, low, bare, _is_plain(tokens))


def _cut(run: str) -> tuple[Token, ...]:
    """The tokens of what stands between two spaces."""
    found = _TOKEN.findall(run)[:MOST_TOKENS]
    return tuple([_token(raw, at > 0 and not gap) for at, (gap, raw) in enumerate(found)])


_tokens = lru_cache(maxsize=8192)(_cut)
"""The same few thousand runs of signs make up nearly all that is typed."""


def _is_plain(tokens: tuple[Token, ...]) -> bool:
    """Vietnamese text carries marks on two words of three; under one in four it was typed without."""
    marked = [t.marked for t in tokens if t.word and len(t.raw) > 1]
    return 4 * sum(marked) < len(marked)

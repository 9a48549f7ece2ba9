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

_TOKEN = re.compile(r"\d{1,18}(?:[.,]\d{1,12})*|[^\W\d_]+|[^\w\s]")
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
    """A message as tokens. `spans`: the characters of each. `plain`: typed without diacritics, so bare forms are read."""

    text: str
    tokens: tuple[Token, ...]
    spans: tuple[tuple[int, int], ...]
    low: tuple[str, ...]
    bare: tuple[str, ...]
    plain: bool

    def __len__(self) -> int:
        return len(self.tokens)

    def words(self, start: int, end: int) -> str:
        """The text between two token positions, as typed."""
        if start >= end:
            return ""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]


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
    tokens: list[Token] = []
    spans: list[tuple[int, int]] = []
    before = -1
    for match in islice(_TOKEN.finditer(text), MOST_TOKENS):
        span = match.span()
        tokens.append(_token(match[0], span[0] == before))
        spans.append(span)
        before = span[1]
    low, bare = tuple([t.low for t in tokens]), tuple([t.bare for t in tokens])
    return Sentence(text, tuple(tokens), tuple(spans), low, bare, _is_plain(tokens))


def _is_plain(tokens: list[Token]) -> bool:
    """Vietnamese text carries marks on two words of three; under one in four it was typed without."""
    marked = [t.marked for t in tokens if t.word and len(t.raw) > 1]
    return 4 * sum(marked) < len(marked)

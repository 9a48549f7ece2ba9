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

    A named tuple, because a message has many: four times quicker to make than a frozen dataclass.
    """

    raw: str
    low: str
    bare: str
    digits: bool
    word: bool
    marked: bool
    capital: bool
    start: int
    end: int
    glued: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message as tokens. `plain`: typed without diacritics, so bare forms are read."""

    text: str
    tokens: tuple[Token, ...]
    plain: bool

    def __len__(self) -> int:
        return len(self.tokens)

    def words(self, start: int, end: int) -> str:
        """The text between two token positions, as typed."""
        if start >= end:
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


@lru_cache(maxsize=8192)
def _forms(raw: str) -> tuple[str, str, str, bool, bool, bool, bool]:
    """What a token is wherever it stands: the first seven fields."""
    first = raw[0]
    if first.isdecimal():
        return raw, raw, raw, True, False, False, False
    low = raw.lower()
    if low[-2:] in _PLACEMENT and not low.startswith("qu"):
        low = low[:-2] + _PLACEMENT[low[-2:]]
    bare, word = fold(low), first.isalpha()
    return raw, low, bare, False, word, low != bare, word and first.isupper()


def tokenize(text: str) -> Sentence:
    """Bounded: at most 4,096 characters and 120 tokens are read."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    tokens: list[Token] = []
    before = -1
    for match in islice(_TOKEN.finditer(text), MOST_TOKENS):
        start, end = match.span()
        tokens.append(Token(*_forms(match[0]), start, end, start == before))
        before = end
    return Sentence(text, tuple(tokens), _is_plain(tokens))


def _is_plain(tokens: list[Token]) -> bool:
    """Vietnamese text carries marks on two words of three; under one in four it was typed without."""
    marked = [t.marked for t in tokens if t.word and len(t.raw) > 1]
    return 4 * sum(marked) < len(marked)

"""Folding: the same letters however marks, case and spaces were typed.

Pure and quick: one `str.translate` over a table made at import. Composed and decomposed text fold alike.
"""

import unicodedata
from functools import lru_cache

LONGEST_NAME = 64  # characters

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


def _plain_letter(letter: str) -> str:
    """The letter of a to z under a mark, or the letter itself when there is none."""
    base = unicodedata.normalize("NFD", letter.lower())[0]
    return "d" if base == "đ" else base


_LETTERS: dict[int, str | None] = {
    **{code: _plain_letter(chr(code)) for code in _LATIN},
    **dict.fromkeys(range(0x300, 0x370)),
    **dict.fromkeys(map(ord, _INVISIBLE)),
}


def fold_letters(text: str) -> str:
    """Small letters without marks, đ as d. Composed text without invisible signs keeps its length."""
    if text.isascii():
        return text.lower()
    folded = text.lower().translate(_LETTERS)
    return folded if folded.isascii() else _fold_foreign(folded)


def _fold_foreign(text: str) -> str:
    """The slow way, for letters beyond the table (Greek, Cyrillic): decomposed marks fall away there too."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def fold(text: str) -> str:
    """`fold_letters` with every run of spaces made one and none at the ends."""
    return _fold_name(text) if len(text) <= LONGEST_NAME else _folded(text)


def _folded(text: str) -> str:
    return " ".join(fold_letters(text).split())


_fold_name = lru_cache(maxsize=16_384)(_folded)
"""The same names are folded again and again: those of a household's goods at each of its messages."""


def has_marks(text: str) -> bool:
    """Whether any letter bears a Vietnamese mark (a tone, â ă ê ô ơ ư, đ)."""
    return not text.isascii() and fold_letters(text) != unicodedata.normalize("NFC", text).lower()


def spell(text: str) -> str:
    """For comparing with marks: small letters, each word's tone moved to its end, so that hoà is hòa."""
    return " ".join(map(_spell_word, text.lower().split()))


def _spell_word(word: str) -> str:
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in letters if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES)) + tones

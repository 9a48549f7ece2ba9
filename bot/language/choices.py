"""A typed answer to buttons: the number, the word, or a clear part of one. Never a guess between two."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.numbers import Numbers
from bot.language.replies import answer
from bot.language.tokens import tokenize
from bot.language.vocabulary import tag
from domain.fold import fold

Option = tuple[str, str]  # id, label

# Which labels the universal answers stand for, by the class of the label's own words.
_SAME = {
    "yes": ("yes", "save"),
    "save": ("save", "yes"),
    "no": ("no", "cancel"),
    "cancel": ("cancel", "no"),
    "later": ("later",),
    "skip": ("skip",),
    "edit": ("edit",),
    "undo": ("undo",),
    "restore": ("restore",),
    "human": ("human",),
    "back": ("back",),
    "resume": ("resume",),
}
_CONSENT = "dong y"
_LONGEST = 200  # characters; a longer message is no choice


def choose(text: str, options: Sequence[Option], shown: Sequence[Option] = ()) -> str | None:
    """The id of the option that was typed, or None when it is none of them or could be two.

    `shown`: the same options as they were shown, where that was in a language that we don't understand.
    """
    said = fold(text[:_LONGEST]).strip(" .!?,;")
    if not said or len(text) > _LONGEST:
        return None
    found = _by_sign(said, options) or _by_answer(text, options)
    return found or (_by_sign(said, shown) if shown else None)


def _by_sign(said: str, options: Sequence[Option]) -> str | None:
    return _by_label(said, options) or _by_number(said, options) or _by_words(said, options)


def _by_label(said: str, options: Sequence[Option]) -> str | None:
    return _only([key for key, label in options if fold(label) == said])


def _by_number(said: str, options: Sequence[Option]) -> str | None:
    """*1*, *so 2*, *cai thu 3*: the position; a number that is part of a label is that label's first."""
    words = said.split()
    numbers = [int(w) for w in words if w.isascii() and w.isdigit() and len(w) < 4]
    if len(numbers) != 1 or len(words) > 4:
        return None
    named = [
        key for key, label in options if str(numbers[0]) in fold(label).replace(".", " ").split()
    ]
    if len(words) > 1 and named:
        return _only([k for k in named if _overlap(said, dict(options)[k]) > 1] or named)
    if all(_is_number(label) for _, label in options):
        return _only(named)
    placed = (
        [options[numbers[0] - 1][0]]
        if _is_position(words) and 1 <= numbers[0] <= len(options)
        else []
    )
    return _only(placed + named) if placed else None


def _is_number(label: str) -> bool:
    return label.strip().isdigit()


def _is_position(words: list[str]) -> bool:
    return all(w.isdigit() or is_filler(w) for w in words)


def is_filler(word: str) -> bool:
    """A word of politeness or of order, which says nothing by itself."""
    tags = tag(tokenize(word)).tags
    return bool(tags) and any(
        k in tags[0] for k in ("order_sign", "answer_filler", "weekday", "grade", "noise")
    )


def _overlap(said: str, label: str) -> int:
    return len(set(said.split()) & set(fold(label).split()))


def _by_words(said: str, options: Sequence[Option]) -> str | None:
    """All the words of one label stand in what was typed, or a word that only one label has."""
    words = said.replace(",", " ").split()
    if len(words) > 12:
        return None
    opening = [key for key, label in options if fold(label).startswith(f"{said} ")]
    if len(opening) == 1:
        return opening[0]
    options = [o for o in options if _refuses(words) == _refuses(fold(o[1]).split())]
    padded = f" {' '.join(words)} "
    whole = [key for key, label in options if f" {fold(label)} " in padded]
    if whole:
        longest = max(len(fold(dict(options)[key])) for key in whole)
        return _only([key for key in whole if len(fold(dict(options)[key])) == longest])
    telling = {key: _telling(label, options) & set(words) for key, label in options}
    best = max((len(found) for found in telling.values()), default=0)
    return _only([key for key, found in telling.items() if len(found) == best]) if best else None


def _refuses(words: list[str]) -> bool:
    """*khong luu* is not [Lưu]."""
    tags = tag(tokenize(" ".join(words[:3]))).tags
    return any(
        "no" in here or ("answer" in here and here["answer"].value == "cancel") for here in tags
    )


def _telling(label: str, options: Sequence[Option]) -> set[str]:
    """The words of a label that no other label has and that mean something."""
    mine = set(fold(label).split())
    others = {word for _, other in options if other != label for word in fold(other).split()}
    return {word for word in mine - others if len(word) > 1 and not is_filler(word)}


def _by_answer(text: str, options: Sequence[Option]) -> str | None:
    """*ừ* is the option that goes on, *không* the one that refuses, *thôi* the one that leaves."""
    said = _answer_of(text)
    kinds = _SAME.get(said or "", ())
    by_kind = [(key, _answer_of(label)) for key, label in options]
    if said == "save":  # *lưu đi* is no consent
        by_kind = [(key, own) for key, own in by_kind if fold(dict(options)[key]) != _CONSENT]
    for kind in kinds:
        found = [key for key, own in by_kind if own == kind]
        if found:
            return _only(found)
    if said == "yes" and options:
        refusals = {key for key, own in by_kind if own in ("no", "cancel", "later", "skip")}
        return (
            options[0][0]
            if options[0][0] not in refusals and len(options) - len(refusals) <= 2
            else None
        )
    return None


def _answer_of(text: str) -> str | None:
    sentence = tokenize(text)
    return answer(Numbers(sentence, tag(sentence)), alone=False)


def _only(keys: list[str]) -> str | None:
    return keys[0] if len(set(keys)) == 1 else None

"""*cô ba trăm trứng*: three hundred eggs for *cô*, or a hundred for *cô Ba*. Both readings, side by side."""

from __future__ import annotations

from dataclasses import replace

from bot.language.reading import Parts
from bot.language.understanding import Reading, Understanding

_NUMBERS = ("quantity", "total_vnd")  # what a word that may be a name leaves open


def as_name(parts: Parts) -> str | None:
    """The message with the doubtful word written as a name is; None when there is no such word."""
    if parts.people.doubt is None:
        return None
    sentence = parts.sentence
    start, _ = sentence.spans()[parts.people.doubt[0]]
    return sentence.text[:start] + sentence.text[start].upper() + sentence.text[start + 1 :]


def either(number: Understanding, name: Understanding) -> Understanding:
    """What is asked, with both readings; the name alone where the word adds nothing to the number."""
    if number.intent != "log_sale" or name.buyer is None or len(name.items) != len(number.items):
        return number
    if name.items == number.items:
        return name
    readings = tuple(
        Reading("name_or_number", key, said.items, buyer=said.buyer)
        for key, said in (("name", name), ("number", number))
    )
    others = tuple(slot for slot in number.ask if slot not in _NUMBERS)
    return replace(number, ask=("name_or_number", *others), readings=(*readings, *number.readings))

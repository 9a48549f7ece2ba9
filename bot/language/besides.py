"""A text without the phrases that name its request: *moi can bo Lai Vung* leaves *Lai Vung*."""

from __future__ import annotations

from datetime import date

from bot.language.reading import Parts, read
from bot.language.understanding import Known


def besides(text: str, request: str, on: date) -> str:
    """What is said besides the request, as it was typed."""
    return without_request(read(text, on, Known()), request)


def without_request(parts: Parts, request: str) -> str:
    """The words of a text that was read: *hoa don* is no flower when it named the request."""
    at, taken = parts.at, set[int]()
    for position in at.places("request"):
        tag = at.tags[position]["request"]
        if tag.value == request:
            taken.update(range(position, tag.end))
    kept = (parts.sentence.words(p, p + 1) for p in range(at.count) if p not in taken)
    return " ".join(kept)

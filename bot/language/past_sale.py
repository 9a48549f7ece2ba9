"""Which line of the book is meant: *biên lai KX42, biên lai cam của chị Lan hôm qua*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.language.besides import without_request
from bot.language.reading import read
from bot.language.understanding import Known
from domain.codes import DIGITS, LETTERS

_CODE = re.compile(rf"(?<!\w)([{LETTERS}]{{2}}) ?([{DIGITS}]{{2,6}})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PastSale:
    """What the words tell of a sale that is in the book; `code` may be none of the household's."""

    code: str | None = None
    buyer: str | None = None
    goods: tuple[str, ...] = ()
    day: date | None = None


def past_sale(text: str, request: str, on: date, known: Known) -> PastSale:
    """Code, buyer, goods and day in a text, the words of the request itself left out."""
    found = _CODE.search(text)
    parts = read(without_request(read(text, on, known), request), on, known)
    return PastSale(
        code="".join(found.groups()).upper() if found else None,
        buyer=parts.buyer.name if parts.buyer else None,
        goods=tuple(g.name for g in parts.goods if g.name and g.product is not None),
        day=next((day.past for day in parts.days if day.past is not None), None),
    )

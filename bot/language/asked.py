"""What was asked of a person, and what they said to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.language.amount import Amount
from bot.language.reading import Parts
from bot.language.understanding import Item


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and what was said to it."""

    parts: Parts
    on: date
    item: Item | None

    @property
    def text(self) -> str:
        return self.parts.sentence.text.strip()

    def sums(self) -> list[Amount]:
        """Sums and bare numbers, the last one said first: *dư số 0, 165 thôi*."""
        return [
            a for a in reversed(self.parts.amounts) if a.kind in ("money", "bare") and a.value > 0
        ]

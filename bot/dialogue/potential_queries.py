"""What a worker asks of the households with potential in the chat."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.help_queries import Correspondent
from domain.potential import Record


@dataclass(frozen=True, slots=True)
class MostPromising:
    """Those of the asker's area with the highest scores -> tuple[PromisingHousehold, ...]."""

    most: int


@dataclass(frozen=True, slots=True)
class PromisingHousehold:
    """A household that lets workers see it, and what its score rests on."""

    who: Correspondent
    record: Record

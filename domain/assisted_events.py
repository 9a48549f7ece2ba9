"""What a household says of entries that a worker wrote in its book."""

from __future__ import annotations

from typing import Literal

from domain.facts import Fact

Answer = Literal["right", "wrong"]


class HelpedEntryAnswered(Fact):
    """The household has looked at an entry that `worker` wrote for it; one that is wrong still counts."""

    type: Literal["helped_entry_answered"] = "helped_entry_answered"
    code: str
    answer: Answer


AssistedEvent = HelpedEntryAnswered

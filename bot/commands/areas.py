"""The area that somebody types after `--area`."""

from __future__ import annotations

import datetime as dt

from bot.commands.output import Mistake
from domain.household import ZONE
from domain.places import Found, find_place
from domain.province_keys import named_province


def named_area(text: str) -> str:
    """The key of a province or the code of a commune, by name or code; Mistake when it is neither."""
    key = named_province(text, dt.datetime.now(ZONE).date())
    if key is not None:
        return key
    found = find_place(text)
    if isinstance(found, Found):
        return found.commune.code
    raise Mistake(f"--area: {text} is no province, nor one commune with its province")

"""A household begins: its code, its commune, the fact of it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.queries import NextHouseholdCode
from bot.dialogue.turn import Turn
from bot.drafts.areas import own_name
from domain.events import HouseholdRegistered
from domain.fold import fold
from domain.geography import Commune, province
from domain.household import Household


def new_home(turn: Turn, commune: Commune) -> Household:
    """A household in this commune; its code begins with the letters of the province."""
    home = province(commune.province_code)
    prefix = "".join(word[0] for word in fold(home.short_name).split()).upper()
    code = turn.query(NextHouseholdCode(prefix))
    return Household(
        id=turn.id("household"),
        code=code,
        province=home.code,
        commune=commune.code,
        registered_at=turn.at,
    )


def register(turn: Turn, commune: Commune) -> None:
    """The sender's household, in this commune."""
    turn.household = new_home(turn, commune)
    turn.person = replace(turn.person, household=turn.household.id)
    turn.fact(HouseholdRegistered, code=turn.household.code)
    around = own_name(commune.province_code)
    turn.tell("place.saved", commune=own_name(commune.code), province=around)

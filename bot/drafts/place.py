"""Asking for the commune: homonyms, old names and divided communes are chosen by the person, never for them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.reply import Button, Line, Value
from bot.dialogue.turn import Turn
from domain.geography import Commune, OldCommune, province
from domain.places import (
    ChooseCommune,
    ChooseDistrict,
    ChooseProvince,
    ChooseSuccessor,
    Found,
    NeedCommune,
    PlaceSearch,
    find_place_by_turns,
)

MOST_BUTTONS = 8
KEPT_ANSWERS = 3  # besides the first text of a search, which the replay needs


def search(texts: Sequence[str]) -> PlaceSearch:
    """What the place's texts so far come to."""
    return find_place_by_turns([*texts[:1], *texts[1:][-KEPT_ANSWERS:]])


def ask_place(turn: Turn, found: PlaceSearch | None, action: str) -> None:
    """Ask for the commune, or for what is still open of it; choices come back as `action:number`."""
    question = _question(found)
    labels = () if found is None or isinstance(found, Found) else found.labels
    buttons = [
        Button(f"{action}:{number}", "button.plain", {"text": label})
        for number, label in enumerate(labels[:MOST_BUTTONS], 1)
    ]
    if isinstance(found, ChooseSuccessor):
        buttons.append(Button(f"{action}:worker", "button.ask_worker"))
    turn.say(question, buttons=tuple(buttons))


def _question(found: PlaceSearch | None) -> Line:
    match found:
        case None:
            return Line("ask.place")
        case ChooseProvince():
            return Line("ask.province", {"commune": found.name, "count": len(found.provinces)})
        case ChooseCommune():
            values: dict[str, Value] = {"province": found.province.short_name}
            return Line("ask.commune_which", {**values, "count": len(found.communes)})
        case ChooseDistrict():
            values = {"province": found.province.short_name, "commune": found.old_name}
            return Line("ask.commune_district", {**values, "count": len(found.districts)})
        case ChooseSuccessor():
            old = found.old_commune.name
            return Line("ask.commune_old", {"old_commune": old, "count": len(found.communes)})
        case NeedCommune():
            return Line("ask.commune", {"province": found.province.full_name})
    return Line("place.unknown")


def tell_renamed(turn: Turn, old: OldCommune | None, commune: Commune) -> None:
    """Say which commune of today the old one is, when its name is another."""
    if old is None or (old.name, old.kind) == (commune.name, commune.kind):
        return
    was = province(old.district.province_code, 63)
    now = province(commune.province_code)
    turn.tell(
        "place.renamed",
        old=f"{old.full_name}, {was.full_name}",
        new=f"{commune.full_name}, {now.full_name}",
    )

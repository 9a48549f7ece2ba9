"""Asking for the commune: homonyms, old names and divided communes are chosen by the person alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.message import Location
from bot.dialogue.reply import Button, Joined, Line, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.drafts.areas import place_value
from domain.geography import Commune, OldCommune, nearest_commune, province
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
LONGEST_PLACE = 200  # characters of an answer
KEPT_ANSWERS = 3  # besides the first text of a search, which the replay needs


def search(texts: Sequence[str]) -> PlaceSearch:
    """What the place's texts so far come to."""
    return find_place_by_turns([*texts[:1], *texts[1:][-KEPT_ANSWERS:]])


def settle_place(turn: Turn, task: Task, text: str, action: str) -> Commune | None:
    """The commune that this and the task's earlier answers come to; None: the next question is put."""
    texts = [*(task.slots.get("texts") or []), text[:LONGEST_PLACE]]
    found = search(texts)
    if isinstance(found, Found):
        _tell_renamed(turn, found.renamed_from, found.commune)
        return found.commune
    task.slots = {"texts": texts}
    turn.session.open(task)
    ask_place(turn, task, action)
    return None


def ask_place(turn: Turn, task: Task, action: str) -> None:
    """Ask for the commune, or for what is still open of it; choices come back as `action:number`."""
    texts = task.slots.get("texts") or []
    found = search(texts) if texts else None
    question = _question(found)
    labels = () if found is None or isinstance(found, Found) else found.labels
    buttons = [
        Button(f"{action}:{number}", "button.plain", {"text": label})
        for number, label in enumerate(labels[:MOST_BUTTONS], 1)
    ]
    if isinstance(found, ChooseSuccessor):
        buttons.append(Button(f"{action}:worker", "button.ask_worker"))
    turn.say(question, buttons=tuple(buttons))


def ask_nearby(turn: Turn, task: Task, point: Location, action: str) -> bool:
    """A shared position is a question, not an answer: the nearest communes as choices; False: none."""
    near = nearest_commune(point.latitude, point.longitude)
    if not near:
        return False
    task.slots = {"point": [point.latitude, point.longitude]}
    turn.session.open(task)
    buttons = [
        Button(f"{action}:near={n.commune.code}", "button.plain", {"text": n.commune.title})
        for n in near
    ]
    turn.tell("ask.place_near", *buttons)
    return True


def near_place(task: Task, code: str) -> Commune | None:
    """The commune of this code, if it was one of the choices of `ask_nearby`."""
    near = nearest_commune(*task.slots.get("point", (0, 0)))
    return next((n.commune for n in near if n.commune.code == code), None)


def _question(found: PlaceSearch | None) -> Line:
    key, values = "place.unknown", dict[str, Value]()
    match found:
        case None:
            key = "ask.place"
        case ChooseProvince():
            key, values = "ask.province", {"commune": found.name, "count": len(found.provinces)}
        case ChooseCommune():
            key, values = "ask.commune_which", {"province": found.province.short_name}
            values["count"] = len(found.communes)
        case ChooseDistrict():
            key, values = "ask.commune_district", {"province": found.province.short_name}
            values |= {"commune": found.old_name, "count": len(found.districts)}
        case ChooseSuccessor():
            key, values = "ask.commune_old", {"old_commune": found.old_commune.name}
            values["count"] = len(found.communes)
        case NeedCommune():
            key, values = "ask.commune", {"province": place_value(found.province)}
    return Line(key, values)


def _tell_renamed(turn: Turn, old: OldCommune | None, commune: Commune) -> None:
    """Say which commune of today the old one is, when its name is another."""
    if old is None or (old.name, old.kind) == (commune.name, commune.kind):
        return
    was = province(old.district.province_code, 63)
    now = province(commune.province_code)
    turn.tell(
        "place.renamed",
        old=Joined((place_value(old), place_value(was))),
        new=Joined((place_value(commune), place_value(now))),
    )

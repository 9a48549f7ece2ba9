"""*hộ tiềm năng*: the first five of the area, each with its strongest side; the page has all of them."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.potential_queries import MostPromising, PromisingHousehold
from bot.dialogue.reply import Button, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.households import household_short
from domain.potential import Part, score, strongest

FIRST = 5


def _claims(turn: Turn) -> bool:
    return bool(turn.person.roles) and requested(turn, "potential.see")


def _begin(turn: Turn) -> None:
    found: tuple[PromisingHousehold, ...] = turn.query(MostPromising(FIRST))
    if not found:
        turn.tell("potential.nobody", Button("role.page", "button.see_all"))
        return
    lines = tuple(_line(number, one) for number, one in enumerate(found, start=1))
    turn.tell("potential.list", Button("role.page", "button.see_all"), homes=Lines(lines))


def _line(number: int, one: PromisingHousehold) -> Line:
    values: dict[str, Value] = {
        "number": number,
        "household": household_short(one.who),
        "score": score(one.record),
        "why": Lines((_why(strongest(one.record)),)),
    }
    return Line("potential.line", values)


def _why(part: Part) -> Line:
    sums = {"vnd": Money(part.record.vnd), "vnd_before": Money(part.record.vnd_before)}
    return Line(f"potential.{part.why}", {**part.numbers, **sums})


HANDLER = Handler(name="potential", claims=_claims, begin=_begin, aside=True, of_roles=True)

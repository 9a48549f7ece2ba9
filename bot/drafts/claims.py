"""What a household says, as a worker reads it in the chat, and the buttons under it."""

from __future__ import annotations

from bot.dialogue.reply import Button, Clock, Day, Line, Lines, Money, Name, Value
from bot.dialogue.turn import Turn
from bot.drafts.areas import own_name
from bot.drafts.sale_card import items_of
from bot.drafts.worker_names import worker_named
from domain.checks import Claim, Decision
from domain.household import ZONE


def show_claim(turn: Turn, claim: Claim, *before: Line) -> None:
    """Whose it is, what is said, what stands out; the question of the three buttons."""
    values = {"household": household_value(claim), "claim": Lines((claim_line(turn, claim),))}
    signs = [Line(f"worker.sign.{sign}") for sign in claim.signs]
    turn.say(*before, *signs, Line("worker.confirm", values), buttons=_buttons(claim))


def household_value(claim: Claim) -> Lines:
    """Code, member who agreed, commune."""
    place = own_name(claim.commune)
    if not claim.name:
        return Lines((Line("worker.household_unnamed", {"code": claim.code, "commune": place}),))
    member = " ".join(filter(None, (claim.you, claim.name)))
    values: dict[str, Value] = {"code": claim.code, "member": member, "commune": place}
    return Lines((Line("worker.household", values),))


def claim_line(turn: Turn, claim: Claim) -> Line:
    """A sale with its sum, day and place; a product with its stars and certificate."""
    line, good, told = claim.entry, claim.product, claim.certificate
    if line is not None:
        values: dict[str, Value] = {"item": items_of(line.items), "total": Money(line.total_vnd)}
        where: dict[str, Value] = {
            "date": Day(line.date, turn.on),
            "place": Name(f"platform.{line.platform}"),
        }
        return Line("worker.claim_sale", values | where)
    if good is not None and told is not None:
        values = {"product": good.name, "stars": told.stars, "number": told.number or "–"}
        return Line("worker.claim_certificate", values | {"date": _whole(told.valid_until)})
    if good is not None:
        return Line("worker.claim_stars", {"product": good.name, "stars": good.stars or 0})
    return Line("worker.claim_place", {"commune": own_name(claim.commune)})


def _whole(day: object) -> str:
    return f"{day:%d/%m/%Y}"


def ref_of(claim: Claim) -> str:
    """What a button carries: which claim, and the version that is shown above it."""
    return f"{claim.code}/{claim.subject}/{claim.ref}/{claim.version}"


def _buttons(claim: Claim) -> tuple[Button, ...]:
    ref = ref_of(claim)
    return (
        Button(f"claim.confirm:{ref}", "button.confirm"),
        Button(f"claim.later:{ref}", "button.later"),
        Button(f"claim.dispute:{ref}", "button.dispute"),
    )


def made_values(turn: Turn, made: Decision | None) -> dict[str, Value]:
    """Who decided before, and when; nothing when nobody did."""
    if made is None:
        return {}
    today = made.at.astimezone(ZONE).date() == turn.on
    return {"worker": worker_named(made.name), "time": Clock(made.at, None if today else turn.on)}

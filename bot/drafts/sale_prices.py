"""A price given in answer, read together with the goods it is for: of a kilo or a ton, of one or of all."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, text_of
from bot.drafts.sale import Choice, Doubt, SaleDraft, SaleLine, draft_of
from bot.drafts.sale_guards import slipped
from bot.language.fragments import odd_number, priced, with_sum
from bot.language.understanding import Understanding

MONEY = ("unit_price_vnd", "price_unit", "total_vnd", "stated", "dozen")


def with_price(turn: Turn, draft: SaleDraft, number: int) -> SaleDraft | None:
    """The draft with this line's money as the words give it, and its doubts; None when they give none."""
    known = known_of(turn.household, turn.person)
    text = text_of(turn)
    words = None if odd_number(text) else priced(text, draft.lines[number].item, turn.on, known)
    return None if words is None else _placed(turn, draft, number, words)


def open_sum_of(draft: SaleDraft) -> int | None:
    """The sum, đồng, of which is not known yet whether it is of one or of all."""
    doubt = draft.doubt("unit_or_total")
    each = next((c for c in doubt.choices if c.key == "each"), None) if doubt else None
    return each.lines[doubt.item].unit_price_vnd if doubt and each and each.lines else None


def with_open_sum(turn: Turn, draft: SaleDraft, vnd: int) -> SaleDraft:
    """The only line's money from a sum of which nobody said whether it is of one or of all."""
    bare = draft.lines[0].model_copy(update=dict.fromkeys(MONEY[:3]) | {"stated": False})
    known = known_of(turn.household, turn.person)
    words = with_sum(vnd, bare.item, turn.on, known)
    after = draft.with_line(0, bare)
    for slot in ("unit_or_total", "unit_price_vnd", "total_vnd"):
        after = after.settled(slot)
    return (words and _placed(turn, after, 0, words)) or draft


def _placed(turn: Turn, draft: SaleDraft, number: int, words: Understanding) -> SaleDraft | None:
    answer = draft_of(words, turn.on)
    doubts = tuple(_about(doubt, draft, number) for doubt in answer.doubts)
    after = _with_money(draft, number, answer.lines[0]).with_(doubts=(*draft.doubts, *doubts))
    line = after.lines[number]
    if (
        line.unit_price_vnd is None
        and line.total_vnd is None
        and not any(d.choices for d in doubts)
    ):
        return None
    return after.settled("money_guard") if slipped(turn, after) else after


def _with_money(draft: SaleDraft, number: int, said: SaleLine) -> SaleDraft:
    money = said.model_dump(include=set(MONEY))
    return draft.with_line(number, draft.lines[number].model_copy(update=money))


def _about(doubt: Doubt, draft: SaleDraft, number: int) -> Doubt:
    """The doubt about this line of the draft, its readings among the other lines."""
    choices = tuple(_among(choice, draft, number) for choice in doubt.choices)
    return doubt.model_copy(update={"item": number, "choices": choices})


def _among(choice: Choice, draft: SaleDraft, number: int) -> Choice:
    if choice.lines is None:
        return choice
    lines = _with_money(draft, number, choice.lines[0]).lines
    return choice.model_copy(update={"lines": lines})

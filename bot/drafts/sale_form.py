"""The form of a sale: everything that must be known or settled before its card is shown."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.forms import Form, Slot, option
from bot.dialogue.reply import Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import named, read, text_of
from bot.drafts.corrections import completed, corrected
from bot.drafts.ledger import entry_by_draft, receipt_buttons
from bot.drafts.sale import SaleDraft
from bot.drafts.sale_card import show_card
from bot.drafts.sale_dates import DATE
from bot.drafts.sale_doubts import DOUBTS, each_or_all
from bot.drafts.sale_guards import GUARDS
from bot.drafts.sale_lines import focused, no_price
from bot.drafts.sale_names import NAME_OR_NUMBER
from bot.drafts.sale_prices import with_open_sum
from bot.drafts.sale_slots import NEEDED
from bot.drafts.unsold import WHETHER_SOLD
from bot.language.understanding import Understanding

LONGEST_BUYER = 60  # characters

NAMED = tuple(
    (slot, f"button.slot.{name}")
    for slot, name in (
        ("product", "product"),
        ("quantity", "quantity"),
        ("unit_price_vnd", "unit_price"),
        ("total_vnd", "total"),
        ("buyer", "buyer"),
        ("date", "date"),
        ("place", "place"),
    )
)


def _ask_buyer(turn: Turn, _draft: SaleDraft, token: str) -> None:
    turn.tell("ask.buyer", option("sale", token, "buyer", "none", "button.skip"))


def _fill_buyer(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    buyer = read(turn, "buyer")
    if not buyer or len(buyer) > LONGEST_BUYER:
        return None
    return draft.with_(buyer=buyer).settled("buyer")


def _refuse_buyer(turn: Turn, _draft: SaleDraft) -> Line | None:
    return Line("check.buyer_long") if len(text_of(turn)) > LONGEST_BUYER else None


def _no_buyer(_turn: Turn, draft: SaleDraft, _value: str = "") -> SaleDraft:
    return draft.settled("buyer")


def _ask_place(turn: Turn, _draft: SaleDraft, token: str) -> None:
    buttons = [
        option("sale", token, "place", platform, f"button.{platform}")
        for platform in ("offline", "voso", "postmart")
    ]
    turn.tell("ask.place_sold", *buttons)


def _fill_place(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    platform = read(turn, "platform")
    return _pick_place(turn, draft, platform) if platform else None


def _pick_place(_turn: Turn, draft: SaleDraft, value: str) -> SaleDraft:
    return SaleDraft.model_validate(draft.model_dump() | {"platform": value}).settled("platform")


def _named(turn: Turn) -> Understanding | None:
    """What the words name of a sale; none was made on a day to come (*mai* may be the flower)."""
    words = named(turn)
    if words is None:
        return None
    if words.intent == "list_product":  # *gạo 15 ngàn*: the price of what is on the card
        words = replace(words, action=None)
    coming = words.date is not None and words.date > turn.on
    return replace(words, date=None) if coming else words


def _corrected(turn: Turn, draft: SaleDraft) -> SaleDraft | None:
    words = _named(turn)
    after = corrected(draft, words) if words else None
    return after or each_or_all(turn, draft)


def _completed(turn: Turn, draft: SaleDraft, slot: str) -> SaleDraft:
    words = _named(turn)
    if words is None:
        return draft
    after = completed(draft, words, slot)
    if slot == "quantity" and words.amount_vnd and _unpriced(after):
        return with_open_sum(turn, after, words.amount_vnd)
    return after


def _unpriced(draft: SaleDraft) -> bool:
    line = draft.lines[0]
    doubtful = any(doubt.choices for doubt in draft.doubts)
    return len(draft.lines) == 1 and no_price(line) and not doubtful


def _gone(turn: Turn, ref: str) -> None:
    """The card is no longer open: it was saved, or left."""
    entry = entry_by_draft(turn, ref.partition(".")[0].partition(":")[0])
    if entry is not None:
        turn.tell("old.done", *receipt_buttons(entry.code), code=entry.code)
        return
    turn.tell("old.gone")


ASKED: tuple[Slot[SaleDraft], ...] = (
    DATE,
    Slot(
        "buyer",
        lambda _turn, draft: draft.doubt("buyer") is not None,
        _ask_buyer,
        _fill_buyer,
        _no_buyer,
        _no_buyer,
        _refuse_buyer,
    ),
    Slot(
        "place", lambda _t, d: d.doubt("platform") is not None, _ask_place, _fill_place, _pick_place
    ),
)

PRODUCT, *REST = NEEDED  # goods come first: they may say what a sum is for
SLOTS = (WHETHER_SOLD, NAME_OR_NUMBER, PRODUCT, *DOUBTS, *REST, *ASKED, *GUARDS)
CERTAIN = (*NEEDED, *GUARDS)  # the other slots are missing only when they are in doubt


def _due(draft: SaleDraft) -> tuple[Slot[SaleDraft], ...]:
    return SLOTS if draft.doubts else CERTAIN


SALE: Form[SaleDraft] = Form(
    name="sale",
    draft=SaleDraft,
    slots=SLOTS,
    merge=_corrected,
    card=show_card,
    named=NAMED,
    complete=_completed,
    gone=_gone,
    focus=focused,
    due=_due,
)

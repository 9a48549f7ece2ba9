"""The card of a listing: the price first, then the product, its stock, its stars, the platforms."""

from __future__ import annotations

from bot.dialogue.reply import Amount, Button, Joined, Line, Lines, Money, Name, Value, Words
from bot.dialogue.turn import Turn
from bot.drafts.listing import ListingDraft


def show_card(turn: Turn, draft: ListingDraft, _before: ListingDraft | None, ref: str) -> None:
    """Show the whole listing; its price first."""
    price: dict[str, Value] = {
        "unit_price": Money(draft.unit_price_vnd or 0),
        "unit_price_words": Words(draft.unit_price_vnd or 0),
        "price_unit": draft.unit or "",
    }
    item = Amount(product=draft.product)
    lines = [Line("card.total_listing", price), Line("card.item_only", {"item": item})]
    if draft.stock is not None:
        stock: dict[str, Value] = {"quantity": draft.stock}
        lines.append(Line("card.stock", {**stock, "unit": draft.stock_unit or draft.unit or ""}))
    if draft.stars is not None:
        group = Name(f"group.{draft.group}")
        lines.append(Line("card.stars", {"stars": draft.stars, "group": group}))
    lines.append(Line("card.platform", {"platforms": platform_names(draft.platforms)}))
    token = ref.partition(".")[0]
    buttons = (
        Button(f"product.post:{ref}", "button.post"),
        Button(f"product.which:{token}", "button.edit"),
        Button(f"product.leave:{token}", "button.leave"),
    )
    turn.say(*lines, Line("card.ask_listing"), buttons=buttons)


def platform_names(platforms: tuple[str, ...]) -> Joined:
    """`Vỏ Sò, Postmart`."""
    return Joined(tuple(Name(f"platform.{p}") for p in platforms))


def statuses(platforms: tuple[str, ...]) -> Lines:
    """One line a platform: it waits there for approval."""
    waiting = Name("status.waiting")
    return Lines(
        tuple(
            Line("receipt.listing_platform", {"platform": Name(f"platform.{p}"), "status": waiting})
            for p in platforms
        )
    )

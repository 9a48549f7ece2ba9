"""A photo for a listed product: of the only one, or of the one that is chosen."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.message import Location, PhotoKept, Picture
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.goods import by_code, choices, listed, on_sale
from domain.events import ProductPhotoAdded


def _claims(turn: Turn) -> bool:
    return requested(turn, "photo")


def _begin(turn: Turn) -> None:
    turn.tell("photo.not_photo" if listed(turn) else "photo.none")


def _picture(turn: Turn, content: Picture | Location) -> bool:
    """A photo belongs to the only product on sale, or is asked about."""
    if not isinstance(content, Picture) or content.image is None:
        return False
    shown = on_sale(listed(turn))
    if not shown:
        turn.tell("photo.none", Button("listing.start", "button.list_product"))
        return True
    photo = turn.id("photo")
    turn.keep(PhotoKept(photo, content.image))
    if len(shown) == 1:
        _add(turn, f"{shown[0].code}={photo.hex}")
    else:
        turn.tell("photo.which", *choices(shown, "photo.add", f"={photo.hex}"))
    return True


def _add(turn: Turn, ref: str) -> None:
    code, _, photo = ref.partition("=")
    product = by_code(turn, code)
    if product is None:
        turn.tell("old.gone")
        return
    turn.fact(ProductPhotoAdded, code=code, photo=photo)
    turn.tell("photo.saved", product=product.name, code=code)


HANDLER = Handler(
    name="photo",
    claims=_claims,
    begin=_begin,
    taps={"photo.add": _add},
    media=_picture,
)

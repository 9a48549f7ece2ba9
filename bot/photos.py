"""Photos from people: checked, turned upright, made small, and without what the camera wrote into them."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from bot.dialogue.message import Picture

if TYPE_CHECKING:
    from PIL import Image

LARGEST = 20_000_000  # bytes: what Telegram lets a bot download
MOST_PIXELS = 50_000_000  # more is a bomb, not a phone's camera
SIDE = 1280  # px, the longer one
QUALITY = 82
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")


async def checked_photo(sent: bytes, caption: str = "") -> Picture:
    """The photo as a JPEG of at most 1,280 px, or why there is none; decoded in a thread."""
    if len(sent) > LARGEST:
        return Picture(problem="too_big", caption=caption)
    return await asyncio.to_thread(photo, sent, caption)


def photo(sent: bytes, caption: str = "") -> Picture:
    """`checked_photo` on this thread."""
    try:
        return Picture(_small_jpeg(sent), caption=caption)
    except TooManyPixels:
        return Picture(problem="too_big", caption=caption)
    except Exception:  # noqa: BLE001 - a decoder may raise anything for bytes that are no image
        return Picture(problem="not_image", caption=caption)


def smaller(jpeg: bytes, side: int) -> bytes:
    """The same picture, its longer side so many px at most."""
    with _opened(jpeg, ("JPEG",)) as image:
        image.draft("RGB", (side, side))
        image.thumbnail((side, side))
        small = io.BytesIO()
        image.save(small, "JPEG", quality=QUALITY, optimize=True)
    return small.getvalue()


def _opened(sent: bytes, kinds: tuple[str, ...]) -> Image.Image:
    from PIL import Image  # noqa: PLC0415 8 MiB that only photos need

    Image.MAX_IMAGE_PIXELS = None  # Pillow's bound, which only warns; MOST_PIXELS is lower
    return Image.open(io.BytesIO(sent), formats=kinds)


class TooManyPixels(ValueError):
    """The image would fill the memory."""


def _small_jpeg(sent: bytes) -> bytes:
    from PIL import ImageOps  # noqa: PLC0415 as below

    with _opened(sent, KINDS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixels
        image.draft("RGB", (SIDE, SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((SIDE, SIDE))
    upright.info.clear()
    small = io.BytesIO()
    upright.save(small, "JPEG", quality=QUALITY, optimize=True)
    return small.getvalue()

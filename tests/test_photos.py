"""A photo is an image, small, upright and without the place where it was taken; anything else is said kindly."""

from __future__ import annotations

import io
import os

import pytest
from PIL import Image

from bot.photos import LARGEST, SIDE, checked_photo
from bot.transcripts import PHOTO

GPS = 0x8825
ORIENTATION = 0x0112


def jpeg(width=40, height=30, exif=None, kind="JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(file, kind, **({"exif": exif} if exif else {}))
    return file.getvalue()


def opened(picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.image))


async def test_a_large_photo_becomes_small_and_keeps_its_shape():
    small = opened(await checked_photo(jpeg(4000, 3000)))
    assert (small.format, small.size) == ("JPEG", (SIDE, 960))


async def test_a_small_photo_stays_as_large_as_it_is():
    assert opened(await checked_photo(jpeg(40, 30, kind="PNG"))).size == (40, 30)


async def test_where_it_was_taken_is_removed_and_it_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    sent = jpeg(40, 30, exif)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    kept = opened(await checked_photo(sent))
    assert kept.size == (30, 40)
    assert not dict(kept.getexif())


@pytest.mark.parametrize(
    "sent", [b"", b"\xff\xd8\xff", b"%PDF-1.7", b"<svg/>", PHOTO[:-40], os.urandom(500)]
)
async def test_what_is_no_image_is_said_so(sent):
    picture = await checked_photo(sent, "cam")
    assert (picture.image, picture.problem, picture.caption) == (None, "not_image", "cam")


async def test_thirty_megabytes_are_too_much_whatever_they_are():
    assert (await checked_photo(bytes(LARGEST + 1))).problem == "too_big"


async def test_an_image_that_would_fill_the_memory_is_not_decoded():
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert len(file.getvalue()) < 100_000
    assert (await checked_photo(file.getvalue())).problem == "too_big"

"""QR codes as PNG, for the chat and for pages."""

from __future__ import annotations

import io

import segno

SCALE = 8  # px a module: about 400 px in all, what a phone held by another phone reads
QUIET = 4  # modules of white around it, as the standard wants


def qr_png(text: str) -> bytes:
    """A PNG in black on white; one module in seven may be unreadable."""
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="png", scale=SCALE, border=QUIET)
    return stream.getvalue()

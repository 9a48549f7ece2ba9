"""Forms of people without an account: each has a signed number, so that one sent twice is one order."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from uuid import UUID, uuid4

OPEN_FOR = dt.timedelta(hours=24)
FUTURE = dt.timedelta(minutes=5)  # processes whose clocks differ


def new_form(secret: bytes, shop: str, now: dt.datetime) -> str:
    """A form of this shop, open for a day."""
    words = f"{uuid4().hex}.{int(now.timestamp())}"
    return f"{words}.{_signed(secret, f'form/{shop}/{words}').hex()}"


def read_form(secret: bytes, shop: str, form: str, now: dt.datetime) -> UUID | None:
    """The form's number; None when it isn't ours, is another shop's or older than a day."""
    words, _, signature = form.rpartition(".")
    expected = _signed(secret, f"form/{shop}/{words}").hex()
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    number, _, made = words.partition(".")
    age = now - dt.datetime.fromtimestamp(int(made), dt.UTC)
    return UUID(number) if -FUTURE <= age <= OPEN_FOR else None


def order_word(secret: bytes, order: UUID) -> str:
    """128 bits that open the page of this order, and that nobody else can guess."""
    return base64.urlsafe_b64encode(_signed(secret, f"order/{order}")).rstrip(b"=").decode()


def _signed(secret: bytes, words: str) -> bytes:
    return hmac.digest(secret, words.encode(), "sha256")[:16]

"""Addresses of our own from which Zalo fetches a reply's picture; signed, and good for a day."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PATH = "/zalo/pictures"
GOOD_FOR = 24 * 3600  # seconds; a message waits a day at most to be sent again
KINDS = {"photo": "jpg"}  # all others are drawn as PNG


@dataclass(frozen=True, slots=True)
class PictureLinks:
    """Makes and checks them; `site` is where ours begin, `clock` gives seconds since 1970."""

    site: str
    secret: bytes = field(repr=False)
    clock: Callable[[], float] = time.time

    def of(self, reply: UUID, picture: Mapping[str, Any]) -> str:
        """`https://…/zalo/pictures/<reply>.png?until=…&sign=…`."""
        until = int(self.clock()) + GOOD_FOR
        name = f"{reply}.{KINDS.get(picture['kind'], 'png')}"
        return f"{self.site}{PATH}/{name}?until={until}&sign={self._sign(name, until)}"

    def good(self, name: str, until: int, sign: str) -> bool:
        """Whether this is one of ours, and its day is not over."""
        same = hmac.compare_digest(self._sign(name, until).encode(), sign.encode())
        return same and self.clock() <= until

    def _sign(self, name: str, until: int) -> str:
        words = f"zalo-picture/{name}/{until}".encode()
        return hmac.digest(self.secret, words, "sha256").hex()[:32]

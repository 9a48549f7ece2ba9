"""What people send on Zalo beside words: fetched from Zalo's own hosts only, never without a bound."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from bot.delivery import NotSent, Unavailable
from bot.dialogue.message import Picture
from bot.photos import LARGEST, checked_photo

PATIENCE = 20.0  # seconds for a whole file
OURS = ("zdn.vn", "zadn.vn", "zalo.me", "zaloapp.com", "zaloplatforms.com", "dlfl.vn", "dlmd.me")
"""Where Zalo keeps what is sent, each with all below it; whoever sends an update names the address."""


class TooBig(NotSent):
    """A file larger than we take."""


@dataclass(frozen=True, slots=True)
class Files:
    """Fetches what stands in an update; `base` is the Bot API's address, whose own host is known too."""

    client: httpx.AsyncClient
    base: str

    async def photo(self, link: str, caption: str) -> Picture:
        """A photo fetched, checked and made small, or why there is none."""
        try:
            image = await self.fetch(link)
        except TooBig:
            return Picture(problem="too_big", caption=caption)
        except NotSent:
            return Picture(problem="unavailable", caption=caption)
        return await checked_photo(image, caption)

    async def fetch(self, link: str, largest: int = LARGEST) -> bytes:
        """The bytes behind an address of Zalo's; TooBig, or Unavailable for anything else that is wrong."""
        if not self._known(link):
            raise Unavailable("file: an address that is not Zalo's")
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._read(link, largest)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as fault:
            raise Unavailable(f"file: {type(fault).__name__}") from None

    async def _read(self, link: str, largest: int) -> bytes:
        async with self.client.stream("GET", link, follow_redirects=False) as response:
            if response.status_code != 200:
                raise Unavailable(f"file: {response.status_code}")
            whole = bytearray()
            async for part in response.aiter_raw():
                whole += part
                if len(whole) > largest:
                    raise TooBig("file")
            return bytes(whole)

    def _known(self, link: str) -> bool:
        """Https at one of Zalo's hosts, or the very server of the Bot API."""
        try:
            parts, base = urlsplit(link), urlsplit(self.base)
            port, host = parts.port, (parts.hostname or "").lower()
        except ValueError:
            return False
        if (parts.scheme, host, port) == (base.scheme, base.hostname, base.port):
            return True
        of_zalo = any(host == own or host.endswith(f".{own}") for own in OURS)
        return parts.scheme == "https" and of_zalo and port in {None, 443} and not parts.username

"""In which language a request is answered: as its address asks, as this browser chose, as it prefers."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.locales import catalogue
from bot.locales.spoken import speak, speaking, spoken

COOKIE = PARAMETER = "lang"
YEAR = 365 * 24 * 3600
LONGEST = 2_000  # signs of a header that are looked at
ALIKE = ("/static/", "/healthz", "/readyz", "/metrics", "/webhooks/")  # the same in every language
WORDED = ("text/", "application/", "image/png", "image/svg")  # photographs say nothing
PROGRAMS = "/api/"  # keep no cookies

_ADDRESS: ContextVar[tuple[str, str]] = ContextVar("address", default=("/", ""))


@dataclass(frozen=True, slots=True)
class Other:
    """A language that a page can be had in as well: what it calls itself, and the page's address in it.

    The address is that of the same path; `page` is the whole one as it stands.
    """

    code: str
    name: str
    address: str
    page: str


def others() -> list[Other]:
    """Every language but the one that is spoken."""
    path, query = _ADDRESS.get()
    kept = [(name, value) for name, value in parse_qsl(query) if name != PARAMETER]
    return [
        Other(
            one,
            catalogue.text("language.name", one),
            f"?{urlencode([*kept, (PARAMETER, one)])}",
            f"{path}?{urlencode(kept)}" if kept else path,
        )
        for one in catalogue.languages()
        if one != spoken()
    ]


def prefer(chosen: str | None) -> None:
    """Speak what the person chose who looks, unless the address of the page asks for a language."""
    _, query = _ADDRESS.get()
    if chosen and _ours(chosen) and not _asked(query):
        speak(chosen)


class Languages:
    """Around the pages and the API. `first`: for whoever says nothing."""

    def __init__(self, app: ASGIApp, first: str, *, https: bool) -> None:
        self.app = app
        self._first = first
        self._secure = "; Secure" if https else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ALIKE):
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        asked = _asked(query)
        address = _ADDRESS.set((scope["path"], query))
        try:
            with speaking(asked or _known(scope) or self._first):
                await self.app(scope, receive, self._saying(scope, send, asked))
        finally:
            _ADDRESS.reset(address)

    def _saying(self, scope: Scope, send: Send, asked: str | None) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kind = headers.get("content-type", "")
                if kind.startswith(WORDED):
                    headers["Content-Language"] = spoken()
                if kind.startswith(WORDED) or message["status"] == 304:
                    headers.add_vary_header(_vary(scope))
                if asked and not scope["path"].startswith(PROGRAMS):
                    headers.append("Set-Cookie", self._kept(asked))
            await send(message)

        return sending

    def _kept(self, language: str) -> str:
        return f"{COOKIE}={language}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{self._secure}"


def _asked(query: str) -> str | None:
    """What the address asks for; None for nothing, or what is no language of ours."""
    return _ours(dict(parse_qsl(query)).get(PARAMETER, ""))


def _known(scope: Scope) -> str | None:
    """The browser's own choice, else the best of what it prefers."""
    headers = Headers(scope=scope)
    chosen = None if scope["path"].startswith(PROGRAMS) else _chosen(headers.get("cookie", ""))
    return chosen or preferred(headers.get("accept-language", ""))


def _chosen(cookies: str) -> str | None:
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return _ours(found.value) if found else None


def preferred(accepted: str) -> str | None:
    """The first of our languages by the weights of an Accept-Language; None when it names none of them."""
    weighed = []
    for place, one in enumerate(accepted[:LONGEST].split(",")):
        tag, _, weight = one.partition(";")
        language = _ours(tag.strip().lower().partition("-")[0])
        if language and _weight(weight) > 0:
            weighed.append((-_weight(weight), place, language))
    return min(weighed)[2] if weighed else None


def _weight(written: str) -> float:
    """`q=0.8`; 1 where nothing is said, 0 for what can't be read."""
    name, _, value = written.strip().partition("=")
    if not name:
        return 1.0
    plain = name.strip() == "q" and value.strip().replace(".", "", 1).isdigit()
    return float(value) if plain else 0.0


def _ours(language: str) -> str | None:
    return language if language in catalogue.languages() else None


def _vary(scope: Scope) -> str:
    return "Accept-Language" if scope["path"].startswith(PROGRAMS) else "Accept-Language, Cookie"

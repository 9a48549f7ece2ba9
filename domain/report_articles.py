"""A news item as somebody sends it: its title and its link, and which links are the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

LONGEST_TITLE = 200
LONGEST_LINK = 500
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRACKING = ("utm_", "fbclid", "gclid", "zarsrc")


@dataclass(frozen=True, slots=True)
class Article:
    """A news item of a local medium."""

    title: str
    link: str


def article_in(words: str) -> Article | None:
    """The link in a text and the words round it as its title; None without a link or with a bad one."""
    found = _LINK.search(words)
    if found is None:
        return None
    link = found[0].rstrip(".,;)")
    title = " ".join((words[: found.start()] + " " + words[found.end() :]).split()).strip(" :;,.-–")
    if len(link) > LONGEST_LINK or not _host(link):
        return None
    return Article(title[:LONGEST_TITLE], link)


def same_link(link: str) -> str:
    """Alike for every spelling of one address: without scheme, `www.`, fragment, what only counts visits."""
    parts = urlsplit(link)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if not key.startswith(_TRACKING)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{_host(link)}{parts.path.rstrip('/')}{query}"


def _host(link: str) -> str:
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""

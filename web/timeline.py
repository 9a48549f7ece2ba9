"""A household's events in plain words: one sentence a type; types without one aren't told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from bot.locales.catalogue import FIRST, catalogue
from bot.locales.format import money
from bot.locales.spoken import spoken
from domain.events import Event
from storage.timeline import Happened
from web.claims import goods_of, moment, worker_name
from web.places import commune_name
from web.words import t

KEY = "web.timeline."
EMPTY = ("product", "code", "order", "total", "goods", "stars", "price", "place")


@cache
def told_types() -> tuple[str, ...]:
    """The types of events that there is a sentence for."""
    return tuple(sorted(k.removeprefix(KEY) for k in catalogue(FIRST) if k.startswith(KEY)))


def happening(one: Happened) -> dict[str, Any]:
    """When, what, and by which worker; empty where the household did it, or a platform."""
    fact = one.event
    return {
        "when": moment(fact.at),
        "what": t(f"web.timeline.{fact.type}", **_values(fact)),
        "by": worker_name(one.name) if one.by_worker else "",
    }


def _values(fact: Event) -> dict[str, str]:
    """Every field that a sentence may name, in words; what an event hasn't is a dash."""
    values = dict.fromkeys((*EMPTY, "purpose", "reason", "platform"), "")
    for name, value in fact:
        if value is not None:
            values |= _words(name, value)
    return {name: words or "–" for name, words in values.items()}


def _words(name: str, value: Any) -> dict[str, str]:
    if name in WORDED:
        key, say = WORDED[name]
        return {key: say(value)}
    return {name: str(value)}


def _money(vnd: int) -> str:
    return money(abs(vnd), spoken())


def _reason(value: str) -> str:
    return t(f"web.check.reason.{value}") if f"web.check.reason.{value}" in catalogue(FIRST) else ""


WORDED: Mapping[str, tuple[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "items": ("goods", goods_of),
        "total_vnd": ("total", _money),
        "unit_price_vnd": ("price", _money),
        "ocop_stars": ("stars", str),
        "commune": ("place", commune_name),
        "platform": ("platform", lambda name: t(f"platform.{name}")),
        "purpose": ("purpose", lambda name: t(f"purpose.{name}")),
        "reason": ("reason", _reason),
    }
)
"""What a sentence calls a field of an event, and how its value is said."""

"""The words of each language, from `<language>/LC_MESSAGES/messages.po`: key -> text in brace format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import structlog
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.dialogue import reply

FIRST = reply.FIRST  # the language of every text; another one may lack some
HERE = files("bot.locales")

log = structlog.get_logger()


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, the first one first: adding one is adding its folder."""
    here = {one.name for one in HERE.iterdir() if _po(one.name).is_file()}
    return (FIRST, *sorted(here - {FIRST}))


def known(language: str) -> str:
    """This language where it has a catalogue, else the first."""
    return language if language in languages() else FIRST


def read(language: str) -> Catalog:
    """The catalogue as it is written, with its comments."""
    with _po(language).open("rb") as po:
        return read_po(po)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text by key. What a language lacks stands in the first one, and is logged: never hidden."""
    own = language if language in languages() else FIRST
    texts = {str(m.id): str(m.string) for m in read(own) if m.id and m.string}
    if own == FIRST:
        return texts
    first = catalogue(FIRST)
    if lacking := sorted(first.keys() - texts.keys()):
        log.error("texts lack a translation", language=own, count=len(lacking), first=lacking[:5])
    return {**first, **texts}


def text(key: str, language: str = FIRST) -> str:
    """The text of a key, unfilled; a KeyError is a programmer's fault."""
    return catalogue(language)[key]


def folder(language: str) -> Traversable:
    """Where everything of a language lies."""
    return HERE.joinpath(language)


def _po(language: str) -> Traversable:
    return folder(language).joinpath("LC_MESSAGES", "messages.po")

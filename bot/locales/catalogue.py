"""The words of each language, from `<language>/LC_MESSAGES/messages.po`: key -> text in brace format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

FIRST = "vi"  # the language of every text; another one may lack some
HERE = files("bot.locales")


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    here = (folder.name for folder in HERE.iterdir() if _po(folder.name).is_file())
    return tuple(sorted(here))


def read(language: str) -> Catalog:
    """The catalogue as it is written, with its comments."""
    with _po(language).open("rb") as po:
        return read_po(po, locale=language)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text by key; what a language lacks stands in the first one, as does an unknown language."""
    own = language if language in languages() else FIRST
    texts = {str(m.id): str(m.string) for m in read(own) if m.id and m.string}
    return texts if own == FIRST else {**catalogue(FIRST), **texts}


def text(key: str, language: str = FIRST) -> str:
    """The text of a key, unfilled; a KeyError is a programmer's fault."""
    return catalogue(language)[key]


def _po(language: str) -> Traversable:
    return HERE.joinpath(language, "LC_MESSAGES", "messages.po")

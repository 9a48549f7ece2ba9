"""Replies in words: keys and typed values become the text, buttons and picture that a channel sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from re import Match
from string import Formatter
from types import NoneType
from typing import Any

from bot.dialogue.reply import (
    Addressed,
    Amount,
    Bars,
    Clock,
    Day,
    Joined,
    Line,
    Lines,
    Money,
    Name,
    Photo,
    Picture,
    QrCode,
    ReceiptSheet,
    Reply,
    Value,
    Voice,
    Words,
)
from bot.language.spell import say_unit
from bot.locales import format as say
from bot.locales.catalogue import text
from bot.locales.receipt import receipt_words
from domain.fold import fold

MARK = re.compile(r"\[([^\[\]\n]{1,20})\]")
Piece = tuple[str, str, bool]  # text, the value after it ("" for none), whether with a capital


@dataclass(frozen=True, slots=True)
class Worded:
    """A reply as it is kept and sent: `buttons` are (id, label), `picture` as `_picture` gives it."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    picture: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and strings."""
        buttons = [list(button) for button in self.buttons]
        return {"text": self.text, "buttons": buttons, "picture": self.picture}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Worded:
        """What `to_json` gave."""
        buttons = tuple((button, label) for button, label in kept["buttons"])
        return cls(kept["text"], buttons, kept["picture"])


def word(reply: Reply) -> Worded:
    """The reply in the words of its voice; a message without any text is a programmer's fault."""
    said = _lines(reply.lines, reply.voice)
    if not said:
        raise ValueError(f"nothing is left to say of {[line.key for line in reply.lines]}")
    buttons = tuple([(b.id, fill(b.key, b.values, reply.voice)) for b in reply.buttons])
    return Worded(said, buttons, _picture(reply.picture, reply.voice))


def fill(key: str, values: Mapping[str, Value | None], voice: Voice) -> str:
    """A text filled; each of its lines whose value is missing, None or empty is left out."""
    said = []
    for line in _template(key, voice.language):
        filled = line if isinstance(line, str) else _line(line, values, voice)
        if filled is not None:
            said.append(filled)
    return "\n".join(said)


def _lines(lines: tuple[Line, ...], voice: Voice) -> str:
    return "\n".join(filter(None, [fill(line.key, line.values, voice) for line in lines]))


@cache
def _template(key: str, language: str) -> tuple[str | tuple[Piece, ...], ...]:
    """The lines of a text: plain words, or the pieces to fill."""
    return tuple(map(_parsed, text(key, language).split("\n")))


def _parsed(line: str) -> str | tuple[Piece, ...]:
    parsed = [(before, name or "") for before, name, _, _ in Formatter().parse(line)]
    if not any(name for _, name in parsed):
        return "".join(before for before, _ in parsed)
    return tuple((before, _small(name), name != _small(name)) for before, name in parsed)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _line(
    pieces: tuple[Piece, ...], values: Mapping[str, Value | None], voice: Voice
) -> str | None:
    line = ""
    for before, name, capital in pieces:
        line += before
        if not name:
            continue
        value = _address(name, voice) if name in ADDRESS else _value(values.get(name), voice)
        if name in UNITS:
            value = say_unit(value, voice.southern)
        if not value:
            return None
        line += value[0].upper() + value[1:] if capital else value
    return line


ADDRESS = ("me", "you", "you_name")
UNITS = frozenset({"unit", "price_unit", "second_unit", "piece"})  # values that are a unit's name


def _address(name: str, voice: Voice) -> str:
    if name == "me":
        return voice.me or text("voice.me", voice.language)
    anybody = text("voice.worker" if voice.worker else "voice.you", voice.language)
    you = voice.you or anybody
    if name == "you" or not voice.name or you == anybody:
        return you
    return f"{you} {voice.name}"


def _value(value: Value | None, voice: Voice) -> str:
    return SAID[type(value)](value, voice)


def _addressed(words: str, voice: Voice) -> str:
    anybody = fold(text("voice.you", voice.language))

    def spoken(mark: Match[str]) -> str:
        if fold(mark[1]).strip() != anybody:
            return mark[0]
        you = _address("you", voice)
        return you[0].upper() + you[1:] if mark[1].strip()[:1].isupper() else you

    return MARK.sub(spoken, words)


def _joined(value: Joined, voice: Voice) -> str:
    return ", ".join(filter(None, [_value(part, voice) for part in value.parts]))


SAID: Mapping[type, Callable[[Any, Voice], str]] = {
    NoneType: lambda _value, _voice: "",
    str: lambda value, _voice: value,
    int: lambda value, voice: say.number(value, voice.language),
    Decimal: lambda value, voice: say.number(value, voice.language),
    Money: lambda value, voice: say.money(value.vnd, voice.language),
    Words: lambda value, voice: say.words(value.vnd, voice.southern, voice.language),
    Amount: lambda value, voice: say.amount(value, voice.language, southern=voice.southern),
    Day: lambda value, voice: say.day(value, voice.language),
    Clock: lambda value, voice: say.clock(value, voice.language),
    Name: lambda value, voice: fill(value.key, {}, voice),
    Joined: _joined,
    Addressed: lambda value, voice: _addressed(value.text, voice),
    Lines: lambda value, voice: _lines(value.lines, voice),
}
"""How a value of each type is said."""


def _picture(picture: Picture | None, voice: Voice) -> dict[str, Any] | None:
    """`{"kind": "photo", "id"}`, `{"kind": "qr", "text"}`, a receipt (`receipt_words`) or bars.

    Bars: `{"kind": "bars", "title", "bars": [[label, đồng, "500.000 đ"], …]}`.
    """
    match picture:
        case Photo(id=photo):
            return {"kind": "photo", "id": str(photo)}
        case QrCode(text=code):
            return {"kind": "qr", "text": code}
        case ReceiptSheet(receipt=receipt, site=site):
            return receipt_words(receipt, site, voice.language, southern=voice.southern)
        case Bars(title=title, bars=bars):
            drawn = [[label, vnd, say.money(vnd, voice.language)] for label, vnd in bars]
            return {"kind": "bars", "title": _lines((title,), voice), "bars": drawn}
        case None:
            return None

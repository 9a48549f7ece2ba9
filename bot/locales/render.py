"""Replies in words: keys and typed values become the text, buttons and picture that a channel sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    Place,
    QrCode,
    ReceiptSheet,
    Reply,
    Value,
    Voice,
    Words,
)
from bot.locales import format as say
from bot.locales.catalogue import FIRST, text
from bot.locales.receipt import receipt_words
from bot.locales.units import unit
from domain.fold import fold

MARK = re.compile(r"\[([^\[\]\n]{1,20})\]")
Piece = tuple[str, str, bool]  # text, the value after it ("" for none), whether with a capital
MONTHS = {"month": "month alone", "to_month": "to_month alone"}  # outside of a date like 20/11


@dataclass(frozen=True, slots=True)
class Worded:
    """A reply as it is kept and sent: `buttons` are (id, label), `picture` as `_picture` gives it.

    `numbered`: a typed number means one of these buttons; else they can only be tapped, or said.
    """

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    picture: dict[str, Any] | None = None
    numbered: bool = True
    language: str = FIRST

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and strings; what is as usual is left out."""
        buttons = [list(button) for button in self.buttons]
        kept: dict[str, Any] = {"text": self.text, "buttons": buttons, "picture": self.picture}
        if self.buttons and not self.numbered:
            kept["numbered"] = False
        if self.language != FIRST:
            kept["language"] = self.language
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Worded:
        """What `to_json` gave."""
        buttons = tuple((button, label) for button, label in kept["buttons"])
        numbered, language = kept.get("numbered", True), kept.get("language", FIRST)
        return cls(kept["text"], buttons, kept["picture"], numbered, language)


def word(reply: Reply) -> Worded:
    """The reply in the words of its voice; a message without any text is a programmer's fault."""
    said = _lines(reply.lines, reply.voice)
    if not said:
        raise ValueError(f"nothing is left to say of {[line.key for line in reply.lines]}")
    buttons = tuple([(b.id, fill(b.key, b.values, reply.voice)) for b in reply.buttons])
    picture = _picture(reply.picture, reply.voice)
    return Worded(said, buttons, picture, language=reply.voice.language)


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
    after = [before for before, _ in parsed[1:]] + [""]
    return tuple(
        (before, _which(_small(name), before, rest), name != _small(name))
        for (before, name), rest in zip(parsed, after, strict=True)
    )


def _which(name: str, before: str, after: str) -> str:
    """Which value it is: a month by itself is another than that of a date."""
    in_date = before.endswith("/") or after.startswith("/")
    return name if in_date else MONTHS.get(name, name)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _line(
    pieces: tuple[Piece, ...], values: Mapping[str, Value | None], voice: Voice
) -> str | None:
    line, last = "", None
    for before, name, capital in pieces:
        line += before
        if not name:
            continue
        given = values.get(name)
        if name in ADDRESS:
            value = _address(name, voice)
        elif name in UNITS:
            value = _unit(given, last if before == " " else None, voice)
        elif name in ALONE:
            value = _month(values.get(ALONE[name]), voice)
        else:
            value = _value(given, voice)
        if not value:
            return None
        line += value[0].upper() + value[1:] if capital else value
        last = given
    return line


def _unit(name: Value | None, count: Value | None, voice: Voice) -> str:
    """One of it, or several after a number."""
    several = count if isinstance(count, int | Decimal) else None
    return unit(str(name or ""), voice.language, southern=voice.southern, count=several)


def _month(number: Value | None, voice: Voice) -> str:
    """By its name, in a language that counts no months."""
    if isinstance(number, int):
        return say.month(number, voice.language)
    return _value(number, voice)


ADDRESS = ("me", "you", "you_name")
ALONE = {alone: name for name, alone in MONTHS.items()}
UNITS = frozenset({"unit", "price_unit", "second_unit", "piece"})  # values that are a unit's name


def _address(name: str, voice: Voice) -> str:
    if name == "me":
        return voice.me or text("voice.me", voice.language)
    anybody = text("voice.worker" if voice.worker else "voice.you", voice.language)
    you = voice.you or anybody
    if voice.language != FIRST and name == "you_name":
        return " ".join(filter(None, (voice.you, voice.name))) if voice.name else anybody
    if name == "you" or not voice.name or you == anybody:
        return you
    return f"{you} {voice.name}"


def _value(value: Value | None, voice: Voice) -> str:
    return SAID[type(value)](value, voice)


def _addressed(words: str, voice: Voice) -> str:
    voice = replace(voice, language=FIRST)  # workers write to households in their language
    anybody = fold(text("voice.you"))

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
    Place: lambda value, voice: say.place(value.kind, value.name, voice.language),
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

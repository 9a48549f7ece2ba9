"""Replies in words: keys and typed values become the text, buttons and picture that a channel sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Any

from bot.dialogue.reply import (
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
    Reply,
    Value,
    Voice,
    Words,
)
from bot.locales import format as say
from bot.locales.catalogue import text

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
    buttons = tuple((b.id, fill(b.key, b.values, reply.voice)) for b in reply.buttons)
    return Worded(said, buttons, _picture(reply.picture, reply.voice))


def fill(key: str, values: Mapping[str, Value | None], voice: Voice) -> str:
    """A text filled; each of its lines whose value is missing, None or empty is left out."""
    lines = (_line(pieces, values, voice) for pieces in _template(key, voice.language))
    return "\n".join(line for line in lines if line is not None)


def _lines(lines: tuple[Line, ...], voice: Voice) -> str:
    filled = (fill(line.key, line.values, voice) for line in lines)
    return "\n".join(line for line in filled if line)


@cache
def _template(key: str, language: str) -> tuple[tuple[Piece, ...], ...]:
    return tuple(_pieces(line) for line in text(key, language).split("\n"))


def _pieces(line: str) -> tuple[Piece, ...]:
    parsed = Formatter().parse(line)
    named = ((before, name or "") for before, name, _, _ in parsed)
    return tuple((before, _small(name), name != _small(name)) for before, name in named)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _line(
    pieces: tuple[Piece, ...], values: Mapping[str, Value | None], voice: Voice
) -> str | None:
    said = []
    for before, name, capital in pieces:
        said.append(before)
        if not name:
            continue
        value = _address(name, voice) if name in ADDRESS else _value(values.get(name), voice)
        if not value:
            return None
        said.append(value[0].upper() + value[1:] if capital else value)
    return "".join(said)


ADDRESS = ("me", "you", "you_name")


def _address(name: str, voice: Voice) -> str:
    if name == "me":
        return voice.me or text("voice.me", voice.language)
    anybody = text("voice.you", voice.language)
    you = voice.you or anybody
    if name == "you" or not voice.name or you == anybody:
        return you
    return f"{you} {voice.name}"


def _value(value: Value | None, voice: Voice) -> str:
    match value:
        case None | str():
            return value or ""
        case Money(vnd):
            return say.money(vnd, voice.language)
        case Words(vnd):
            return say.words(vnd, voice.southern, voice.language)
        case Name() | Joined() | Lines():
            return _composed(value, voice)
        case _:
            return _plain(value, voice.language)


def _composed(value: Name | Joined | Lines, voice: Voice) -> str:
    match value:
        case Name(key):
            return fill(key, {}, voice)
        case Joined(parts):
            return ", ".join(said for part in parts if (said := _value(part, voice)))
        case Lines(lines):
            return _lines(lines, voice)


def _plain(value: Amount | Day | Clock | int | Decimal, language: str) -> str:
    match value:
        case Amount():
            return say.amount(value, language)
        case Day():
            return say.day(value, language)
        case Clock():
            return say.clock(value, language)
        case _:
            return say.number(value, language)


def _picture(picture: Bars | Photo | None, voice: Voice) -> dict[str, Any] | None:
    """`{"kind": "photo", "id"}` or `{"kind": "bars", "title", "bars": [[label, đồng, "500.000 đ"], …]}`."""
    match picture:
        case Photo(id=photo):
            return {"kind": "photo", "id": str(photo)}
        case Bars(title=title, bars=bars):
            drawn = [[label, vnd, say.money(vnd, voice.language)] for label, vnd in bars]
            return {"kind": "bars", "title": _lines((title,), voice), "bars": drawn}
        case None:
            return None

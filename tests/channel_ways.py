"""Transcripts on Telegram, Zalo and the web chat, by each channel's own payloads: real bytes in, real bytes out.

What a channel cannot show is told in one rule each: the `golden` of its way.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from given import SPACE
from ways import Handle

from bot.channels import telegram, web_chat, zalo
from bot.channels.web_chat import Posted
from bot.dialogue.message import (
    Contact,
    Content,
    Location,
    Message,
    Other,
    Picture,
    Tap,
    Text,
    Voice,
)
from bot.locales.catalogue import text
from bot.locales.render import Worded
from bot.transcripts import PICTURES, Button, Step, content, edits_the_last, reply

BOT = "9191"
ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
JOINED = re.compile(r"\b(joined|left)=\w+")
PICTURE = re.compile(rf"^\((?:{'|'.join(PICTURES.values())})\)$", re.MULTILINE)
SHOWN = "(hình)"


def without_kinds(steps: Iterable[Step], channel: str) -> list[Step]:
    """A payload has a picture, not what is on it; ids come from messages, and a channel has its own name."""
    ids: dict[str, str] = {}
    there, here = text("channel.console"), text(f"channel.{channel}")

    def plain(step: Step) -> Step:
        said = step.text.replace(there, here).replace(_capital(there), _capital(here))
        if step.mark != "!":
            return Step(step.mark, PICTURE.sub(SHOWN, said) if step.mark == "<" else said)
        said = ID.sub(lambda found: ids.setdefault(found[0], f"id{len(ids) + 1}"), said)
        return Step("!", JOINED.sub(r"\1=here", said))

    return [plain(step) for step in steps]


def reworded(said: str, key: str, instead: str) -> str:
    """Wherever one text of the catalogue stands, another one of the same values."""
    pattern = re.escape(text(key))
    for name in ("You", "me"):
        pattern = pattern.replace(
            re.escape(f"{{{name}}}"), f"(?P<{name}>[^\\W\\d]+(?: [^\\W\\d]+)?)"
        )
    return re.sub(pattern, lambda found: text(instead).format(**found.groupdict()), said)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def read_back(said: str, labels: Iterable[str], *, picture: bool) -> Step:
    """What a phone shows, as a transcript writes it."""
    return reply(f"{said}\n{SHOWN}" if picture else said, [("", label) for label in labels])


def bytes_of(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()


@dataclass
class Phone:
    """One person on a channel; `shown` are the buttons that they have been shown, the newest last."""

    handle: Handle
    sender: str
    shown: list[tuple[Button, ...]] = field(default_factory=list)
    said: int = 0
    typed: int = 0  # the number of the newest typed message

    async def say(self, said: str, at: dt.datetime) -> list[Step]:
        self.said += 1
        handled = await self.handle(self.heard(said, at))
        return [self.told(kept.id, kept.worded) for kept in handled.replies]

    def heard(self, said: str, at: dt.datetime) -> Message:
        raise NotImplementedError

    def told(self, reply: UUID, worded: Worded) -> Step:
        raise NotImplementedError

    def content(self, said: str) -> Content:
        """What the line means; a tap is that of a button which came in a payload."""
        return content(said, self.shown)


def fetched(message: Message, meant: Content) -> Message:
    """What is fetched behind a payload, or recognised in it: not a payload's matter."""
    if not isinstance(meant, Picture | Voice):
        assert message.content == meant, (message.content, meant)
        return message
    assert type(message.content) is type(meant)
    if isinstance(meant, Picture):
        assert message.content == Picture(caption=meant.caption)
    return replace(message, content=meant)


# Telegram


class TelegramPhone(Phone):
    def heard(self, said: str, at: dt.datetime) -> Message:
        meant = self.content(said)
        who = {"id": int(self.sender), "is_bot": False, "first_name": "A"}
        if isinstance(meant, Tap):
            tap = {
                "id": f"{self.sender}-{self.said}",
                "from": who,
                "chat_instance": "1",
                "data": meant.button,
            }
            payload: dict[str, Any] = {"callback_query": tap}
        else:
            edits = edits_the_last(said)
            message = {
                "message_id": self.typed if edits else self.said,
                "from": who,
                "chat": {"id": int(self.sender), "first_name": "A", "type": "private"},
                "date": int(at.timestamp()),
                **({"edit_date": int(at.timestamp())} if edits else {}),
                **_telegram(meant, int(self.sender)),
            }
            payload = {"edited_message" if edits else "message": message}
            self.typed = self.typed if edits or not isinstance(meant, Text) else self.said
        heard = telegram.parse_bytes(bytes_of({"update_id": self.said, **payload}), BOT, at)
        assert heard is not None
        return fetched(heard.message, meant)

    def told(self, _: UUID, worded: Worded) -> Step:
        method, payload = telegram.payload(worded, self.sender)
        body = json.loads(bytes_of(payload))
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        keys = tuple((key["callback_data"], key["text"]) for row in rows for key in row)
        self.shown.append(keys)
        picture = method == "sendPhoto"
        said = body["caption" if picture else "text"]
        return read_back(said, [label for _, label in keys], picture=picture)


def _telegram(meant: Content, own: int) -> dict[str, Any]:
    file = {"file_id": "f", "file_unique_id": "u"}
    match meant:
        case Text(said):
            return {"text": said}
        case Voice(seconds):
            return {"voice": {**file, "duration": seconds, "mime_type": "audio/ogg"}}
        case Picture(caption=caption):
            return {"photo": [{**file, "width": 90, "height": 90}], "caption": caption}
        case Contact(phone, mine):
            number = own if mine else own + 1
            return {"contact": {"phone_number": phone, "first_name": "B", "user_id": number}}
        case Location(latitude, longitude, live):
            place = {"latitude": latitude, "longitude": longitude}
            return {"location": place | ({"live_period": 900} if live else {})}
        case Other(kind):
            return {kind: file}
    raise ValueError(meant)


class Telegram:
    """Everything can be sent and shown."""

    channel = telegram.CHANNEL

    def address(self, name: str) -> str:
        return str(zlib.crc32(name.encode()))

    def talk(self, handle: Handle, sender: str) -> TelegramPhone:
        return TelegramPhone(handle, sender)

    def cannot(self, _: Sequence[Step]) -> str | None:
        return None

    def golden(self, steps: Iterable[Step]) -> list[Step]:
        """A place can be shared there: that is said in other words."""
        return [
            Step(s.mark, reworded(s.text, "address.ask", "address.ask_shared"))
            for s in without_kinds(steps, self.channel)
        ]


# The web chat


class Browser(Phone):
    def heard(self, said: str, at: dt.datetime) -> Message:
        meant, number = self.content(said), uuid5(UUID(self.sender), str(self.said))
        if isinstance(meant, Picture | Voice):  # a form with a file; see test_web
            return web_chat.message(UUID(self.sender), number, meant, at)
        key, value = ("button", meant.button) if isinstance(meant, Tap) else ("text", meant.text)
        post = {"client_id": self.sender, "message_id": str(number), key: value}
        message = web_chat.parse(Posted.model_validate_json(bytes_of(post)), at)
        return fetched(message, meant)

    def told(self, reply: UUID, worded: Worded) -> Step:
        body = json.loads(bytes_of(web_chat.word(reply, worded)))
        buttons = tuple((each["id"], each["label"]) for each in body["buttons"])
        self.shown.append(buttons)
        picture = body["image"] is not None
        return read_back(body["text"], [label for _, label in buttons], picture=picture)


class Web:
    """Words, taps, photos and voice notes."""

    channel = web_chat.CHANNEL

    def address(self, name: str) -> str:
        return str(uuid5(SPACE, f"browser of {name}"))

    def talk(self, handle: Handle, sender: str) -> Browser:
        return Browser(handle, sender)

    def cannot(self, steps: Sequence[Step]) -> str | None:
        if _sends(steps, Contact, Location, Other):
            return "a page sends no sticker, file, film, place or number of one's own"
        return "what was written on a page stays written" if _edits(steps) else None

    def golden(self, steps: Iterable[Step]) -> list[Step]:
        return without_kinds(steps, self.channel)


# Zalo

LABEL = re.compile(r"\[([^\[\]]+)\]")
LABELS = re.compile(r"(\[[^\[\]]+\] ?)+")
LINK = "https://lensan.example/zalo/pictures/x"


class ZaloPhone(Phone):
    """Taps are typed: by the number of the newest choices or by the word, in turns."""

    numbered: bool = False  # whether the newest choices have numbers
    taps: int = 0

    def heard(self, said: str, at: dt.datetime) -> Message:
        meant = self.content(said)
        if isinstance(meant, Tap):
            meant = Text(self._typed(said[1:-1]))
        kind, sent = _zalo(meant)
        message = {
            "from": {"id": self.sender, "display_name": "A", "is_bot": False},
            "chat": {"id": self.sender, "chat_type": "PRIVATE"},
            "message_id": f"{self.said:020x}",
            "date": int(at.timestamp() * 1000),
            **sent,
        }
        update = {"event_name": f"message.{kind}.received", "message": message}
        payload = {"ok": True, "result": update} if self.said % 2 else update
        heard = zalo.parse_bytes(bytes_of(payload), BOT, at)
        assert heard is not None
        return fetched(heard.message, meant)

    def _typed(self, label: str) -> str:
        self.taps += 1
        newest = [other for _, other in self.shown[-1]] if self.shown else []
        if self.taps % 2 and self.numbered and label in newest:
            return str(newest.index(label) + 1)
        return label

    def told(self, _: UUID, worded: Worded) -> Step:
        address = LINK if worded.picture else None
        calls = [(m, json.loads(bytes_of(b))) for m, b in zalo.calls(worded, self.sender, address)]
        said = [body.get("caption") or body.get("text", "") for _, body in calls]
        assert all(len(part.encode("utf-16-le")) <= 2 * zalo.LIMIT for part in said)
        words = "\n".join(filter(None, said))
        self.numbered = False
        if worded.buttons:
            words = self._read(words, worded)
        picture = any(method == "sendPhoto" for method, _ in calls)
        return read_back(words, [label for _, label in worded.buttons], picture=picture)

    def _read(self, words: str, worded: Worded) -> str:
        """The words without the choices under them; each must stand there, with its number if it has one."""
        self.shown.append(worded.buttons)
        self.numbered = worded.numbered
        how = text("choices.numbered" if worded.numbered else "choices.words", worded.language)
        lines = words.split("\n")
        assert lines.pop() == how
        for place in range(len(worded.buttons), 0, -1):
            label = worded.buttons[place - 1][1]
            line = f"{place}. {label}" if worded.numbered else f"– {label}"
            if lines[-1] == line:
                lines.pop()
            else:  # the words number it themselves
                own = f"{label}. " if label.isdigit() else line
                assert worded.numbered
                assert any(each.startswith(own) for each in lines), (words, label)
        return "\n".join(lines)


def _zalo(meant: Content) -> tuple[str, dict[str, Any]]:
    match meant:
        case Text(said):
            return "text", {"text": said}
        case Voice():
            return "voice", {"voice_url": "https://f2-voice-aac-dl.zdn.vn/1/a.aac"}
        case Picture(caption=caption):
            return "image", {"photo_url": "https://photo-stal-1.zdn.vn/a.jpg", "caption": caption}
        case Other("sticker"):
            return "sticker", {"sticker": "0e078a2fb66a5f34067b"}
    return "unsupported", {}


class Zalo:
    """No buttons: choices are lines, taps are words or numbers. Pictures by a link."""

    channel = zalo.CHANNEL

    def address(self, name: str) -> str:
        return uuid5(SPACE, f"Zalo of {name}").hex[:20]

    def talk(self, handle: Handle, sender: str) -> ZaloPhone:
        return ZaloPhone(handle, sender)

    def cannot(self, steps: Sequence[Step]) -> str | None:
        if _sends(steps, Contact, Location) or _sends_kind(steps, "document", "video"):
            return "Zalo hands over no place, number, file or film: `unsupported`, whatever it was"
        return "a message on Zalo cannot be edited" if _edits(steps) else None

    def golden(self, steps: Iterable[Step]) -> list[Step]:
        return without_kinds(steps, self.channel)


def first_old_tap(steps: Sequence[Step]) -> int | None:
    """Where a button is tapped that the newest message to this person does not have."""
    shown: defaultdict[str, set[str]] = defaultdict(set)
    who = ""
    for place, step in enumerate(steps):
        if step.mark == "@" and step.text.split()[0] == "as":
            who = next((word for word in step.text.split()[1:2] if "=" not in word), "")
        elif step.mark == "<":
            last = step.text.split("\n")[-1]
            shown[who] = set(LABEL.findall(last)) if LABELS.fullmatch(last) else set()
        elif step.mark == ">" and step.text.startswith("[") and step.text[1:-1] not in shown[who]:
            return place
    return None


def _sends(steps: Sequence[Step], *kinds: type) -> bool:
    return any(isinstance(sent, kinds) for sent in _sent(steps))


def _sends_kind(steps: Sequence[Step], *kinds: str) -> bool:
    return any(isinstance(sent, Other) and sent.kind in kinds for sent in _sent(steps))


def _sent(steps: Sequence[Step]) -> list[Content]:
    said = [s.text for s in steps if s.mark == ">" and s.text.startswith("(")]
    return [content(each, []) for each in said]


def _edits(steps: Sequence[Step]) -> bool:
    return any(s.mark == ">" and edits_the_last(s.text) for s in steps)

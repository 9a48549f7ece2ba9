"""Zalo's payloads: an update becomes a Message, a worded reply becomes calls. Pure.

What is read at the source, and what is assumed where the source says nothing, stands in ADR 22.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from bot.channels.numbered import parts, spoken
from bot.dialogue.message import Content, Message, Other, Picture, Text, Voice
from bot.locales.catalogue import text
from bot.locales.render import Worded

CHANNEL = "zalo"
LIMIT = 2000  # UTF-16 units of a text or a caption
FIRST_DAY = dt.datetime(2012, 8, 1, tzinfo=dt.UTC)  # Zalo's own: nothing was sent before
AHEAD = dt.timedelta(days=1)  # a clock may be wrong, not by more

Call = tuple[str, dict[str, Any]]  # method, body


def _as_text(given: object) -> object:
    return str(given) if type(given) is int else given


Id = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[!-~]{1,128}$")]
Words = Annotated[str, AfterValidator(lambda words: words.replace("\0", ""))]
"""PostgreSQL keeps no NUL; nobody types one."""
Link = Annotated[str, Field(max_length=2048)]


class _Seen(BaseModel):
    """A part of an update; what we don't use, names and pictures of people first, is not even kept."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Sender(_Seen):
    id: Id
    is_bot: bool = False


class Chat(_Seen):
    id: Id
    chat_type: str = "PRIVATE"


class MessageSent(_Seen):
    chat: Chat
    sender: Sender = Field(alias="from")
    message_id: Id | None = None
    date: int | None = None
    text: Words | None = None
    caption: Words | None = None
    photo: Link | None = Field(None, validation_alias=AliasChoices("photo_url", "photo"))
    voice: Link | None = Field(None, validation_alias=AliasChoices("voice_url", "voice"))
    sticker: Any = None


class Update(_Seen):
    event_name: str = ""
    message: MessageSent | None = None


class NotAnUpdate(ValueError):
    """These bytes are no JSON object."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person; the photo or the voice note behind `link` must be fetched first."""

    message: Message
    link: str | None = None


_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def parse_bytes(body: bytes, bot: str, now: dt.datetime) -> Heard | None:
    """`parse` for the bytes of a webhook; NotAnUpdate when they are no JSON object."""
    try:
        update = _ANYTHING.validate_json(body)
    except ValidationError:
        raise NotAnUpdate("not JSON") from None
    if not isinstance(update, dict):
        raise NotAnUpdate("not an object")
    inside = update.get("result")
    return parse(inside if isinstance(inside, dict) else update, bot, now)


def parse(update: object, bot: str, now: dt.datetime) -> Heard | None:
    """What a person said to us alone, None for everything else.

    `bot` is the bot's id; `now` stands for a time that is missing, or that can't be.
    """
    try:
        sent = Update.model_validate(update).message
    except ValidationError:
        return None
    if sent is None or sent.sender.is_bot or sent.chat.chat_type != "PRIVATE":
        return None
    which = sent.message_id or (sent.date and f"at-{sent.date}")
    if which is None:
        return None  # it could never be told from a repetition
    id_ = f"{CHANNEL}:{bot}:{sent.chat.id}:{which}"
    content, link = _content(sent)
    return Heard(Message(id_, CHANNEL, sent.chat.id, _at(sent.date, now), content), link)


def _at(milliseconds: int | None, now: dt.datetime) -> dt.datetime:
    """When it was sent; a time before Zalo or after tomorrow is a fault of a clock."""
    first, last = FIRST_DAY.timestamp() * 1000, (now + AHEAD).timestamp() * 1000
    if milliseconds is None or not first <= milliseconds <= last:
        return now
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)


def _content(sent: MessageSent) -> tuple[Content, str | None]:
    if sent.photo:
        return Picture(caption=sent.caption or ""), sent.photo
    if sent.voice:
        return Voice(0), sent.voice
    if sent.text is not None:
        return Text(sent.text), None
    return Other("sticker" if sent.sticker is not None else "unsupported"), None


def calls(worded: Worded, chat: str, picture: str | None = None) -> list[Call]:
    """The Bot API's calls for one reply, in order; `picture` is the address of its picture, if it has one.

    A picture without an address is told of in words. Choices stand under the words, as lines.
    """
    said = parts(spoken(_with_note(worded, picture)), LIMIT)
    bodies: list[Call] = [("sendMessage", {"chat_id": chat, "text": part}) for part in said]
    if picture is None:
        return bodies
    photo = {"chat_id": chat, "photo": picture}
    if len(said) == 1:
        return [("sendPhoto", photo | {"caption": said[0]})]
    return [("sendPhoto", photo), *bodies]


def _with_note(worded: Worded, picture: str | None) -> Worded:
    if worded.picture is None or picture is not None:
        return worded
    note = text("picture.elsewhere", worded.language)
    return Worded(f"{worded.text}\n{note}", worded.buttons, None, worded.numbered, worded.language)

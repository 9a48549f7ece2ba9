"""Telegram's payloads: an update becomes a Message, a worded reply becomes a call. Pure.

Updates are read by small models of our own: `Update.de_json` makes the whole object tree (some 130 µs)
where the few fields used here cost 7 to 16, and it keeps what we must not even look at.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

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
from bot.locales.render import Worded

CHANNEL = "telegram"
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_BYTES = 64
ROW_WIDTH = 44  # signs that fit side by side on a phone 360 px wide, the buttons' edges counted
EDGE = 2
BEST_SIDE = 1280  # px: a larger photo would only be made smaller again

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Words = Annotated[str, AfterValidator(lambda words: words.replace("\0", ""))]
"""PostgreSQL keeps no NUL; nobody types one."""


class _Seen(BaseModel):
    """A part of an update; what we don't use is not even kept."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Chat(_Seen):
    id: Number
    type: str


class User(_Seen):
    id: Number
    is_bot: bool = False
    language_code: object = None


class FileSent(_Seen):
    """A photo in one size, a voice note or a document, by the id under which it can be fetched."""

    file_id: str
    file_size: int = 0
    width: int = 0
    height: int = 0
    duration: int = 0
    mime_type: str = ""


class ContactSent(_Seen):
    phone_number: Annotated[Words, Field(max_length=32)]
    user_id: int | None = None


class LocationSent(_Seen):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    live_period: int | None = None


class MessageSent(_Seen):
    message_id: Number
    date: Annotated[int, Field(ge=0, le=2**32)]
    edit_date: int | None = None
    chat: Chat
    sender: User | None = Field(None, alias="from")
    text: Words | None = None
    caption: Words = ""
    photo: list[FileSent] = []
    voice: FileSent | None = None
    audio: FileSent | None = None
    document: FileSent | None = None
    contact: ContactSent | None = None
    location: LocationSent | None = None
    sticker: dict[str, Any] | None = None
    video: dict[str, Any] | None = None
    video_note: dict[str, Any] | None = None


class Tapped(_Seen):
    id: Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]
    sender: User = Field(alias="from")
    data: Words | None = None


class Update(_Seen):
    update_id: Number
    message: MessageSent | None = None
    edited_message: MessageSent | None = None
    callback_query: Tapped | None = None


class NotAnUpdate(ValueError):
    """These bytes are no update of Telegram's."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person; `photo` must be fetched first, `tap` be answered (a sign that it was heard).

    `voice` is fetched when it is recognised.
    """

    message: Message
    photo: FileSent | None = None
    tap: str | None = None
    voice: FileSent | None = None


def parse(update: dict[str, Any], bot: str, now: dt.datetime) -> Heard | None:
    """What a person said to us alone, None for everything else. NotAnUpdate without a number.

    `bot` is the bot's id; `now` is the time of a tap, for which Telegram gives none.
    """
    try:
        return _heard(Update.model_validate(update), bot, now)
    except ValidationError:
        if not isinstance(update, dict) or type(update.get("update_id")) is not int:
            raise NotAnUpdate("an update is an object with an update_id") from None
        return None


def parse_bytes(body: bytes, bot: str, now: dt.datetime) -> Heard | None:
    """`parse` for the bytes of a webhook, read once and in Rust."""
    try:
        return _heard(Update.model_validate_json(body), bot, now)
    except ValidationError as wrong:
        if any(error["loc"][:1] in {(), ("update_id",)} for error in wrong.errors()):
            raise NotAnUpdate("an update is an object with an update_id") from None
        return None


def _heard(update: Update, bot: str, now: dt.datetime) -> Heard | None:
    if update.callback_query is not None:
        return _tap(update.callback_query, bot, now)
    sent = update.edited_message or update.message
    if sent is None or sent.sender is None or sent.sender.is_bot or sent.chat.type != "private":
        return None
    if update.edited_message is not None and sent.location is not None:
        return None  # a live position moves on: nobody said anything
    photo = _photo(sent)
    content = Picture(caption=sent.caption) if photo else _content(sent)
    voice = (sent.voice or sent.audio) if isinstance(content, Voice) else None
    return Heard(_message(sent, sent.sender, content, bot), photo, voice=voice)


def _tap(tapped: Tapped, bot: str, now: dt.datetime) -> Heard | None:
    if not tapped.data or tapped.sender.is_bot:
        return None
    id_ = f"{CHANNEL}:{bot}:tap:{tapped.id}"
    message = Message(id_, CHANNEL, str(tapped.sender.id), now, Tap(tapped.data))
    return Heard(message, tap=tapped.id)


def _message(sent: MessageSent, sender: User, content: Content, bot: str) -> Message:
    """An edited message keeps the time at which it was first sent: its `hôm nay` is that day's.

    Its id is made of chat and message: update ids start anew after a quiet week.
    """
    first = f"{CHANNEL}:{bot}:{sent.chat.id}:{sent.message_id}"
    at = dt.datetime.fromtimestamp(sent.date, dt.UTC)
    if sent.edit_date is None:
        return Message(first, CHANNEL, str(sender.id), at, content, hint=_language(sender))
    return Message(f"{first}:{sent.edit_date}", CHANNEL, str(sender.id), at, content, edits=first)


def _language(sender: User) -> str | None:
    """That of their phone: `en` of `en-GB`."""
    code = sender.language_code
    return code.partition("-")[0].lower() if isinstance(code, str) else None


def _photo(sent: MessageSent) -> FileSent | None:
    """The smallest size that is large enough; a photo sent as a file counts too."""
    if sent.document is not None and sent.document.mime_type.startswith("image/"):
        return sent.document
    sizes = sorted(sent.photo, key=lambda size: size.width * size.height)
    enough = (size for size in sizes if max(size.width, size.height) >= BEST_SIDE)
    return next(enough, sizes[-1] if sizes else None)


def _content(sent: MessageSent) -> Content:
    if sent.text is not None:
        return Text(sent.text)
    spoken = sent.voice or sent.audio
    if spoken is not None:
        return Voice(max(spoken.duration, 0))
    if sent.contact is not None:
        own = sent.sender is not None and sent.contact.user_id == sent.sender.id
        return Contact(sent.contact.phone_number, own)
    if sent.location is not None:
        place = sent.location
        return Location(place.latitude, place.longitude, live=place.live_period is not None)
    return Other(_kind(sent))


def _kind(sent: MessageSent) -> str:
    if sent.sticker is not None:
        return "sticker"
    if sent.document is not None:
        return "document"
    return "video" if sent.video or sent.video_note else "unsupported"


def payload(worded: Worded, chat: str) -> tuple[str, dict[str, Any]]:
    """The Bot API's method and its body for one reply; the photo itself is the sender's to add."""
    method, words, limit = "sendMessage", "text", TEXT_LIMIT
    if worded.picture is not None:
        method, words, limit = "sendPhoto", "caption", CAPTION_LIMIT
    body: dict[str, Any] = {"chat_id": int(chat), words: fitted(worded.text, limit)}
    if method == "sendMessage":
        # A preview would open an address that may be opened once.
        body["link_preview_options"] = {"is_disabled": True}
    if worded.buttons:
        body["reply_markup"] = {"inline_keyboard": keyboard(worded.buttons)}
    return method, body


def fitted(text: str, limit: int) -> str:
    """The text within Telegram's limit (UTF-16 units), cut at the end of a line where there is one."""
    if _units(text) <= limit:
        return text
    short = text.encode("utf-16-le")[: 2 * (limit - 2)].decode("utf-16-le", "ignore")
    whole, _, _ = short.rpartition("\n")
    return f"{whole or short}\n…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def keyboard(buttons: tuple[tuple[str, str], ...]) -> list[list[dict[str, str]]]:
    """The buttons in as few even rows as show every label whole; ValueError for an id over 64 bytes."""
    for id_, _ in buttons:
        if len(id_.encode()) > BUTTON_BYTES:
            raise ValueError(f"a button's id has more than {BUTTON_BYTES} bytes: {id_}")
    keys = [{"text": label, "callback_data": id_} for id_, label in buttons]
    width = -(-len(keys) // _rows([label for _, label in buttons]))
    return [keys[place : place + width] for place in range(0, len(keys), width)]


def _rows(labels: list[str]) -> int:
    for rows in range(1, len(labels)):
        width = -(-len(labels) // rows)
        parts = [labels[place : place + width] for place in range(0, len(labels), width)]
        if all(len(part) * (max(map(len, part)) + EDGE) <= ROW_WIDTH for part in parts):
            return rows
    return len(labels)

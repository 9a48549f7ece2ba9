"""The web chat's payloads: what a browser posts becomes a Message, what was said becomes bubbles. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Self
from urllib.parse import quote
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.dialogue.message import Message, Picture, Tap, Text, Voice
from bot.locales.render import Worded
from storage.talk import Heard, Told

CHANNEL = "web"
TEXT_KEPT = 4_097  # one more than the conversation reads: it says that this is too long
BUTTON_BYTES = 64
IMAGES = "/chat/images"
EXPLAIN = "/worker/explain"
CARD_SIGN = "📝"
SUM_SIGNS = ("📝", "✅", "📦", "⚠️")  # messages that may begin with a sum
LEADING_SIGNS = ("📝", "📦", "🎓")  # those whose first button is the expected answer
LONGEST_SUM = 48  # signs of a first line that is shown larger than the rest
LARGE_SUM = 24  # signs of one that is shown very large
LONG = 4  # lines from which on a bubble is wide

_UNTYPED = dict.fromkeys([*range(32), 127]) | {9: " ", 10: "\n"}
"""Control signs that nobody types and PostgreSQL does not keep."""


def _typed(text: str) -> str:
    text = text.encode(
        errors="replace"
    ).decode()  # half a letter of JSON's, which no database keeps
    text = text.replace("\r\n", "\n").translate(_UNTYPED).strip()
    if not text:
        raise ValueError("says nothing")
    return text[:TEXT_KEPT]


def _ours(button: str) -> str:
    if len(button.encode()) > BUTTON_BYTES or not button.isprintable():
        raise ValueError("is no button")
    return button


Typed = Annotated[str, AfterValidator(_typed)]
Ours = Annotated[str, Field(min_length=1), AfterValidator(_ours)]


class Posted(BaseModel):
    """What `POST /chat/messages` takes: words or a button, never both."""

    model_config = ConfigDict(hide_input_in_errors=True)

    client_id: UUID
    message_id: UUID
    text: Typed | None = None
    button: Ours | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.text is None) == (self.button is None):
            raise ValueError("needs text or button, one of them")
        return self


def parse(posted: Posted, now: dt.datetime, language: str | None = None) -> Message:
    """The message of a post; its id holds the client's, so that clients can't name each other's."""
    content = Text(posted.text) if posted.text else Tap(str(posted.button))
    return message(posted.client_id, posted.message_id, content, now, language)


def message(
    client: UUID,
    number: UUID,
    content: Text | Tap | Picture | Voice,
    now: dt.datetime,
    language: str | None = None,
) -> Message:
    """A message of this browser; `language` is that of its page."""
    id_ = f"{CHANNEL}:{client}:{number}"
    return Message(id_, CHANNEL, str(client), now, content, language=language)


def word(reply: UUID, worded: Worded) -> dict[str, Any]:
    """A reply as the contract has it."""
    buttons = [{"id": button, "label": label} for button, label in worded.buttons]
    return {"text": worded.text, "buttons": buttons, "image": image_of(reply, worded)}


def explanation(message: str, text: str) -> str | None:
    """Where a card that was read from a sentence is explained, to people with a role; None for others."""
    return f"{EXPLAIN}?message={quote(message)}" if text.startswith(CARD_SIGN) else None


def image_of(reply: UUID, worded: Worded) -> str | None:
    """Where its picture is; whoever knows the reply's id may see it."""
    if worded.picture is None:
        return None
    return f"{IMAGES}/{reply}.{'jpg' if worded.picture['kind'] == 'photo' else 'png'}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a message, and whether it was tapped."""

    id: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as a page shows it. `message` names the post that it belongs to."""

    own: bool
    at: dt.datetime
    text: str
    kind: str = "text"
    buttons: tuple[Choice, ...] = ()
    image: str | None = None
    message: str | None = None
    explain: str | None = None

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def shape(self) -> str:
        """`card`: its first line is a sum; `long`: many lines; else nothing."""
        if self.own:
            return ""
        first, *rest = self.lines
        in_words = self.text.startswith(f"{first}\n(")
        begins = first.startswith(SUM_SIGNS) or in_words
        if rest and begins and any(map(str.isdigit, first)) and len(first) <= LONGEST_SUM:
            return "card"
        return "long" if len(self.lines) >= LONG else ""

    @property
    def sum_class(self) -> str:
        """How large the first line of a card is: a long one would break in the middle."""
        return "sum" if len(self.lines[0]) <= LARGE_SUM else "sum long"

    @property
    def leads(self) -> bool:
        """Whether its first button is the one to go on with; consent and choices have none."""
        return self.text.startswith(LEADING_SIGNS)


def talk(heard: Sequence[Heard], told: Sequence[Told], *, by_role: bool = False) -> list[Bubble]:
    """Both sides in order, answers behind what they answer, taps shown on their buttons.

    `by_role`: a worker, officer or reader talks; their cards say where they are explained.
    """
    answers = sorted(told, key=lambda t: t.position)
    asked = {h.id: h.at for h in heard}
    typed = {h.id for h in heard if by_role and h.said.get("text")}
    sides: list[tuple[dt.datetime, int, Heard | Told]] = [(h.at, 0, h) for h in heard]
    sides += [(asked.get(t.message or "", t.at), t.position, t) for t in answers]
    bubbles: list[Bubble] = []
    for _, _, side in sorted(sides, key=lambda s: s[:2]):
        if isinstance(side, Told):
            bubbles.append(_told(side, typed))
        elif side.said.get("kind") == "tap":
            _mark(bubbles, side)
        else:
            bubbles.append(_heard(side))
    return bubbles


def number_of(message_id: str | None) -> str | None:
    """The post's own number in a message's id."""
    return message_id.rpartition(":")[2] if message_id else None


def _told(told: Told, typed: Collection[str]) -> Bubble:
    worded = Worded.from_json(told.body)
    answered = told.message or ""
    return Bubble(
        own=False,
        at=told.at,
        text=worded.text,
        buttons=tuple(Choice(*button) for button in worded.buttons),
        image=image_of(told.id, worded),
        message=number_of(told.message),
        explain=explanation(answered, worded.text) if answered in typed else None,
    )


def _heard(heard: Heard) -> Bubble:
    said = heard.said
    kind, words = said.get("kind", "text"), said.get("text") or ""
    return Bubble(True, heard.at, words, kind=kind, message=number_of(heard.id))


def _mark(bubbles: list[Bubble], tap: Heard) -> None:
    """The newest message that has this button shows that it was tapped."""
    button = tap.said.get("button")
    for place in reversed(range(len(bubbles))):
        if any(choice.id == button for choice in bubbles[place].buttons):
            bubbles[place] = _tapped(bubbles[place], str(button))
            return


def _tapped(bubble: Bubble, button: str) -> Bubble:
    choices = (replace(c, chosen=c.chosen or c.id == button) for c in bubble.buttons)
    return replace(bubble, buttons=tuple(choices))

"""Before anything is understood: emergencies, texts that are too long, messages without words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.asking import ask_after, come_back
from bot.dialogue.handler import Handler
from bot.dialogue.message import Contact, Location, Other, PersonNamed, Picture, Tap, Text, Voice
from bot.dialogue.reply import Line
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of

LONGEST_TEXT = 1_000  # characters; a sale takes forty
OTHER_KINDS = ("sticker", "document", "video")


def emergency(turn: Turn, _: Sequence[Handler]) -> bool:
    """Life first: no form, no consent."""
    if turn.understood is None or turn.understood.mood != "emergency":
        return False
    turn.tell("help.emergency")
    return True


def too_long(turn: Turn, _: Sequence[Handler]) -> bool:
    """Nothing is read of a text that nobody types."""
    if len(text_of(turn)) <= LONGEST_TEXT:
        return False
    turn.tell("limit.long")
    return True


def no_words(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """Pictures, places, numbers, stickers: what no conversation takes is answered all the same."""
    content = turn.message.content
    if isinstance(content, Text | Voice | Tap):
        return False
    waiting = turn.session.task
    taker = None
    if isinstance(content, Picture | Location):
        taker = next((h for h in handlers if h.media(turn, content)), None)
    if taker is not None:
        if waiting is not None and waiting is turn.session.task and waiting.handler != taker.name:
            come_back(turn, waiting, handlers)
        return True
    if isinstance(content, Contact) and content.own:
        turn.keep(PersonNamed(phone=content.phone))
        turn.tell("phone.saved")
        return True
    ask_after(turn, handlers, *_no_words_answer(content))
    return True


def _no_words_answer(content: object) -> tuple[Line, ...]:
    if isinstance(content, Picture):
        if content.problem is None:
            return (Line("lost.picture"),)
        return Line(f"photo.{content.problem}"), Line("photo.again")
    kind = "contact" if isinstance(content, Contact) else "location"
    if isinstance(content, Other):
        kind = content.kind if content.kind in OTHER_KINDS else "unsupported"
    return Line(f"other.{kind}"), Line("other.instead")

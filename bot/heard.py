"""What a message in another language says in the first one, which is the one that we understand."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.message import Message, Text
from bot.dialogue.reply import FIRST, Reply
from bot.dialogue.session import Session
from bot.dialogue.turn import Rules
from bot.locales.render import fill
from bot.locales.requests import in_first_language
from domain.fold import fold
from storage.store import Loaded


def heard(message: Message, loaded: Loaded, rules: Rules) -> Message:
    """The message as it is understood: a request that its language's table knows, put into our words.

    The label of a button that was just shown stays as it is.
    """
    content = message.content
    if not isinstance(content, Text) or not content.text:
        return message
    language = spoken_to(message, loaded, rules)
    if language == FIRST and loaded.known:
        return message
    session = Session.model_validate_json(loaded.session)
    if not loaded.known:
        language = session.language or language
    said = in_first_language(content.text, language)
    if said is None or _is_shown(content.text, session):
        return message
    return replace(message, content=Text(said, typed=content.text))


def spoken_to(message: Message, loaded: Loaded, rules: Rules) -> str:
    """The language of somebody of whom something is kept: see `Turn.language`."""
    return loaded.person.language or message.language or rules.language


def _is_shown(text: str, session: Session) -> bool:
    typed = fold(text).strip(" .!,")
    return any(fold(label) == typed for _, label in session.options)


def labels_in_first(reply: Reply) -> list[str]:
    """The labels of its buttons in the first language, where they are shown in another."""
    if reply.voice.language == FIRST:
        return []
    voice = replace(reply.voice, language=FIRST)
    return [fill(button.key, button.values, voice) for button in reply.buttons]

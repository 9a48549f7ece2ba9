"""In which language we speak: asked for and changed at any moment, in the middle of whatever is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.dialogue.asking import ask_after
from bot.dialogue.handler import Handler
from bot.dialogue.message import Tap
from bot.dialogue.reply import Button, Line, Reply
from bot.dialogue.turn import Turn
from bot.dialogue.words import text_of, typed_option
from bot.language.choices import is_filler
from domain.events import ConsentGiven, RoleGiven
from domain.fold import fold

TAP = "core.language"
WHICH = ""  # asks which languages there are
LONGEST = 40  # characters; a longer message asks for something else


def change_language(turn: Turn, handlers: Sequence[Handler]) -> bool:
    """*english*, *nói tiếng Việt đi em*, or the button: from now on so, and the open question once more."""
    wanted = _wanted(turn)
    if wanted is None:
        return False
    if wanted == WHICH:
        ask_language(turn)
        return True
    _choose(turn, wanted)
    if not turn.session.greeted and turn.household is None and not turn.person.roles:
        return False  # the greeting says it
    ask_after(turn, handlers, Line("language.chosen"))
    return True


def ask_language(turn: Turn) -> None:
    """Which one, each by the name that it gives itself."""
    buttons = [
        Button(f"{TAP}:{code}", "button.language_of", {"name": name})
        for code, name in turn.rules.languages
    ]
    turn.tell("language.ask", *buttons)


def offer_language(turn: Turn) -> None:
    """To a stranger whose phone speaks another of our languages, in that language."""
    hint = turn.message.hint
    if hint is None or hint == turn.language or turn.session.language is not None:
        return
    if hint in _known(turn):
        voice = replace(turn.voice, language=hint)
        turn.replies.append(Reply((Line("language.offer"),), voice=voice))


def keep_language(turn: Turn) -> None:
    """What somebody chose before their yes, or the page shows on which they gave it, is theirs."""
    consents = turn.person.consents
    if turn.person.language is not None or not ("ledger" in consents or turn.person.roles):
        return
    shown = turn.message.language if _agreed(turn) else None
    chosen = turn.session.language or shown
    if chosen is not None and chosen != turn.rules.language:
        turn.know(language=chosen)
    turn.session.language = None


def _agreed(turn: Turn) -> bool:
    """Whether this turn made a person of whoever wrote."""
    given = (e for e in turn.events if isinstance(e, ConsentGiven))
    return any(e.purpose == "ledger" for e in given) or any(
        isinstance(e, RoleGiven) for e in turn.events
    )


def _wanted(turn: Turn) -> str | None:
    action, _, code = _button(turn).partition(":")
    if action == TAP:
        return code if code in _known(turn) else WHICH
    said = text_of(turn)
    if not said or len(said) > LONGEST:
        return None
    words = f" {fold(said).strip(' .!,?')} "
    for code, phrases in turn.rules.asked:
        for phrase in phrases:
            if phrase in words and _is_all(phrase, words):
                return code
    return None


def _button(turn: Turn) -> str:
    """The button that is tapped, or typed where one of ours is shown."""
    content = turn.message.content
    if isinstance(content, Tap):
        return content.button
    shown = any(button.startswith(TAP) for button, _ in turn.session.options)
    return (typed_option(turn) or "") if shown else ""


def _known(turn: Turn) -> Iterator[str]:
    return (code for code, _ in turn.rules.languages)


def _is_all(phrase: str, words: str) -> bool:
    """Whether nothing but this is said, and perhaps *please*: *lớp tiếng Anh* asks for something else."""
    before, found, after = words.partition(f" {phrase} ")
    return bool(found) and all(map(is_filler, f"{before} {after}".split()))


def _choose(turn: Turn, code: str) -> None:
    known = "ledger" in turn.person.consents or bool(turn.person.roles)
    if not known:
        turn.session.language = code
    elif code != turn.person.language:
        turn.know(language=code)

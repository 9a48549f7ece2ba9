"""Whether a reply can be said in every language, and fits the channels in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.channels.numbered import parts, spoken
from bot.dialogue.reply import Reply
from bot.locales.catalogue import FIRST, languages
from bot.locales.format import SPELLED
from bot.locales.render import Worded

Word = Callable[[Reply], Worded]
TELEGRAM, ZALO = 4_096, 2_000  # characters of a message
CALLBACK = 64  # bytes behind a button on Telegram
PSEUDO = "qps"
BUTTON = 16  # signs
LONGER = 4 / 3  # than in Vietnamese is as much as a button may be that holds a name


def misfits(reply: Reply, word: Word) -> Iterator[str]:
    """What is wrong with it in other languages than the first."""
    first = word(replace(reply, voice=replace(reply.voice, language=FIRST)))
    yield from (f"{id_}: too long" for id_, _ in first.buttons if len(id_.encode()) > CALLBACK)
    for language in languages()[1:]:
        voice = replace(reply.voice, language=language)
        said = word(replace(reply, voice=voice))
        where = f"{language} {[line.key for line in reply.lines]}"
        yield from (f"{where}: {problem}" for problem in _problems(said, first, language))


def _problems(said: Worded, first: Worded, language: str) -> Iterator[str]:
    if len(said.text) > TELEGRAM or any(len(one) > ZALO for one in parts(spoken(said), ZALO)):
        yield "too long for a channel"
    # A sum in words is left out where nobody can spell it.
    if language in SPELLED and said.text.count("\n") != first.text.count("\n"):
        yield "other lines than in the first language"
    if [id_ for id_, _ in said.buttons] != [id_ for id_, _ in first.buttons]:
        yield "other buttons"
    if not all(label.strip() for _, label in said.buttons):
        yield "a button without a word"
    if language == PSEUDO:
        yield from _of_the_catalogue(said)
    elif language == "en":
        yield from _wide(said, first)


def _of_the_catalogue(said: Worded) -> Iterator[str]:
    """Every text of the made-up language stands in brackets: what does not was written elsewhere."""
    for label in (label for _, label in said.buttons):
        if not label.startswith("["):
            yield f"the button {label} is in no catalogue"
    if not (said.text.startswith("[") and said.text.endswith("]")):
        yield "words that are in no catalogue"


def _wide(said: Worded, first: Worded) -> Iterator[str]:
    for (_, label), (_, ours) in zip(said.buttons, first.buttons, strict=True):
        if len(label) > max(BUTTON, LONGER * len(ours)):
            yield f"the button {label} is wide"

"""What all that a worker does for a household has in common: the right to, the facts, the words."""

from __future__ import annotations

from typing import Any

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.message import HelpWords
from bot.dialogue.reply import Button
from bot.dialogue.turn import Turn
from bot.dialogue.words import typed_text
from bot.drafts.households import household_named
from domain.help import LONGEST, plain_words
from domain.order_news import is_quiet
from domain.roles import acting


def may_help(turn: Turn) -> bool:
    """Whether the person acts for households now; they are told when not."""
    if acting(turn.person.roles):
        return True
    turn.tell("help.read_only" if turn.person.roles else "role.none")
    return False


def words_for(turn: Turn) -> str | None:
    """What was written, as it goes on; None when it is too long or nothing to see, which is told."""
    words = plain_words(typed_text(turn))
    if words and len(words) <= LONGEST:
        return words
    if words:
        turn.tell("help.long", most=LONGEST)
    else:
        turn.tell("help.empty")
    return None


def tell_sent(turn: Turn, whom: Correspondent, *buttons: Button) -> None:
    """That the words go out, at night in the morning."""
    key = "help.sent_night" if is_quiet(turn.at) else "help.sent_to"
    turn.tell(key, *buttons, household=household_named(whom))


def did(turn: Turn, event: type[Any], whom: Correspondent, **fields: Any) -> None:
    """A fact about a household, by this worker."""
    place = {"province": whom.province, "commune": whom.commune}
    turn.fact(event, household=whom.household, **place, **fields)


def keep_words(turn: Turn, sign: str, whom: Correspondent, words: str) -> HelpWords:
    """The words beside the facts, where the household can erase them."""
    kept = HelpWords(turn.id("words"), sign, whom.household, "worker", words, turn.at)
    turn.keep(kept)
    return kept

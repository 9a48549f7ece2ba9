"""The language layer as the conversation uses it: what the household's history tells, and short answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.dialogue.message import Text, Voice
from bot.dialogue.session import Session
from bot.dialogue.turn import Turn
from bot.language.answers import read_answer
from bot.language.besides import besides
from bot.language.choices import choose
from bot.language.fragments import fragment, odd_number
from bot.language.understanding import Item, Known, KnownProduct, Understanding
from domain.fold import fold
from domain.household import Household, Person, Product

REFUSED: dict[tuple[str, str | None], str] = {
    ("price", "zero"): "check.price_zero",
    ("price", "negative"): "check.price_negative",
    ("price", "big"): "check.price_big",
    ("quantity", "zero"): "check.quantity_zero",
    ("quantity", "negative"): "check.quantity_negative",
    ("quantity", "big"): "check.quantity_big",
}
NAMING = ("log_sale", "list_product")
TODAY = 2  # words of *hôm nay*, one of *hnay*
NUMBERS = ("unit_price_vnd", "total_vnd", "quantity", "stock")
WITHOUT_BUTTONS = frozenset({"zalo"})  # channels in which choices can only be typed
EARLIER_LASTS = dt.timedelta(hours=12)  # a number means choices that stand further up
ANSWERED_BY_NUMBER = (
    *NUMBERS,
    "number",
    "value",
    "hours",
    "code",
)  # steps where 2 is no second button
OWN_NUMBER = re.compile(r"(?<![\d.,])(\d{1,2})(?![\d.,])")  # *3* in *3 sao*, not in *1.650.000 đ*


def known_of(household: Household | None, person: Person) -> Known:
    """What the language layer may lean on for this household."""
    if household is None:
        return Known(southern=person.southern)
    return _known(household.products, household.province, southern=person.southern)


@lru_cache(maxsize=2_000)
def _known(products: tuple[Product, ...], province: str, *, southern: bool | None) -> Known:
    names = tuple(
        KnownProduct(p.name, p.last_unit or p.unit, p.last_vnd or p.unit_price_vnd)
        for p in products
    )
    return Known(names, province, southern)


def text_of(turn: Turn) -> str:
    """The words of this message, typed or heard; empty when there are none."""
    content = turn.message.content
    if isinstance(content, Text):
        return content.text
    if isinstance(content, Voice):
        return content.text or ""
    return ""


def typed_text(turn: Turn) -> str:
    """The same as it was typed, in whichever language: what is kept, or passed on word for word."""
    content = turn.message.content
    typed = content.typed if isinstance(content, Text) else None
    return typed or text_of(turn)


def read(turn: Turn, slot: str, item: Item | None = None) -> Any:
    """The words as the answer to one asked slot, or None when they are not one."""
    if slot in NUMBERS and odd_number(text_of(turn)):
        return None
    known = known_of(turn.household, turn.person)
    answer = read_answer(slot, text_of(turn), turn.on, known, item)
    return None if answer is None else answer.value


def named(turn: Turn) -> Understanding | None:
    """What the words name while a task is open, as a correction or as a fragment of one.

    A question in the middle names nothing: its day or its product is not the task's.
    """
    words = turn.understood
    if words is None or odd_number(text_of(turn)):
        return None
    if words.intent == "correct_last" or (words.items and words.intent in NAMING):
        return words
    if words.answer is not None or words.intent not in (*NAMING, "other"):
        return None
    return fragment(words.text, turn.on, known_of(turn.household, turn.person))


def tells_dealing(turn: Turn) -> bool:
    """Whether the words tell of a plan, a debt, a return…: no answer to what is asked of a sale."""
    return turn.understood is not None and turn.understood.dealing is not None


def said(turn: Turn) -> str | None:
    """The universal short answer in the words: `yes`, `no`, `cancel`, `back`…"""
    return turn.understood.answer if turn.understood else None


def refused_number(turn: Turn, kind: str) -> str | None:
    """Why the number said cannot be a `price` or a `quantity`, as a key; None when it can."""
    return REFUSED.get((kind, odd_number(text_of(turn))))


def requested(turn: Turn, *names: str) -> bool:
    """Whether the words ask for one of these (see `bot.language.understanding.REQUESTS`)."""
    return turn.understood is not None and turn.understood.request in names


def besides_request(turn: Turn) -> str:
    """The words without those that name the request."""
    words = turn.understood
    if words is None or words.request is None:
        return ""
    return besides(words.text, words.request, turn.on)


def says_today(turn: Turn) -> bool:
    """*hôm nay* and nothing else."""
    words = turn.understood
    if words is None or words.date != turn.on or words.items:
        return False
    return len(text_of(turn).split()) <= TODAY


def typed_option(turn: Turn) -> str | None:
    """The button of the last question whose number or very word was typed."""
    text = fold(text_of(turn)).strip(" .!,")
    if not text:
        return None
    options, spoken = turn.session.options, turn.session.spoken
    numbered = is_numbered(turn.session, [label for _, label in options])
    for number, (button, label) in enumerate(options, 1):
        if text == fold(label) or (numbered and text == str(number)):
            return button
    for (button, _), label in zip(options, spoken, strict=False):
        if text == fold(label):
            return button
    return None


def option_meant(turn: Turn) -> str | None:
    """The button of the last question that the words mean: by a part of its label, or what they answer."""
    options, spoken = turn.session.options, turn.session.spoken
    if len(spoken) != len(options):
        return choose(text_of(turn), options)
    ours = [(button, label) for (button, _), label in zip(options, spoken, strict=True)]
    return choose(text_of(turn), ours, options)


def earlier_option(turn: Turn) -> str | None:
    """A button of earlier messages by its very word; of the newest of them, for hours, by its number."""
    text, session = fold(text_of(turn)).strip(" .!,"), turn.session
    for number, (button, label) in enumerate(session.earlier, 1):
        lately = session.last_at is not None and turn.at - session.last_at < EARLIER_LASTS
        by_number = number <= session.numbered and lately and text == str(number)
        if text == fold(label) or by_number:
            return button
    return None


def is_numbered(session: Session, labels: Sequence[str]) -> bool:
    """Whether a typed number means one of these buttons, by its place.

    Not where a number answers the question itself (*2* is two kilos), nor where it stands in the label of
    another button (*3* of *3 sao*).
    """
    task = session.task
    if task is not None and task.step in ANSWERED_BY_NUMBER:
        return False
    return all(
        int(number) == place or int(number) > len(labels)
        for place, label in enumerate(labels, 1)
        for number in OWN_NUMBER.findall(label)
    )

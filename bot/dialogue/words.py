"""The language layer as the conversation uses it: what the household's history tells, and short answers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.dialogue.message import Text, Voice
from bot.dialogue.turn import Turn
from bot.language.answers import read_answer
from bot.language.understanding import Item, Known, KnownProduct
from domain.household import Household, Person, Product


def known_of(household: Household | None, person: Person) -> Known:
    """What the language layer may lean on for this household."""
    if household is None:
        return Known(southern=person.southern)
    return _known(household.products, household.province, person.southern)


@lru_cache(maxsize=2_000)
def _known(products: tuple[Product, ...], province: str, southern: bool | None) -> Known:
    names = tuple(
        KnownProduct(p.name, p.last_unit or p.unit, p.last_vnd or p.unit_price_vnd) for p in products
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


def read(turn: Turn, slot: str, item: Item | None = None) -> Any:
    """The words as the answer to one asked slot, or None when they are not one."""
    known = known_of(turn.household, turn.person)
    answer = read_answer(slot, text_of(turn), turn.on, known, item)
    return None if answer is None else answer.value


def said(turn: Turn) -> str | None:
    """The universal short answer in the words: `yes`, `no`, `cancel`, `back`…"""
    return turn.understood.answer if turn.understood else None


def requested(turn: Turn, *names: str) -> bool:
    """Whether the words ask for one of these (see `bot.language.understanding.REQUESTS`)."""
    return turn.understood is not None and turn.understood.request in names

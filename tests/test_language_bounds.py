"""Whatever is typed: an answer, no exception, and bounded work."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import understand as understanding
from bot.language.answers import _READERS, read_answer
from bot.language.choices import choose
from bot.language.tokens import LONGEST, MOST_TOKENS, tokenize
from bot.language.understand import understand
from bot.language.understanding import ANSWERS, ASKABLE, INTENTS, MOODS, NOBODY, REQUESTS, Item
from bot.language.vocabulary import known_words

TODAY = date(2026, 11, 21)
WORDS = st.sampled_from(sorted(known_words()))
SIGNS = st.sampled_from(
    [
        ",",
        ".",
        "/",
        "-",
        "k",
        "kg",
        "tr",
        "5",
        "2tr5",
        "30k/kg",
        "19/11",
        "#",
        "%",
        "?",
        "\n",
        "1.250",
        "35,000",
        "0",
        "00",
        "9" * 20,
    ]
)
TALK = st.lists(st.one_of(WORDS, SIGNS), max_size=30).map(" ".join)


def _sound(text):
    understood = understand(text, TODAY)
    assert understood.intent in INTENTS
    assert set(understood.ask) <= set(ASKABLE)
    assert understood.answer is None or understood.answer in ANSWERS
    assert understood.mood is None or understood.mood in MOODS
    assert understood.request is None or understood.request in REQUESTS
    for item in understood.items:
        for sum_ in (item.unit_price_vnd, item.total_vnd, item.amount_vnd):
            assert sum_ is None or (type(sum_) is int and 0 <= sum_ < 10**19)
        assert item.quantity is None or item.quantity > 0


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_unicode_is_understood_as_something(text):
    _sound(text)


@settings(deadline=None, max_examples=400)
@given(TALK)
def test_any_words_of_the_field_in_any_order_are_understood_as_something(text):
    _sound(text)


@settings(deadline=None)
@given(st.sampled_from(sorted(_READERS)), st.one_of(TALK, st.text(max_size=60)))
def test_any_reply_to_any_question_is_read_or_not_read(slot, text):
    answer = read_answer(slot, text, TODAY, NOBODY, Item(unit="kg"))
    assert answer is None or answer.slot == slot


@settings(deadline=None)
@given(
    st.one_of(TALK, st.text(max_size=60)),
    st.lists(
        st.sampled_from(["Lưu", "Sửa", "Thôi", "3 sao", "165.000 đ/kg", "Cả 3 chậu", ""]),
        max_size=5,
    ),
)
def test_a_choice_is_one_of_the_options_or_none(text, labels):
    options = [(str(n), label) for n, label in enumerate(labels)]
    assert choose(text, options) in {None, *(key for key, _ in options)}


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "một ",
        "mười ",
        "hai ",
        "trăm ",
        "k",
        "1k",
        "chú ba ",
        "không phải ",
        "15/3 ",
        "mùng 5 tháng 3 ",
        "tháng ",
        "ban 5kg cam ",
        "ơ",
        "\u0301",
        "😀",
        "1.1.",
        "a",
        "#",
    ],
)
def test_a_message_of_any_length_costs_a_bounded_number_of_tokens(piece):
    text = (piece * LONGEST)[: 4 * LONGEST]
    assert len(tokenize(text).tokens) <= MOST_TOKENS
    _sound(text)


def test_a_message_is_read_twice_at_most(monkeypatch):
    """Each doubtful name has two readings; a row of them is not tried in every combination."""
    read, texts = understanding.read, []

    def counted(text, on, known):
        texts.append(text)
        return read(text, on, known)

    monkeypatch.setattr(understanding, "read", counted)
    _sound("cho bà ba trăm trứng " * 20)
    assert len(texts) == 2

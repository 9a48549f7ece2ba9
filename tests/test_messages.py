"""Code and catalogues agree: every key has a text, every text is used, every placeholder is filled."""

from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from bot.locales import check


def test_code_and_catalogues_agree():
    assert check.problems() == []


@pytest.fixture
def half_translated(monkeypatch):
    """A second language with one text, one strange placeholder and one key of its own."""
    po = 'msgid "card.left"\nmsgstr "{thing}"\n\nmsgid "no.such"\nmsgstr "Hello"\n'
    second = read_po(BytesIO(po.encode()))
    first = check.read("vi")
    monkeypatch.setattr(check, "languages", lambda: ("ede", "vi"))
    monkeypatch.setattr(check, "read", lambda language: first if language == "vi" else second)


def test_a_new_language_gets_what_it_lacks_listed(half_translated):
    found = check.problems()
    assert "ede: card.ask is not translated" in found
    assert "ede: card.left is not translated" not in found
    assert "ede: card.left has a strange {thing}" in found
    assert any(line.startswith("ede: no.such is no key") for line in found)


CODE = """
def answer(turn):
    turn.tell("card.nothing")
    turn.say(Line("card.buyer", {"seller": "Lan"}), buttons=(Button("a", "button.none"),))
    turn.tell("ask.wanted.soon")
"""


@pytest.fixture
def other_code(monkeypatch, tmp_path):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "some.py").write_text(CODE, "utf-8")
    monkeypatch.setattr(check, "ROOT", tmp_path)


def test_a_key_without_a_text_and_a_value_that_is_not_given_are_named_by_line(other_code):
    found = check.problems()
    assert "bot/some.py:3: card.nothing has no text" in found
    assert "bot/some.py:4: button.none has no text" in found
    assert "bot/some.py:5: ask.wanted.soon has no text" in found
    assert "bot/some.py:4: card.buyer lacks buyer" in found
    assert "card.ask is used nowhere" in found

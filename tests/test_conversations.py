"""The golden transcripts, played through the real runner: what the bot says and stores, word for word.

`pytest --update` rewrites what is expected; the difference is read by somebody who speaks Vietnamese.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from every_language import misfits
from in_memory import Memory
from pseudo import pseudo_locale
from stage import played

import bot.one_turn
import bot.runner
from bot.locales import catalogue
from bot.transcripts import read, write

FOLDER = Path(__file__).parent / "conversations"
OURS = catalogue.languages()
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    """One more language, two fifths longer than ours."""
    with pseudo_locale(tmp_path_factory.mktemp("locales")) as language:
        yield language


@pytest.fixture
def unfit(pseudo, monkeypatch) -> list[str]:
    """What is wrong with the replies of a conversation in any other language."""
    word, found = bot.one_turn.word, list[str]()

    def word_everywhere(reply):
        found.extend(misfits(reply, word))
        return word(reply)

    monkeypatch.setattr(bot.one_turn, "word", word_everywhere)
    monkeypatch.setattr(bot.runner, "languages", lambda: OURS)  # nobody can choose the other one
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_conversation_goes_as_written(file, pytestconfig, unfit):
    """And every reply can be said in every language, and fits the channels in each."""
    text = file.read_text()
    today = write(await played(Memory(), read(text)))
    if pytestconfig.getoption("update"):
        file.write_text(today)
    else:
        assert today == text
    assert unfit == []

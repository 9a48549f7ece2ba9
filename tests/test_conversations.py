"""The golden transcripts, played through the real runner: what the bot says and stores, word for word.

`pytest --update` rewrites what is expected; the difference is read by somebody who speaks Vietnamese.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from blank import empty_database
from every_language import misfits
from pseudo import pseudo_locale
from stage import played

import bot.one_turn
import bot.runner
from bot.locales import catalogue
from bot.transcripts import read, write
from storage.database import Database

FOLDER = Path(__file__).parent / "conversations"
OURS = catalogue.languages()
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> Path:
    """A migrated database without a row, to copy."""
    folder = tmp_path_factory.mktemp("blank")
    asyncio.run(_made(folder))
    return folder / "lensan.db"


async def _made(folder: Path) -> None:
    await (await empty_database(folder)).close()


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
async def test_the_conversation_goes_as_written(file, blank, tmp_path, pytestconfig, unfit):
    """And every reply can be said in every language, and fits the channels in each."""
    shutil.copy(blank, tmp_path / "lensan.db")
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/lensan.db")
    text = file.read_text()
    today = write(await played(db, read(text)))
    if pytestconfig.getoption("update"):
        file.write_text(today)
    else:
        assert today == text
    assert unfit == []

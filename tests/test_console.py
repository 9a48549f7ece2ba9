"""The terminal: what is typed is a message of its own, what is tapped is a button that was shown."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from bot.channels.console import Talk
from bot.dialogue.message import Tap, Text
from bot.locales.render import Worded
from bot.transcripts import write
from domain.household import ZONE

NOW = dt.datetime(2026, 11, 21, 19, 5, tzinfo=ZONE)
CARD = Worded("📝 600.000 đ", (("save:1", "Lưu"), ("leave:1", "Thôi")), {"kind": "bars"})


class Heard:
    """Answers a card to words and a receipt to a tap; remembers the messages."""

    def __init__(self) -> None:
        self.messages = []

    async def __call__(self, message) -> SimpleNamespace:
        self.messages.append(message)
        worded = CARD if isinstance(message.content, Text) else Worded("✅ Đã lưu 600.000 đ")
        return SimpleNamespace(replies=(SimpleNamespace(worded=worded),))


async def test_a_reply_reads_as_in_a_transcript():
    steps = await Talk(Heard(), "ba").say("bán cam", NOW)
    assert write(steps) == "< 📝 600.000 đ\n  (biểu đồ)\n  [Lưu] [Thôi]\n"


async def test_a_button_that_was_shown_can_be_tapped():
    heard = Heard()
    talk = Talk(heard, "ba")
    await talk.say("bán cam", NOW)
    await talk.say("[Lưu]", NOW)
    assert [m.content for m in heard.messages] == [Text("bán cam"), Tap("save:1")]


async def test_a_button_nobody_showed_is_refused_and_nothing_is_sent():
    heard = Heard()
    with pytest.raises(ValueError, match="Bán"):
        await Talk(heard, "ba").say("[Bán]", NOW)
    assert heard.messages == []


async def test_an_edit_names_the_newest_typed_message():
    heard = Heard()
    talk = Talk(heard, "ba")
    for line in ("bán cam", "[Lưu]", "(sửa tin trước) bán bưởi", "(sửa tin trước) bán ổi"):
        await talk.say(line, NOW)
    first, _, again, once_more = heard.messages
    assert again.edits == once_more.edits == first.id
    assert len({m.id for m in heard.messages}) == 4


async def test_two_talks_of_one_person_share_no_message():
    heard = Heard()
    for start in ("a", "b"):
        await Talk(heard, "ba", start).say("cam", NOW)
    assert len({m.id for m in heard.messages}) == 2

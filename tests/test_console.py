"""The terminal: what is typed is heard, what is answered shows its choices by number."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from bot.channels.console import Talk, converse, numbered, play
from bot.dialogue.message import Tap, Text
from bot.locales.render import Worded
from bot.transcripts import read, write
from domain.household import ZONE

NOW = dt.datetime(2026, 11, 21, 19, 5, tzinfo=ZONE)
CARD = Worded("📝 600.000 đ", (("save:1", "Lưu"), ("leave:1", "Thôi")))


class Heard:
    """Answers a card to words and a receipt to a tap; remembers the messages."""

    def __init__(self) -> None:
        self.messages = []

    async def __call__(self, message) -> SimpleNamespace:
        self.messages.append(message)
        worded = CARD if isinstance(message.content, Text) else Worded("✅ Đã lưu 600.000 đ")
        return SimpleNamespace(replies=(SimpleNamespace(worded=worded),))


def typed(*lines: str):
    waiting = iter(lines)

    async def ask():
        return next(waiting, None)

    return ask


def test_choices_show_their_numbers():
    assert numbered(CARD) == "📝 600.000 đ\n1. Lưu · 2. Thôi"


async def test_a_conversation_is_shown_and_can_be_saved():
    heard, shown = Heard(), []
    steps = await converse(
        Talk(heard, "ba"), typed("bán cam", "", "[Lưu]"), shown.append, lambda: NOW
    )
    assert shown == [numbered(CARD), "✅ Đã lưu 600.000 đ"]
    assert write(steps) == (
        "= 2026-11-21 19:05\n> bán cam\n< 📝 600.000 đ\n  [Lưu] [Thôi]\n> [Lưu]\n< ✅ Đã lưu 600.000 đ\n"
    )
    assert [m.content for m in heard.messages] == [Text("bán cam"), Tap("save:1")]


async def test_a_button_nobody_showed_is_said_and_the_talk_goes_on():
    shown = []
    await converse(Talk(Heard(), "ba"), typed("[Bán]", "cam"), shown.append, lambda: NOW)
    assert "[Bán]" in shown[0]
    assert shown[1] == numbered(CARD)


async def test_a_script_is_played_at_its_own_times():
    heard = Heard()
    steps = read("# x\n= 2026-11-23 08:00\n> a\n> b\n= 2026-11-24 08:00\n> (sửa tin trước) c\n")
    await play(Talk(heard, "ba"), steps, NOW)
    times = [m.sent_at for m in heard.messages]
    assert [f"{t:%d %H:%M:%S}" for t in times] == ["23 08:00:00", "23 08:00:10", "24 08:00:00"]
    assert heard.messages[2].edits == heard.messages[1].id


async def test_two_talks_of_one_person_share_no_message():
    heard = Heard()
    for start in ("a", "b"):
        await Talk(heard, "ba", start).say("cam", NOW)
    assert len({m.id for m in heard.messages}) == 2

"""Every golden transcript on Telegram, Zalo and the web chat: the same events, the same words, by real payloads.

The terminal plays them in `test_conversations`. What a channel truly cannot have is listed here by name.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from channel_ways import Phone, Telegram, Web, Zalo, first_old_tap
from in_memory import Memory
from stage import played

import bot.one_turn
from bot.transcripts import Step, read, write

FILES = sorted((Path(__file__).parent / "conversations").glob("*.txt"))
WAYS = (Telegram(), Web(), Zalo())

NOBODY_SENDS = "on the terminal nobody sends messages to areas: what became of one reads otherwise"
LEFT_OUT = {
    "telegram": {
        "broadcasts_sent": NOBODY_SENDS,
        "en_broadcast_and_course": NOBODY_SENDS,
    },
    "web": {},
    "zalo": {
        "broadcasts_sent": NOBODY_SENDS,
        "en_broadcast_and_course": NOBODY_SENDS,
    },
}
"""Transcripts by channel, and why. Those whose steps a channel cannot send are known by their steps."""

OLD_WORDS = frozenset(
    {
        "assisted_opens_a_book",
        "checks_confirm_put_off_dispute",
        "course_news_cancelled",
        "courses_opened_by_a_worker",
        "dealings_in_the_middle",
        "en_correction_and_undo",
        "en_worker_day",
        "helped_entries_disputed",
        "ledger_strike_and_restore",
        "link_channel_bad_codes",
        "order_news_reminded_expired",
        "orders_confirm_send_done",
        "orders_typed",
        "privacy_16_delete",
        "privacy_withdraw_ledger",
        "sales_10_undo_old_button",
        "sales_old_button_twice",
        "sales_silence_of_a_week",
        "training_several_and_full",
        "voice_nothing_unseen",
    }
)
"""On Zalo these end before a button of an older message is tapped: its words mean something newer by then."""


@pytest.fixture(scope="module", autouse=True)
def understood_once():
    """What a sentence means does not hang on the channel: it is found out once for all of them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.one_turn, "understand", functools.cache(bot.one_turn.understand))
        yield


def part_for(way: object, name: str, steps: list[Step]) -> list[Step]:
    """As much of a transcript as the channel can have."""
    end = first_old_tap(steps) if isinstance(way, Zalo) and name in OLD_WORDS else None
    return steps[:end]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_conversation_goes_so_on_every_channel(file):
    steps = read(file.read_text())
    for way in WAYS:
        if file.stem in LEFT_OUT[way.channel] or way.cannot(steps):
            continue
        golden = way.golden(part_for(way, file.stem, steps))
        today = way.golden(await played(Memory(), golden, way))
        assert write(today) == write(golden), way.channel


def test_what_is_left_out_is_there_and_little():
    """Most transcripts run everywhere; what a channel cannot send is told by the channel."""
    names = {file.stem: read(file.read_text()) for file in FILES}
    for way in WAYS:
        assert LEFT_OUT[way.channel].keys() <= names.keys()
        cannot = {name for name, steps in names.items() if way.cannot(steps)}
        assert not cannot & LEFT_OUT[way.channel].keys()
        assert len(cannot) < 0.08 * len(names), cannot
    assert all(first_old_tap(names[name]) is not None for name in OLD_WORDS)


def test_a_phone_of_a_channel_says_its_lines_by_payloads():
    """Nothing in the ways hands a message over without the channel's parse."""
    for way in WAYS:
        phone = way.talk(None, way.address("player"))
        assert isinstance(phone, Phone)
        assert type(phone).heard is not Phone.heard

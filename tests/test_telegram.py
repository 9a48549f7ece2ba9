"""Telegram's payloads: what each update means, and what each reply becomes. See test_telegram_live for calls."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import (
    CAPTION_LIMIT,
    ROW_WIDTH,
    TEXT_LIMIT,
    NotAnUpdate,
    fitted,
    keyboard,
    parse,
    parse_bytes,
    payload,
)
from bot.dialogue.message import Contact, Location, Other, Picture, Tap, Text, Voice
from bot.locales.render import Worded

FOLDER = Path(__file__).parent / "telegram"
FILES = sorted(FOLDER.glob("*.json"))
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
SENT = dt.datetime.fromtimestamp(1795262700, dt.UTC)
BOT = "4242"

MEANS = {
    "text": Text("ban 20 ky quyt hong 30k 1 ky cho chi Lan"),
    "start": Text("/start"),
    "tap": Tap("s:save:3f2a"),
    "tap_on_an_old_message": Tap("s:save:3f2a"),
    "photo": Picture(caption="cam sành nhà em"),
    "photo_small": Picture(),
    "photo_as_file": Picture(),
    "photo_of_30_mb": Picture(),
    "voice": Voice(9),
    "audio": Voice(41),
    "edited": Text("ban 15 ky quyt hong 30k 1 ky cho chi Lan"),
    "contact_own": Contact("+84912345678", own=True),
    "contact_other": Contact("84987654321", own=False),
    "location": Location(10.293512, 105.658012),
    "sticker": Other("sticker"),
    "document": Other("document"),
    "video": Other("video"),
    "poll": Other("unsupported"),
    "unknown_fields": Text("alo"),
}
MEANS_NOTHING = {"group", "channel_post", "another_bot", "blocked", "unknown_kind"}


def recorded(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text())


def heard(name: str):
    return parse(recorded(name), BOT, NOW)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_recorded_update_is_one_in_telegrams_own_types(file):
    assert telegram.Update.de_json(json.loads(file.read_text())).update_id > 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_update_means_what_the_person_did(file):
    assert {file.stem} <= MEANS.keys() | MEANS_NOTHING
    found = heard(file.stem)
    assert (found and found.message.content) == MEANS.get(file.stem)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bytes_and_objects_are_read_alike(file):
    assert parse_bytes(file.read_bytes(), BOT, NOW) == heard(file.stem)


def test_a_message_comes_from_its_sender_at_its_own_time():
    message = heard("text").message
    assert (message.channel, message.sender, message.sent_at) == ("telegram", "5551234", SENT)
    assert message.edits is None


def test_a_tap_comes_now_and_names_what_to_answer():
    found = heard("tap")
    assert (found.message.sent_at, found.tap) == (NOW, "23843374651234567")


def test_an_edited_message_is_another_one_that_names_the_first():
    """It keeps its first time: the `hôm nay` in it is that day's."""
    first, edited = heard("text").message, heard("edited").message
    assert edited.edits == first.id != edited.id
    assert edited.sent_at == first.sent_at


def test_an_update_sent_again_has_the_same_id_whatever_its_number():
    """Update numbers start anew after a week of silence."""
    again = recorded("text") | {"update_id": 1}
    assert parse(again, BOT, NOW).message.id == heard("text").message.id


def test_no_two_updates_share_an_id():
    ids = [found.message.id for file in FILES if (found := heard(file.stem))]
    assert len(ids) == len(set(ids))
    assert heard("text").message.id != parse(recorded("text"), "77", NOW).message.id


def test_of_a_photo_the_smallest_large_enough_size_is_fetched():
    assert heard("photo").photo.file_id.endswith("huge")
    assert heard("photo_small").photo.file_id.endswith("middle")


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text()))
def test_an_update_of_any_form_is_read_or_ignored(fields):
    """With a number it is an update, whatever else is in it."""
    for kind in ("message", "edited_message", "callback_query"):
        assert parse({"update_id": 5, kind: fields}, BOT, NOW) is None


@pytest.mark.parametrize("name", ["text", "tap", "photo", "voice", "contact_own", "location"])
@given(bad=st.none() | st.integers() | st.text() | st.lists(st.integers()), place=st.integers(0))
def test_a_field_of_another_form_never_breaks_reading(name, bad, place):
    update = recorded(name)
    part = update.get("message") or update["callback_query"]
    part[sorted(part)[place % len(part)]] = bad
    parse(update, BOT, NOW)
    parse_bytes(json.dumps(update).encode(), BOT, NOW)


@given(st.binary() | st.text().map(str.encode) | st.from_regex(rb"[\[{\"0-9,:}\]]{0,20}"))
def test_any_other_bytes_are_no_update(body):
    with pytest.raises(NotAnUpdate):
        parse_bytes(body, BOT, NOW)


@pytest.mark.parametrize("update", [None, [], 5, "x", {}, {"update_id": "5"}, {"update_id": None}])
def test_without_a_number_it_is_no_update(update):
    with pytest.raises(NotAnUpdate):
        parse(update, BOT, NOW)


def test_no_nul_reaches_the_database():
    update = recorded("text")
    update["message"]["text"] = "cam\0sành"
    assert parse(update, BOT, NOW).message.content == Text("camsành")


# Replies

CARD = Worded("📝 600.000 đ\n(sáu trăm ngàn đồng)", (("a", "Lưu"), ("b", "Sửa"), ("c", "Thôi")))


def test_a_card_is_one_message_with_a_row_of_buttons():
    method, body = payload(CARD, "5551234")
    assert (method, body["chat_id"], body["text"]) == ("sendMessage", 5551234, CARD.text)
    row = [
        (key["text"], key["callback_data"]) for key in body["reply_markup"]["inline_keyboard"][0]
    ]
    assert row == [("Lưu", "a"), ("Sửa", "b"), ("Thôi", "c")]


def test_an_address_that_opens_once_is_not_opened_for_a_preview():
    assert payload(CARD, "5")[1]["link_preview_options"] == {"is_disabled": True}


def test_a_picture_bears_the_words_as_its_caption():
    method, body = payload(Worded("Tháng 11", picture={"kind": "photo", "id": "x"}), "5")
    assert (method, body) == ("sendPhoto", {"chat_id": 5, "caption": "Tháng 11"})


def test_a_button_of_more_than_64_bytes_is_refused():
    """Bytes, not letters: Telegram counts so."""
    with pytest.raises(ValueError, match="64 bytes"):
        keyboard((("đ" * 33, "Lưu"),))
    assert keyboard((("đ" * 32, "Lưu"),))


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Lưu", "Sửa", "Thôi"], [3]),
        (["Đồng ý", "Đọc kỹ hơn", "Không đồng ý"], [3]),
        (["165.000 đ/kg", "1.650.000 đ/kg", "Gõ số khác"], [2, 1]),
        (["Anh", "Chị", "Cô", "Chú", "Bác", "Ông", "Bà", "Bà con"], [4, 4]),
        (["Hàng", "Số lượng", "Giá", "Tiền", "Người mua", "Ngày", "Nơi bán", "Thôi"], [4, 4]),
        (["Một nhãn dài hơn cả hàng, tới bốn mươi lăm chữ"], [1]),
    ],
)
def test_buttons_stand_in_few_even_rows_with_labels_whole(labels, rows):
    board = keyboard(tuple((str(n), label) for n, label in enumerate(labels)))
    assert [len(row) for row in board] == rows
    assert [key["text"] for row in board for key in row] == labels
    assert all(len(row) == 1 or sum(len(k["text"]) for k in row) <= ROW_WIDTH for row in board)


@given(st.text(max_size=6000))
def test_no_text_is_longer_than_telegram_takes(text):
    for limit in (TEXT_LIMIT, CAPTION_LIMIT):
        cut = fitted(text, limit)
        assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= limit
        assert cut == text or cut.endswith("…")


def test_a_long_text_is_cut_at_the_end_of_a_line():
    lines = "\n".join(["mười hai ký cam sành"] * 300)
    cut = fitted(lines, TEXT_LIMIT)
    assert set(cut.split("\n")) == {"mười hai ký cam sành", "…"}

"""Zalo's payloads: what an update becomes, what a reply becomes; recorded shapes stand in `zalo/`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.numbered import parts, spoken
from bot.channels.zalo import LIMIT, NotAnUpdate, calls, parse, parse_bytes
from bot.channels.zalo_pictures import GOOD_FOR, PictureLinks
from bot.dialogue.message import Other, Picture, Text, Voice
from bot.locales.catalogue import text
from bot.locales.render import Worded

FOLDER = Path(__file__).parent / "zalo"
BOT = "9191"
AT = dt.datetime.fromtimestamp(1795000000.123, dt.UTC)
NOW = AT + dt.timedelta(seconds=2)
CARD = Worded("📝 600.000 đ", (("a", "Lưu"), ("b", "Sửa"), ("c", "Thôi")))


def heard(name: str):
    return parse_bytes((FOLDER / f"{name}.json").read_bytes(), BOT, NOW)


@pytest.mark.parametrize(
    ("name", "content", "link"),
    [
        ("text", Text("bán 20 kg cam sành 25k"), None),
        ("text_wrapped", Text("Xin chào"), None),
        ("image", Picture(caption="cam sành"), "https://photo-stal-1.zdn.vn/a.jpg"),
        ("image_old_name", Picture(), "https://photo-stal-1.zdn.vn/a.jpg"),
        ("voice", Voice(0), "https://f2-voice-aac-dl.zdn.vn/1/a.aac"),
        ("sticker", Other("sticker"), None),
        ("unsupported", Other("unsupported"), None),
        ("unknown_event", Other("unsupported"), None),
        ("number_ids", Text("alo"), None),
    ],
)
def test_an_update_becomes_a_message(name, content, link):
    found = heard(name)
    assert (found.message.content, found.link) == (content, link)
    assert found.message.sent_at == AT
    assert found.message.channel == "zalo"


@pytest.mark.parametrize("name", ["group", "another_bot", "unsupported_without_message"])
def test_what_nobody_said_to_us_alone_is_no_message(name):
    assert heard(name) is None


def test_every_recorded_payload_is_tested():
    source = Path(__file__).read_text()
    assert all(f'"{file.stem}"' in source for file in FOLDER.glob("*.json"))


def test_the_same_message_has_the_same_id_however_it_comes():
    """Wrapped or bare, by the webhook or by a poll, once or ten times."""
    update = json.loads((FOLDER / "text.json").read_bytes())
    wrapped = json.dumps({"ok": True, "result": update}).encode()
    ids = {
        parse(update, BOT, NOW).message.id,
        parse_bytes(wrapped, BOT, NOW + dt.timedelta(days=30)).message.id,
    }
    assert ids == {"zalo:9191:6ede9afa66b88fe6d6a9:2d758cb5e222177a4e35"}


@pytest.mark.parametrize("date", [None, 0, 1_795_000_000, 10**16])
def test_a_time_that_cannot_be_is_that_of_hearing(date):
    update = json.loads((FOLDER / "text.json").read_bytes())
    update["message"]["date"] = date
    assert parse(update, BOT, NOW).message.sent_at == NOW


def test_without_any_name_a_message_cannot_be_told_from_its_repetition():
    update = json.loads((FOLDER / "text.json").read_bytes())
    del update["message"]["message_id"]
    assert parse(update, BOT, NOW).message.id.endswith(":at-1795000000123")
    del update["message"]["date"]
    assert parse(update, BOT, NOW) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"null", b'"x"', b"\xff"])
def test_bytes_that_are_no_object_are_no_update(body):
    with pytest.raises(NotAnUpdate):
        parse_bytes(body, BOT, NOW)


@given(
    st.dictionaries(
        st.sampled_from(["event_name", "message", "result"]),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5) | st.floats(),
            lambda part: (
                st.lists(part, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["chat", "from", "id", "date", "message_id", "text", "photo"]),
                    part,
                )
            ),
        ),
    )
)
def test_any_object_is_read_without_a_fault(update):
    parse(update, BOT, NOW)


# Replies


def test_choices_stand_under_the_words_with_their_numbers():
    ((method, body),) = calls(CARD, "u1")
    assert method == "sendMessage"
    hint = text("choices.numbered")
    assert body == {"chat_id": "u1", "text": f"📝 600.000 đ\n1. Lưu\n2. Sửa\n3. Thôi\n{hint}"}


def test_where_a_number_is_an_answer_choices_have_none():
    asked = Worded("Bao nhiêu kg ạ?", (("a", "Chưa rõ"),), numbered=False)
    assert spoken(asked) == f"Bao nhiêu kg ạ?\n– Chưa rõ\n{text('choices.words')}"


def test_what_the_words_number_themselves_is_not_listed_again():
    listed = Worded("1. Lớp A\n2. Lớp B\nLớp nào ạ?", (("a", "1"), ("b", "2"), ("c", "Thôi")))
    assert spoken(listed).split("\n")[3:] == ["3. Thôi", text("choices.numbered")]


def test_how_to_answer_is_said_in_the_language_of_the_reply():
    assert spoken(Worded("?", (("a", "Yes"),), language="en")).endswith(
        text("choices.numbered", "en")
    )


def test_a_picture_goes_by_its_address_with_the_words_under_it():
    chart = Worded("Tháng 11", CARD.buttons, {"kind": "bars"})
    ((method, body),) = calls(chart, "u1", "https://x.vn/p.png")
    assert method == "sendPhoto"
    assert body["photo"] == "https://x.vn/p.png"
    assert body["caption"].startswith("Tháng 11\n1. Lưu")


def test_words_too_long_for_a_caption_follow_the_picture():
    chart = Worded("Câu này dài. " * 300, (), {"kind": "bars"})
    methods = [method for method, _ in calls(chart, "u1", "https://x.vn/p.png")]
    assert methods == ["sendPhoto", "sendMessage", "sendMessage"]


def test_without_an_address_a_picture_is_told_of():
    ((method, body),) = calls(Worded("Tháng 11", (), {"kind": "bars"}), "u1")
    assert (method, body["text"]) == ("sendMessage", f"Tháng 11\n{text('picture.elsewhere')}")


def test_a_long_text_is_parted_at_its_sentences():
    sentence = "Chị Lan mua hai mươi ký cam sành."
    pieces = parts(" ".join([sentence] * 100), LIMIT)
    assert len(pieces) == 2
    assert all(piece.endswith("cam sành.") for piece in pieces)


def test_lines_are_better_places_than_sentences():
    line = "a" * 900 + ". b" + "a" * 600
    assert parts(f"{line}\n{line}", LIMIT) == [line, line]


@given(
    st.text(
        alphabet=st.sampled_from("aạ. \n😀!"),
        max_size=300,
    ),
    st.integers(min_value=8, max_value=60),
)
def test_nothing_of_a_long_text_is_lost_and_no_piece_is_too_long(said, limit):
    pieces = parts(said, limit)
    assert "".join("".join(pieces).split()) == "".join(said.split())
    assert all(len(piece.encode("utf-16-le")) <= 2 * limit for piece in pieces)


# Addresses of pictures

REPLY = UUID("00000000-0000-4000-8000-0000000000aa")


def asked(address: str) -> tuple[str, int, str]:
    path, _, query = address.partition("?")
    pairs = dict(pair.split("=") for pair in query.split("&"))
    return path.rpartition("/")[2], int(pairs["until"]), pairs["sign"]


def test_an_address_of_a_picture_is_good_for_a_day():
    now = [1_000.0]
    links = PictureLinks("https://x.vn", b"k" * 32, lambda: now[0])
    address = links.of(REPLY, {"kind": "qr"})
    assert address.startswith(f"https://x.vn/zalo/pictures/{REPLY}.png?")
    assert links.good(*asked(address))
    now[0] += GOOD_FOR + 1
    assert not links.good(*asked(address))


def test_a_changed_address_is_not_good():
    links = PictureLinks("https://x.vn", b"k" * 32, lambda: 0.0)
    name, until, sign = asked(links.of(REPLY, {"kind": "photo"}))
    assert links.good(name, until, sign)
    assert not links.good(name.replace("aa", "ab"), until, sign)
    assert not links.good(name, until + 1, sign)
    assert not links.good(name, until, "ü" * 32)
    assert not PictureLinks("", b"j" * 32, lambda: 0.0).good(name, until, sign)

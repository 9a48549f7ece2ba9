"""Each person is spoken to in their own language: chosen at any moment, kept, and read in it."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from blank import empty_database
from pseudo import pseudo_locale
from sqlalchemy import select
from stage import played
from structlog.testing import capture_logs

import bot.one_turn
import bot.transcripts
from bot.channels.telegram import parse
from bot.config import Settings, load_settings
from bot.dialogue.message import Message, Tap, Text
from bot.dialogue.reply import Amount, Clock, Day, Money, Place, Reply, Voice, Words
from bot.drafts.broadcasts import as_reply
from bot.handlers import HANDLERS
from bot.language.spell import say_number
from bot.language.understand import understand
from bot.language.understanding import Known
from bot.language.vocabulary import units
from bot.locales import catalogue
from bot.locales.catalogue import text
from bot.locales.check import placeholders
from bot.locales.english import spelled
from bot.locales.render import fill, word
from bot.locales.requests import in_first_language
from bot.runner import Runner
from bot.transcripts import read
from storage.database import Database
from storage.languages import choose
from storage.schema import person

ENGLISH = Voice(language="en")
SATURDAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 1, tzinfo=dt.UTC)


def shown(value, voice: Voice = ENGLISH) -> str:
    return fill("card.item_only", {"item": value}, voice)


# How values are written


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2_080_000, "2,080,000"),
        (Decimal("3.20"), "3.2"),
        (Money(500_000), "500,000 đ"),
        (Words(2_005_000), "two million and five thousand đồng"),
        (Amount(Decimal(3), "chậu", "mai"), "3 pots mai"),
        (Amount(Decimal(1), "chậu", "mai"), "1 pot mai"),
        (Amount(Decimal("2.5"), "tấn", "lúa"), "2.5 tonnes lúa"),
        (Day(dt.date(2026, 11, 20), SATURDAY), "yesterday, Friday 20/11"),
        (Day(dt.date(2025, 11, 20), SATURDAY), "20/11/2025"),
        (Clock(dt.datetime(2026, 11, 21, 13, 5, tzinfo=dt.UTC), SATURDAY), "20:05 today"),
        (Place("xã", "Lai Vung"), "Lai Vung commune"),
        (Place("đặc khu", "Lý Sơn"), "Lý Sơn special zone"),
        (Place("tỉnh", "Đồng Tháp"), "Đồng Tháp province"),
    ],
)
def test_a_value_is_written_in_the_english_way(value, expected):
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "zero"),
        (14, "fourteen"),
        (40, "forty"),
        (105, "one hundred and five"),
        (1_001, "one thousand and one"),
        (25_000, "twenty-five thousand"),
        (770_000, "seven hundred and seventy thousand"),
        (3_000_500, "three million five hundred"),
        (1_250_000_000, "one billion two hundred and fifty million"),
    ],
)
def test_a_sum_is_read_out_in_english(number, expected):
    assert spelled(number) == expected


def test_a_month_has_its_name_when_it_stands_alone_and_a_number_in_a_date():
    values = {"month": 11, "month_total": Money(1), "count": 1}
    assert fill("month", values, ENGLISH).startswith("November: ")
    assert fill("button.today", {"day": 2, "month": 11}, ENGLISH) == "Today 2/11"
    assert fill("month", values, Voice()).startswith("Tháng 11: ")


def test_a_greeting_names_the_person_and_does_without_a_name():
    assert fill("name.saved", {}, Voice("cô", name="Ba", language="en")) == "Hello cô Ba."
    assert fill("name.saved", {}, Voice(name="Tom", language="en")) == "Hello Tom."
    assert fill("name.saved", {}, Voice("cô", language="en")) == "Hello there."


def test_every_unit_that_we_know_has_an_english_word():
    with catalogue.folder("en").joinpath("units.csv").open(encoding="utf-8") as table:
        assert {row["unit"] for row in csv.DictReader(table)} == set(units())


def test_a_language_without_numbers_in_words_leaves_that_line_out(tmp_path):
    with pseudo_locale(tmp_path) as language:
        said = fill(
            "card.total",
            {"total": Money(500_000), "total_words": Words(500_000)},
            Voice(language=language),
        )
        assert "500.000 đ" in said
        assert say_number(500_000, southern=False) not in said


def test_what_a_language_lacks_is_logged_and_not_hidden(tmp_path):
    with capture_logs() as logged, pseudo_locale(tmp_path) as language:
        po = tmp_path / language / "LC_MESSAGES" / "messages.po"
        po.write_text('msgid ""\nmsgstr ""\n\nmsgid "card.left"\nmsgstr "[left]"\n')
        catalogue.catalogue.cache_clear()
        assert text("card.left", language) == "[left]"
        assert text("card.ask", language) == text("card.ask")
    assert [line["event"] for line in logged] == ["texts lack a translation"]


# The English catalogue

ENGLISH_TEXTS, FIRST_TEXTS = catalogue.catalogue("en"), catalogue.catalogue("vi")


def values_by_line(said: str) -> list[set[str]]:
    return [placeholders(line) for line in said.split("\n")]


def test_an_english_text_has_the_lines_of_the_vietnamese_one_with_the_same_values():
    """A line whose value is missing is left out, so that a value must stand in its own line."""
    assert ENGLISH_TEXTS.keys() == FIRST_TEXTS.keys()
    for key, said in FIRST_TEXTS.items():
        assert values_by_line(ENGLISH_TEXTS[key]) == values_by_line(said), key


def test_english_has_no_pair_of_address_but_in_a_persons_name():
    pair = re.compile(r"\{(?:me|you)\}", re.IGNORECASE)
    assert not [key for key, said in ENGLISH_TEXTS.items() if pair.search(said)]


def test_english_buttons_have_sixteen_signs_at_most():
    labels = {k: said for k, said in ENGLISH_TEXTS.items() if k.startswith("button.")}
    dated = {key: re.sub(r"\{\w+\}/\{\w+\}", "21/11", said) for key, said in labels.items()}
    bare = {key: re.sub(r"\{\w+\}", "20 kg", said) for key, said in dated.items()}
    assert not {key: label for key, label in bare.items() if len(label) > 16}


# What is typed in English


def rows(where: str) -> list[dict[str, str]]:
    with catalogue.folder("en").joinpath("requests.csv").open(encoding="utf-8") as table:
        return [row for row in csv.DictReader(table) if row["where"] == where]


def test_every_english_request_is_one_that_we_understand():
    for row in rows("all"):
        assert in_first_language(f" {row['said'].capitalize()}. ", "en") == row["means"]
        seen = understand(row["means"], SATURDAY, Known())
        meant = seen.answer or seen.request or seen.period or seen.date or seen.intent != "other"
        assert meant, row


def test_english_words_stay_what_they_are_for_who_speaks_vietnamese():
    assert not [row for row in rows("all") if in_first_language(row["said"], "vi")]


@pytest.mark.parametrize(
    ("said", "product", "quantity", "unit", "price", "total"),
    [
        ("sold 20 kg cam sành at 25,000 per kg", "cam sành", 20, "kg", 25_000, 500_000),
        ("Yesterday I sold 3 boxes of bưởi at 275k", "bưởi", 3, "thùng", 275_000, 825_000),
        ("sold 12 kg tôm thẻ at 1,650k", "tôm thẻ", 12, "kg", 1_650_000, 19_800_000),
        ("sold 2.5 tonnes lúa at 7,800 per kg", "lúa", Decimal("2.5"), "tấn", 7_800, 19_500_000),
        ("sold 40 bunches hoa cúc for 800,000", "hoa cúc", 40, "bó", None, 800_000),
    ],
)
def test_a_plain_english_sale_is_read(said, product, quantity, unit, price, total):
    item = understand(in_first_language(said, "en"), SATURDAY, Known()).items[0]
    assert (item.product, item.quantity, item.unit) == (product, quantity, unit)
    assert (item.unit_price_vnd, item.total_vnd) == (price, total)


@pytest.mark.parametrize(
    "said", ["bán 20 ký cam sành 25 ngàn", "Ba", "Anh Hai", "so 5", "không", "my ngan"]
)
def test_vietnamese_is_left_as_it_is_whichever_language_is_chosen(said):
    assert in_first_language(said, "en") is None


@pytest.mark.parametrize(
    ("said", "read_as"), [("1,650k", "1650k"), ("25,000", "25000"), ("3.2 kg", None)]
)
def test_commas_between_thousands_are_no_fractions_in_english(said, read_as):
    assert in_first_language(said, "en") == read_as


# Who is spoken to in which language


class Talking:
    """One sender, through the real runner."""

    def __init__(self, book: Database, sender: str = "s", **settings: str) -> None:
        env = {f"LENSAN_{name.upper()}": value for name, value in settings.items()}
        self.runner = Runner(book, load_settings(env, None) if env else Settings(), HANDLERS)
        self.sender, self.count = sender, 0

    async def say(self, said: str, page: str | None = None, hint: str | None = None) -> str:
        """Words, or `[id]` for a tap; the answers, one after the other."""
        self.count += 1
        content = Tap(said[1:-1]) if said.startswith("[") else Text(said)
        at = NOW + dt.timedelta(seconds=10 * self.count)
        id_ = f"{self.sender}{self.count}"
        message = Message(id_, "web", self.sender, at, content, language=page, hint=hint)
        handled = await self.runner.handle(message, inline="all")
        return "\n".join(kept.worded.text for kept in handled.replies)

    async def register(self, page: str | None = None) -> None:
        for said in ("alo", "[start.agree]", "cô Ba", "Lai Vung, Đồng Tháp"):
            await self.say(said, page)


@pytest.fixture
async def book(tmp_path):
    """An empty database; which kind it is makes no difference here."""
    opened = await empty_database(tmp_path)
    yield opened
    await opened.close()


async def spoken_by(book: Database) -> list[str | None]:
    return list(await book.read(lambda tx: tx.execute(select(person.c.language)).scalars().all()))


async def test_one_setting_makes_us_speak_english_to_who_chose_nothing(book):
    one, other = Talking(book, "a", language="en"), Talking(book, "b")
    assert (await one.say("alo")).startswith("Hello there.")
    assert (await other.say("alo")).startswith("Em chào bà con")
    await one.register()
    assert await spoken_by(book) == [None]  # nobody chose: another setting would say it otherwise


async def test_a_choice_is_kept_with_the_person_and_beats_setting_and_page(book):
    ba = Talking(book)
    await ba.register()
    assert "English" in await ba.say("english")
    assert await spoken_by(book) == ["en"]
    again = Talking(book, language="vi")
    again.count = 100
    assert (await again.say("bán 20 ký cam 25k", page="vi")).startswith("📝 500,000 đ")


async def test_what_a_stranger_chose_is_kept_only_after_their_yes(book):
    tom = Talking(book)
    assert (await tom.say("English")).startswith("Hello there.")
    assert await spoken_by(book) == []
    await tom.say("yes")
    assert await spoken_by(book) == ["en"]


async def test_a_choice_among_strangers_words_is_no_name(book):
    tom = Talking(book)
    await tom.say("alo")
    await tom.say("[start.agree]")
    assert (
        await tom.say("tiếng Anh")
        == "I speak English from now on.\nWhat should I call you? For example: chị Lan, chú Tư."
    )


async def test_the_page_on_which_they_agreed_becomes_their_language(book):
    tom = Talking(book)
    await tom.register(page="en")
    assert await spoken_by(book) == ["en"]
    assert (await tom.say("bán 20 ký cam 25k")).startswith("📝 500,000 đ")


async def test_a_strangers_phone_is_a_hint_and_no_choice(book):
    """English is offered once, in English; Vietnamese is spoken until somebody asks."""
    tom = Talking(book)
    said = await tom.say("/start", hint="en")
    assert said.startswith("Em chào bà con")
    assert text("language.offer", "en") in said
    assert text("language.offer", "en") not in await tom.say("alo", hint="en")
    await tom.say("[start.agree]", hint="en")
    assert await spoken_by(book) == [None]
    assert text("language.offer", "vi") not in await Talking(book, "b").say("alo", hint="vi")
    assert "language" not in await Talking(book, "c").say("alo", hint="xx")


@pytest.mark.parametrize(("code", "hint"), [("en-GB", "en"), ("vi", "vi"), (None, None), (7, None)])
def test_telegram_tells_the_language_of_the_phone(code, hint):
    who = {"id": 5, "is_bot": False, "first_name": "A", "language_code": code}
    sent = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 5, "type": "private"}}
    update = {"update_id": 1, "message": {**sent, "from": who, "text": "hi"}}
    heard = parse(update, "1", NOW)
    assert heard.message.hint == hint
    assert heard.message.language is None


async def test_what_is_chosen_on_a_page_holds_in_the_very_next_answer(book):
    """The person is remembered between turns: a change beside them must be seen."""
    ba = Talking(book)
    await ba.register()
    await ba.say("alo")
    who = await book.read(lambda tx: tx.execute(select(person.c.id)).scalar_one())
    await book.write(lambda tx: choose(tx, who, "en"))
    assert (await ba.say("bán 20 ký cam 25k")).startswith("📝 500,000 đ")


@pytest.mark.parametrize("said", ["có lớp tiếng anh không", "em bán sách tiếng anh 20k một quyển"])
async def test_english_as_a_subject_is_no_wish_to_speak_it(book, said):
    ba = Talking(book)
    await ba.register()
    await ba.say(said)
    assert await spoken_by(book) == [None]


async def test_a_fault_of_ours_is_told_in_the_language_of_whom_it_befell(book, monkeypatch):
    ba = Talking(book)
    await ba.register()
    await ba.say("english")
    monkeypatch.setattr("bot.one_turn.understand", lambda *_: 1 / 0)
    with capture_logs() as logged:
        assert await ba.say("bán cam") == text("outage.fault", "en")
    assert [line["event"] for line in logged] == ["turn failed"]


def test_a_message_to_many_has_each_readers_frame_and_the_workers_own_words():
    voice = Voice("anh", name="Tom", language="en")
    said = word(as_reply("Mời [bà con] tới chợ.", "Ngọc", "30226", voice)).text
    assert said.startswith("📣 Mời anh tới chợ.")
    assert 'write "stop news"' in said


# Every language


PLAYED = (
    "sales_08_ten_times",
    "sales_09_corrected_by_slot",
    "sales_two_cards",
    "products_11_digression_and_return",
    "orders_confirm_send_done",
    "order_news_12_at_night",
    "ledger_strike_and_restore",
    "questions_15_hand_off_and_back",
    "checks_confirm_put_off_dispute",
)
CONVERSATIONS = Path(__file__).parent / "conversations"


@pytest.fixture
def in_vietnamese(monkeypatch):
    """Taps of a transcript find their button by its Vietnamese label, whatever it says."""
    labels: dict[tuple[str, str], str] = {}
    said = bot.one_turn.word

    def noted(reply: Reply):
        worded = said(reply)
        first = said(replace(reply, voice=replace(reply.voice, language=catalogue.FIRST)))
        labels.update(zip(worded.buttons, (label for _, label in first.buttons), strict=True))
        return worded

    def found(label: str, shown):
        newest = (button for buttons in reversed(shown) for button in buttons)
        return next(button[0] for button in newest if labels[tuple(button)] == label)

    monkeypatch.setattr(bot.one_turn, "word", noted)
    monkeypatch.setattr(bot.transcripts, "button", found)


@pytest.mark.parametrize("name", PLAYED)
@pytest.mark.parametrize("language", ["qps", "en"])
async def test_the_same_is_stored_whichever_language_is_spoken(
    name, language, in_vietnamese, tmp_path
):
    """The same words and taps, answered in another language, come to the same events."""
    written = (CONVERSATIONS / f"{name}.txt").read_text()
    (tmp_path / "locales").mkdir()
    with pseudo_locale(tmp_path / "locales"):
        steps = read(f"@ rules language={language}\n{written}")
        today = await played(await empty_database(tmp_path), steps)
    assert facts(today) == facts(read(written))
    answers = [step.text for step in today if step.mark == "<"]
    assert all(not set(VIETNAMESE) & set(answer.split()) for answer in answers if language == "en")


VIETNAMESE = ("ạ?", "ạ.", "Dạ,", "Dạ.")  # words of every second answer


def facts(steps) -> list[str]:
    return [step.text for step in steps if step.mark == "!"]

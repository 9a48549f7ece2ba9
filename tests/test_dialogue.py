"""Rules of the conversation core that a single transcript cannot show."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.message import Message, Tap, Text
from bot.dialogue.queries import (
    CopyToken,
    LedgerSums,
    LedgerTotals,
    OrdersInDoubt,
    OrdersNumbered,
    ShopOrders,
    Unanswered,
)
from bot.dialogue.respond import respond
from bot.dialogue.session import OPEN_TASKS, Session
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of
from bot.drafts.sale import SaleDraft, SaleLine
from bot.drafts.sale_form import CERTAIN, SALE
from bot.handlers import HANDLERS
from bot.language.understand import understand
from bot.language.understanding import ASKABLE
from domain.codes import SHORT, derived_id, receipt_code
from domain.events import SaleLogged
from domain.household import ZONE, Household, Person

WHO = UUID("00000000-0000-4000-8000-000000000001")
HOME = UUID("00000000-0000-4000-8000-000000000002")
NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
FOUND = {
    LedgerSums: LedgerTotals(),
    CopyToken: "/copies/x",
    ShopOrders: (),
    OrdersNumbered: (),
    OrdersInDoubt: (),
}
NOT_OF_A_SALE = {"order_id", "period", "returned", "confirm_all"}


def person() -> Person:
    return Person(WHO, HOME, "Ba", "cô", consents=frozenset({"ledger", "public"}))


def household() -> Household:
    return Household(HOME, "DT-0001", "82", "30226", NOON)


def turn_of(content: Text | Tap, session: Session, number: int = 0) -> Turn:
    """The turn of one message, answered; queries find nothing."""
    message = Message(f"test:{number}", "test", "her", NOON, content)
    answers: dict[object, object] = {}
    while True:
        turn = Turn(
            message=message,
            understood=understood(content),
            session=session.model_copy(deep=True),
            person=person(),
            household=household(),
            answers=answers,
        )
        try:
            return respond(turn, HANDLERS)
        except Unanswered as asked:
            answers[asked.query] = FOUND.get(type(asked.query))


def understood(content: Text | Tap):
    if isinstance(content, Tap):
        return None
    return understand(content.text, NOON.date(), known_of(household(), person()))


def said(*texts: str) -> Turn:
    """The last turn of a conversation of typed words."""
    session, turn = Session(), None
    for number, text in enumerate(texts):
        turn = turn_of(Text(text), session, number)
        session = turn.session
    assert turn is not None
    return turn


def buttons(turn: Turn) -> list[str]:
    return [button.id for reply in turn.replies for button in reply.buttons]


def test_a_button_of_an_older_version_of_the_card_saves_nothing_and_shows_the_newest():
    first = turn_of(Text("bán 20 ký cam sành 25k"), Session(), 1)
    second = turn_of(Text("giá 27"), first.session, 2)
    pressed = turn_of(Tap(buttons(first)[0]), second.session, 3)
    assert not pressed.events
    assert [line.key for line in pressed.replies[0].lines] == ["old.changed"]
    assert buttons(pressed)[0] == buttons(second)[0]


def test_every_slot_that_a_sale_may_have_to_ask_has_its_question():
    """A doubt without a question would be saved unasked."""
    questions = {slot.name.removeprefix("which.") for slot in SALE.slots}
    assert set(ASKABLE) - NOT_OF_A_SALE <= questions | {"guard"}


@pytest.mark.parametrize(
    "line", [SaleLine(), SaleLine(quantity=3), SaleLine(product="cam", total_vnd=50_000)]
)
def test_a_sale_without_doubts_is_looked_at_for_all_that_it_may_lack(line):
    """The slots that such a sale is not looked at for are never missing of it."""
    turn, draft = said("bán 20 ký cam sành 25k"), SaleDraft(lines=(line, line))
    lacking = [slot.name for slot in SALE.slots if slot.missing(turn, draft)]
    assert lacking == [slot.name for slot in CERTAIN if slot.missing(turn, draft)]


@given(st.text())
def test_a_derived_id_is_the_standard_one(name):
    assert derived_id(HOME, name) == uuid5(HOME, name)


def test_a_doubt_of_the_language_layer_blocks_the_card():
    turn = said("bán mớ cá rô được 2 xị")
    assert not any(button.startswith("sale.save") for button in buttons(turn))


def test_a_quantity_chosen_from_a_range_is_worked_out_with_its_price():
    asked = said("bán 30-40 kg cam sành giá 25 ngàn")
    card = turn_of(Tap(buttons(asked)[0]), asked.session, 2)
    saved = turn_of(Tap(buttons(card)[0]), card.session, 3)
    assert [event.total_vnd for event in saved.events] == [750_000]


def test_the_same_message_gives_the_same_answer_events_and_ids():
    card = turn_of(Text("bán 20 ký cam sành 25k"), Session(), 1)
    once, again = (turn_of(Tap(buttons(card)[0]), card.session, 2) for _ in range(2))
    assert once.events == again.events
    assert once.replies == again.replies
    assert isinstance(once.events[0], SaleLogged)


def test_a_session_stays_small_however_many_cards_are_left_open():
    session = Session()
    for number in range(30):
        session = turn_of(Text(f"bán {number + 1} ký cam sành 25k"), session, number).session
    assert len(session.tasks) == OPEN_TASKS
    assert len(session.model_dump_json()) < 16_000


@pytest.mark.parametrize("button", ["", "x", "sale.save:", "sale.set:::", "entry.strike:", "🍊:1"])
def test_a_button_that_was_never_ours_gets_an_answer(button):
    assert turn_of(Tap(button), Session()).replies


@pytest.mark.parametrize("left", [False, True])
def test_later_tapped_twice_is_answered_twice(left):
    """Found by the test below: the second tap got silence."""
    session = turn_of(Text("đăng quýt hồng 30k/kg"), Session(), 1).session
    if left:
        session = turn_of(Tap("core.leave"), session, 2).session
    once = turn_of(Tap("core.later"), session, 3)
    again = turn_of(Tap("core.later"), once.session, 4)
    assert [[line.key for line in turn.replies[0].lines] for turn in (once, again)] == (
        [["aside.none"]] * 2 if left else [["aside.left"]] * 2
    )


def test_a_card_is_saved_as_it_was_seen_while_a_change_of_it_is_being_asked():
    card = turn_of(Text("bán 15 con gà 120k 1 con với 4 chục trứng 35k 1 chục"), Session(), 1)
    token = card.session.tasks[0].draft
    asked = turn_of(Tap(f"sale.change:{token}:quantity=1"), card.session, 2)
    saved = turn_of(Tap(buttons(card)[0]), asked.session, 3)
    assert [event.total_vnd for event in saved.events] == [1_940_000]


@pytest.mark.parametrize("part", ["9", "x", "-1", ""])
def test_a_line_that_the_sale_has_not_is_asked_for(part):
    card = turn_of(Text("bán 15 con gà 120k 1 con với 4 chục trứng 35k 1 chục"), Session(), 1)
    token = card.session.tasks[0].draft
    asked = turn_of(Tap(f"sale.change:{token}:quantity={part}"), card.session, 2)
    assert [line.key for line in asked.replies[0].lines] == ["ask.which_line"]


BUTTON_BYTES = 64  # Telegram's limit


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "bán 20 ký cam sành 25k",
                "cam sành",
                "20 ký",
                "25 ngàn",
                "quay lại",
                "bỏ qua",
                "nhắc lại",
                "trợ giúp",
                "giá 27",
                "thôi",
                "xem đơn",
                "tháng này bán được bao nhiêu",
                "đăng quýt hồng 30k/kg",
                "1",
                "2",
                "ừ",
                "sửa",
                "lưu",
                "đơn 12",
                "xyz",
                "để sau",
                "làm tiếp",
                "🍊",
                "hôm bữa bán 3 chậu mai 2tr1",
            ]
        ),
        max_size=8,
    ),
    st.lists(st.integers(0, 7), max_size=4),
)
def test_whatever_is_said_or_tapped_in_any_order_gets_an_answer(texts, taps):
    """No dead end, no fault; every button fits Telegram's limit and none of them names a person."""
    session, shown, number = Session(), [], 0
    for text in texts:
        turn = turn_of(Text(text), session, number)
        session, number = turn.session, number + 1
        shown += buttons(turn)
        assert turn.replies
    for tap in taps:
        if shown:
            turn = turn_of(Tap(shown[tap % len(shown)]), session, number)
            session, number = turn.session, number + 1
            shown += buttons(turn)
            assert turn.replies
    assert all(len(button.encode()) <= BUTTON_BYTES for button in shown)


@given(st.uuids(), st.lists(st.integers(0, SHORT * 9), unique=True, max_size=50))
def test_no_two_receipt_codes_of_a_household_are_alike(home, numbers):
    codes = [receipt_code(home, number) for number in numbers]
    assert len(set(codes)) == len(codes)


def test_receipt_codes_have_no_sign_that_reads_like_another():
    codes = {receipt_code(uuid5(HOME, "x"), number) for number in range(SHORT)}
    assert len(codes) == SHORT
    assert not set("".join(codes)) & set("01IO")

"""What is told and is no sale is answered, and never becomes one without its card and tap."""

from __future__ import annotations

import pytest
from test_dialogue import buttons, said, turn_of

from bot.dialogue.message import Tap
from bot.drafts.unsold import SOLD
from bot.language.understanding import DEALINGS

TOLD = {
    "plan": ("mai bán 20kg cam", "tính bán 2 tạ lúa cho lái", "tuần sau cắt 2 tấn lúa bán cho lái"),
    "purchase": ("mua 2 bao phân hết 900 nghìn", "trả tiền phân 1tr2", "mua giống hết 2 triệu"),
    "none_sold": ("hôm nay chưa bán được ký nào", "bán không được", "suýt bán được 20kg cam"),
    "supposed": ("nếu bán 3 tạ cam giá 9k thì được mấy tiền", "nếu bán 20kg cam 25k thì sao"),
    "others": ("chị hàng xóm bán 20kg cam 30k", "anh Tư bán 10kg cam 30k"),
    "gift": ("biếu cô giáo 2kg cam", "tặng chị Lan 2kg cam"),
    "deposit": ("lái cọc trước 3tr mua 2 tấn lúa", "chị Lan đặt cọc 500k tiền cam"),
    "debt": ("chị Lan còn nợ 500k tiền cam", "tui còn nợ tiền phân 2tr"),
    "repaid": ("chị Lan trả nợ 500k tiền cam", "anh Ba trả nợ 500 ngàn"),
    "inquiry": ("khách hỏi mua 10kg cam",),
    "return": ("khách trả lại 3kg cam", "hoàn tiền cho khách 75k"),
}
SENTENCES = [sentence for sentences in TOLD.values() for sentence in sentences]


def test_every_kind_of_dealing_is_told_here():
    assert TOLD.keys() == DEALINGS.keys()


@pytest.mark.parametrize(("kind", "sentence"), [(k, s) for k, all_ in TOLD.items() for s in all_])
def test_a_dealing_is_understood_as_what_it_is(kind, sentence):
    words = said(sentence).understood
    assert words is not None
    assert words.dealing == kind


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_dealing_is_answered_and_stores_nothing(sentence):
    turn = said(sentence)
    assert not turn.events
    assert not any(line.key.startswith("lost") for r in turn.replies for line in r.lines)
    assert not any(button.startswith("sale.save") for button in buttons(turn))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_button_under_a_dealing_leads_to_a_question_or_a_card_and_stores_nothing(sentence):
    told = said(sentence)
    sold = [button for button in buttons(told) if f":{SOLD}=" in button]
    for button in sold:
        turn = turn_of(Tap(button), told.session, 2)
        assert not turn.events
        assert turn.replies


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_dealing_told_while_a_card_waits_changes_nothing_on_it(sentence):
    card = said("bán 20 ký cam sành 25k")
    told = said("bán 20 ký cam sành 25k", sentence)
    waiting = card.session.task
    assert waiting is not None
    after = told.session.find(waiting.draft)
    assert after is not None
    assert after.slots == waiting.slots

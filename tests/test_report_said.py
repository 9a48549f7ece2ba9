"""Numbers of reports as officers write them: no word of an amount is lost, and a doubtful one is no number."""

from __future__ import annotations

import pytest

from bot.language.report_said import number_said


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1.520", 1_520),
        ("đã tổ chức 12 khóa", 12),
        ("217,1 tỷ", 217_100_000_000),
        ("69 tỉ 600 triệu", 69_600_000_000),
        ("217 triệu rưỡi", 217_500_000),
        ("500k", 500_000),
        ("7 nghìn 637", 7_637),
    ],
)
def test_an_amount_is_all_of_its_words(words, number):
    assert number_said(words) == number


@pytest.mark.parametrize(
    "words",
    [
        *("217 triệu 5", "69 tỷ 6", "7 nghìn 6", "217tr5"),
        *("217,1 triệu rưỡi", "2 trăm triệu", "1,2 vạn", "3 chục", "10 khóa và 20 lớp"),
    ],
)
def test_what_may_mean_two_numbers_is_asked(words):
    assert number_said(words) is None

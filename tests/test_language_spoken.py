"""A sum said in any way reads back as that sum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numbers import Numbers
from bot.language.spell import say_number, spoken_variants
from bot.language.tokens import tokenize
from bot.language.vocabulary import tag

SUMS = st.one_of(
    st.integers(1, 999),
    st.integers(1, 99_999).map(lambda n: n * 500),
    st.integers(1, 9_999).map(lambda n: n * 100_000),
    st.integers(1, 10**12 - 1),
)


def _read(text):
    sentence = tokenize(text)
    number = Numbers(sentence, tag(sentence)).read(0, money=False)
    assert number is not None
    assert number.end == len(sentence.tokens), text
    return number.value


@given(SUMS)
def test_a_sum_said_in_any_way_reads_back(number):
    for said in spoken_variants(number):
        assert _read(said) == Decimal(number), said


# voice.md §5, word for word
@pytest.mark.parametrize(
    ("number", "north"),
    [
        (700, "bảy trăm"),
        (15_000, "mười lăm nghìn"),
        (21_000, "hai mươi mốt nghìn"),
        (24_000, "hai mươi bốn nghìn"),
        (60_500, "sáu mươi nghìn năm trăm"),
        (105_000, "một trăm linh năm nghìn"),
        (2_005_000, "hai triệu không trăm linh năm nghìn"),
        (10_000_000, "mười triệu"),
        (1_250_000_000, "một tỷ hai trăm năm mươi triệu"),
        (1_035_000, "một triệu không trăm ba mươi lăm nghìn"),
        (3_000_500, "ba triệu không nghìn năm trăm"),
        (2_500_000, "hai triệu năm trăm nghìn"),
        (0, "không"),
    ],
)
def test_sums_are_said_as_the_voice_guide_says(number, north):
    assert say_number(number, southern=False) == north


def test_the_south_says_thousands_and_empty_tens_its_own_way():
    assert say_number(105_000, southern=True) == "một trăm lẻ năm ngàn"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4tr3", 4_300_000), ("2tr05", 2_050_000), ("4tr380", 4_380_000), ("16 nghìn 5", 16_500),
        ("3 triệu 4", 3_400_000), ("6k9", 6_900), ("2k5", 2_500), ("trăm ba", 130), ("hai trăm hai", 220),
        ("bốn trăm mốt", 410), ("nghìn tư", 1_400), ("triệu hai", 1_200_000), ("trăm rưỡi", 150),
        ("hai triệu rưỡi", 2_500_000), ("sáu mươi nghìn rưỡi", 60_500), ("hăm bảy", 27), ("băm sáu", 36),
        ("hâm lăm", 25), ("sáu mười", 60), ("hai lăm", 25), ("ba mốt", 31), ("sáu bảy", 67), ("27.800", 27_800),
        ("1.6", Decimal("1.6")), ("3.5k", 3_500), ("tram linh nam", 105), ("tram le nam", 105),
        ("mot trieu hai tram", 1_200_000), ("bảy chục ngàn", 70_000), ("hai tr ruoi", 2_500_000), ("1 ty 2", 1_200_000_000),
    ],
)  # fmt: skip
def test_short_and_mixed_forms(text, value):
    sentence = tokenize(text)
    number = Numbers(sentence, tag(sentence)).read(0)
    assert number is not None
    assert number.value == value

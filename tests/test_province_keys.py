"""Which province a row of the figures belongs to, under either set."""

import datetime as dt

import pytest

from domain.geography import communes, old_province_of, provinces
from domain.province_keys import named_province, province_key, province_of_key, province_within

BEFORE = dt.date(2023, 6, 30)
TODAY = dt.date(2026, 11, 21)


def test_every_province_is_found_by_name_and_code_in_the_set_of_its_day():
    for of, day in ((63, BEFORE), (34, TODAY)):
        for unit in provinces(of):
            key = province_key(unit.code, of)
            assert named_province(unit.name, day) == key
            assert named_province(unit.short_name.upper(), day) == key
            assert named_province(unit.code, day) == key
            assert province_of_key(key) == unit


@pytest.mark.parametrize(
    ("text", "day", "key"),
    [
        ("Quảng Nam", BEFORE, "63/49"),
        ("tinh quang nam", TODAY, "63/49"),  # an old name stays old
        ("Đà Nẵng", BEFORE, "63/48"),
        ("TP. Đà Nẵng", TODAY, "48"),
        ("Thừa Thiên - Huế", BEFORE, "63/46"),
        ("TP.HCM", BEFORE, "63/79"),
        ("1", TODAY, "01"),
        ("49", TODAY, None),  # no code of the 34
        ("Tây Đô", TODAY, None),
        ("", TODAY, None),
    ],
)
def test_names_are_read_as_of_the_day(text, day, key):
    assert named_province(text, day) == key


def test_the_63_go_whole_into_the_34_and_back_only_where_it_can_be_told():
    assert province_within("63/49", "", 34) == "48"
    assert province_within("63/49", "", 63) == "49"
    assert province_within("48", "", 63) is None
    assert province_within("01", "", 63) == "01"


def test_a_commune_tells_its_old_province_or_nobody_guesses():
    for commune in communes():
        old = province_within(commune.province_code, commune.code, 63)
        assert old == old_province_of(commune.code) or old == commune.province_code
        if old is not None:
            assert province_within(province_key(old, 63), "", 34) == commune.province_code

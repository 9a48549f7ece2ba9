"""Plus codes are those of the open specification."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plus_codes import centre_of, code_in, is_short, near, plus_code

# From the test data of the specification (Apache-2.0), those of ten signs.
PUBLISHED = [
    (20.3700625, 2.7821875, "7FG49QCJ+2V"),
    (47.0000625, 8.0000625, "8FVC2222+22"),
    (-41.2730625, 174.7859375, "4VCPPQGP+Q9"),
    (-89.9999375, -179.9999375, "22222222+22"),
    (90, 1, "CFX3X2X2+X2"),
    (1.2, 3.4, "6FH56C22+22"),
    (-37.014, -159.936, "43J2X3P7+CJ"),
    (58.66, 149.17, "9RCFM56C+22"),
    (10.734, -168.294, "722HPPM4+JC"),
    (-25.798, -59.812, "5862652Q+R6"),
    (-19.212, 107.423, "5PG9QCQF+66"),
    (-18.32, 96.397, "5MHRM9JW+2R"),
]
IN_VIETNAM = (st.floats(8.2, 23.4), st.floats(102.1, 115.0))


@pytest.mark.parametrize(("latitude", "longitude", "code"), PUBLISHED)
def test_points_get_the_codes_of_the_specification(latitude, longitude, code):
    assert plus_code(latitude, longitude) == code


@given(*IN_VIETNAM)
def test_the_middle_of_a_code_lies_in_its_square(latitude, longitude):
    code = plus_code(latitude, longitude)
    there = centre_of(code)
    assert plus_code(*there) == code
    assert abs(there[0] - latitude) <= 0.0000626
    assert abs(there[1] - longitude) <= 0.0000626


@given(*IN_VIETNAM, st.floats(-0.49, 0.49), st.floats(-0.49, 0.49))
def test_a_short_code_is_found_again_from_anywhere_within_half_a_degree(north, east, up, right):
    code = plus_code(north, east)
    assert near(code[4:], north + up, east + right) == code


def test_short_codes_of_the_specification_are_recovered():
    assert near("XGRF+PM", 47.00, 8.55) == "8FRCXGRF+PM"
    assert near("9QCJ+2V", 51.3852125, -1.217765625) == "9C3W9QCJ+2V"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0), (0, 180.1), (float("nan"), 0), (0, float("nan")), (0, float("inf"))],
)
def test_a_point_that_is_nowhere_has_no_code(latitude, longitude):
    with pytest.raises(ValueError, match="no such point"):
        plus_code(latitude, longitude)


@pytest.mark.parametrize(
    "code",
    ["", "PQPG+2V", "7P28PQPG", "7P28PQPG+2", "XXXXXXXX+XX", "7P28PQPA+2V", "7P28PQPG+2V ngã ba"],
)
def test_what_is_no_whole_code_has_no_middle(code):
    with pytest.raises(ValueError, match="code"):
        centre_of(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7P28PQPG+2V", "7P28PQPG+2V"),
        ("nhà ở 7p28pqpg+2v, Lai Vung", "7P28PQPG+2V"),
        ("7P28PQPG+2VX", "7P28PQPG+2V"),
        ("PQPG+2V Lai Vung, Đồng Tháp", "PQPG+2V"),
        ("2345+67", None),
        ("22x5+35", None),
        ("bán 20+30 ký cam", None),
        ("7P28PQPG+2", None),
        ("x7P28PQPG+2V", None),
        ("7P28PQPG+2V+2V", None),
        ("a+b", None),
    ],
)
def test_a_code_in_a_text_is_found_and_a_sum_is_none(text, code):
    assert code_in(text) == code


def test_a_code_without_its_first_four_signs_is_short():
    assert is_short("PQPG+2V")
    assert not is_short("7P28PQPG+2V")

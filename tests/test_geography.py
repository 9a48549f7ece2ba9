"""Administrative units: the two sets of provinces agree, and a search for a commune never guesses."""

import math
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fold import fold
from domain.geography import (
    Commune,
    commune,
    communes,
    communes_of,
    districts_by_commune,
    nearest_commune,
    old_communes,
    old_province_of,
    old_provinces_of,
    predecessors,
    province,
    province_set_on,
    provinces,
    speaks_southern,
    successor,
    successors_by_district,
)
from domain.place_names import named_province
from domain.places import (
    ChooseDistrict,
    ChooseProvince,
    ChooseSuccessor,
    Found,
    NeedCommune,
    NotFound,
    PlaceSearch,
    find_place,
    find_place_by_turns,
    narrow,
)

WAYS = Path(__file__).parent / "places" / "ways.txt"
ISLAND_DISTRICTS = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
MET_PROVINCES = 23  # communes put together across the border of two old provinces

any_commune = st.sampled_from(communes())
any_old_commune = st.sampled_from(old_communes())


# Units


def test_there_are_63_provinces_and_34():
    assert [len(provinces(63)), len(provinces(34)), len(communes())] == [63, 34, 3321]


def test_each_of_the_63_went_into_one_of_the_34_and_none_is_left_out():
    went = [old.code for today in provinces(34) for old in predecessors(today.code)]
    assert sorted(went) == sorted(old.code for old in provinces(63))
    assert all(successor(code) in provinces(34) for code in went)


def test_a_code_of_both_sets_is_told_apart_by_the_day():
    before, after = (province("15", province_set_on(date(2025, *day))) for day in ((6, 30), (7, 1)))
    assert [before.full_name, after.full_name] == ["tỉnh Yên Bái", "tỉnh Lào Cai"]
    assert before.valid_to == date(2025, 6, 30)
    assert after.valid_from == date(2025, 7, 1)


def test_every_old_commune_became_communes_of_its_provinces_successor():
    for old in old_communes():
        today = successor(old.district.province_code).code
        assert old.successor_codes
        assert {commune(code).province_code for code in old.successor_codes} == {today}


def test_only_island_districts_had_no_communes():
    had = {old.district for old in old_communes()}
    assert {d.name for d in successors_by_district() if d not in had} == ISLAND_DISTRICTS


def test_every_commune_was_put_together_from_old_districts():
    assert set(districts_by_commune()) == {c.code for c in communes()}


def test_a_commune_lies_in_one_old_province_unless_two_met_in_it():
    unsure = [c for c in communes() if old_province_of(c.code) is None]
    assert len(unsure) == MET_PROVINCES
    assert {len(old_provinces_of(c.code)) for c in unsure} == {2}
    assert old_province_of("30226") == "87"
    assert old_province_of("no such code") is None


def test_a_communes_kind_is_the_beginning_of_its_name_in_the_gazetteer():
    assert {c.kind for c in communes()} == {"xã", "phường", "đặc khu"}
    assert commune("30226").full_name == "xã Lai Vung"
    assert commune("30226").title == "Xã Lai Vung"
    assert all(c.name == c.name.strip() for c in communes())


def test_the_communes_of_the_34_are_all_communes():
    assert sum(len(communes_of(p.code)) for p in provinces(34)) == len(communes())


def test_quang_tri_and_south_of_it_speak_southern():
    assert {
        p.short_name: speaks_southern(p.code) for p in provinces(34) if p.code in "42 44 82"
    } == {
        "Hà Tĩnh": False,
        "Quảng Trị": True,
        "Đồng Tháp": True,
    }


# A shared location


@given(any_commune)
def test_the_point_of_a_commune_is_nearest_to_itself(where: Commune) -> None:
    near = nearest_commune(where.latitude, where.longitude)
    assert where in [n.commune for n in near if n.kilometres == 0]
    assert all(a.kilometres <= b.kilometres for a, b in pairwise(near))


def test_far_from_vietnam_there_is_no_commune():
    assert nearest_commune(48.9, 2.3) == ()
    assert nearest_commune(math.nan, math.inf) == ()


# Names of provinces


@pytest.mark.parametrize("of", [63, 34])
def test_a_provinces_own_name_is_that_province(of):
    for unit in provinces(of):
        assert named_province(unit.short_name, of) == unit
        assert named_province(fold(unit.short_name), of) == unit


def test_an_old_province_is_todays_where_todays_is_asked_for():
    assert named_province("ben tre", 34) == province("86")
    assert named_province("ben tre", 63) == province("83", 63)
    assert named_province("sài gòn", 34) == province("79")


def test_letters_that_stand_for_two_provinces_are_none():
    assert named_province("đn", 34) is None


# The search


def outcome(search: PlaceSearch) -> str:
    """The search as the lines of ways.txt write it."""
    if not isinstance(search, Found):
        where = getattr(search, "province", None)
        asked = type(search).__name__ + (f" {where.short_name}" if where else "")
        return asked + (": " + ", ".join(search.labels[:8]) if search.labels else "")
    found, old = search.commune, search.renamed_from
    was = (
        f" (was {old.full_name}, {province(old.district.province_code, 63).short_name})"
        if old
        else ""
    )
    return f"{found.full_name}, {province(found.province_code).short_name}{was}"


def ways() -> list[tuple[str, str]]:
    lines = [line for line in WAYS.read_text().splitlines() if line and not line.startswith("#")]
    return [(said, expected) for said, _, expected in (line.partition(" => ") for line in lines)]


@pytest.mark.parametrize(("said", "expected"), ways())
def test_a_way_to_say_where_one_lives(said, expected):
    """`first message > answer => what it comes to`."""
    assert outcome(find_place_by_turns(said.split(" > "))) == expected


def reachable(search: PlaceSearch) -> set[str]:
    """The codes of all communes that a person can still tap their way to."""
    match search:
        case Found():
            return {search.commune.code}
        case ChooseProvince() | ChooseDistrict():
            return set().union(*(reachable(narrow(search, label)) for label in search.labels))
        case NotFound():
            return {c.code for c in search.nearest}
    return {c.code for c in search.communes}


@settings(max_examples=300, deadline=None)
@given(
    any_commune,
    st.booleans(),
    st.sampled_from(["{title}, {province}", "{name}, {short}", "{title} {short}"]),
)
def test_a_communes_own_address_finds_it_or_offers_it(where, bare, way):
    """With marks and without: never another commune in its place."""
    unit = province(where.province_code)
    said = way.format(title=where.title, name=where.name, province=unit.name, short=unit.short_name)
    assert where.code in reachable(find_place(fold(said) if bare and len(where.name) > 3 else said))


@settings(max_examples=300, deadline=None)
@given(any_old_commune, st.booleans())
def test_an_old_address_finds_what_the_commune_became_or_offers_all_of_it(old, bare):
    was = province(old.district.province_code, 63)
    said = f"{old.full_name}, {old.district.full_name}, {was.name}"
    assert set(old.successor_codes) <= reachable(find_place(fold(said) if bare else said))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([old for old in old_communes() if len(old.successor_codes) > 1]))
def test_a_divided_commune_is_never_chosen_for_the_person(old):
    was = province(old.district.province_code, 63)
    found = find_place(f"{old.full_name}, {old.district.full_name}, {was.name}")
    assert not isinstance(found, Found)


def test_what_an_old_commune_became_says_which_one_was_meant():
    found = find_place("cong vi ba dinh hn")
    assert isinstance(found, ChooseSuccessor)
    assert found.old_commune.full_name == "phường Cống Vị"


@settings(max_examples=100, deadline=None)
@given(any_commune, st.integers(min_value=1, max_value=5))
def test_labels_are_distinct_and_each_leads_on(where, number):
    search = find_place(fold(where.name))
    if isinstance(search, Found):
        return
    assert len(set(search.labels)) == len(search.labels)
    if number <= len(search.labels):
        assert narrow(search, str(number)) == narrow(search, search.labels[number - 1])
        assert narrow(search, str(number)) != search


def test_within_a_province_only_its_communes_are_found():
    assert find_place("chợ lách", within="86") == find_place("Chợ Lách, Vĩnh Long")
    assert isinstance(find_place("lai vung", within="01"), NotFound | NeedCommune)


pieces = st.sampled_from(
    [
        "tan hoa",
        "xã",
        "p",
        "1",
        "q 5",
        "Châu Thành",
        "bến tre",
        "đồng tháp",
        ",",
        "thị xã",
        "ấp",
        "hcm",
        "x",
        "-",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(max_size=40) | st.lists(pieces, max_size=12).map(" ".join), min_size=1, max_size=4
    )
)
def test_no_words_in_any_order_are_too_much_for_it(texts):
    search = find_place_by_turns(texts)
    assert isinstance(search, Found) or len(search.labels) == len(set(search.labels))

"""The lexicon of farm and OCOP products holds what the price rules and the product rules lean on."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter, defaultdict
from importlib.resources import files

import pytest


def _words(text: str) -> set[str]:
    return set(text.split())


GROUPS = {"food", "beverages", "herbs", "handicrafts", "ornamental", "tourism"}
UNITS = _words(
    "kg lạng yến tạ tấn giạ lít chục quả con cái cây củ bó mớ nải buồng chùm bông cành lẵng chậu bầu hom giò dây "
    "hộp hũ lọ chai lon can bình ghè gói túi bịch bao thùng khay vỉ lốc giỏ set nồi ly bát mâm bàn suất "
    "đôi cặp bộ tấm tờ bức mét cuộn viên bánh thanh thẻ ống đòn ổ tổ thiên xe sào công m3 độ "
    "người đêm phòng căn lượt chuyến vé ngày giờ buổi"
)
WEIGHTS = {"lạng": 0.1, "kg": 1, "yến": 10, "tạ": 100, "tấn": 1000}
# A spelling without marks that is also an everyday word would turn talk into products: rồi, mới, đơn, bán, chục...
EVERYDAY = _words(
    "ban bot cay chao chuc chum co coi cong da dat de di doi don giup gui hang het ket ky len lo moi "
    "nay ngay nguoi nhe o oi roi sang tai thi tien xin xong vua"
)


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def _rows() -> list[dict[str, str]]:
    text = files("bot.language").joinpath("lexicon.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


ROWS = _rows()
NAMES = [row["name"] for row in ROWS]


def _spellings(row: dict[str, str]) -> list[str]:
    return [s for s in row["spellings"].split("|") if s]


def _prices(row: dict[str, str]) -> dict[str, tuple[int, int]]:
    parts = [part.rsplit(" ", 2) for part in row["prices"].split("|")]
    return {unit: (int(low), int(high)) for unit, low, high in parts}


def test_at_least_1500_products():
    assert len(ROWS) >= 1500


def test_every_ocop_group_has_a_real_share():
    assert {row["group"] for row in ROWS} == GROUPS
    assert min(Counter(row["group"] for row in ROWS).values()) >= 100


def test_a_region_is_north_centre_south_or_none():
    assert {row["region"] for row in ROWS} == {"", "N", "C", "S"}


def test_text_is_composed_and_without_stray_spaces():
    for row in ROWS:
        for cell in (row["name"], *row["spellings"].split("|"), *row["prices"].split("|")):
            assert cell == unicodedata.normalize("NFC", " ".join(cell.split())), row
        assert row["name"].replace(" ", "").replace("'", "").replace("-", "").isalnum(), row


def test_a_name_or_spelling_belongs_to_one_product():
    owners: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        for text in (row["name"], *_spellings(row)):
            owners[text.lower()].add(row["name"])
    assert {text: who for text, who in owners.items() if len(who) > 1} == {}


def test_names_are_unique_and_a_product_does_not_repeat_its_own_spelling():
    assert len({name.lower() for name in NAMES}) == len(NAMES)
    for row in ROWS:
        every = [text.lower() for text in (row["name"], *_spellings(row))]
        assert len(set(every)) == len(every), row


def test_the_same_letters_without_marks_stay_rare():
    """Each such pair may have to be asked: under two in a hundred of the names and spellings."""
    owners: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        for text in (row["name"], *_spellings(row)):
            owners[fold(text)].add(row["name"])
    assert sum(len(who) > 1 for who in owners.values()) < 0.02 * len(owners)


def test_no_one_word_name_is_an_everyday_word_without_its_marks():
    short = {
        fold(text) for row in ROWS for text in (row["name"], *_spellings(row)) if " " not in text
    }
    assert short & EVERYDAY <= {"de", "gui", "oi"}  # dê, gùi, ổi: too common products to leave out


def test_prices_are_known_units_with_low_up_to_high():
    for row in ROWS:
        prices = _prices(row)
        assert set(prices) <= UNITS, row
        assert len(prices) == row["prices"].count("|") + 1, row
        assert all(0 < low <= high for low, high in prices.values()), row


def test_a_range_is_narrow_enough_to_tell_a_wrong_zero():
    """Food and drinks: at most 30 times from low to high; what is priced by beauty or rarity may spread wider."""
    widest = {"food": 30, "beverages": 30, "herbs": 150}
    wide = {
        (row["name"], unit)
        for row in ROWS
        for unit, (low, high) in _prices(row).items()
        if high > widest.get(row["group"], 400) * low
    }
    assert wide == set()


def test_weights_of_one_product_agree_with_each_other():
    """What a tạ costs lies in the range of a hundred kilos, between wholesale and retail."""
    for row in ROWS:
        per_kilo = [
            (low / WEIGHTS[u], high / WEIGHTS[u])
            for u, (low, high) in _prices(row).items()
            if u in WEIGHTS
        ]
        assert all(low <= other for low, _ in per_kilo for _, other in per_kilo), row


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("thơm", "dứa"),
        ("khóm", "dứa"),
        ("bắp", "ngô"),
        ("lợn", "heo"),
        ("đậu phộng", "lạc"),
        ("hột", "trứng"),
        ("mãng cầu ta", "na"),
        ("quất", "tắc"),
        ("khoai mì", "sắn"),
        ("khổ qua", "mướp đắng"),
        ("cá quả", "cá lóc"),
        ("ngò", "rau mùi"),
        ("bơ bút", "bơ booth"),
        ("xầu riêng", "sầu riêng"),
        ("ngao", "nghêu"),
        ("vừng", "mè"),
    ],
)
def test_a_regional_word_leads_to_its_product(spelling, name):
    assert [row["name"] for row in ROWS if spelling in _spellings(row)] == [name]


@pytest.mark.parametrize(
    ("name", "unit", "price"),
    [
        ("cam sành", "kg", 18_000),
        ("heo hơi", "kg", 63_000),
        ("lúa", "giạ", 170_000),
        ("trâu", "con", 32_500_000),
        ("sầu riêng Ri6", "kg", 95_000),
        ("trứng gà", "quả", 2_800),
        ("mía", "tấn", 1_100_000),
        ("cà phê nhân", "kg", 115_000),
        ("sâm Ngọc Linh", "củ", 1_600_000),
        ("vạn thọ", "chậu", 18_000),
    ],
)
def test_a_usual_price_is_inside_and_ten_times_it_is_not_for_field_produce(name, unit, price):
    row = next(row for row in ROWS if row["name"] == name)
    low, high = _prices(row)[unit]
    assert low <= price <= high
    if row["group"] == "food":
        assert not low <= price * 10 <= high

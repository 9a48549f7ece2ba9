"""Folding: one key for a word however it was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fold import fold, fold_letters, has_marks, spell

ALPHABET = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_vietnamese_letter_folds_to_its_plain_one(form: str) -> None:
    both_cases = ALPHABET + ALPHABET.upper()
    folded = fold_letters(unicodedata.normalize(form, both_cases))
    assert set(folded) == set("abcdeghiklmnopqrstuvxy")
    assert len(folded) == len(both_cases)


def test_folding_drops_marks_case_and_spare_spaces() -> None:
    assert fold("  Xã  LAI Vung,\tĐồng\u00a0Tháp ") == "xa lai vung, dong thap"
    assert fold("xã\u200b") == "xa"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=ALPHABET + " .,1"))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(decomposed) == fold(text)
    assert spell(decomposed) == spell(text)


def test_marks_are_noticed() -> None:
    assert has_marks("Mỹ Tho")
    assert has_marks("đi")
    assert not has_marks("My Tho “25.000” 😀")


def test_spelling_keeps_marks_but_not_where_the_tone_stands() -> None:
    assert spell("Hoà Bình") == spell("hòa bình")
    assert spell("Thuỷ") == spell("Thủy")
    assert spell("Mỹ Thọ") != spell("Mỹ Tho")

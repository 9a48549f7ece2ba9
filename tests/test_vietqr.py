"""VietQR: every field where the standard wants it, read back by readers that are not ours."""

from __future__ import annotations

import binascii
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr_pictures import qr_png
from domain.banks import banks, named_banks
from domain.vietqr import LARGEST, BadCode, Transfer, checksum, purpose_of, read, vietqr

AGRIBANK = banks()["agribank"]
CODE = vietqr(AGRIBANK, "1500205123456", 500_000, "Đơn KX-0412-7")


def fields(code):
    """Tag, length, value; tag, length, value: nothing of the product's own reader."""
    found, at = [], 0
    while at < len(code):
        tag, length = code[at : at + 2], int(code[at + 2 : at + 4])
        found.append((tag, code[at + 4 : at + 4 + length]))
        at += 4 + length
    assert at == len(code)
    return found


def test_each_field_is_where_the_standard_wants_it():
    tags = fields(CODE)
    assert [tag for tag, _ in tags] == ["00", "01", "38", "53", "54", "58", "62", "63"]
    values = dict(tags)
    assert (values["00"], values["01"], values["53"], values["58"]) == ("01", "12", "704", "VN")
    assert values["54"] == "500000"
    transfer = dict(fields(values["38"]))
    assert (transfer["00"], transfer["02"]) == ("A000000727", "QRIBFTTA")
    assert fields(transfer["01"]) == [("00", "970405"), ("01", "1500205123456")]
    assert fields(values["62"]) == [("08", "DON KX 0412 7")]
    assert int(values["63"], 16) == binascii.crc_hqx(CODE[:-4].encode(), 0xFFFF)


def test_the_checksum_has_the_check_value_of_its_kind():
    assert checksum("123456789") == 0x29B1


def test_without_an_amount_the_payer_types_it():
    values = dict(fields(vietqr(AGRIBANK, "1500205123456", None, "")))
    assert values["01"] == "11"
    assert not {"54", "62"} & values.keys()


@given(
    st.sampled_from(sorted(banks())),
    st.from_regex(r"\A[0-9]{6,19}\Z"),
    st.integers(1, LARGEST),
    st.text(max_size=60),
)
def test_what_was_asked_is_read_back(bank, account, amount, purpose):
    code = vietqr(banks()[bank], account, amount, purpose)
    assert read(code) == Transfer(banks()[bank].bin, account, amount, purpose_of(purpose))
    assert code.isascii()


@given(st.integers(0, len(CODE) - 1), st.sampled_from("0123456789ABC"))
def test_one_wrong_sign_and_it_is_no_code(place, sign):
    if CODE[place] != sign:
        with pytest.raises(BadCode):
            read(CODE[:place] + sign + CODE[place + 1 :])


@given(st.text(max_size=80))
def test_a_purpose_is_short_and_plain(text):
    purpose = purpose_of(text)
    assert len(purpose) <= 25
    assert all(sign.isascii() and (sign.isalnum() or sign == " ") for sign in purpose)


def test_a_purpose_keeps_its_words():
    assert purpose_of("Tiền bưởi da xanh, đơn 2305 của chị Lan") == "TIEN BUOI DA XANH DON"


@pytest.mark.parametrize(
    ("account", "amount"),
    [("123", 1), ("12345678x", 1), ("123456789", 0), ("123456789", LARGEST + 1)],
)
def test_what_no_bank_takes_is_no_code(account, amount):
    with pytest.raises(ValueError, match=r"account|transfer"):
        vietqr(AGRIBANK, account, amount, "")


def test_another_reader_reads_the_picture(tmp_path):
    reader = shutil.which("zbarimg")
    assert reader, "there is no zbarimg on the path: apt-get install zbar-tools"
    picture = tmp_path / "qr.png"
    picture.write_bytes(qr_png(CODE))
    done = subprocess.run(
        [reader, "--quiet", "--raw", picture], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{CODE}\n"


# Banks


def test_no_two_banks_have_one_number_or_one_name():
    assert len({bank.bin for bank in banks().values()}) == len(banks())
    names = [name for bank in banks().values() for name in bank.spoken]
    assert len(names) == len(set(names))
    assert all(len(bank.bin) == 6 and bank.bin.isdigit() for bank in banks().values())


@pytest.mark.parametrize(
    ("said", "bank"),
    [
        ("ngân hàng nông nghiệp", "agribank"),
        ("VCB 0123456789", "vietcombank"),
        ("saigonbank", "saigonbank"),
        ("ngân hàng Sài Gòn Thương Tín", "sacombank"),
        ("bưu điện liên việt", "lpbank"),
    ],
)
def test_a_bank_is_known_by_what_people_call_it(said, bank):
    assert [one.key for one in named_banks(said)] == [bank]


def test_words_without_a_bank_name_none():
    assert named_banks("bán 5 kg cam 100k") == ()

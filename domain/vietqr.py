"""VietQR: a transfer asked for in a code that every Vietnamese bank's program reads (EMVCo, NAPAS). Pure.

A code asks for a payment; it never proves one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.banks import Bank
from domain.fold import fold

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
LONGEST_PURPOSE = 25  # characters
LARGEST = 499_999_999  # đồng: what goes at once by NAPAS
ACCOUNT = re.compile(r"[0-9A-Z]{6,19}")

_FIELD = re.compile(r"(\d{2})(\d{2})", re.ASCII)
_CRC = "6304"


class BadCode(ValueError):
    """Not a VietQR code for a transfer to an account."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a code asks for: the bank's number at NAPAS, account, đồng (None: the payer types it), purpose."""

    bin: str
    account: str
    amount: int | None
    purpose: str


def purpose_of(text: str) -> str:
    """Letters and digits without marks, at most 25 signs, cut between words where that is possible."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(text)).upper().split()
    said = ""
    for word in words:
        longer = f"{said} {word}".strip()
        if len(longer) > LONGEST_PURPOSE:
            break
        said = longer
    return said or "".join(words)[:LONGEST_PURPOSE]


def purpose_of_order(number: str) -> str:
    """By which the seller knows an order on the bank's statement."""
    return purpose_of(f"don {number}")


def vietqr(bank: Bank, account: str, amount: int | None, purpose: str) -> str:
    """The code's text, read back before it is given; ValueError for what no bank would take."""
    if not ACCOUNT.fullmatch(account):
        raise ValueError("an account has 6 to 19 digits or letters")
    if amount is not None and not 1 <= amount <= LARGEST:
        raise ValueError(f"a transfer is of 1 to {LARGEST} VND")
    asked = Transfer(bank.bin, account, amount, purpose_of(purpose))
    code = _written(asked)
    if read(code) != asked:
        raise AssertionError("the code does not say what was asked")
    return code


def _written(asked: Transfer) -> str:
    to = _field("00", asked.bin) + _field("01", asked.account)
    transfer = _field("00", NAPAS) + _field("01", to) + _field("02", TO_ACCOUNT)
    parts = [
        _field("00", "01"),
        _field("01", "11" if asked.amount is None else "12"),
        _field("38", transfer),
        _field("53", DONG),
        "" if asked.amount is None else _field("54", str(asked.amount)),
        _field("58", "VN"),
        _field("62", _field("08", asked.purpose)) if asked.purpose else "",
        _CRC,
    ]
    body = "".join(parts)
    return f"{body}{checksum(body):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def read(code: str) -> Transfer:
    """What a code asks for; BadCode for anything that is not such a code, whole and unchanged."""
    body, crc = code[:-4], code[-4:]
    if not code.isascii() or not body.endswith(_CRC) or crc != f"{checksum(body):04X}":
        raise BadCode("the checksum is not right")
    fields = _fields(code)
    merchant = _fields(fields.get("38", ""))
    to = _fields(merchant.get("01", ""))
    known = (fields.get("00"), merchant.get("00"), merchant.get("02"), fields.get("53"))
    if known != ("01", NAPAS, TO_ACCOUNT, DONG) or {"00", "01"} - to.keys():
        raise BadCode("it asks for something else than a transfer in VND to an account")
    amount = fields.get("54")
    if amount is not None and not amount.isdigit():
        raise BadCode("the amount is no whole number of VND")
    purpose = _fields(fields.get("62", "")).get("08", "")
    return Transfer(to["00"], to["01"], None if amount is None else int(amount), purpose)


def _fields(text: str) -> dict[str, str]:
    """Values by tag; a tag that stands twice or a length that is wrong spoils it all."""
    found: dict[str, str] = {}
    while text:
        head = _FIELD.match(text)
        if head is None:
            raise BadCode("a field has no tag or length")
        tag, end = head[1], 4 + int(head[2])
        if end > len(text) or tag in found:
            raise BadCode(f"field {tag} is cut off or stands twice")
        found[tag], text = text[4:end], text[end:]
    return found


def checksum(text: str) -> int:
    """CRC-16/CCITT-FALSE of ASCII text."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc

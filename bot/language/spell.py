"""Whole numbers in words, northern (*nghìn, linh*) or southern (*ngàn, lẻ*)."""

from __future__ import annotations

from functools import lru_cache

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 10**9


@lru_cache(maxsize=4096)
def say_number(number: int, southern: bool = False) -> str:  # noqa: FBT001, FBT002
    """`một triệu không trăm ba mươi lăm nghìn`: by groups of three, no tail dropped, nothing halved."""
    if number < 0:
        return f"âm {say_number(-number, southern)}"
    if number == 0:
        return DIGITS[0]
    billions, rest = divmod(number, BILLION)
    said = [f"{say_number(billions, southern)} tỷ"] if billions else []
    return " ".join(said + _below_billion(rest, southern, leading=not billions))


def _below_billion(number: int, southern: bool, *, leading: bool) -> list[str]:  # noqa: FBT001
    thousand = "ngàn" if southern else "nghìn"
    millions, thousands, ones = number // 10**6, number // 1000 % 1000, number % 1000
    said: list[str] = []
    for group, name in ((millions, "triệu"), (thousands, thousand), (ones, "")):
        if group:
            said.append(f"{_group(group, southern, first=leading and not said)} {name}".strip())
        elif name == thousand and ones and (said or not leading):
            # "ba triệu năm trăm" is heard as 3.500.000
            said.append(f"{DIGITS[0]} {thousand}")
    return said


def _group(group: int, southern: bool, *, first: bool) -> str:  # noqa: FBT001
    hundreds, rest = divmod(group, 100)
    said = [] if first and not hundreds else [f"{DIGITS[hundreds]} trăm"]
    if not rest:
        return " ".join(said)
    tens, ones = divmod(rest, 10)
    if not tens:
        empty = [("lẻ" if southern else "linh")] if said else []
        return " ".join([*said, *empty, DIGITS[ones]])
    return " ".join([*said, "mười" if tens == 1 else f"{DIGITS[tens]} mươi", *_ones(ones, tens)])


def _ones(ones: int, tens: int) -> list[str]:
    if ones == 0:
        return []
    if ones == 5:
        return ["lăm"]
    return ["mốt" if ones == 1 and tens > 1 else DIGITS[ones]]

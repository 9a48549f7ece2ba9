"""A place in a question about figures that is no province: *tổng hợp Lai Vung tháng 10*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.fold import fold
from domain.geography import Commune, District, OldCommune, commune, successor
from domain.place_names import (
    UNLIKE,
    CommuneOrOld,
    commune_names,
    district_names,
    likeness,
    name_key,
    spelling,
    words,
)

LONGEST = 5  # words of a name
# What such questions are made of besides places, months and numbers, folded.
_WORDS = """
    tong hop so lieu sanh thong ke voi va cua o tai tren trong theo den tu ve cho giup gium em toi
    minh anh chi xem coi di nhe nha a oi thang quy nam ngay tuan ky nay truoc sau qua ngoai roi vua
    dau cuoi giua nua cung mot hai ba bon bay tam chin muoi gio ca nuoc toan quoc viet tinh thanh pho
    tp xa phuong dac khu huyen quan thi tran cu vo postmart post mart voso san ocop giao dich gia tri
    ban hang ho san pham khoa tap huan dao tao luot nguoi chuong trinh bao nhieu pdf excel i ii iii iv
    cac tat doanh thu binh quan tai khoan hoat dong xin hay da vang
"""
_FORM = frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A name as it was typed, and the codes of today's provinces that have such a place; none: unknown."""

    name: str
    provinces: tuple[str, ...] = ()


def other_place(text: str) -> OtherPlace | None:
    """The commune, district or unknown name in words that name no province; the longest name first."""
    typed = words(text)
    for length in range(LONGEST, 0, -1):
        for at in range(len(typed) - length + 1):
            part = typed[at : at + length]
            if _may_be_name(part) and (found := _provinces(part)):
                return OtherPlace(" ".join(part), found)
    name = " ".join(_unknown(typed)[:LONGEST])
    return OtherPlace(name) if name else None


def besides_form(text: str) -> list[str]:
    """The words that are not the question's own: those of a place, and any other."""
    return [word for word in words(text) if not _is_form(word)]


def _is_form(word: str) -> bool:
    return word.isdecimal() or fold(word) in _FORM


def _may_be_name(part: Sequence[str]) -> bool:
    """Small letters with no word of the question; *Năm Căn* may have one."""
    if all(map(_is_form, part)) or any(word.isdecimal() for word in part):
        return False
    if all(word[0].isupper() for word in part):
        return True
    return len(part) > 1 and not any(map(_is_form, part))


def _provinces(part: Sequence[str]) -> tuple[str, ...]:
    """By communes of today and old districts; by old communes where there is neither."""
    key, said = name_key(" ".join(part)), [spelling(word) for word in part]
    units = [u for u in commune_names().get(key, ()) if likeness(said, u.name) != UNLIKE]
    old = {code for unit in units for code in _of_old(unit)}
    today = {code for unit in units for code in _of_today(unit)}
    for district in district_names().get(key, ()):
        if likeness(said, district.name) != UNLIKE:
            today.add(_of_district(district))
    return tuple(sorted(today or old))


def _of_today(unit: CommuneOrOld) -> Iterator[str]:
    if isinstance(unit, Commune):
        yield unit.province_code


def _of_old(unit: CommuneOrOld) -> Iterator[str]:
    if isinstance(unit, OldCommune):
        yield from (commune(code).province_code for code in unit.successor_codes)


def _of_district(district: District) -> str:
    return successor(district.province_code).code


def _unknown(typed: Sequence[str]) -> list[str]:
    """The first words with capitals, the opening one of a sentence aside, that are not the question's."""
    if all(word.isupper() for word in typed if not word.isdecimal()):
        return []
    found: list[str] = []
    for at, word in enumerate(typed):
        if word[0].isupper() and not _is_form(word) and (at or len(typed) == 1):
            found.append(word)
        elif found:
            break
    return found

"""*X chứ không phải Y*, *không phải Y mà là X*, *Y sửa thành X*: which words are taken back (rules.md 5)."""

from __future__ import annotations

from bot.language.numbers import Numbers


def taken_back(at: Numbers, named: set[int]) -> set[int]:
    """Positions of the words that the person takes back; X wins. `named`: *hột vịt lộn, bo sua* take nothing back."""
    back: set[int] = set()
    if not at.says("not_that", "wrong"):
        return back
    for position in sorted({*at.places("not_that"), *at.places("wrong")}):
        if _denies(at, position):
            back.update(range(position, _until(at, at.tags[position]["not_that"].end)))
        elif "wrong" in at.tags[position] and position not in named:
            back.update(_before_the_right_one(at, at.tags[position]["wrong"].end))
    return back


def _denies(at: Numbers, position: int) -> bool:
    """*(chứ) không phải, thay vì*; a lone *chứ* is only a particle."""
    tag = at.tags[position].get("not_that")
    return tag is not None and tag.end > position + 1 and tag.end < at.count


def _until(at: Numbers, start: int) -> int:
    """To the next comma, *mà là*, or the end."""
    for position in range(start, at.count):
        if at.raw[position] in ",;." or "but_is" in at.tags[position]:
            return position
    return at.count


def _before_the_right_one(at: Numbers, start: int) -> range:
    """*nhầm 25k, 27k mới đúng*; *sửa 25 thành 27*: up to the turn, when a number stands on both sides."""
    for position in range(start, at.count):
        turn = at.raw[position] in ",;" or ("becomes" in at.tags[position] and position > start)
        if turn and _number_in(at, start, position) and _number_in(at, position + 1, at.count):
            right = at.raw[position] not in ",;" or any(
                "right_is" in at.tags[p] for p in range(position, at.count)
            )
            return range(start, position + 1) if right else range(0)
    return range(0)


def _number_in(at: Numbers, start: int, end: int) -> bool:
    return any(
        at.digits[p] or at.has(p, "digit", "ten", "twenty", "hundred") for p in range(start, end)
    )

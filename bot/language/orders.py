"""Order numbers: *đơn 1187, #4410, đơn hai ba không năm, đơn số bảy trăm linh tám*."""

from __future__ import annotations

from bot.language.numbers import Numbers

_LONGEST = 20


def order_id(at: Numbers) -> tuple[str, int, int] | None:
    """(the number, start, end) of the order named, or None."""
    if "#" not in at.text and "order" not in at.kinds:
        return None
    for start in range(at.count):
        if at.raw[start] == "#":
            found = _number(at, start + 1)
        elif "order" in at.tags[start] and "not_order" not in at.tags[start]:
            found = _number(at, _past_signs(at, at.tags[start]["order"].end))
        else:
            continue
        if found:
            return found[0], start, found[1]
    return None


def _past_signs(at: Numbers, start: int) -> int:
    while at.has(start, "order_sign", "order") or (
        (token := at.token(start)) is not None and token.raw in "#:"
    ):
        start += 1
    return start


def _number(at: Numbers, start: int) -> tuple[str, int] | None:
    token = at.token(start)
    if token is None:
        return None
    if token.digits and token.raw.isdigit():
        return None if _counts(at, start + 1) else (token.raw, start + 1)
    if _is_code(at, start):
        return _code(at, start)
    return _spoken(at, start)


def _counts(at: Numbers, start: int) -> bool:
    """A unit or *nghìn* after it: no number of an order; *don 1234 sao roi* asks, and means no *sào*."""
    if "noise" in at.tags[start]:
        return False
    unit = at.tags[start].get("unit")
    asks = "question" in at.tags[start] and unit is not None and not unit.exact
    return at.has(start, "magnitude", "unit") and not asks


def _is_code(at: Numbers, start: int) -> bool:
    """`VS-1187`, `PM2305`: letters, then digits."""
    token, after = at.tokens[start], at.token(start + 1)
    return (
        token.word
        and len(token.raw) <= 4
        and after is not None
        and after.glued
        and (after.digits or after.raw == "-")
    )


def _code(at: Numbers, start: int) -> tuple[str, int] | None:
    end, text = start, ""
    while (
        end < at.count
        and len(text) < _LONGEST
        and (end == start or at.glued[end])
        and at.raw[end] not in ".,?!"
    ):
        text, end = text + at.raw[end], end + 1
    return (text, end) if any(c.isdigit() for c in text) else None


def _spoken(at: Numbers, start: int) -> tuple[str, int] | None:
    """Digit by digit, or as a number; *bảy trăm linh tám* is 708."""
    digits, end = "", start
    while end < at.count and len(digits) < _LONGEST and (digit := _digit(at, end)) is not None:
        digits, end = digits + str(digit), end + 1
    joins = at.has(end, "tens", "hundred", "magnitude", "zero_tens", "dozen")
    if len(digits) >= 2 and not joins:
        return digits, end
    number = at.read(start, money=False)
    if number is None or number.end == start or number.value != int(number.value):
        return None
    if not number.value and number.end == at.count:
        return None  # hôm nay có đơn | không
    return str(int(number.value)), number.end


def _digit(at: Numbers, start: int) -> int | None:
    token = at.tokens[start]
    if token.digits:
        return None
    digit = at.value(start, "digit")
    return at.value(start, "tail") if digit is None else digit

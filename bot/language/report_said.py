"""What an officer reports in a sentence: *báo cáo tháng 10 có 12 khóa đào tạo*, with marks or without."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.fold import fold
from domain.report_articles import Article, article_in

Span = tuple[date, date]

BEGINS = re.compile(r"^(gui |nop )?bao cao\b")
MINE = re.compile(r"\bbao cao (cua (toi|em|minh|anh|chi|co|chu)|da gui|truoc|cac tinh)\b")
INDICATORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("decision_468", re.compile(r"\b468\b")),
    (
        "attendances",
        re.compile(r"\b(luot (nguoi|hoc vien|tham du)?|nguoi (tham gia|duoc dao tao))"),
    ),
    ("courses", re.compile(r"\b(khoa|lop)( (dao tao|tap huan|hoc))?\b")),
    ("articles", re.compile(r"\b(tin,? bai|bai (viet|bao)|tin tuc|tin)\b")),
    ("accounts", re.compile(r"\btai khoan\b")),
    ("transactions", re.compile(r"\b(giao dich|don hang)\b")),
    ("products", re.compile(r"\bsan pham\b")),
    ("value", re.compile(r"\b(gia tri|doanh so|doanh thu|tong tien)\b")),
)
STATUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("not_assigned", re.compile(r"\bkhong giao\b")),
    ("plan_under_way", re.compile(r"\bdang xay dung\b")),
    ("plan_made", re.compile(r"\b(da (co|xay dung|ban hanh)|xay dung) (de an|ke hoach)\b")),
    ("studying", re.compile(r"\bnghien cuu\b")),
    ("considering", re.compile(r"\bxem xet\b")),
)
PLATFORMS = (("voso", re.compile(r"\bvo ?so\b")), ("postmart", re.compile(r"\bpost ?mart\b")))

_MONTH = re.compile(r"\b(?:thang|t) ?(1[0-2]|0?[1-9])(?: ?[/-] ?| nam )?(20\d\d)?\b")
_MONTH_YEAR = re.compile(r"\b(1[0-2]|0?[1-9]) ?[/-] ?(20\d\d)\b")
_QUARTER = re.compile(r"\bquy (iii|ii|iv|i|[1-4])(?: ?[/-] ?| nam )?(20\d\d)?\b")
_LAST, _THIS = re.compile(r"\bthang (truoc|vua (roi|qua))\b"), re.compile(r"\bthang nay\b")
_BARE = re.compile(r"(1[0-2]|0?[1-9])")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_SIZES = {
    **dict.fromkeys(("ty", "ti"), 10**9),
    **dict.fromkeys(("trieu", "tr"), 10**6),
    **dict.fromkeys(("nghin", "ngan", "k"), 10**3),
    "": 1,
}
_SIZE = "|".join(filter(None, _SIZES))
_NUMBER = re.compile(
    r"(?<![\d.,/-])(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d{1,2}))?(?![.,/-]?\d)"
    rf"(?: ?({_SIZE})\b)?(?: (ruoi)\b)?"
)
_UNREAD = re.compile(rf" ?(?:{_SIZE}|tram|chuc|van|ruoi)\b")
"""What makes another number of the one before it: *2 trăm triệu*, *3 chục*."""


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """As far as the words say it; `number` whole, `platform` `voso` or `postmart`."""

    indicator: str | None = None
    platform: str | None = None
    span: Span | None = None
    number: int | None = None
    status: str | None = None
    article: Article | None = None


def begins_report(text: str) -> bool:
    """Whether the words want to report something."""
    return BEGINS.search(fold(text)) is not None


def asks_own_reports(text: str) -> bool:
    """Whether the words want to see what was reported."""
    return MINE.search(fold(text)) is not None


def report_said(text: str, on: date) -> ReportSaid:
    """What one sentence says; what it leaves open or says twice is left to be asked."""
    article = article_in(text)
    if article is not None:
        title = re.sub(r"(?i)^((gửi|nộp|gui|nop) )?(báo cáo|bao cao) *", "", article.title)
        return ReportSaid("articles", span=span_said(title, on), article=_named(title, article))
    said = BEGINS.sub("", fold(text)).strip()
    span, rest = span_said(said, on), _without_days(said)
    indicator = _first(INDICATORS, rest)
    return ReportSaid(
        indicator,
        _first(PLATFORMS, rest),
        span,
        None if indicator == "decision_468" else number_said(rest),
        _first(STATUSES, rest),
    )


def _named(title: str, article: Article) -> Article:
    plain = re.sub(
        r"(?i)^(tin bài|tin, bài|bài viết|bài báo|tin|bài|tin bai|bai)\b[ :,.-]*", "", title
    )
    return Article(plain.strip(), article.link)


def _first(patterns: tuple[tuple[str, re.Pattern[str]], ...], said: str) -> str | None:
    """Whose words stand first; where two begin alike, the one that is listed first."""
    found = [(hit.start(), key) for key, pattern in patterns if (hit := pattern.search(said))]
    return min(found, key=lambda one: one[0])[1] if found else None


def number_said(text: str) -> int | None:
    """The only whole number in the words: `1.520`, `69 tỷ 600 triệu`, `217,1 tỷ`; None when that is not sure."""
    said = _without_days(fold(text))
    found = list(_NUMBER.finditer(said))
    if not found or any(_UNREAD.match(said, one.end()) for one in found):
        return None
    if len(found) == 1:
        return _whole(found[0])
    together = _NUMBER.sub("", said[found[0].start() : found[-1].end()])
    return None if together.strip() else _added(found)


def _added(found: Sequence[re.Match[str]]) -> int | None:
    """Each part smaller than one of the size before: *69 tỷ 600 triệu*; *217 triệu 5* may be 217,5."""
    parts = [_whole(one) for one in found]
    sizes = [_SIZES[one[3] or ""] for one in found]
    for size, part in zip(sizes, parts[1:], strict=False):
        if part is None or part >= size:
            return None
    bare = found[-1][3] is None and (sizes[-2] > 10**3 or len(found[-1][1]) != 3)
    return None if bare or parts[0] is None else sum(part or 0 for part in parts)


def _whole(found: re.Match[str]) -> int | None:
    """Groups of three are thousands; a part after the comma needs a size that makes it whole."""
    size = _SIZES[found[3] or ""]
    if found[4] and (size == 1 or found[2]):
        return None
    digits = re.sub(r"[. ]", "", found[1])
    value = Decimal(f"{digits}.{found[2] or 0}") * size + (size // 2 if found[4] else 0)
    return int(value) if value == int(value) else None


def span_said(text: str, on: date, *, bare: bool = False) -> Span | None:
    """The month or quarter that the words name: the last one that has begun, unless a year is said.

    `bare`: a number alone is a month.
    """
    said = fold(text)
    if found := _QUARTER.search(said):
        number = _ROMAN.get(found[1]) or int(found[1])
        return _months(number * 3 - 2, number * 3, found[2], on)
    if _LAST.search(said):
        last = on.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if _THIS.search(said):
        return _months(on.month, on.month, str(on.year), on)
    found = _MONTH_YEAR.search(said) or _MONTH.search(said)
    found = found or (_BARE.fullmatch(said) if bare else None)
    if found is None:
        return None
    year = found[2] if len(found.groups()) > 1 else None
    return _months(int(found[1]), int(found[1]), year, on)


def _months(first: int, last: int, year: str | None, on: date) -> Span:
    of = int(year) if year else on.year - (first > on.month)
    return date(of, first, 1), date(of, last, calendar.monthrange(of, last)[1])


def _without_days(said: str) -> str:
    """The words without those that name days: their numbers are no figures."""
    for pattern in (_QUARTER, _MONTH_YEAR, _MONTH):
        said = pattern.sub(" ", said)
    return said

"""One cell of an order export as a value: whole đồng, quantities, moments in Vietnam.

Vietnamese numbers: dots for thousands, a comma for decimals; 1,250,000 is understood too. A quantity that can
be read in two ways is left to the caller, who knows what it has to fit. ValueError says what is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from bot.order_columns import Columns
from domain.fold import fold, fold_letters
from domain.household import ZONE

LARGEST = 10**13  # đồng
MOST = Decimal(10**7)  # of one thing in one order
FIRST_YEAR = 2015  # nothing of the programme is older
LONGEST_TEXT = 300
LONGEST_NUMBER = 60  # signs of an order's number
EXACT = 10**15  # Excel keeps 15 digits of a number

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_CURRENCY = re.compile(r"(?:₫|d|vnd|dong)\.?$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")
_TAIL = re.compile(r"(.*\d)[.,](\d{1,2})")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
_QUOTED = re.compile(r'="([^"]*)"')
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")


def shown(cell: object) -> str:
    """The cell for a message, cut where it is long."""
    said = str(cell)
    return repr(said if len(said) <= 40 else said[:40] + "…")


def as_written(cell: object) -> object:
    """The cell without what programs put round it: `="0912"` keeps 0912 from becoming a number."""
    if isinstance(cell, str):
        said = cell.strip()
        quoted = _QUOTED.fullmatch(said) if said.startswith("=") else None
        return quoted[1].strip() if quoted else said
    plain = cell is None or isinstance(cell, int | float | dt.date)
    return cell if plain else "="  # a formula over several cells comes as an object


def text(cell: object) -> str:
    """Words as they are, formulas too: they are never worked out."""
    said = _written(cell) if isinstance(cell, int | float) else str(cell)
    said = " ".join(said.translate(_INVISIBLE).split())
    if len(said) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters")
    if not said.isprintable():
        raise ValueError("has signs that can't be read")
    return said


def plain_text(cell: object) -> str:
    """Words where a formula can't be what is meant."""
    said = text(cell)
    _refuse_formula(said)
    return said


def number_of_order(cell: object) -> str:
    """An order's number, digit by digit; one that Excel has rounded is refused."""
    rounded = isinstance(cell, float | int) and abs(cell) >= EXACT
    if rounded or re.fullmatch(r"\d([.,]\d+)?E\+?\d+", str(cell).strip(), re.IGNORECASE):
        raise ValueError(f"{shown(cell)} lost digits: keep this column as text")
    said = plain_text(cell)
    if len(said) > LONGEST_NUMBER:
        raise ValueError(f"is longer than {LONGEST_NUMBER} signs")
    return said


def phone(cell: object) -> str:
    """A phone number as written; the 0 that a program cut off stands again."""
    said = plain_text(cell)
    return f"0{said}" if isinstance(cell, int | float) and len(said) == 9 else said


def money(cell: object) -> int:
    """Whole đồng, not negative."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise ValueError(f"{shown(cell)} is no sum")  # noqa: TRY004 the file's fault
    vnd = _whole(cell) if not isinstance(cell, str) else _written_sum(cell)
    if not 0 <= vnd <= LARGEST:
        raise ValueError(f"{shown(cell)} is no sum of an order")
    return vnd


def _whole(cell: float) -> int:
    if isinstance(cell, float) and not cell.is_integer():
        raise ValueError(f"{shown(cell)} is no whole number of VND")
    return int(cell)


def _written_sum(said: str) -> int:
    _refuse_formula(said)
    bare = _CURRENCY.sub("", fold_letters("".join(said.split())))
    if tail := _TAIL.fullmatch(bare):
        if int(tail[2]):
            raise ValueError(f"{shown(said)} is no whole number of VND")
        bare = tail[1]
    if not (bare.isascii() and bare.isdigit()) and not _GROUPED.fullmatch(bare):
        raise ValueError(f"{shown(said)} is no sum")
    return int(re.sub("[.,]", "", bare))


def quantities(cell: object) -> tuple[Decimal, ...]:
    """How many, above 0; two values where `1.500` may be 1500 or one and a half."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise ValueError(f"{shown(cell)} is no quantity")  # noqa: TRY004 as above
    found = tuple(_written_quantities(cell) if isinstance(cell, str) else (_decimal(cell),))
    if not all(0 < one <= MOST for one in found):
        raise ValueError(f"{shown(cell)} is no quantity of an order")
    return found


def _decimal(cell: float) -> Decimal:
    return Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)


def _written_quantities(said: str) -> tuple[Decimal, ...]:
    _refuse_formula(said)
    bare = "".join(said.split())
    grouped, decimal = _GROUPED.fullmatch(bare), _DECIMAL.fullmatch(bare)
    readings = [Decimal(re.sub("[.,]", "", bare))] if grouped else []
    if decimal:
        readings.append(Decimal(bare.replace(",", ".")))
    if not readings:
        raise ValueError(f"{shown(said)} is no quantity")
    return tuple(dict.fromkeys(readings))


def moment(cell: object, names: Columns) -> dt.datetime:
    """A date of Excel, or written day before month; in Vietnam unless it says its own zone."""
    found = _excel(cell) if not isinstance(cell, str) else _written_moment(cell, names)
    if found is None:
        raise ValueError(f"{shown(cell)} is no date like 21/11/2026 07:30")
    if found.year < FIRST_YEAR:
        raise ValueError(f"the year {found.year} is before the programme")
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _excel(cell: object) -> dt.datetime | None:
    if isinstance(cell, dt.datetime):
        return cell
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time())
    if isinstance(cell, int | float) and _SERIAL.fullmatch(repr(cell)):
        from openpyxl.utils.datetime import from_excel  # noqa: PLC0415 5 MiB that only workbooks need

        found = from_excel(cell)
        return found if isinstance(found, dt.datetime) else None
    return None


def _written_moment(said: str, names: Columns) -> dt.datetime | None:
    _refuse_formula(said)
    said = " ".join(said.split())
    try:
        if _ISO.fullmatch(said):
            return dt.datetime.fromisoformat(said)
        if _SERIAL.fullmatch(said):
            return _excel(float(said.replace(",", ".")))
        return _spoken_moment(said, names)
    except ValueError:
        return None


def _spoken_moment(said: str, names: Columns) -> dt.datetime | None:
    """A day, perhaps a time before or after it, perhaps SA or CH behind."""
    day, time = _DAY.search(said), _TIME.search(said)
    if day is None:
        return None
    rest = said.replace(day[0], " ", 1).replace(time[0] if time else "", " ", 1)
    part = fold(rest).strip(" ,-T")
    if part not in {"", *names.afternoon, *names.morning}:
        return None
    year, month, of_month = (day[4], day[5], day[6]) if day[4] else (day[3], day[2], day[1])
    hour, minute, second = (int(time[n] or 0) for n in (1, 2, 3)) if time else (0, 0, 0)
    if part:
        hour = hour % 12 + 12 * (part in names.afternoon)
    return dt.datetime(int(year), int(month), int(of_month), hour, minute, second, tzinfo=ZONE)


def _refuse_formula(said: str) -> None:
    if said.startswith("="):
        raise ValueError("is a formula; put the value in its place")


def _written(cell: float) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)

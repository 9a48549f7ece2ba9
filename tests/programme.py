"""A programme of fourteen months as officers see it: reports of some provinces, sales of few and of several households."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import Connection
from villages import HERE, THERE, fact, settle

from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from domain.events import SaleItem, SaleLogged
from domain.household import ZONE
from storage.rollups import advance
from storage.store import append
from web.periods import Period, last_month, last_year

COLUMNS = "period_from,period_to,indicator,platform,value,province\n"
SIZES = {"01": 900, "82": 420, "40": 310, "68": 700, "92": 95, "22": 180, "66": 1_500, "96": 33}
"""Reported transactions a month by province (of today), some more or less; what stands there grows."""
FEW, SEVERAL = 3, 6  # households that sell through the bot, here and there
COUNTED = {"products": 2, "accounts": 40}  # stocks for each transaction that is reported
COURSES = 4


def today() -> dt.date:
    return dt.datetime.now(ZONE).date()


def fill_programme(tx: Connection) -> None:
    """Everything up to the last month that is over; nothing of this one."""
    lines = check_lines(read_report_file("".join(_lines()).encode()), today())
    import_reports(tx, lines, now=dt.datetime.now(dt.UTC))
    for number in range(FEW):
        selling(tx, f"QA-{number:04d}", HERE)
    for number in range(SEVERAL):
        selling(tx, f"QB-{number:04d}", THERE)
    while advance(tx):
        pass


def _lines() -> Iterator[str]:
    yield COLUMNS
    for place, size in SIZES.items():
        for number, month in enumerate(_months()):
            days = f"{month}-01,{_last_day(month)}"
            sold = size + size * (number % 5) // 10
            for platform, part in (("voso", sold // 3), ("postmart", sold - sold // 3)):
                yield f"{days},transactions,{platform},{part},{place}\n"
                yield f"{days},value,{platform},{part * 220_000},{place}\n"
                for stock, each in COUNTED.items():
                    yield f"{days},{stock},{platform},{size * each // 3 + number},{place}\n"
            yield f"{days},courses,,{COURSES},{place}\n"
            yield f"{days},attendances,,{COURSES * 31},{place}\n"
            yield f"{days},articles,,{number + 2},{place}\n"


def _months() -> list[str]:
    """Thirteen months that are over, the oldest first."""
    year = last_year(today())
    found = [Period(year.start, year.start).before, Period(year.start, year.start)]
    while found[-1].end < last_month(today()).end:
        found.append(found[-1].after)
    return [one.start for one in found]


def _last_day(month: str) -> dt.date:
    first = dt.date(int(month[:4]), int(month[5:]), 1)
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def selling(tx: Connection, code: str, place: tuple[str, str]) -> None:
    """A household with one sale in the last month that is over."""
    settle(tx, code, "Ba", place)
    day = dt.date.fromisoformat(f"{last_month(today()).start}-15")
    item = SaleItem(product="cam sành", total_vnd=500_000)
    sale = {"code": "KX42", "items": (item,), "total_vnd": 500_000, "date": day}
    append(tx, [fact(SaleLogged, code, "sale", place, platform="postmart", **sale)])

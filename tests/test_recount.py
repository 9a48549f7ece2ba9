"""Every cell of every breakdown in every format is what plain counting of what happened gives, in both sets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Any

import pytest
from naive_recount import BOT, Cells, Key, Recount
from openpyxl import load_workbook
from reported_years import files
from three_years import ThreeYears

from bot.locales.format import number
from bot.reports import import_reports
from bot.summarise import summarise
from bot.summary import Summary, ask
from bot.summary_files import summary_csv, summary_json, summary_xlsx
from bot.summary_text import summary_text
from domain.events import Event, OrderReturned
from domain.indicators import Delta, deltas
from storage import rollup_sums, rollups
from storage.database import Database
from storage.store import NEW_EVENT, _row

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
AT_ONCE = 10_000
BY = ("month", "province", "platform")
SUBSETS = [set(some) for n in range(4) for some in combinations(BY, n)]
ALL, MERGER = ("2023-07", "2026-06"), ("2025-05", "2025-08")
PARTS = (*BOT, "reported")
NOBODYS = ("courses", "attendances", "articles")  # figures that no households make
Cell = dict[str, Any]


async def lived(db: Database, events: int, households: int) -> Recount:
    """The three years in the database, appended and rolled up, and what they come to."""
    years = ThreeYears(seed=4, households=households)
    years.live(events)
    for start in range(0, len(years.events), AT_ONCE):
        rows = [_row(one) for one in years.events[start : start + AT_ONCE]]
        await db.write(lambda tx, rows=rows: tx.execute(NEW_EVENT, rows))
    for lines in files(years, 3):
        await db.write(lambda tx, lines=lines: import_reports(tx, lines, now=NOW, confirmed=True))
    while await db.write(lambda tx: rollups.advance(tx, AT_ONCE)):
        pass
    return Recount(years.records)


def expected(cells: Cells, key: Key) -> Cell:
    """What a cell has to show."""
    parts = cells.get(key, {})
    if key.indicator == "value_per_transaction":
        sums = {"value": parts.get(""), "bot": parts.get("bot", 0)}
        return {**sums, "reported": parts.get("reported", 0), **dict.fromkeys(BOT, 0)}
    amounts = {name: parts.get(name, 0) for name in PARTS}
    value = sum(amounts.values()) if parts else None
    return {"value": value, "bot": sum(parts.get(name, 0) for name in BOT), **amounts}


def of_json(text: str) -> Iterator[tuple[Key, Cell]]:
    for one in json.loads(text)["figures"]:
        place = one["province"]
        key = Key(
            one["indicator"],
            one["month"],
            (place["code"] or "") if place else None,
            one["platform"],
        )
        yield key, {"value": one["value"], **one["source"], **one["evidence"]}


def of_rows(rows: Iterator[dict[str, Any]]) -> Iterator[tuple[Key, Cell]]:
    """Of CSV or XLSX: a place without a code has a name."""
    for row in rows:
        province = (row["province_code"] or "") if row["province"] else None
        key = Key(row["indicator"], row["month"] or None, province, row["platform"] or None)
        numbers = {name: row[name] for name in ("value", "bot", *PARTS)}
        yield key, {name: None if n in {None, ""} else int(n) for name, n in numbers.items()}


def of_csv(text: str) -> Iterator[tuple[Key, Cell]]:
    return of_rows(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def of_xlsx(content: bytes) -> Iterator[tuple[Key, Cell]]:
    for sheet in load_workbook(io.BytesIO(content), read_only=True).worksheets:
        titles, *rows = sheet.iter_rows(values_only=True)
        if "platform" in titles and "said" in titles:
            yield from of_rows(dict(zip(titles, row, strict=True)) for row in rows)


def differences(shown: Iterator[tuple[Key, Cell]], cells: Cells) -> list[object]:
    """Cells that are wrong, missing, or there twice."""
    found = list(shown)
    wrong = [
        (key, cell, expected(cells, key)) for key, cell in found if cell != expected(cells, key)
    ]
    keys = {key for key, _ in found}
    twice = ["twice"] if len(keys) < len(found) else []
    return [*wrong, *(cells.keys() - keys), *twice]


async def answer(db: Database, period: tuple[str, str], min_cell: int = 1, **asked: Any) -> Summary:
    return await db.read(lambda conn: summarise(conn, ask(*period, **asked), min_cell))


async def all_equal(
    db: Database, truth: Recount, csv_by: Collection[int] = range(len(BY) + 1)
) -> None:
    """In JSON (and by so many things in CSV) every subset over three years; as a workbook all apart over the merger."""
    for by, of in ((by, of) for by in SUBSETS for of in (63, 34)):
        cells = truth.cells(*ALL, by, of)
        found = await answer(db, ALL, by=sorted(by), provinces=of)
        assert not differences(of_json(summary_json(found)), cells), (by, of)
        if len(by) in csv_by:
            assert not differences(of_csv(summary_csv(found)), cells), (by, of)
    for of in (63, 34):
        found = await answer(db, MERGER, by=BY, provinces=of)
        assert not differences(of_xlsx(summary_xlsx(found)), truth.cells(*MERGER, set(BY), of))


async def test_every_cell_of_every_breakdown_in_every_format_is_what_plain_counting_gives(db):
    truth = await lived(db, 5_000, 300)
    await all_equal(db, truth)
    for platform in ("voso", "postmart"):
        cells = truth.cells(*MERGER, set(BY), 34, platform)
        found = await answer(db, MERGER, by=BY, provinces=34, platform=platform)
        assert not differences(of_json(summary_json(found)), cells)
    assert not await db.read(rollups.rebuild_check)


@pytest.mark.timeout(600)
async def test_two_hundred_thousand_events_of_three_years_are_what_plain_counting_gives(
    empty_sqlite, tmp_path
):
    shutil.copyfile(empty_sqlite, tmp_path / "years.db")
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/years.db")
    try:
        await all_equal(db, await lived(db, 200_000, 2_000), csv_by=(0, 3))
    finally:
        await db.close()


@pytest.fixture
async def small(empty_sqlite, tmp_path):
    shutil.copyfile(empty_sqlite, tmp_path / "small.db")
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/small.db")
    yield opened
    await opened.close()


async def test_the_text_says_the_sums_that_plain_counting_gives(small):
    truth = await lived(small, 2_000, 100)
    text = summary_text(await answer(small, ALL))
    cells = truth.cells(*ALL, set(), 34)
    for indicator, words in (("transactions", "giao dịch"), ("products", "sản phẩm")):
        total = sum(cells[Key(indicator, None, None, None)].values())
        assert f"{number(total, 'vi')} {words}" in text


async def test_a_cell_is_withheld_when_few_made_it_and_right_when_it_is_shown(small):
    truth = await lived(small, 3_000, 150)
    for by in ({"province"}, {"province", "platform"}, {"province", "platform", "month"}):
        cells, withheld = truth.cells(*MERGER, by, 34), 0
        found = await answer(small, MERGER, min_cell=5, by=sorted(by), provinces=34)
        for figure, (key, cell) in zip(found.figures, of_json(summary_json(found)), strict=True):
            made_by = truth.households(key, *MERGER, 34) if cell["bot"] != 0 else set()
            if figure.display == "<5":
                withheld += 1
                assert key.province is not None
                assert set(cell.values()) == {None}
            else:
                assert cell == expected(cells, key)
                assert key.province is None or key.indicator in NOBODYS or not 0 < len(made_by) < 5
        assert withheld


async def test_the_recount_sees_one_delta_that_is_wrong(small, monkeypatch):
    def forgetful(event: Event) -> tuple[Delta, ...]:
        """A sale that came back is left in the figures."""
        return () if isinstance(event, OrderReturned) else deltas(event)

    monkeypatch.setattr(rollup_sums, "deltas", forgetful)
    truth = await lived(small, 1_000, 50)
    found = await answer(small, ALL)
    assert differences(of_json(summary_json(found)), truth.cells(*ALL, set(), 34))

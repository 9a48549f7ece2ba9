"""What a figure means is versioned, holds from a day on, and is printed with it, the same in every place."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from blank import empty_database
from openpyxl import load_workbook

from bot import definitions as told
from bot.definitions import definitions
from bot.locales.catalogue import text
from bot.summarise import fingerprint, summarise
from bot.summary import ask
from bot.summary_files import summary_csv, summary_xlsx
from bot.summary_text import summary_text
from domain.definitions import changes, in_force, meanings, read_meanings
from domain.indicators import INDICATORS

DOCS = Path(__file__).parents[1] / "docs" / "ministry.md"
HEAD = "key,version,since,until,name_en,definition_en"
TWO = (
    HEAD,
    "value,1,2022-08-01,2026-06-30,Value,Gross money.",
    "value,2,2026-07-01,,Value,Net money.",
)


@pytest.fixture
def two_versions(monkeypatch):
    """The value of transactions means something else from 1 July 2026 on."""
    kept = meanings() | read_meanings(TWO)
    monkeypatch.setattr(told, "meanings", lambda: kept)
    key = "indicator.definition.value.2"
    monkeypatch.setattr(told, "text", lambda k: "Số tiền sau phí." if k == key else text(k))


def test_every_indicator_is_defined_and_nothing_else():
    assert list(meanings()) == list(INDICATORS)


@pytest.mark.parametrize("key", INDICATORS)
def test_a_definition_is_one_sentence_in_each_language(key):
    for one in told.versions(key):
        for sentence in (one.definition, one.definition_en):
            assert sentence.endswith(".")
            assert ". " not in sentence


@pytest.mark.parametrize("key", INDICATORS)
def test_the_documentation_has_every_definition_word_by_word(key):
    rows = DOCS.read_text().splitlines()
    for one in told.versions(key):
        begins = f"| `{key}` | {one.version}, {one.since} |"
        (row,) = [line for line in rows if line.startswith(begins)]
        assert f"{one.definition_en}<br>*{one.definition}*" in row
        assert f"| {one.kind} | {one.unit} |" in row


def test_a_version_that_does_not_begin_when_the_one_before_it_ends_is_no_version():
    for later in ("2026-07-02", "2026-06-30"):
        with pytest.raises(ValueError, match="value 2"):
            read_meanings((*TWO[:2], f"value,2,{later},,Value,Net money."))


@pytest.mark.parametrize(
    ("day", "version"),
    [("2010-01-01", "1"), ("2026-06-30", "1"), ("2026-07-01", "2"), ("2030-01-01", "2")],
)
def test_each_day_has_one_version(day, version):
    found = in_force(read_meanings(TWO)["value"], dt.date.fromisoformat(day))
    assert found.version == version


@pytest.mark.parametrize(
    ("start", "end", "changed"),
    [
        ("2026-06-01", "2026-07-31", True),
        ("2026-06-01", "2026-06-30", False),
        ("2026-07-01", "2026-07-31", False),
    ],
)
def test_a_change_concerns_the_periods_that_have_days_of_both(start, end, changed):
    days = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    assert bool(changes(read_meanings(TWO)["value"], *days)) == changed


@pytest.fixture
async def sqlite(tmp_path):
    opened = await empty_database(tmp_path)
    yield opened
    await opened.close()


async def summary(db, start, end):
    return await db.read(lambda conn: summarise(conn, ask(start, end)))


async def test_a_summary_prints_the_version_of_its_last_day_and_notes_a_change(
    sqlite, two_versions
):
    before, across, after = [
        await summary(sqlite, *months)
        for months in (("2026-05", "2026-06"), ("2026-05", "2026-07"), ("2026-07", "2026-08"))
    ]
    assert [s.definitions["value"].version for s in (before, across, after)] == ["1", "2", "2"]
    note = (
        "Định nghĩa của chỉ tiêu Giá trị giao dịch qua sàn thay đổi từ ngày 01/07/2026: "
        "trước đó theo bản 1, từ đó theo bản 2."
    )
    assert [note in s.notes for s in (before, across, after)] == [False, True, False]
    assert "(bản 2, từ 01/07/2026): Số tiền sau phí." in summary_text(across)


async def test_a_changed_definition_is_another_answer(sqlite, two_versions, monkeypatch):
    question = ask("2026-07", "2026-07")
    with_two = await sqlite.read(lambda conn: fingerprint(conn, question))
    monkeypatch.undo()
    assert await sqlite.read(lambda conn: fingerprint(conn, question)) != with_two


async def test_every_format_says_what_its_figures_mean(sqlite):
    found = await summary(sqlite, "2026-05", "2026-06")
    lines = csv.DictReader(io.StringIO(summary_csv(found).removeprefix("\ufeff")))
    assert {line["definition_version"] for line in lines} == {"1"}
    sheet = load_workbook(io.BytesIO(summary_xlsx(found)))["Định nghĩa"]
    cells = {cell for row in sheet.values for cell in row}
    for one in definitions(dt.date(2026, 6, 30), found.definitions).values():
        assert {one.definition, one.definition_en, one.version} <= cells
        assert one.definition in summary_text(found)

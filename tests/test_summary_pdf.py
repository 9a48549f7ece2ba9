"""The PDF says what the text says, on two A4 pages, in letters that can be copied out again."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from blank import empty_database
from test_decision_468 import PUBLISHED, of_all, take

from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.summarise import summarise
from bot.summary import ask
from bot.summary_pdf import summary_pdf
from bot.summary_text import INDENT, sentences
from storage.rollups import advance

SEED = Path(__file__).parent / "figures" / "programme-2023-06.csv"
NOW = dt.datetime(2023, 7, 5, 1, 0, tzinfo=dt.UTC)
AS_PUBLISHED = (
    "7.637 sản phẩm (Vỏ sò: 3.512, Postmart: 4.125)",
    "987.495 giao dịch (Vỏ sò: 173.745; Postmart: 813.750)",
    "217,1 tỷ đồng (Vỏ sò: 69,6; Postmart: 147,5)",
    "khoảng 220.000 đồng",
    "568 khóa đào tạo",
    "8.412.839 lượt người (Vỏ sò: 4.354.205; Postmart: 4.058.634)",
    "2.719 tin, bài",
)


def read(pdf: bytes) -> tuple[str, int]:
    """Its text with single spaces, and how many pages it has."""
    reader = shutil.which("pdftotext")
    assert reader, "there is no pdftotext on the path: apt-get install poppler-utils"
    found = subprocess.run([reader, "-", "-"], input=pdf, capture_output=True, check=True)
    pages = found.stdout.decode().split("\f")
    return re.sub(r"\s+", " ", " ".join(pages)), len(pages) - 1


async def summary(db, *by: str):
    question = ask("2022-08", "2023-06", by=by)
    return await db.read(lambda conn: summarise(conn, question))


@pytest.fixture
async def published(tmp_path):
    sqlite = await empty_database(tmp_path)
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await sqlite.write(lambda tx: import_reports(tx, lines, now=NOW))
    await take(sqlite, *of_all())
    while await sqlite.write(advance):
        pass
    yield sqlite
    await sqlite.close()


async def test_every_published_sentence_stands_in_it_letter_by_letter(published):
    found = await summary(published)
    said, pages = read(summary_pdf(found))
    assert pages == 2
    assert all(figure in said for figure in (*AS_PUBLISHED, PUBLISHED))
    assert all(line in said for line in sentences(found) if not line.startswith(INDENT))
    assert all(one.definition in said for one in found.definitions.values())


async def test_what_is_told_apart_stands_in_it_too(published):
    found = await summary(published, "month", "province")
    said, _ = read(summary_pdf(found))
    assert all(note in said for note in found.notes)


async def test_nothing_that_was_written_in_a_report_becomes_markup(published):
    """A note that looks like a command of the typesetter is words."""
    found = await summary(published)
    strange = found.model_copy(update={"notes": ["#panic() $x$ *b* \\ @a <b>"]})
    assert "#panic() $x$ *b* \\ @a <b>" in read(summary_pdf(strange))[0]

"""A summary in another language: the same figures, its own words and numbers, in every kind of file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from functools import partial

import httpx
import pytest
from blank import empty_database
from openpyxl import load_workbook
from test_summary import PUBLISHED, SEED

from bot.commands.arguments import parser
from bot.config import Settings
from bot.locales.spoken import speaking, spoken
from bot.publishing import publish
from bot.report_files import read_report_file
from bot.report_lines import check_lines
from bot.reports import import_reports
from bot.runner import Runner
from bot.services import Services
from bot.summary import BadQuestion, ask
from bot.summary_files import run_summary
from storage.keys import new_key
from storage.rollups import advance
from web.app import create_app

NOW = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)
MONTHS = {"from": "2022-08", "to": "2023-06"}
SENTENCES = """Results of helping farm-producing households onto e-commerce platforms, August 2022 to June 2023
OCOP products on the platforms: 7,637 (Vỏ Sò: 3,512, Postmart: 4,125).
Transactions on the platforms: 987,495 (Vỏ Sò: 173,745; Postmart: 813,750).
Value of transactions on the platforms: 217.1 billion VND (Vỏ Sò: 69.6; Postmart: 147.5); value per transaction: about 220,000 VND.
Training held: courses 568; attendances 8,412,839 (Vỏ Sò: 4,354,205; Postmart: 4,058,634).
News items of local media: 2,719.
Accounts active on the platforms: over 5.4 million."""


@pytest.fixture
async def programme(tmp_path):
    sqlite = await empty_database(tmp_path)
    lines = check_lines(read_report_file(SEED.read_bytes()), NOW.date())
    await sqlite.write(lambda tx: import_reports(tx, lines, now=NOW))
    while await sqlite.write(advance):
        pass
    yield sqlite
    await sqlite.close()


async def file(db, **options: object):
    return await db.read(partial(run_summary, options=MONTHS | options))


async def test_the_published_figures_stand_in_english_sentences(programme):
    told = (await file(programme, language="en")).splitlines()
    assert [line for line in SENTENCES.splitlines() if line not in told] == []


async def test_unless_it_is_asked_for_the_first_language_is_written_to_the_letter(programme):
    told = await file(programme)
    with speaking("en"):
        assert await file(programme, language="vi") == told
    assert [said for said in PUBLISHED if said not in told] == []


async def test_only_words_differ_between_languages_never_names_or_numbers(programme):
    first, second = [
        json.loads(await file(programme, language=x, format="json")) for x in ("vi", "en")
    ]
    shown = [figure.pop("display") for figure in second["figures"]]
    assert "217.1 billion" in shown
    assert "217,1 tỷ" in [figure.pop("display") for figure in first["figures"]]
    assert first["figures"] == second["figures"]
    assert list(first) == list(second)
    meant = second["definitions"]["transactions"]
    assert meant["name"] == meant["name_en"]
    assert meant["definition"] == meant["definition_en"]
    assert first["definitions"]["transactions"]["name_en"] == meant["name_en"]


async def test_files_name_their_sheets_and_say_their_figures_in_the_language(programme):
    book = load_workbook(io.BytesIO(await file(programme, language="en", format="xlsx")))
    lines = list(
        csv.DictReader(io.StringIO((await file(programme, language="en", format="csv"))[1:]))
    )
    chart = await file(programme, language="en", format="svg")
    assert book.sheetnames == ["Summary", "Who has reported", "Definitions"]
    assert "OCOP products on the platforms" in [row[1].value for row in book["Summary"].rows]
    assert "8,412,839" in [line["display"] for line in lines]
    assert "147.5 billion" in chart


async def test_what_is_no_language_of_ours_is_said(programme):
    with pytest.raises(BadQuestion, match="language: must be one of vi, en"):
        await file(programme, language="fr")


def test_the_command_takes_a_language():
    given = parser().parse_args(["summary", "--from", "x", "--to", "y", "--language", "en"])
    assert given.language == "en"


# Over HTTP


@pytest.fixture
async def client(programme):
    chosen = Settings(database_url="sqlite+aiosqlite:///nowhere.db")
    site = create_app(Services(chosen, programme, Runner(programme, chosen, []), b"s" * 32))
    secret = await programme.write(lambda tx: new_key(tx, "vụ", "ministry", NOW))
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(site), base_url="http://figures.test", headers=headers
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ({}, None, "vi"),
        ({}, "en-GB,en;q=0.9", "en"),
        ({"lang": "en"}, "vi", "en"),
        ({"lang": "vi"}, "en", "vi"),
    ],
)
async def test_the_address_goes_before_what_a_client_prefers(client, asked, accepted, language):
    headers = {"Accept-Language": accepted} if accepted else {}
    found = await client.get("/api/v1/summary", params=MONTHS | asked, headers=headers)
    shown = [figure["display"] for figure in found.json()["figures"]]
    assert found.headers["content-language"] == language
    assert {"Accept-Language", "Authorization"} <= set(found.headers["vary"].split(", "))
    assert ("217.1 billion" in shown) == (language == "en")
    assert "set-cookie" not in found.headers


@pytest.mark.parametrize("path", ["summary", "indicators", "published/2022-08_2023-06_1"])
async def test_each_language_has_a_tag_of_its_own(client, programme, path):
    await programme.write(partial(publish, question=ask("2022-08", "2023-06"), now=NOW))
    asked = partial(client.get, f"/api/v1/{path}")
    first, second = [await asked(params=MONTHS | {"lang": x}) for x in ("vi", "en")]
    tags = [answer.headers["etag"] for answer in (first, second)]
    assert len(set(tags)) == 2
    again = {"If-None-Match": tags[0]}
    assert (await asked(params=MONTHS | {"lang": "vi"}, headers=again)).status_code == 304
    assert (await asked(params=MONTHS | {"lang": "en"}, headers=again)).status_code == 200


async def test_a_publication_is_read_in_both_languages_with_the_figures_of_then(client, programme):
    await programme.write(partial(publish, question=ask("2022-08", "2023-06"), now=NOW))
    path = "/api/v1/published/2022-08_2023-06_1"
    first, second = [(await client.get(path, params={"lang": x})).json() for x in ("vi", "en")]
    values = [[one["value"] for one in found["summary"]["figures"]] for found in (first, second)]
    names = [found["summary"]["definitions"]["courses"]["name"] for found in (first, second)]
    assert values[0] == values[1]
    assert names == ["Khóa đào tạo, tập huấn", "Training courses"]
    text = (await client.get(path, params={"lang": "en", "format": "text"})).text
    assert "217.1 billion VND" in text


async def test_notes_of_a_publication_are_kept_in_every_language(client, programme):
    lines = [
        {
            "period_from": "2023-06-15",
            "period_to": "2023-07-14",
            "indicator": "transactions",
            "platform": "voso",
            "value": 9,
            "province": "01",
            "confirmed": True,
        }
    ]
    report = await client.post("/api/v1/reports", json=lines)
    while await programme.write(advance):
        pass
    with speaking("en"):  # whatever the one speaks who publishes
        await programme.write(partial(publish, question=ask("2022-08", "2023-06"), now=NOW))
    path = "/api/v1/published/2022-08_2023-06_1"
    first, second = [(await client.get(path, params={"lang": x})).json() for x in ("vi", "en")]
    notes = [found["summary"]["notes"] for found in (first, second)]
    assert report.status_code == 200, report.text
    assert len(notes[0]) == len(notes[1]) > 0
    assert "Giao dịch qua sàn" in notes[0][0]
    assert "Transactions on the platforms" in notes[1][0]


async def test_a_language_that_we_have_not_is_refused_by_name(client):
    found = await client.get("/api/v1/summary", params=MONTHS | {"lang": "fr"})
    assert found.status_code == 422
    assert [one["field"] for one in found.json()["errors"]] == ["lang"]


def test_speaking_ends_where_it_ends():
    with speaking("en"):
        with speaking("vi"):
            assert spoken() == "vi"
        assert spoken() == "en"
    assert spoken() == "vi"

"""Open formats: whoever has no program of ours reads the same figures, by names that stay."""

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections import Counter

import pytest
from test_summary import Farm, published, stored, summary

from bot.commands import arguments
from bot.series import series
from bot.summary import PLATFORMS, Summary
from bot.summary_files import FORMATS
from bot.summary_package import summary_package
from bot.summary_sdmx import DIMENSIONS, summary_sdmx
from storage.figures import mark_sample

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
NAMES = re.compile(r"[-a-z0-9._]+")


async def told(db) -> Summary:
    """A small programme with a withheld province, a province that can't be told, and the old figures."""
    await published(db)
    farms = [Farm() for _ in range(4)] + [Farm("92", "31120") for _ in range(9)]
    farms += [Farm("92", "31246") for _ in range(7)]
    events = [event for farm in farms for event in (farm.registered(), farm.sale(), farm.listed())]
    await stored(db, *events, reports="2026-11-01,2026-11-30,courses,,3,Đồng Tháp\n")
    by = ["month", "province", "platform"]
    return await summary(db, "2022-08", "2026-11", min_cell=5, by=by, provinces=63)


def observations(found: Summary) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(summary_sdmx(found))))


def package(found: Summary) -> tuple[dict, dict[str, list[dict[str, str]]]]:
    with zipfile.ZipFile(io.BytesIO(summary_package(found))) as files:
        described = json.loads(files.read("datapackage.json"))
        tables = {
            one["name"]: list(csv.DictReader(io.StringIO(files.read(one["path"]).decode())))
            for one in described["resources"]
        }
    return described, tables


# SDMX-CSV


async def test_each_figure_and_its_parts_to_the_last_dong(db):
    found = await told(db)
    rows = {tuple(row[one] for one in DIMENSIONS): row for row in observations(found)}
    for one in series(found):
        when = ("M", one.period) if one.figure.month else ("_O", "2022-08-01/P52M")
        key = (when[0], one.area, one.indicator, one.platform)
        whole = rows[*key, "_T", when[1]]
        shown = "" if one.figure.value is None else str(one.figure.value)
        assert whole["OBS_VALUE"] == shown
        if one.state == "reported" and one.figure.indicator != "value_per_transaction":
            assert rows[*key, "BOT", when[1]]["OBS_VALUE"] == str(one.figure.source.bot)
            said = [
                rows[*key, f"BOT_{e}", when[1]] for e in ("SAID", "CONFIRMED", "MATCHED", "PAID")
            ]
            assert sum(int(row["OBS_VALUE"]) for row in said) == one.figure.source.bot


async def test_an_observation_is_told_by_its_dimensions_alone(db):
    rows = observations(await told(db))
    keys = Counter(tuple(row[one] for one in DIMENSIONS) for row in rows)
    assert set(keys.values()) == {1}
    assert all(all(key) for key in keys)


async def test_what_is_withheld_and_what_nobody_reported_are_told_apart(db):
    rows = observations(await told(db))
    kinds = {(row["OBS_STATUS"], row["CONF_STATUS"], bool(row["OBS_VALUE"])) for row in rows}
    assert kinds == {("A", "F", True), ("O", "F", False), ("Q", "N", False)}
    hidden = {row["REF_AREA"] for row in rows if row["OBS_STATUS"] == "Q"}
    assert "VN63_87" in hidden
    assert "VN" not in hidden
    assert {row["SOURCE"] for row in rows if row["OBS_STATUS"] == "Q"} == {"_T"}


async def test_the_ids_are_these_for_good(db):
    """Other systems hold on to them: a change is another version of the dataflow."""
    found = await told(db)
    assert list(observations(found)[0]) == [
        *("STRUCTURE", "STRUCTURE_ID", "ACTION"),
        *("FREQ", "REF_AREA", "INDICATOR", "PLATFORM", "SOURCE", "TIME_PERIOD"),
        *("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "DEFINITION_VERSION", "SAMPLE"),
    ]
    rows = observations(found)
    ids = {name: {row[name] for row in rows} for name in rows[0]}
    assert ids["STRUCTURE"] == {"dataflow"}
    assert ids["STRUCTURE_ID"] == {"LENSAN:DF_PROGRAMME(1.0.0)"}
    assert ids["ACTION"] == {"I"}
    assert ids["INDICATOR"] == {
        *("PRODUCTS", "TRANSACTIONS", "VALUE", "VALUE_PER_TRANSACTION"),
        *("ACCOUNTS", "COURSES", "ATTENDANCES", "ARTICLES"),
    }
    assert ids["PLATFORM"] == {"_T", "VOSO", "POSTMART"}
    assert {"VN", "VN63_87", "VN63_92", "VN63_X"} <= ids["REF_AREA"]
    assert ids["SOURCE"] == {
        *("_T", "BOT", "REPORTED"),
        *("BOT_SAID", "BOT_CONFIRMED", "BOT_MATCHED", "BOT_PAID"),
    }
    assert {"2022-08-01/P52M", "2026-11"} <= ids["TIME_PERIOD"]
    assert {one.key for one in series(found)} >= {"TRANSACTIONS.VN63_87._T", "VALUE.VN.VOSO"}


# Frictionless

READ = {
    "string": str,
    "integer": int,
    "date": dt.date.fromisoformat,
}


async def test_the_package_describes_its_tables_by_the_published_rules(db):
    """Names, types and keys as the Data Package standard has them; the header is the list of fields."""
    described, tables = package(await told(db))
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert NAMES.fullmatch(described["name"])
    for one in described["resources"]:
        schema, rows = one["schema"], tables[one["name"]]
        assert NAMES.fullmatch(one["name"])
        assert (one["type"], one["encoding"]) == ("table", "utf-8")
        assert not rows or list(rows[0]) == [field["name"] for field in schema["fields"]]
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)


async def test_every_cell_of_the_package_is_as_its_schema_says(db):
    described, tables = package(await told(db))
    for one in described["resources"]:
        for field, row in ((f, r) for f in one["schema"]["fields"] for r in tables[one["name"]]):
            cell, limits = row[field["name"]], field.get("constraints", {})
            assert cell or not limits.get("required")
            if cell:
                READ[field["type"]](cell)
                assert cell in limits.get("enum", [cell])
    known = {row["indicator"] for row in tables["indicators"]}
    assert {row["indicator"] for row in tables["figures"]} <= known


async def test_the_package_holds_every_figure_of_the_summary(db):
    found = await told(db)
    _, tables = package(found)
    assert [row["value"] for row in tables["figures"]] == [
        "" if one.value is None else str(one.value) for one in found.figures
    ]
    assert {row["platform"] for row in tables["figures"]} == {"", *PLATFORMS}
    hidden = [row for row in tables["figures"] if row["state"] == "withheld"]
    assert hidden
    assert not any(row["value"] or row["bot"] or row["reported"] or row["said"] for row in hidden)


async def test_the_same_figures_are_the_same_file(db):
    found = await told(db)
    assert summary_package(found) == summary_package(found)


async def test_the_sample_is_labelled(db):
    await db.write(mark_sample)
    found = await summary(db)
    assert {row["SAMPLE"] for row in observations(found)} == {"Y"}
    assert "sample" in package(found)[0]["title"]


async def test_both_are_formats_like_the_others(db):
    found = await summary(db)
    for name, kind in (
        ("sdmx", "application/vnd.sdmx.data+csv"),
        ("frictionless", "application/zip"),
    ):
        write, media_type = FORMATS[name]
        assert media_type.startswith(kind)
        assert write(found)


def test_the_command_offers_every_format_that_there_is(url):
    assert set(arguments.FORMATS) == set(FORMATS)

"""A summary as a Frictionless data package: tables as CSV and what stands in them as a JSON table schema.

Rules: datapackage.org/standard, version 2.0; what version 1 calls a profile is named as well.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from bot.series import COUNTRY, TOTAL, Series, State, parts, series
from bot.summary import PLATFORMS, EvidenceParts, Summary

PROFILES = "https://datapackage.org/profiles/2.0"
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the same figures are the same file
Field = Mapping[str, Any]
Row = Sequence[str | int | None]

EVIDENCE = tuple(asdict(EvidenceParts()))
PARTS = (TOTAL, "BOT", "REPORTED", *(f"BOT_{name.upper()}" for name in EVIDENCE))
_NEEDED = {"constraints": {"required": True}}


def _text(name: str, about: str, **more: object) -> Field:
    return {"name": name, "type": "string", "description": about, **more}


def _whole(name: str, about: str) -> Field:
    return {"name": name, "type": "integer", "description": about}


FIGURES: tuple[Field, ...] = (
    _text("series", "Indicator, area and platform: the same in every period", **_NEEDED),
    _text("period", "A month, or the first and the last month: 2022-08/2023-06", **_NEEDED),
    _text("indicator", "See indicators.csv", **_NEEDED),
    _text("area", "VN, or the set of provinces and the code: VN63_87, VN34_82", **_NEEDED),
    _text("province", "The province's name in Vietnamese; empty for the country"),
    _text("platform", "Empty: all of them together", constraints={"enum": [*PLATFORMS]}),
    _text(
        "state",
        "withheld: of few households, or it would tell of a cell of few",
        constraints={"required": True, "enum": list(get_args(State))},
    ),
    _whole("value", "The figure; empty unless the state is reported"),
    _whole("bot", "What households did in the conversation"),
    _whole("reported", "What localities and platforms reported"),
    *(_whole(name, f"Of the bot's part, known as {name}") for name in EVIDENCE),
    _text("definition_version", "See indicators.csv", **_NEEDED),
)
INDICATORS: tuple[Field, ...] = (
    _text("indicator", "Its key", constraints={"required": True, "unique": True}),
    *(_text(name, "Its name") for name in ("name", "name_en")),
    *(_text(name, "What it counts") for name in ("definition", "definition_en")),
    _text("kind", "A flow within the period, a stock at its end, a ratio, a status"),
    _text("unit", "What is counted; VND are whole dong"),
    _text("version", "Of the definition"),
    {"name": "since", "type": "date", "description": "From when on this version holds"},
)
STATUSES: tuple[Field, ...] = (
    _text("area", "The province", constraints={"required": True, "unique": True}),
    _text("province", "Its name in Vietnamese"),
    _text("status", "Under Decision 468", **_NEEDED),
)


def summary_package(summary: Summary) -> bytes:
    """A ZIP with `datapackage.json`, `figures.csv`, `indicators.csv` and `decision_468.csv`."""
    files = {
        "datapackage.json": json.dumps(_package(summary), ensure_ascii=False, indent=1) + "\n",
        "figures.csv": _csv(FIGURES, (_figure(one, summary) for one in series(summary))),
        "indicators.csv": _csv(INDICATORS, _indicators(summary)),
        "decision_468.csv": _csv(STATUSES, _statuses(summary)),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, said in files.items():
            package.writestr(zipfile.ZipInfo(name, WRITTEN), said, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _figure(one: Series, summary: Summary) -> Row:
    figure, amounts = one.figure, parts(one.figure)
    return (
        *(one.key, one.period, figure.indicator, one.area),
        *(figure.province.name if figure.province else None, figure.platform, one.state),
        *(amounts.get(name) for name in PARTS),
        summary.definitions[figure.indicator].version,
    )


def _indicators(summary: Summary) -> Iterable[Row]:
    for key, one in summary.definitions.items():
        said = (one.name, one.name_en, one.definition, one.definition_en)
        yield key, *said, one.kind, one.unit, one.version, one.since.isoformat()


def _statuses(summary: Summary) -> Iterable[Row]:
    for group in summary.decision_468:
        for place in group.provinces:
            yield f"{COUNTRY}{summary.provinces}_{place.code}", place.name, group.status


def _csv(fields: Sequence[Field], rows: Iterable[Row]) -> str:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(field["name"] for field in fields)
    lines.writerows(rows)
    return out.getvalue()


def _package(summary: Summary) -> dict[str, Any]:
    sample = " (sample, made up)" if summary.sample else ""
    refers = {"fields": ["indicator"], "reference": _reference("indicators", "indicator")}
    cut_off = {"created": summary.cut_off.isoformat()} if summary.cut_off else {}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "len-san-programme",
        "title": f"Farm households on e-commerce platforms, {summary.start} to {summary.to}{sample}",
        "version": "1.0.0",
        **cut_off,
        "sample": summary.sample,
        "notes": summary.notes,
        "resources": [
            _resource("figures", FIGURES, ["series", "period"], [refers]),
            _resource("indicators", INDICATORS, ["indicator"]),
            _resource("decision_468", STATUSES, ["area"]),
        ],
    }


def _reference(resource: str, field: str) -> dict[str, Any]:
    return {"resource": resource, "fields": [field]}


def _resource(
    name: str, fields: Sequence[Field], key: Sequence[str], refers: Sequence[Field] = ()
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": fields,
        "missingValues": [""],
        "primaryKey": key,
    }
    return {
        "$schema": f"{PROFILES}/dataresource.json",
        "profile": "tabular-data-resource",
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": refers} if refers else {}),
    }

"""A programme of millions of events over three years, in bulk: as Parquet, as plain rows, and as roll-ups.

The roll-ups are summed by DuckDB, not by us: `benchmarks.figures` compares the sums of all three.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from pathlib import Path
from uuid import UUID

import duckdb

from domain.geography import communes, old_province_of
from domain.province_keys import province_within

START, END = "2022-08", "2025-07"
HOUSEHOLDS = 50_000
ROWS = 50_000  # handed over at a time
WHERE = "province, old_province, platform"

# Sales; one event in fifty lists a product with stars, one in fifty links a shop.
FACTS = f"""
SELECT i AS position, CASE WHEN i % 50 = 0 THEN 'products' WHEN i % 50 = 1 THEN 'accounts'
           ELSE 'transactions' END AS indicator,
       home.id AS household, home.commune, home.province, home.old_province,
       CASE WHEN hash(i, 'platform') % 3 = 0 THEN 'voso' ELSE 'postmart' END AS platform,
       ['said', 'confirmed', 'matched', 'paid'][(hash(i, 'evidence') % 4 + 1)::INT] AS evidence,
       strftime(DATE '{START}-01' + ((i * 1095) // $events)::INT, '%Y-%m') AS month,
       CASE WHEN i % 50 > 1 THEN 20000 + hash(i, 'value') % 900000 ELSE 0 END::BIGINT AS total_vnd
FROM range($events) t(i) JOIN home ON home.number = hash(i, 'home') % {HOUSEHOLDS}
"""
# What each fact adds: a sale twice, to how many and to how much.
AMOUNTS = """
SELECT indicator, 1::BIGINT AS amount, * EXCLUDE (indicator) FROM fact
UNION ALL SELECT 'value', total_vnd, * EXCLUDE (indicator) FROM fact WHERE indicator = 'transactions'
"""
HOMES = """SELECT unnest(?::INT[]) AS number, unnest(?::TEXT[]) AS id, unnest(?::TEXT[]) AS commune,
    unnest(?::TEXT[]) AS province, unnest(?::TEXT[]) AS old_province"""
ROLLUPS = {
    "rollup_place": f"""SELECT indicator, {WHERE}, 'bot', evidence, month, month, SUM(amount)
        FROM amount GROUP BY ALL""",
    "rollup_household": f"""SELECT CASE indicator WHEN 'transactions' THEN 'sold' ELSE indicator END,
        {WHERE}, month, household, SUM(amount) FROM amount WHERE indicator <> 'value' GROUP BY ALL""",
}
EVIDENCE = ("said", "confirmed", "matched", "paid")
IN_MONTHS = f"""SELECT indicator, {WHERE}, month,
    {", ".join(f"SUM(amount) FILTER (evidence = '{one}')" for one in EVIDENCE)}, 0, COUNT(*), 0
    FROM amount GROUP BY ALL ORDER BY ALL"""
CROWDS = f"""SELECT CASE indicator WHEN 'transactions' THEN 'sold' ELSE indicator END AS kind,
    {WHERE}, month, COUNT(DISTINCT household) FROM
    (SELECT * FROM amount WHERE indicator = 'transactions' UNION ALL
     SELECT * FROM amount WHERE indicator IN ('products', 'accounts')
     QUALIFY row_number() OVER (PARTITION BY indicator, {WHERE}, household ORDER BY month) = 1)
    GROUP BY ALL ORDER BY ALL"""


def fill(database: Path, parquet: Path, events: int) -> None:
    """The same events into the file of Parquet and into the migrated, empty SQLite database."""
    with duckdb.connect() as duck:
        columns = [list(column) for column in zip(*_homes(), strict=True)]
        duck.execute(f"CREATE TABLE home AS {HOMES}", columns)
        duck.execute(f"COPY ({FACTS}) TO '{parquet}' (FORMAT parquet)", {"events": events})
        duck.execute(f"CREATE VIEW fact AS SELECT * FROM '{parquet}'")
        duck.execute(f"CREATE VIEW amount AS {AMOUNTS}")
        with sqlite3.connect(database) as lite:
            _store(lite, duck, events)


def _homes() -> Iterator[tuple[int, str, str, str, str]]:
    known = [one for one in communes() if old_province_of(one.code)]
    for number in range(HOUSEHOLDS):
        commune = known[number % len(known)]
        old = province_within(commune.province_code, commune.code, 63) or ""
        yield number, UUID(int=number).hex, commune.code, commune.province_code, old


def _store(lite: sqlite3.Connection, duck: duckdb.DuckDBPyConnection, events: int) -> None:
    lite.execute("PRAGMA synchronous = OFF")
    lite.execute(
        """CREATE TABLE plain (position INTEGER PRIMARY KEY, indicator TEXT, household TEXT, commune TEXT,
        province TEXT, old_province TEXT, platform TEXT, evidence TEXT, month TEXT, total_vnd INTEGER)"""
    )
    _copy(lite, "plain", _rows(duck, "SELECT * FROM fact"))
    for table, query in ROLLUPS.items():
        _copy(lite, table, _rows(duck, query + " ORDER BY ALL"))
    _copy(lite, "rollup_to_date", _to_date(_rows(duck, IN_MONTHS)))
    _copy(lite, "crowd", _standing(_rows(duck, CROWDS)))
    lite.execute("UPDATE rollup_position SET position = ?", (events,))
    lite.execute("ANALYZE")


def _rows(duck: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[object, ...]]:
    cursor = duck.cursor().execute(query)
    while some := cursor.fetchmany(ROWS):
        yield from some


def _copy(lite: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    wide = len(lite.execute(f"SELECT * FROM {table} LIMIT 0").description)
    marks = ", ".join("?" * wide)
    lite.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    lite.commit()


def _to_date(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Every month of a year with the sums of the year up to it."""
    for (*place, year), those in groupby(rows, lambda row: (*row[:4], str(row[4])[:4])):
        by_month = {str(row[4]): [int(str(one or 0)) for one in row[5:]] for row in those}
        months = [f"{year}-{number:02d}" for number in range(1, 13)]
        sums = accumulate((by_month.get(month, [0] * 7) for month in months), _both)
        yield from (
            (month, *place, *one) for month, one in zip(months, sums, strict=True) if any(one)
        )


def _both(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _standing(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Of a stock whoever came is there from then on."""
    for (kind, *_), those in groupby(rows, lambda row: row[:4]):
        standing = 0
        for *key, came in those:
            standing += int(str(came))
            yield *key, came, came if kind == "sold" else standing

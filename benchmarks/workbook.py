"""A workbook of 10,000 rows: the seconds it takes and the MiB of this process, on standard output."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from bot.definitions import definitions
from bot.figure_words import display
from bot.place_name import place_name
from bot.summary import EvidenceParts, Figure, Parts, Summary
from bot.summary_workbook import summary_xlsx
from domain.geography import provinces

ROWS = 10_000
KIB = 1024


def many() -> Summary:
    """Months and provinces told apart; the definitions don't matter here."""
    codes = [one.code for one in provinces(63)]
    figures = [
        Figure(
            "value",
            f"{2000 + row // 12}-{row % 12 + 1:02d}",
            place_name(codes[row % len(codes)], 63),
            "voso",
            row * 7_919,
            Parts(row * 7_919, 0),
            EvidenceParts(row * 7_919, 0, 0, 0),
            display("value", row * 7_919),
        )
        for row in range(ROWS)
    ]
    return Summary(
        start="2022-08",
        to="2025-07",
        by=["month", "province"],
        provinces=63,
        cut_off=None,
        figures=figures,
        definitions=definitions(dt.date(2025, 7, 31)),
    )


def main() -> None:
    summary = many()
    start = time.perf_counter()
    summary_xlsx(summary)
    took = time.perf_counter() - start
    print(took, _most_kib() / KIB)


def _most_kib() -> int:
    """The most that this program held; `getrusage` counts what the process was before it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()

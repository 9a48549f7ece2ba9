"""Figures in and out: reports, the summary, and counting them again."""

from __future__ import annotations

import datetime as dt

from bot.commands.output import Given, Mistake, Output
from bot.services import Services
from domain.household import ZONE
from storage import rollups

SHOWN = 20  # differences that are listed


async def import_reports(services: Services, given: Given, out: Output) -> int:
    """Take in a file of reported figures, all of it or nothing."""
    from bot.report_files import BadReports, read_report_file
    from bot.report_lines import check_lines
    from bot.reports import import_reports as take_in

    now = dt.datetime.now(dt.UTC)
    try:
        lines = check_lines(read_report_file(given["content"]), now.astimezone(ZONE).date())
        sure = bool(given.get("confirmed"))
        taken = await services.db.write(lambda tx: take_in(tx, lines, now=now, confirmed=sure))
    except BadReports as bad:
        for wrong in bad.wrong:
            out.problem(f"{given['file']}: {wrong}")
        out.problem("nothing was taken in")
        if all(wrong.asked for wrong in bad.wrong):
            out.problem("if all of that is right, say so with --confirmed")
        return 1
    await catch_up(services, out)
    out.say(
        f"{taken.accepted} figures taken in, {taken.replaced} of them in the place of earlier ones; "
        f"{taken.unchanged} stood already"
    )
    return 0


async def summary(services: Services, given: Given, out: Output) -> int:
    """The programme's summary, in the format that was asked for."""
    from bot.summary import BadQuestion
    from bot.summary_files import run_summary

    await catch_up(services, out)
    smallest = services.settings.min_cell
    try:
        found = await services.db.read(lambda conn: run_summary(conn, given, smallest))
    except BadQuestion as wrong:
        raise Mistake(f"--{wrong}") from None
    content = found if isinstance(found, bytes) else found.encode()
    out.file(content, given["output"])
    return 0


async def rebuild(services: Services, given: Given, out: Output) -> int:
    """Count all figures again from the events; with `check` only say where they differ."""
    await catch_up(services, out)
    differences = await services.db.read(rollups.rebuild_check)
    for one in differences[:SHOWN]:
        out.problem(f"{_place(one)}: kept {_sums(one.kept)}, counted {_sums(one.counted)}")
    if len(differences) > SHOWN:
        out.problem(f"… and {len(differences) - SHOWN} more")
    if not given["check"]:
        figures = await services.db.write(rollups.rebuild)
        out.say(f"{figures} figures counted again; {len(differences)} were different")
        return 0
    out.say(f"{len(differences)} differences")
    return 1 if differences else 0


async def catch_up(services: Services, out: Output) -> None:
    """Figures asked for now hold everything that is committed by now."""
    done = 0
    while (more := await services.db.write(rollups.advance)) == rollups.BATCH:
        done += more
        out.progress(f"{done} events counted")


def _place(one: rollups.Difference) -> str:
    return f"{one.rollup}: {' '.join(part for part in one.key if part)}"


def _sums(amounts: tuple[int, ...]) -> str:
    return "/".join(map(str, amounts))

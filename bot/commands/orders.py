"""Orders in: a platform's export, read, tried out, taken in."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping

from bot.commands.figures import catch_up
from bot.commands.output import Given, Output
from bot.exported_order import BadExport, ExportedOrder
from bot.services import Services
from domain.platform_orders import Result

WIDTH = 30  # signs of the progress bar
CAME: Mapping[Result, str] = {
    "created": "new",
    "updated": "changed",
    "unchanged": "known already",
    "unassigned": "of shops that nobody has linked yet",
    "refused": "refused, left as they are",
}


async def import_orders(services: Services, given: Given, out: Output) -> int:
    """A platform's order export: all of it or nothing; with `dry_run` only what would come of it."""
    from bot.order_import import Importing

    def told(doing: str, done: int, whole: int) -> None:
        out.progress(bar(done, whole, f"orders {doing}"))

    hours = dt.timedelta(hours=services.settings.order_hours)
    try:
        orders = await _read(given, out)
        importing = Importing(services.db, orders, given["platform"], hours, told)
        tally = await importing.try_out()
    except BadExport as bad:
        out.progress("")
        for wrong in bad.wrong:
            out.problem(f"{given['file']}: {wrong}")
        out.problem("nothing was taken in")
        return 1
    if not given.get("dry_run"):
        tally = await importing.take_in()
        await catch_up(services, out)
    out.progress("")
    said = "orders would be taken in" if given.get("dry_run") else "orders"
    parts = [f"{tally[result]} {words}" for result, words in CAME.items() if tally[result]]
    out.say(f"{len(orders)} {said}: {', '.join(parts)}")
    return 1 if tally["refused"] else 0


async def _read(given: Given, out: Output) -> list[ExportedOrder]:
    """In a thread of its own: whoever talks meanwhile is answered."""
    from bot.order_columns import columns
    from bot.order_export import read_export

    loop = asyncio.get_running_loop()

    def told(lines: int) -> None:
        loop.call_soon_threadsafe(out.progress, f"{lines} lines read")

    names = columns(given["platform"])
    return await asyncio.to_thread(
        read_export, given["content"], names, dt.datetime.now(dt.UTC), told
    )


def bar(done: int, whole: int, words: str) -> str:
    """`[###---] 30 of 60 orders checked`."""
    full = WIDTH * done // max(whole, 1)
    return f"[{'#' * full}{'-' * (WIDTH - full)}] {done} of {whole} {words}"

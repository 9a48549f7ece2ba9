"""The list of households as a file: the same households as the page shows, each download an event."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from bot.harmless import harmless
from bot.locales.spoken import written_day
from bot.services import Services
from bot.summary_workbook import OPTIONS
from domain.export_events import HouseholdsExported, Shape
from domain.geography import commune, province
from domain.household import ZONE
from storage.figures import is_sample
from storage.sign_ins import SignedIn
from storage.store import append
from storage.worker_lists import Listed, Wanted, all_of, listed
from web.chat import Ours, now
from web.pages.worker import this_month, today
from web.pages.worker_area import wanted_of
from web.places import full_name
from web.signed_in import Sender
from web.words import FRESH, page, t

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST = 50_000  # households of one file
AT_ONCE = 500  # households read together
COLUMNS = (
    *("code", "name", "commune", "province", "joined", "last_sold", "month", "products"),
    *("unpictured", "far_prices", "unanswered"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (12, 28, 28, 24, 12, 12, 16, 10, 10, 12, 12)

Cell = str | int

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.post("/export")
async def export(  # noqa: PLR0913, PLR0917 the filters of the list
    ours: Ours,
    who: Sender,
    shape: Annotated[str, Form()] = "",
    quiet: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "",
    need: Annotated[str, Form()] = "",
    q: Annotated[str, Form()] = "",
    sort: Annotated[str, Form()] = "quiet",
) -> Response:
    """A file of those that the list shows; 413 for more than fit."""
    wanted = wanted_of(quiet=quiet, step=step, need=need, q=q, sort=sort)
    asked = partial(all_of, roles=who.roles, wanted=wanted, today=today(), most=MOST + 1)
    ids = await ours.db.read(asked)
    if len(ids) > MOST:
        return await _too_many(ours)
    kind: Shape = "xlsx" if shape == "xlsx" else "csv"
    taken = _event(who, wanted, kind, len(ids))
    await ours.db.write(partial(_note, taken=taken))
    name = f"len-san-{today():%Y-%m-%d}.{kind}"
    headers = FRESH | {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == "xlsx":
        return Response(await _workbook(ours, who, ids), media_type=XLSX, headers=headers)
    return StreamingResponse(_csv(ours, who, ids), media_type="text/csv", headers=headers)


async def _too_many(ours: Services) -> Response:
    title = t("web.worker.export.too_many", count=MOST)
    sample = await ours.db.read(is_sample)
    return page("problem.html", 413, sample=sample, title=title, next="")


def _event(who: SignedIn, wanted: Wanted, shape: Shape, count: int) -> HouseholdsExported:
    return HouseholdsExported(
        id=uuid4(),
        at=now(),
        person=who.person,
        channel="web",
        shape=shape,
        areas=tuple(sorted({role.area for role in who.roles})),
        quiet=wanted.quiet,
        step=wanted.step,
        need=wanted.need,
        searched=bool(wanted.words.strip()),
        count=count,
    )


def _note(tx: Connection, taken: HouseholdsExported) -> None:
    append(tx, [taken])


async def _parts(ours: Services, who: SignedIn, ids: Sequence[UUID]) -> AsyncIterator[list[Listed]]:
    """So many at a time; who withdrew meanwhile is left out."""
    for at in range(0, len(ids), AT_ONCE):
        some = partial(listed, roles=who.roles, ids=ids[at : at + AT_ONCE])
        yield await ours.db.read(some)


async def _csv(ours: Services, who: SignedIn, ids: Sequence[UUID]) -> AsyncIterator[str]:
    """UTF-8 with the sign that spreadsheets look for; a comma is part of numbers here, so semicolons."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}" + _lines([_titles()])
    async for rows in _parts(ours, who, ids):
        yield _lines(_cells(row) for row in rows)


def _lines(rows: Iterator[Sequence[Cell]] | list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


async def _workbook(ours: Services, who: SignedIn, ids: Sequence[UUID]) -> bytes:
    """Numbers are numbers, text is never a formula."""
    import xlsxwriter  # noqa: PLC0415 2 MiB that only workbooks need

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, OPTIONS)
    sheet = book.add_worksheet(t("web.worker.export.sheet"))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    _write(sheet, 0, [_titles()])
    at = 1
    async for rows in _parts(ours, who, ids):
        await run_in_threadpool(_write, sheet, at, [_cells(row) for row in rows])
        at += len(rows)
    await run_in_threadpool(book.close)
    return content.getvalue()


def _write(sheet: Worksheet, first: int, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, first):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)


def _titles() -> list[str]:
    return [t(f"web.worker.export.{name}") for name in COLUMNS]


def _cells(row: Listed) -> list[Cell]:
    place = commune(row.commune)
    return [
        row.code,
        harmless(" ".join(filter(None, (row.you, row.name)))),
        full_name(place),
        full_name(province(place.province_code)),
        _day(row.registered_at.astimezone(ZONE).date()),
        _day(row.last_sold),
        this_month(row),
        row.products,
        row.unpictured,
        row.far_prices,
        row.unanswered,
    ]


def _day(day: dt.date | None) -> str:
    return written_day(day) if day else ""

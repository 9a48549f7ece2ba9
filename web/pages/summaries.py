"""A summary behind the address that the bot gave to somebody with a role: read or taken, for a day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection
from starlette.responses import Response

from bot.dialogue.summary_queries import Asked
from bot.drafts.summary_asked import is_own
from bot.programme_figures import question_of
from bot.services import Services
from bot.summarise import summarise
from bot.summary import By, Summary
from bot.summary_files import FORMATS
from bot.summary_text import summary_text
from storage.summary_links import language_behind, question_behind
from web.callers import caller_of
from web.chat import Ours, now
from web.language import prefer
from web.rate import Rate
from web.words import FRESH, page, t

LONGEST_WORD = 60
FILES = ("pdf", "xlsx", "csv")
MOST_MONTHS = 36  # told apart
NOT_FOUND_BY_SEARCH = {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}

router = APIRouter(include_in_schema=False)


@router.get("/summaries/{word}")
async def show(request: Request, ours: Ours, word: str) -> Response:
    """The figures as they are now, as a page or, by the ending, as a file; 404 for any other word."""
    secret, _, kind = word.partition(".")
    if kind and kind not in FILES:
        raise HTTPException(404)
    summary = await _found(request, ours, secret)
    return await _file(summary, kind) if kind else _page(summary, secret)


def _page(summary: Summary, word: str) -> Response:
    lines = summary_text(summary).removeprefix(t("summary.sample")).strip("\n")
    shown = page(
        "asked_summary.html",
        sample=summary.sample,
        blocks=[block.split("\n") for block in lines.split("\n\n")],
        files=[(f"/summaries/{word}.{kind}", kind) for kind in FILES],
    )
    shown.headers.update(NOT_FOUND_BY_SEARCH)
    return shown


async def _file(summary: Summary, kind: str) -> Response:
    write, media = FORMATS[kind]
    name = f"len-san-{summary.start}-{summary.to}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **FRESH}
    content = await run_in_threadpool(write, summary)
    return Response(content, media_type=media, headers=headers | NOT_FOUND_BY_SEARCH)


async def _found(request: Request, ours: Services, word: str) -> Summary:
    seen: Rate = request.app.state.summary_links
    if not seen.takes(caller_of(request)):
        raise HTTPException(429)
    found = None
    if len(word) <= LONGEST_WORD:
        smallest = ours.settings.min_cell
        prefer(await ours.db.read(partial(language_behind, secret=word)))
        found = await ours.db.read(partial(_behind, word=word, smallest=smallest))
    if found is None:
        raise HTTPException(404)
    return found


def _behind(conn: Connection, word: str, smallest: int) -> Summary | None:
    """What whoever asked may see of it at this moment."""
    found = question_behind(conn, word, now())
    if found is None:
        return None
    asked, roles = found
    own = replace(asked, own=is_own(roles, asked.province))
    return summarise(conn, question_of(own, _apart(asked)), smallest)


def _apart(question: Asked) -> frozenset[By]:
    """Months when there are several, provinces of the country."""
    apart: set[By] = set()
    if 1 < question.count <= MOST_MONTHS:
        apart.add("month")
    elif question.province is None:
        apart.add("province")
    return frozenset(apart)

"""What was published, and beside it what stands otherwise now, with the kinds of events that did it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.figure_words import signed
from bot.locales.spoken import text, written_day
from bot.summary import Summary
from bot.summary_changes import Change, Revision
from bot.summary_text import platform_name
from domain.household import ZONE
from storage.publications import Publication, latest_publications
from web.asked import Asked, AskedOfMonth
from web.chat import Ours
from web.exact import exact
from web.officers import Officer
from web.pages.ministry import framed, summaries_of
from web.periods import Period
from web.words import t

router = APIRouter(prefix="/ministry", include_in_schema=False)

PATH = "/ministry/revisions"
MOST = 60  # publications in the list


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that stands otherwise now; the causes with their counts."""

    name: str
    published: str
    now: str
    difference: str
    causes: tuple[str, ...]


@router.get("/revisions")
async def revisions(request: Request, ours: Ours, who: Officer, asked: AskedOfMonth) -> Response:
    """The publications, the newest first; of one period, every revision and what changed since."""
    every = await ours.db.read(partial(latest_publications, most=MOST))
    shown = _shown(asked, every, chosen="from" in request.query_params)
    found = await summaries_of(request).of(shown.apart("platform", "province"))
    published = found.published
    return await framed(
        "ministry_revisions.html",
        ours,
        who,
        shown,
        PATH,
        listed=[_listed(one, shown) for one in every],
        published=[_said(one) for one in (*published.earlier, published)] if published else [],
        changes=[_changed(one, found) for one in found.changes],
    )


def _shown(asked: Asked, every: list[Publication], *, chosen: bool) -> Asked:
    """The whole country, as it was published; the newest one unless a period was chosen."""
    question = replace(asked.question, province=None, own=False, platform=None)
    if every and not chosen:
        question = replace(question, start=every[0].start, end=every[0].end)
    return replace(asked, question=question)


def _listed(one: Publication, shown: Asked) -> tuple[str, str, str]:
    """The period, when and why it was published, and the address of what changed."""
    period = Period(one.start, one.end)
    return (
        period.name,
        _words(one.revision, written_day(one.at.astimezone(ZONE).date()), one.reason),
        shown.over(PATH, period),
    )


def _said(one: Revision) -> tuple[str, str]:
    """In words, and its id for files."""
    return _words(one.revision, written_day(one.at.astimezone(ZONE).date()), one.reason), one.id


def _words(revision: int, date: str, reason: str | None) -> str:
    key = "web.revision.again" if reason else "web.revision.first"
    return t(key, revision=revision, date=date, reason=reason or "")


def _changed(one: Change, summary: Summary) -> Changed:
    key = one.indicator
    where = [summary.definitions[key].name]
    where += [one.province.name] if one.province else []
    where += [platform_name(one.platform)] if one.platform else []
    return Changed(
        name=", ".join(where),
        published=exact(key, one.published),
        now=exact(key, one.now),
        difference=signed(key, one.difference),
        causes=tuple(
            text("summary.changed.cause").format(
                count=exact("", cause.events), cause=cause.name, amount=signed(key, cause.amount)
            )
            for cause in one.causes
        ),
    )

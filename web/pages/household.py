"""A worker at one household: goods and certificates, book, what happened; confirming and disputing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Query
from starlette.responses import RedirectResponse, Response

from bot.locales.spoken import short_month, written_day
from bot.services import Services
from domain.check_events import Subject
from domain.checks import Claim, Refused, Verdict
from domain.help import LONGEST
from domain.household import ZONE, Household, Product
from storage.deciding import By, Wish, decide
from storage.household_page import LINES, Seen, household_seen, photo_seen
from storage.sign_ins import SignedIn
from storage.timeline import HAPPENINGS, happened
from web.chat import Ours, now
from web.claims import claim_words, refused_words
from web.form_ids import new_form
from web.pages.shop import HOUR
from web.pages.worker import number_of, row_of, shown, today
from web.promise import promise_of
from web.signed_in import Sender, Visitor
from web.timeline import happening, told_types
from web.words import t

LONGEST_CODE = 20
CHANNEL = "pages"
DONE = ("confirm", "dispute", "certificate", "letter", "begun", "ended")

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/households/{code}")
async def household(
    ours: Ours,
    who: Visitor,
    code: str,
    *,
    book: str = "1",
    events: str = "1",
    done: Annotated[str, Query()] = "",
) -> Response:
    """One household; 404 alike for one outside the area, one that didn't agree, and none at all."""
    note = t(f"web.check.done.{done}") if done in DONE else ""
    return await household_page(ours, who, code, book, events, note=note)


async def household_page(  # noqa: PLR0913 whose page, and what is said on top of it
    ours: Services,
    who: SignedIn,
    code: str,
    book: str = "1",
    events: str = "1",
    *,
    note: str = "",
    faults: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page, `note` on top; `faults` are those of a certificate's form by field, with what was `typed`."""
    lines, page = number_of(book), number_of(events)
    seen = await ours.db.read(
        partial(
            household_seen, who=who.person, roles=who.roles, code=code[:LONGEST_CODE], page=lines
        )
    )
    if seen is None:
        raise HTTPException(404)
    told, total = await ours.db.read(
        partial(happened, whose=seen.home.id, types=told_types(), page=page)
    )
    answer = await shown(
        "worker_household.html",
        ours,
        who,
        **_words(ours, seen),
        promise=await promise_of(ours, who, seen.home, may_act=seen.may_decide),
        happenings=[happening(one) for one in told],
        book=_pages(lines, seen.sales_total, LINES),
        events=_pages(page, total, HAPPENINGS),
        note=note,
        faults=faults or {},
        typed=typed or {},
    )
    answer.status_code = status
    return answer


def _words(ours: Services, seen: Seen) -> dict[str, Any]:
    home, may = seen.home, seen.may_decide
    words = partial(claim_words, today=today(), may_decide=may)
    return {
        "home": row_of(seen.row),
        "since": written_day(home.registered_at.astimezone(ZONE).date()),
        "place": words(seen.place),
        "letter": new_form(ours.secret, letter_name(home.code), now()) if may else "",
        "longest": LONGEST,
        "goods": [_good(ours, seen, product) for product in home.products],
        "sales": [words(claim) for claim in seen.sales],
        "months": [_month(home, back) for back in (0, 1)],
    }


def _good(ours: Services, seen: Seen, product: Product) -> dict[str, Any]:
    """A product, its certificate, and the form for one where somebody may give it."""
    claim = seen.goods.get(product.code or "")
    form = ""
    if claim is not None and seen.may_decide:
        form = new_form(ours.secret, form_name(claim.code, claim.ref), now())
    words = claim_words(claim, today(), may_decide=seen.may_decide) if claim else None
    return {"product": product, "claim": words, "form": form}


def letter_name(home: str) -> str:
    """What the form of a letter to this household is signed for."""
    return f"letter/{home}"


def form_name(home: str, code: str) -> str:
    """What the form of a product's certificate is signed for."""
    return f"certificate/{home}/{code}"


def _month(home: Household, back: int) -> dict[str, Any]:
    first = today().replace(day=1)
    for _ in range(back):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    month = home.month(first)
    return {"name": short_month(f"{first:%Y-%m}"), "total": month.total_vnd, "sales": month.sales}


def _pages(number: int, total: int, each: int) -> dict[str, int]:
    return {"number": number, "pages": max(1, -(-total // each))}


@router.get("/households/{code}/photos/{which}")
async def photo(ours: Ours, who: Visitor, code: str, which: UUID) -> Response:
    """A photo of a product or of a certificate."""
    jpeg = await ours.db.read(
        partial(photo_seen, roles=who.roles, code=code[:LONGEST_CODE], which=which)
    )
    if jpeg is None:
        raise HTTPException(404)
    return Response(jpeg, media_type="image/jpeg", headers=HOUR | {"Cache-Control": "private"})


@router.post("/households/{code}/checks")
async def check(  # noqa: PLR0913 the fields of the form
    ours: Ours,
    who: Sender,
    code: str,
    *,
    subject: Annotated[Subject, Form()],
    verdict: Annotated[Verdict, Form()],
    seen: Annotated[str, Form(max_length=20)],
    ref: Annotated[str, Form(max_length=LONGEST_CODE)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    back: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Confirm or dispute what stood on the page; what was overtaken is told, with who was first."""
    wish = Wish(code[:LONGEST_CODE], subject, ref, verdict, seen, reason or None)
    by = By(who.person, CHANNEL, now())
    claim, why = await ours.db.write(partial(decide, by=by, wish=wish))
    if claim is None:
        raise HTTPException(404)
    if why is not None:
        return await _refused(ours, who, claim, why)
    path = "/worker/checks" if back == "checks" else f"/worker/households/{claim.code}"
    return RedirectResponse(f"{path}?done={verdict}", 303)


async def _refused(ours: Services, who: SignedIn, claim: Claim, why: Refused) -> Response:
    note = refused_words(why, claim.decision)
    return await household_page(ours, who, claim.code, note=note, status=409)

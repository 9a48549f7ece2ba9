"""A worker reads a product's OCOP certificate on a visit: number, stars, days, a photo of it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, File, Form, HTTPException, UploadFile
from starlette.responses import RedirectResponse, Response

from bot.photos import LARGEST, checked_photo
from domain.certificates import LONGEST_NUMBER, Certificate, day_faults, number_of
from storage.deciding import By, give_certificate
from web.chat import Ours, now
from web.form_ids import read_form
from web.pages.household import CHANNEL, LONGEST_CODE, form_name, household_page
from web.pages.worker import today
from web.signed_in import Sender
from web.words import t

STARS = ("3", "4", "5")

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.post("/households/{code}/certificates/{ref}")
async def certificate(  # noqa: PLR0913 the fields of the form
    ours: Ours,
    who: Sender,
    code: str,
    ref: str,
    *,
    form: Annotated[str, Form()] = "",
    number: Annotated[str, Form()] = "",
    stars: Annotated[str, Form()] = "",
    issued: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    photo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep what stands on it; what can't be so is told beside its field, and nothing is kept."""
    code, ref = code[:LONGEST_CODE], ref[:LONGEST_CODE]
    id_ = read_form(ours.secret, form_name(code, ref), form, now())
    told = _read(ref, number, stars, issued, until)
    faults = told if isinstance(told, dict) else {}
    picture, problem = await _picture(photo)
    faults |= {"photo": problem} if problem else {}
    faults |= {} if id_ else {"form": t("web.certificate.fault.form")}
    if not isinstance(told, Certificate) or id_ is None or faults:
        typed = {"number": number[:LONGEST_NUMBER], "issued": issued, "until": until}
        faults |= {"ref": ref}
        return await household_page(ours, who, code, faults=faults, typed=typed, status=422)
    kept = _with_photo(told, id_, picture)
    by = By(who.person, CHANNEL, now())
    work = partial(give_certificate, by=by, home=code, told=kept, picture=picture, form=id_)
    if await ours.db.write(work) is None:
        raise HTTPException(404)
    return RedirectResponse(f"/worker/households/{code}?done=certificate", 303)


def _with_photo(told: Certificate, form: UUID, picture: bytes | None) -> Certificate:
    photo = uuid5(form, "photo") if picture is not None else None
    return Certificate(told.code, told.stars, told.issued, told.valid_until, told.number, photo)


def _read(
    ref: str, number: str, stars: str, issued: str, until: str
) -> Certificate | dict[str, str]:
    """The certificate, or for each field what is to be done about it."""
    plain, first, last = number_of(number), _day(issued), _day(until)
    wrong = [] if plain else ["number"]
    wrong += [name for name, day in (("issued", first), ("until", last)) if day is None]
    if first is not None and last is not None:
        wrong += day_faults(first, last, today())
    if wrong or stars not in STARS or first is None or last is None:
        return {name: t(f"web.certificate.fault.{name}") for name in wrong or ["number"]}
    return Certificate(ref, int(stars), first, last, plain)


def _day(said: str) -> dt.date | None:
    with suppress(ValueError):
        return dt.date.fromisoformat(said)
    return None


async def _picture(sent: UploadFile | None) -> tuple[bytes | None, str]:
    """The photo, made small; or none, and why."""
    content = await sent.read(LARGEST + 1) if sent is not None else b""
    if not content:
        return None, ""
    checked = await checked_photo(content)
    return checked.image, t("web.certificate.fault.photo") if checked.problem else ""

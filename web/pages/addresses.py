"""Digital addresses that wait for a worker: seen on the map, confirmed or found not to fit."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, get_args
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, HTTPException, Query
from starlette.responses import Response

from bot.locales.spoken import written_day
from bot.services import Services
from domain.digital_address import nearer_communes
from domain.household import ZONE
from domain.plus_codes import centre_of
from domain.roles import acting
from storage.address_checks import Decision, Verdict, decide
from storage.digital_addresses import PAGE, Waiting, waiting, waiting_page
from storage.sign_ins import SignedIn
from web.chat import Ours, now
from web.claims import moment
from web.pages.worker import shown
from web.places import begun, commune_name, full_name
from web.signed_in import Sender, Visitor
from web.words import t

LONGEST_NUMBER = 5  # digits of a page's number
VERDICTS = get_args(Verdict)

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.get("/addresses")
async def addresses(
    ours: Ours, who: Visitor, number: Annotated[str, Query(alias="page")] = "1"
) -> Response:
    """Those of the area that nobody decided on, the oldest first."""
    return await _page(ours, who, _number(number), "")


@router.post("/addresses/{address}")
async def decided(
    ours: Ours, who: Sender, address: UUID, verdict: Annotated[str, Form()] = ""
) -> Response:
    """Decide once; whoever comes second reads what the first decided."""
    chosen = next((one for one in VERDICTS if one == verdict), None)
    if chosen is None:
        raise HTTPException(422)
    work = partial(
        decide, who=who.person, address=address, verdict=chosen, now=now(), event=uuid4()
    )
    found = await ours.db.write(work)
    if found is None:
        raise HTTPException(404)
    return await _page(ours, who, 1, _told(found))


def _number(text: str) -> int:
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return max(int(text), 1) if plain else 1


async def _page(ours: Services, who: SignedIn, number: int, note: str) -> Response:
    total = await ours.db.read(partial(waiting, who=who.person, roles=who.roles))
    rows = await ours.db.read(partial(waiting_page, who=who.person, roles=who.roles, number=number))
    return await shown(
        "worker_addresses.html",
        ours,
        who,
        note=note,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE)),
        rows=[_row(row) for row in rows],
        may=bool(acting(who.roles)),
    )


def _row(row: Waiting) -> dict[str, Any]:
    latitude, longitude = centre_of(row.code)
    near = nearer_communes(row.code, row.commune)
    return {
        "id": row.id,
        "household": row.household,
        "name": " ".join(filter(None, (row.you, row.name))),
        "place": begun(commune_name(row.commune)),
        "code": row.code,
        "map": f"geo:{latitude:.6f},{longitude:.6f}",
        "since": written_day(row.since.astimezone(ZONE).date()),
        "near": ", ".join(full_name(one) for one in near),
    }


def _told(found: Decision) -> str:
    """What was decided, by whom and when when it was somebody else."""
    if found.verdict is None:
        return t("web.addresses.replaced", household=found.household)
    if found.mine or found.at is None:
        return t(f"web.addresses.{found.verdict}", household=found.household)
    return t(
        f"web.addresses.{found.verdict}_by",
        household=found.household,
        worker=t("worker.named", name=found.by) if found.by else t("worker.unnamed"),
        at=moment(found.at),
    )

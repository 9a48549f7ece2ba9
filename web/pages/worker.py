"""What all pages of workers share: their frame, the line of a household, the number of a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.responses import Response

from bot.locales.spoken import written_day
from bot.services import Services
from domain.household import ZONE
from storage.figures import is_sample
from storage.sign_ins import SignedIn
from storage.worker_lists import Listed
from web.officers import areas
from web.places import commune_name
from web.signed_in import form_token
from web.words import page, t

LONGEST_NUMBER = 5  # digits of a page's number


def today() -> dt.date:
    """The day in Vietnam."""
    return dt.datetime.now(ZONE).date()


async def shown(name: str, ours: Services, who: SignedIn, **values: Any) -> Response:
    """A page of somebody who is signed in."""
    token = form_token(ours.secret, who.hash)
    sample, wide = await ours.db.read(is_sample), bool(areas(who.roles))
    return page(name, sample=sample, token=token, officer=wide, **values)


def row_of(row: Listed) -> dict[str, Any]:
    """A household as a line of the list."""
    return {
        "code": row.code,
        "name": " ".join(filter(None, (row.you, row.name))),
        "place": commune_name(row.commune),
        "fact": _fact(row),
        "products": row.products,
        "unpictured": row.unpictured,
        "far_prices": row.far_prices,
        "unanswered": row.unanswered,
        "month": this_month(row),
    }


def this_month(row: Listed) -> int:
    """What the household sold this month, in whole Vietnamese dong."""
    first = today().replace(day=1)
    return row.month_vnd if row.last_sold and row.last_sold >= first else 0


def _fact(row: Listed) -> str:
    """How long nothing was sold, as a fact: `21 ngày chưa bán`."""
    if row.last_sold is None:
        return t(
            "web.worker.never_sold", date=written_day(row.registered_at.astimezone(ZONE).date())
        )
    days = (today() - row.last_sold).days
    if days <= 0:
        return t("web.worker.sold_today")
    return t("web.worker.quiet_days", days=days)


def number_of(text: str) -> int:
    """The number of a page as an address has it; what is none is the first."""
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return max(int(text), 1) if plain else 1

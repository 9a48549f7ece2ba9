"""Potential and support in words: the parts of a score, who supports whom, what changed beside others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.locales.format import money, number
from bot.locales.spoken import spoken, written_day
from bot.services import Services
from domain.geography import communes, provinces
from domain.household import Household
from domain.potential import Part, Record, parts, score, strongest
from domain.roles import COUNTRY, Role, is_commune
from domain.support import ENOUGH, Change
from storage.records import record_of
from storage.sign_ins import SignedIn
from storage.support_changes import Measured, Supported, supports_at
from storage.supports import Supporter, ends, supporters
from web.chat import now
from web.claims import worker_name
from web.form_ids import new_form
from web.pages.worker import row_of
from web.places import full_name
from web.words import t


def score_words(record: Record) -> dict[str, Any]:
    """A score, each of its parts with why, and the sentence of the strongest."""
    return {
        "score": score(record),
        "best": _part(strongest(record))["why"],
        "parts": [_part(part) for part in parts(record)],
    }


def _part(part: Part) -> dict[str, Any]:
    sums = {name: money(getattr(part.record, name), spoken()) for name in ("vnd", "vnd_before")}
    return {
        "name": t("web.potential.part", part=t(f"potential.part.{part.name}"), weight=part.weight),
        "points": part.points,
        "why": t(f"potential.{part.why}", **{**part.numbers, **sums}),
    }


def by_words(by: Supporter, ended: dt.date | None = None) -> str:
    """Who supports the household since when, or did until when."""
    values = {"worker": worker_name(by.name), "since": written_day(by.since)}
    if ended is None:
        return t("web.support.by", **values)
    return t("web.support.by.until", **values, until=written_day(ended))


def support_words(one: Supported) -> dict[str, Any]:
    """A support with its household and what was measured of it."""
    return {
        "home": row_of(one.row),
        "by": by_words(one.by, one.ended),
        "score": one.score,
        "measured": [_measured(some) for some in one.measured],
    }


def _measured(found: Measured) -> dict[str, Any]:
    key = "web.support.peers" if found.peers >= ENOUGH else "web.support.few"
    return {
        "title": t("web.support.after", days=found.days),
        "peers": t(key, count=found.peers),
        "changes": [_change(change) for change in found.changes],
    }


def _change(change: Change) -> dict[str, str]:
    words = _money if change.measure == "vnd" else _number
    others = change.others
    return {
        "name": t(f"web.support.measure.{change.measure}"),
        "before": words(change.before),
        "after": words(change.after),
        "change": _signed(change.after - change.before, words),
        "others": "–" if others is None else _signed(others, words),
    }


def _money(vnd: int) -> str:
    return money(vnd, spoken())


def _number(count: int) -> str:
    return number(count, spoken())


def _signed(amount: int, words: Any) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return f"{sign}{words(abs(amount))}"


def areas_within(roles: Sequence[Role], chosen: str) -> list[tuple[str, str]]:
    """What a list may be narrowed to, with its name: provinces of the country, communes of a province."""
    found: dict[str, str] = {}
    own = sorted({role.area for role in roles})
    for area in own:
        if area == COUNTRY:
            found |= {one.code: full_name(one) for one in provinces(34)}
            found |= _communes(_province_of(chosen))
        elif not is_commune(area):
            found |= _communes(area)
        elif len(own) > 1:
            found |= {one.code: full_name(one) for one in communes() if one.code == area}
    return list(found.items())


def _communes(area: str) -> Mapping[str, str]:
    return {one.code: full_name(one) for one in communes() if one.province_code == area}


def _province_of(area: str) -> str:
    if not is_commune(area):
        return area
    return next(one.province_code for one in communes() if one.code == area)


# One household


async def promise_of(
    ours: Services, who: SignedIn, home: Household, *, may_act: bool
) -> dict[str, Any]:
    """Its score as it is now, its supports, and what may be done about them here."""
    found = await ours.db.read(partial(_promise, who=who, home=home, may_act=may_act))
    record, supports, do = found
    return {
        **score_words(record),
        "supports": [support_words(one) for one in supports],
        "do": do,
        "form": new_form(ours.secret, form_name(home.code), now()) if do else "",
    }


def form_name(code: str) -> str:
    """What the form of a household's support is signed for."""
    return f"support/{code}"


def _promise(
    conn: Connection, who: SignedIn, home: Household, *, may_act: bool
) -> tuple[Record, list[Supported], str]:
    record = record_of(conn, home.id, now()) or Record()
    do = _to_do(conn, who, home) if may_act else ""
    return record, supports_at(conn, who.roles, home.code), do


def _to_do(conn: Connection, who: SignedIn, home: Household) -> str:
    standing = supporters(conn, [home.id]).get(home.id)
    if standing is None:
        return "begin"
    return "end" if ends(conn, who.person, standing, home.province, home.commune) else ""

"""Who asks the API: the key in `Authorization: Bearer`, how often, and what its role may see and report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.report_cells import ReportPlatform
from bot.reports import EVERYWHERE, Scope
from bot.services import Services
from bot.summary import PLATFORMS, Question, with_province
from domain.province_keys import province_of_key, province_within
from storage.keys import USE_NOTED, ApiKey, KeyScope, note_use, whose_key
from storage.tokens import hashed
from web.rate import Rate, refuse_over

LONGEST_KEY = 200  # characters; ours have 43
LOOKING = {"GET", "HEAD"}
SAID: Mapping[KeyScope, str] = {
    "read": "read figures",
    "report": "report figures",
    "orders": "send orders",
}

_bearer = HTTPBearer(auto_error=False, description="A key made with `lensan key`.")


def services_of(request: Request) -> Services:
    """The open program behind this application."""
    found: Services = request.app.state.services
    return found


Open = Annotated[Services, Depends(services_of)]


async def caller(
    request: Request,
    services: Open,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> ApiKey:
    """Whose key it is; 401 without a valid one, never saying which part was wrong. To look, it must read."""
    secret = given.credentials if given else ""
    now = dt.datetime.now(dt.UTC)
    found = None
    if 0 < len(secret) <= LONGEST_KEY:
        _measure(request, secret)
        found = await services.db.read(lambda conn: whose_key(conn, secret, now))
    if found is None:
        asked = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(401, "a valid key is needed: Authorization: Bearer KEY", asked)
    if found.last_used_at is None or now - found.last_used_at >= USE_NOTED:
        await services.db.write(lambda tx: note_use(tx, secret, now))
    if request.method in LOOKING:
        _may(found, "read")
    return found


def _measure(request: Request, secret: str) -> None:
    """429 for what asks too often, known or not; every answer says how it stands (RateLimit headers)."""
    rate: Rate = request.app.state.keys
    stands, (quota, seconds) = rate.measure(hashed(secret)), rate.policy
    request.state.headers = {
        "RateLimit-Policy": f'"key";q={quota};w={seconds}',
        "RateLimit": f'"key";r={stands.left};t={stands.full_in}',
    }
    refuse_over(stands)


def _may(key: ApiKey, scope: KeyScope) -> None:
    if scope not in key.scope:
        raise HTTPException(403, f"this key is not made to {SAID[scope]}")


Caller = Annotated[ApiKey, Depends(caller)]


def seen_by(key: ApiKey, question: Question) -> Question:
    """The question narrowed to what the role may see; 403 when it asked for another's figures."""
    match key.role:
        case "ministry":
            return question
        case "department":
            return _in_its_province(key, question)
        case "platform" if question.platform in {None, key.platform}:
            return replace(question, platform=_platform(key))
        case _:
            raise HTTPException(403, "this key may not read these figures")


def _in_its_province(key: ApiKey, question: Question) -> Question:
    area = _area(key)
    asked = question.province or area
    if province_within(asked, "", 34) != province_within(area, "", 34):
        raise HTTPException(403, "this key may read the figures of its own province only")
    return replace(with_province(question, asked), own=True)


def reports_of(key: ApiKey) -> Scope:
    """What the role may report; 403 when nothing."""
    _may(key, "report")
    match key.role:
        case "ministry":
            return EVERYWHERE
        case "department":
            return Scope(province=province_within(_area(key), "", 34))
        case "platform":
            return Scope(platform=_platform(key))
        case _:
            raise HTTPException(403, "this key may not report figures")


def answers_seen_by(key: ApiKey) -> str | None:
    """The province (of the 34) to which a department is held; None for the ministry; 403 for others."""
    match key.role:
        case "ministry":
            return None
        case "department":
            return province_within(_area(key), "", 34)
        case _:
            raise HTTPException(403, "this key may not read how orders are answered")


def orders_of(key: ApiKey) -> Scope:
    """A platform sends its own orders; nobody else sends any."""
    if key.role != "platform":
        raise HTTPException(403, "only a platform's key may send orders")
    _may(key, "orders")
    return Scope(platform=_platform(key))


def _area(key: ApiKey) -> str:
    try:
        province_of_key(key.area or "")
    except KeyError:
        raise HTTPException(403, "this key has no province") from None
    return str(key.area)


def _platform(key: ApiKey) -> ReportPlatform:
    for platform in PLATFORMS:
        if key.platform == platform:
            return platform
    raise HTTPException(403, "this key has no platform")

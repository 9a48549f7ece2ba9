"""Orders that platforms send, and what becomes of each. Refusals of a whole request are RFC 9457."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import JSONResponse

from bot.order_answers import Answered, answered
from bot.order_intake import take_in
from bot.order_lines import BadOrders, order_lines
from bot.reports import Scope
from bot.summary import BadQuestion, ask
from domain.platform_orders import Outcome, PlatformOrder, Result
from web import bodies
from web.keys import Caller, Open, answers_seen_by, orders_of
from web.once import Work, json_of, once
from web.parameters import LastMonth, Month
from web.problems import problem

router = APIRouter(prefix="/api/v1", tags=["orders"])


class Told(BaseModel):
    """What became of one order."""

    order_id: str
    result: Result
    reason: str | None


@router.post("/orders", response_model=list[Told], openapi_extra=bodies.ORDERS)
async def orders(
    request: Request,
    services: Open,
    key: Caller,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> Response:
    """Orders and their changes, one or up to 1,000; each gets its own result, in the same order."""
    scope = orders_of(key)
    body = await request.body()
    now = dt.datetime.now(dt.UTC)
    try:
        lines = await run_in_threadpool(_lines, body, now, scope)
    except BadOrders as bad:
        errors = [{"line": w.line, "field": w.field, "message": w.message} for w in bad.wrong]
        return problem(422, "nothing was done: some fields are wrong", errors=errors)
    hours = dt.timedelta(hours=services.settings.order_hours)
    work = once(key, idempotency_key, body, _taking_in(lines, now, scope, hours))
    answer = await services.db.write(work)
    return JSONResponse(answer["orders"])


@router.get("/orders/answers", response_model=list[Answered])
async def answers(
    services: Open,
    key: Caller,
    start: Month,
    to: LastMonth,
) -> Response:
    """How fast orders were answered and how many expired: the whole, then each commune."""
    within = answers_seen_by(key)
    try:
        question = ask(start, to)
    except BadQuestion as wrong:
        errors = [{"field": wrong.field, "message": wrong.message}]
        return problem(422, "some fields are wrong", errors=errors)
    months, smallest = (question.start, question.end), services.settings.min_cell
    found = await services.db.read(lambda conn: answered(conn, months, within, smallest))
    return JSONResponse([one.model_dump(mode="json") for one in found])


def _lines(body: bytes, now: dt.datetime, scope: Scope) -> list[PlatformOrder]:
    return order_lines(json_of(body), now, scope.platform)


def _taking_in(
    lines: list[PlatformOrder], now: dt.datetime, scope: Scope, hours: dt.timedelta
) -> Work:
    def work(tx: Connection) -> dict[str, Any]:
        taken = take_in(tx, lines, now=now, channel="api", scope=scope, answer_within=hours)
        return {"orders": [_told(outcome) for outcome in taken]}

    return work


def _told(outcome: Outcome) -> dict[str, str | None]:
    return {"order_id": outcome.number, "result": outcome.result, "reason": outcome.reason}

"""What went wrong, told to whoever asked: RFC 9457 for programs, a page with a next step for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

from storage.figures import is_sample
from web.words import page, t

PROGRAMS = (
    "/api/",
    "/webhooks/",
    "/chat/messages",
    "/chat/photos",
    "/chat/history",
    "/chat/events",
)
PAGES = {
    401: ("web.problem.401", "web.problem.401.next"),
    403: ("web.problem.403", "web.problem.403.next"),
    404: ("web.problem.404", "web.problem.404.next"),
    405: ("web.problem.405", "web.problem.405.next"),
    410: ("web.problem.410", "web.problem.401.next"),
    413: ("web.problem.413", "web.problem.413.next"),
    429: ("web.problem.429", "web.problem.429.next"),
    500: ("web.problem.500", "web.problem.500.next"),
    503: ("web.problem.500", "web.problem.500.next"),
}
OF_PAGES = {
    (403, "/ministry/"): ("web.problem.figures", "web.problem.figures.next"),
    (404, "/training/"): ("web.problem.course", "web.problem.course.next"),
    (404, "/shop/"): ("web.problem.shop", "web.problem.shop.next"),
    (404, "/order/"): ("web.problem.order", "web.problem.order.next"),
    (404, "/receipt/"): ("web.problem.receipt", "web.problem.receipt.next"),
    (429, "/receipt/"): ("web.problem.receipt_often", "web.problem.receipt_often.next"),
}
OTHERS = ("web.problem.422", "web.problem.422.next")
PROBLEM_TYPE = "application/problem+json"


class WrongField(BaseModel):
    """One thing that is wrong: where (a line, a field; the whole when it is empty) and what."""

    model_config = ConfigDict(extra="allow")

    field: str
    message: str
    line: int | None = None


class Problem(BaseModel):
    """An RFC 9457 document."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[WrongField] = []


def problem(
    status: int,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """An RFC 9457 document; nothing internal is in it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail} if detail else {}
    return JSONResponse(body | more, status, headers=headers, media_type=PROBLEM_TYPE)


def answer_problems(app: FastAPI) -> None:
    """Every refusal and fault of this application is told in one of the two ways."""
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_not_understood)
    app.exception_handler(Exception)(_failed)


async def _refused(request: Request, refusal: HTTPException) -> Response:
    headers = dict(refusal.headers or {})
    if refusal.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    if _is_program(request):
        said = None if refusal.detail == _phrase(refusal) else str(refusal.detail)
        return problem(refusal.status_code, said, headers)
    shown = await _page(request, refusal.status_code)
    shown.headers.update(headers)
    return shown


def _methods(request: Request) -> set[str]:
    """What may be done at this address: more than one route may serve it."""
    path = request.scope["path"]
    served = (
        route.methods
        for route in iter_route_contexts(request.app.routes)
        if route.path and route.methods and compile_path(route.path)[0].match(path)
    )
    found = set().union(*served)
    return found | {"HEAD"} if "GET" in found else found


def _phrase(refusal: HTTPException) -> str:
    return HTTPStatus(refusal.status_code).phrase


async def _not_understood(request: Request, fault: RequestValidationError) -> Response:
    if not _is_program(request):
        return await _page(request, 422)
    return problem(422, "some fields can't be read", errors=_fields(fault.errors()))


def _fields(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Which fields and why, without what stood in them."""
    return [
        {"field": ".".join(str(part) for part in error["loc"][1:]), "message": error["msg"]}
        for error in errors[:20]
    ]


async def _failed(request: Request, _: Exception) -> Response:
    return problem(500) if _is_program(request) else await _page(request, 500)


def _is_program(request: Request) -> bool:
    wants_page = "text/html" in request.headers.get("accept", "")
    return request.url.path.startswith(PROGRAMS) or not wants_page


async def _page(request: Request, status: int) -> Response:
    title, next_step = _words(request, status)
    sample = False
    with suppress(Exception):  # told without it, when the database is what fails
        sample = await request.app.state.services.db.read(is_sample)
    return page("problem.html", status, sample=sample, title=t(title), next=t(next_step))


def _words(request: Request, status: int) -> tuple[str, str]:
    """What it is called and what to do next."""
    for (refused, start), words in OF_PAGES.items():
        if status == refused and request.url.path.startswith(start):
            return words
    return PAGES.get(status, OTHERS)

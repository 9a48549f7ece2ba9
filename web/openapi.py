"""The description of the API (OpenAPI), with what every operation may answer besides its own."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, Literal

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from pydantic_core import to_json
from starlette.responses import Response

from bot.order_lines import ToldOrder
from web.conditional import Stand
from web.problems import PROBLEM_TYPE, Problem

PATH = "/api/v1/openapi.json"
ABOUT = """\
Figures of the national programme that helps farm households sell online, reports of what it cannot see
by itself, and orders of the platforms. Months are `2023-06`, days `2023-06-30`, money is whole VND.
"""
HOUR = {"Cache-Control": "public, max-age=3600"}
REFUSALS = {
    401: "No valid key",
    403: "The key, or its role, may not do this",
    413: "The body is too large",
    422: "What is wrong with the request, each field by name; nothing was done",
    429: "Too often; Retry-After says in how many seconds to go on",
}
SAID_WITH: dict[int, tuple[str, ...]] = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
STANDS = ("RateLimit", "RateLimit-Policy")
HEADERS: dict[str, Any] = {
    "WWW-Authenticate": {"description": "`Bearer`", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 1}},
    "RateLimit": {
        "description": "What is left of the key's quota, and when all of it is there again",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The key's quota: so many in so many seconds",
        "schema": {"type": "string"},
    },
}

router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def description(request: Request) -> Response:
    """The API described, for clients."""
    body = _body(request.app)
    stand = Stand(f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    headers = {"ETag": stand.tag} | HOUR
    if stand.is_known(request):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@cache
def _body(app: FastAPI) -> bytes:
    return to_json(app.openapi())


class Described(FastAPI):
    """An application that describes itself so, once."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = _described(self)
        return self.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version="1",
        description=ABOUT,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= _models(Problem, ToldOrder)
    found["components"]["headers"] = HEADERS
    for methods in found["paths"].values():
        for method, operation in methods.items():
            _say(method, operation)
    return found


def _models(*models: type[BaseModel]) -> dict[str, Any]:
    """The schemas of bodies that are read without FastAPI, with what they are made of."""
    wanted: list[tuple[type[BaseModel], Literal["validation"]]]
    wanted = [(model, "validation") for model in models]
    _, found = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    return dict(found["$defs"])


def _say(method: str, operation: dict[str, Any]) -> None:
    """What an operation may refuse, and the headers that come with its answers."""
    answers = operation.setdefault("responses", {})
    keyed = "security" in operation
    asked = "parameters" in operation or "requestBody" in operation
    applies = {401: keyed, 403: keyed, 413: method == "post", 422: asked or keyed, 429: keyed}
    for status, may in applies.items():
        if may:
            answers[str(status)] = _refusal(status)
    for status, answer in answers.items():
        if keyed and status != "401":
            answer.setdefault("headers", {}).update(map(_header, STANDS))


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": REFUSALS[status],
        "headers": dict(map(_header, SAID_WITH.get(status, ()))),
        "content": {PROBLEM_TYPE: {"schema": schema}},
    }


def _header(name: str) -> tuple[str, dict[str, str]]:
    return name, {"$ref": f"#/components/headers/{name}"}

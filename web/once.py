"""A request that carries an `Idempotency-Key`: sent again it changes nothing and gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import HTTPException
from pydantic_core import from_json
from sqlalchemy import Connection

from storage.keys import ApiKey
from storage.once import earlier_answer, keep_answer

Work = Callable[[Connection], dict[str, Any]]


def once(key: ApiKey, sent: str | None, body: bytes, work: Work) -> Work:
    """The same key with another body is a slip and refused; without a key the work is done."""
    if not sent:
        return work
    mine, digest = f"{key.role}/{key.name}/{sent}", hashlib.sha256(body).hexdigest()

    def work_once(tx: Connection) -> dict[str, Any]:
        earlier = earlier_answer(tx, mine)
        if earlier is None:
            answer = work(tx)
            keep_answer(tx, mine, {"of": digest, "answer": answer})
            return answer
        if earlier["of"] != digest:
            raise HTTPException(422, "this Idempotency-Key was used for another request")
        return dict(earlier["answer"])

    return work_once


def json_of(body: bytes) -> object:
    """The body as JSON; None when it is none."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        return None

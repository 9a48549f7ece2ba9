"""A summary to somebody's webhook, signed as in Standard Webhooks: HMAC-SHA256 over id.timestamp.body."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from http import HTTPStatus

import httpx
from pydantic_core import to_json

from bot.letter_settings import webhook_key
from bot.letters import Gone, Letter, NotTaken

PATIENCE = 20.0  # seconds


def body_of(letter: Letter) -> bytes:
    """The same bytes at every attempt."""
    summary = letter.summary.model_dump(mode="json", by_alias=True)
    told = {
        "type": f"summary.{letter.kind}",
        "timestamp": letter.made_at.isoformat(),
        "data": {"period": letter.period, "summary": summary},
    }
    return to_json(told)


def headers(secret: str, id_: str, at: dt.datetime, body: bytes) -> dict[str, str]:
    """The three headers of the specification."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((id_.encode(), stamp.encode(), body))
    signature = base64.b64encode(hmac.digest(webhook_key(secret), signed, hashlib.sha256)).decode()
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature}",
        "content-type": "application/json",
    }


async def post(url: str, secret: str, letter: Letter, at: dt.datetime) -> None:
    """NotTaken: not this time; Gone: the other side wants no more (410)."""
    body = body_of(letter)
    signed = headers(secret, f"msg_{letter.id.hex}", at, body)
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.post(url, content=body, headers=signed)
    except httpx.HTTPError as fault:
        raise NotTaken(f"the webhook was not reached ({type(fault).__name__})") from None
    if answer.status_code == HTTPStatus.GONE:
        raise Gone("the webhook is gone (410)")
    if not answer.is_success:
        raise NotTaken(f"the webhook answered {answer.status_code}")

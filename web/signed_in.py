"""Who looks at the pages of workers and officers: a browser signed in by a link, for 12 hours."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Annotated

from fastapi import Cookie, Depends, Form, HTTPException
from starlette.responses import Response

from bot.services import Services
from storage.sign_ins import SIGNED_IN_FOR, SignedIn, who_is
from web.chat import Ours, now
from web.language import prefer

COOKIE = "worker"
PATHS = ("/worker", "/ministry")  # no other page is sent the cookie
LONGEST = 100  # signs of a word of ours; they have 43

Kept = Annotated[str | None, Cookie(alias=COOKIE)]


async def looking(ours: Ours, kept: Kept = None) -> SignedIn | None:
    """Whose browser it is; None for anybody else."""
    if not kept or len(kept) > LONGEST:
        return None
    found = await ours.db.read(partial(who_is, kept=kept, now=now()))
    prefer(found.language if found else None)
    return found


Looking = Annotated[SignedIn | None, Depends(looking)]


async def visitor(found: Looking) -> SignedIn:
    """The same; 401, with what to do, for anybody else."""
    if found is None:
        raise HTTPException(401)
    return found


Visitor = Annotated[SignedIn, Depends(visitor)]


def form_token(secret: bytes, of: str) -> str:
    """What a form carries so that no other page can send it; `of` is the hash of the browser's word."""
    return hmac.digest(secret, f"worker-form/{of}".encode(), "sha256").hex()


def check_form(ours: Services, of: str, token: str) -> None:
    """403 for a form that isn't ours."""
    if not hmac.compare_digest(form_token(ours.secret, of).encode(), token.encode()):
        raise HTTPException(403)


async def own_form(ours: Ours, who: Visitor, token: Annotated[str, Form()] = "") -> SignedIn:
    """The visitor whose own page sent this form; 403 when another page did."""
    check_form(ours, who.hash, token)
    return who


Sender = Annotated[SignedIn, Depends(own_form)]


def remember(answer: Response, kept: str, ours: Services) -> Response:
    """The answer with the cookie; scripts and other sites can't use it."""
    https = ours.settings.address.startswith("https:")
    for path in PATHS:
        answer.set_cookie(
            COOKIE,
            kept,
            int(SIGNED_IN_FOR.total_seconds()),
            path=path,
            secure=https,
            httponly=True,
            samesite="lax",
        )
    return answer


def forget(answer: Response) -> Response:
    """The answer that takes the cookie away."""
    for path in PATHS:
        answer.delete_cookie(COOKIE, path=path)
    return answer

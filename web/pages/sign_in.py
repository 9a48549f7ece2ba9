"""The way in: what an invitation offers, signing in by a link from the bot, signing out."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from bot.locales.catalogue import languages
from domain.roles import Role
from storage import languages as languages_kept
from storage.figures import is_sample
from storage.roles import invitation_behind
from storage.sign_ins import link_state, sign_in, sign_out, who_is
from storage.tokens import hashed
from web.chat import Ours, now
from web.officers import OF_WORKERS, home_of
from web.places import area_name
from web.signed_in import Looking, Sender, check_form, forget, form_token, remember
from web.words import page, t

LONGEST = 100  # signs of a word of ours; they have 43
OWN_PAGE = re.compile(r"/(?:worker|ministry)/[\w/-]{0,100}(?:\?[^\\#\s]{0,500})?", re.ASCII)

router = APIRouter(include_in_schema=False)


@router.get("/invitations/{word}")
async def invitation(request: Request, ours: Ours, word: str) -> Response:
    """The role and the area that are offered, and how to take them. Looking uses nothing up."""
    found = None
    if len(word) <= LONGEST:
        found = await ours.db.read(partial(invitation_behind, secret=word, now=now()))
    state = found.state if found else "unknown"
    return page(
        "invitation.html",
        200 if state == "open" else 404 if found is None else 410,
        sample=await ours.db.read(is_sample),
        state=state,
        role=named(found.role) if found else "",
        word=word,
        form=str(uuid4()),
        telegram=await request.app.state.telegram.link(word) if state == "open" else None,
    )


def named(role: Role) -> str:
    """As on a page: what somebody is, and where."""
    return t("web.worker.role", role=t(f"role.{role.kind}"), area=area_name(role.area))


@router.get("/worker")
async def door(ours: Ours, who: Looking) -> Response:
    """What a worker finds, and how to get in; whoever is in goes on."""
    if who is not None:
        return RedirectResponse("/worker/", 303)
    return page("worker.html", sample=await ours.db.read(is_sample))


@router.get("/worker/in/{word}")
async def ask(ours: Ours, word: str) -> Response:
    """A button to sign in with: programs that only look at a link use nothing up."""
    state = None
    if len(word) <= LONGEST:
        state = await ours.db.read(partial(link_state, secret=word, now=now()))
    if state is None:
        raise HTTPException(404)
    if state == "over":
        raise HTTPException(410)
    token = form_token(ours.secret, hashed(word))
    sample = await ours.db.read(is_sample)
    return page("sign_in.html", sample=sample, word=word, token=token)


@router.post("/worker/in/{word}")
async def enter(ours: Ours, word: str, token: Annotated[str, Form()] = "") -> Response:
    """Signed in, once; the second browser with the same link is told that it was used."""
    check_form(ours, hashed(word), token)
    kept = await ours.db.write(partial(sign_in, secret=word, now=now()))
    if kept is None:
        raise HTTPException(410)
    who = await ours.db.read(partial(who_is, kept=kept, now=now()))
    home = home_of(who.roles) if who else OF_WORKERS
    return remember(RedirectResponse(home, 303), kept, ours)


@router.post("/worker/language")
async def choose(
    ours: Ours, who: Sender, language: Annotated[str, Form()], back: Annotated[str, Form()] = ""
) -> Response:
    """The language of this person from now on, on pages and in conversations; then the page again."""
    if language not in languages():
        raise HTTPException(422)
    await ours.db.write(partial(languages_kept.choose, who=who.person, language=language))
    return RedirectResponse(back if OWN_PAGE.fullmatch(back) else OF_WORKERS, 303)


@router.post("/worker/out")
async def leave(ours: Ours, who: Sender) -> Response:
    """This browser is nobody's any more."""
    await ours.db.write(partial(sign_out, hash_=who.hash))
    return forget(RedirectResponse("/worker", 303))

"""A worker writes to a household from its page: the words come in its chat, its answer in the worker's."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Form, HTTPException
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.message import HelpWords
from domain.help import LONGEST, plain_words
from domain.help_events import HelpOpened
from storage import personal
from storage.deciding import By, is_stored
from storage.help import to_write
from storage.store import append
from web.chat import Ours, now
from web.form_ids import read_form
from web.pages.household import CHANNEL, LONGEST_CODE, household_page, letter_name
from web.signed_in import Sender
from web.words import t

router = APIRouter(prefix="/worker", include_in_schema=False)


@router.post("/households/{code}/letters")
async def letter(
    ours: Ours,
    who: Sender,
    code: str,
    *,
    form: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Open a question with these words; the same form twice is one."""
    code = code[:LONGEST_CODE]
    id_ = read_form(ours.secret, letter_name(code), form, now())
    plain = plain_words(words)
    if id_ is None or not plain or len(plain) > LONGEST:
        fault = t("web.letter.fault", most=LONGEST) if id_ else t("web.certificate.fault.form")
        faults, typed = {"letter": fault}, {"letter": plain[:LONGEST]}
        return await household_page(ours, who, code, faults=faults, typed=typed, status=422)
    by = By(who.person, CHANNEL, now())
    if not await ours.db.write(partial(_send, by=by, code=code, words=plain, form=id_)):
        raise HTTPException(404)
    return RedirectResponse(f"/worker/households/{code}?done=letter", 303)


def _send(tx: Connection, by: By, code: str, words: str, form: UUID) -> bool:
    """Whether the household may be written to by this worker now."""
    whom = to_write(tx, by.person, code)
    if whom is None:
        return False
    if not is_stored(tx, form):
        append(tx, [_opened(by, whom, form)])
        kept = HelpWords(_words_id(form), form.hex[:12], whom.household, "worker", words, by.at)
        personal.keep(tx, by.person, whom.household, [kept])
    return True


def _opened(by: By, whom: Correspondent, form: UUID) -> HelpOpened:
    return HelpOpened(
        id=form,
        at=by.at,
        household=whom.household,
        person=by.person,
        channel=by.channel,
        province=whom.province,
        commune=whom.commune,
        help=form.hex[:12],
        member=whom.person,
        message=_words_id(form),
    )


def _words_id(form: UUID) -> UUID:
    return uuid5(form, "words")

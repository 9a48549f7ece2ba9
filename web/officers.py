"""Who looks at the pages of figures: whoever has a role in the country or in a province."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, HTTPException

from bot.summary import Question
from domain.province_keys import province_within
from domain.roles import COUNTRY, Role, is_commune
from storage.sign_ins import SignedIn
from web.signed_in import Visitor

HOME = "/ministry/"
OF_WORKERS = "/worker/"


async def officer(who: Visitor) -> SignedIn:
    """The visitor; 403 for somebody whose roles are all of communes."""
    if not areas(who.roles):
        raise HTTPException(403)
    return who


Officer = Annotated[SignedIn, Depends(officer)]


def areas(roles: Iterable[Role]) -> list[str]:
    """The country or the provinces (of today) of these roles."""
    return [role.area for role in roles if not is_commune(role.area)]


def home_of(roles: Iterable[Role]) -> str:
    """Where a link from the bot leads: officers of a province or the country to the figures."""
    return HOME if areas(roles) else OF_WORKERS


def seen_by(who: SignedIn, question: Question) -> Question:
    """The question as this officer sees it: small cells are shown only of their own province."""
    if question.province is None:
        return question
    return replace(question, own=province_within(question.province, "", 34) in areas(who.roles))


def own_province(who: SignedIn) -> str | None:
    """The province (of today) of an officer who has no more than one; None for the country."""
    found = areas(who.roles)
    return found[0] if len(found) == 1 and found[0] != COUNTRY else None

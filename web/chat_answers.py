"""What the web chat answers to programs, as the description of the API has it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel

from web.problems import PROBLEM_TYPE


class Offered(BaseModel):
    """A button; its id is what a tap posts."""

    id: str
    label: str


class Tapped(Offered):
    """A button of before, and whether it was tapped."""

    chosen: bool


class Said(BaseModel):
    """One reply; `image` is the address of its picture."""

    text: str
    buttons: list[Offered]
    image: str | None
    explain: str | None = None


class Replies(BaseModel):
    """All replies to one post."""

    replies: list[Said]


class SaidBefore(BaseModel):
    """A message of either side."""

    own: bool
    at: dt.datetime
    text: str
    kind: str
    buttons: list[Tapped]
    image: str | None
    message_id: str | None
    explain: str | None = None


class Talk(BaseModel):
    """A talk, oldest first; `last` is the position after which its stream goes on."""

    messages: list[SaidBefore]
    last: int


def refused(**why: str) -> dict[int | str, dict[str, Any]]:
    """What an address refuses: `refused(s404="There is no such picture")`."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        int(status[1:]): {"description": said, "content": {PROBLEM_TYPE: {"schema": schema}}}
        for status, said in why.items()
    }


def served(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """An answer that is a file or a stream of one of these kinds."""
    return {200: {"content": {kind: {"schema": {"type": "string"}} for kind in kinds}}}


TOO_FAST = refused(s400="The body can't be read", s429="Too fast; nothing was taken")
NOBODY = refused(s400="Neither client_id nor the cookie says whose talk")
FULL = refused(s503="Too many streams are open; come again")
NO_PICTURE = refused(s404="There is no such picture")

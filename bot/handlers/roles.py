"""Workers, officers, readers: taking a role by its one-time word, the way to the pages, inviting others."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.handler import Handler
from bot.dialogue.queries import Invitation, InvitationBehind, NewInvitation, SignInLink
from bot.dialogue.reply import Button, Name, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import besides_request, requested, said, text_of
from bot.drafts.areas import area_said, area_value, areas_value, kind_for
from domain.events import RoleGiven
from domain.geography import commune
from domain.roles import COUNTRY, Role, is_area, is_commune, may_invite

WORD = re.compile(r"/start\s+([\w-]{16,64})")
DRAFT = "role-invite"
INVITING = ("role.invite", "role.invite_reader")
MOST_AREAS = 8  # on buttons


def _gate(turn: Turn) -> bool:
    """Before a household is asked for: who has a role need not be a farmer."""
    word = WORD.fullmatch(text_of(turn).strip())
    if word is not None:
        _take(turn, word[1])
        return True
    if not _claims(turn):
        return False
    _begin(turn)
    return True


def _claims(turn: Turn) -> bool:
    return requested(turn, "role.page", *INVITING)


def _begin(turn: Turn) -> None:
    if requested(turn, "role.page"):
        _page(turn)
    else:
        _invite(turn, reader=requested(turn, "role.invite_reader"), place=besides_request(turn))


# Taking a role


def _take(turn: Turn, word: str) -> None:
    found: Invitation | None = turn.query(InvitationBehind(word))
    if found is None:
        turn.tell("role.unknown")
    elif found.taken_by == turn.person.id or found.role in turn.person.roles:
        turn.tell("role.already")
    elif found.state != "open":
        turn.tell(f"role.{found.state}")
    else:
        _given(turn, found)


def _given(turn: Turn, found: Invitation) -> None:
    role = found.role
    turn.fact(
        RoleGiven,
        role=role.kind,
        area=role.area,
        by=found.by,
        invitation=found.hash,
        **_place(role.area),
    )
    turn.person = replace(turn.person, roles=(*turn.person.roles, role))
    name = (Button("worker.name", "button.worker_name"),) if turn.person.name is None else ()
    turn.tell("role.taken", Button("role.page", "button.role_page"), *name, **_named(role))


def _place(area: str) -> dict[str, str | None]:
    if area == COUNTRY:
        return {"province": None, "commune": None}
    if is_commune(area):
        return {"province": commune(area).province_code, "commune": area}
    return {"province": area, "commune": None}


def _named(role: Role) -> dict[str, Value]:
    return {"role": Name(f"role.{role.kind}"), "area": area_value(role.area)}


# The pages


def _page(turn: Turn, _ref: str = "") -> None:
    if not turn.person.roles:
        turn.tell("role.none")
        return
    path = turn.query(SignInLink())
    turn.tell("role.page", url=f"{turn.rules.public_url}{path}")


# Inviting others


def _invite(turn: Turn, *, reader: bool = False, place: str = "") -> None:
    own = turn.person.roles
    if not any(may_invite(own, Role("reader", role.area)) for role in own):
        turn.tell("role.invite_nobody" if own else "role.none")
        return
    slots = {"reader": reader}
    task = Task(handler="roles", step="where", draft=DRAFT, opened_at=turn.at, slots=slots)
    turn.session.open(task)
    if not place or not _to(turn, task, area_said(place)):
        _ask(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    areas = sorted({role.area for role in turn.person.roles})[:MOST_AREAS]
    buttons = [
        Button(f"role.area:{area}", "button.plain", {"text": _label(area)}) for area in areas
    ]
    turn.tell("role.invite_where", *[b for b in buttons if b.values["text"]])


def _label(area: str) -> str:
    return commune(area).title if is_commune(area) else ""


def _answer(turn: Turn, task: Task) -> bool:
    if said(turn) == "no":
        turn.session.close(DRAFT)
        turn.tell("card.left")
        return True
    return _to(turn, task, area_said(text_of(turn)))


def _to(turn: Turn, task: Task, area: str | None) -> bool:
    """Invite for this area; one that nobody finds, or outside one's own, is asked for again."""
    if area is None:
        turn.tell("role.invite_unknown")
        return True
    offered = Role("reader" if task.slots.get("reader") else kind_for(area), area)
    if not may_invite(turn.person.roles, offered):
        turn.tell("role.invite_outside", areas=areas_value(turn.person.roles))
        return True
    turn.session.close(DRAFT)
    path = turn.query(NewInvitation(offered))
    turn.tell("role.invited", url=f"{turn.rules.public_url}{path}", **_named(offered))
    return True


def _area_tapped(turn: Turn, ref: str) -> None:
    task = turn.session.find(DRAFT)
    if task is None or not is_area(ref):
        turn.tell("old.gone")
        return
    _to(turn, task, ref)


TAPS = {
    "role.page": _page,
    "role.invite": lambda turn, _ref: _invite(turn),
    "role.area": _area_tapped,
}

HANDLER = Handler(
    name="roles",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps=TAPS,
    of_roles=True,
)

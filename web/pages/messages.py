"""Messages to an area: to whom and what, as it will be read, tried, sent, held up, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, get_args
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, HTTPException
from starlette.responses import RedirectResponse, Response

from bot.broadcast_steps import change, make, try_out
from bot.dialogue.reply import Voice
from bot.drafts.areas import area_said
from bot.drafts.broadcasts import as_reply
from bot.locales.render import word
from bot.locales.spoken import spoken
from bot.pace import FOR_REPLIES, MOST
from bot.services import Services
from domain.broadcast_events import Step
from domain.broadcasts import (
    LONGEST,
    MOST_OF_WORKER,
    QUIET,
    Audience,
    Change,
    reach_problem,
    sends_as,
)
from domain.broadcasts import MOST as MOST_PEOPLE
from domain.facts import Platform
from domain.roles import Role, is_commune
from storage import broadcasts
from storage.broadcast_people import reach
from storage.broadcasts import Broadcast
from storage.sign_ins import SignedIn
from web.chat import Ours, now
from web.claims import moment
from web.pages.worker import shown
from web.places import area_name, typed_area
from web.signed_in import Sender, Visitor
from web.words import t

PLATFORMS: tuple[Platform, ...] = ("voso", "postmart")
STEPS: tuple[Step, ...] = get_args(Step)
A_SECOND = MOST - FOR_REPLIES
BOUNDS = {"most": MOST_OF_WORKER, "all": MOST_PEOPLE, "signs": LONGEST}
LONGEST_TYPED = 5_000  # signs looked at

router = APIRouter(prefix="/worker/messages", include_in_schema=False)


@router.get("")
async def messages(ours: Ours, who: Visitor) -> Response:
    """Those that one may see, the newest first, and a form for another one."""
    return await _listed(ours, who)


@router.post("")
async def write(  # noqa: PLR0913 the fields of the form
    ours: Ours,
    who: Sender,
    *,
    form: Annotated[UUID, Form()],
    area: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    platform: Annotated[str, Form()] = "",
    quiet: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """A draft, which nobody gets yet; or the form again, with what is to be put right."""
    typed = {"area": area, "place": place[:100], "platform": platform, "quiet": quiet, "step": step}
    typed["text"] = text[:LONGEST_TYPED]
    where = _where(who, area, typed["place"])
    if where is None:
        return await _listed(ours, who, typed, "place")
    wanted = Audience(
        where,
        next((one for one in PLATFORMS if platform == one), None),
        next((days for days in QUIET if quiet == str(days)), None),
        next((one for one in STEPS if step == one), None),
    )
    made = await ours.db.write(
        partial(make, who=who.person, form=form, wanted=wanted, text=typed["text"], now=now())
    )
    if made is None:
        raise HTTPException(403)
    if isinstance(made, str):
        return await _listed(ours, who, typed, made)
    return RedirectResponse(f"/worker/messages/{made.id}", 303)


@router.get("/{which}")
async def message(ours: Ours, who: Visitor, which: str, told: str = "") -> Response:
    """One message: as it will be read and to how many, or what became of it; 404 for any other."""
    return await _one(ours, who, _id(which), "tried" if told == "tried" else "")


@router.post("/{which}/{step}")
async def steer(
    ours: Ours, who: Sender, which: str, step: str, form: Annotated[UUID, Form()]
) -> Response:
    """Try it on oneself, send it, hold it up, let it go on, end it."""
    number = _id(which)
    if await _done(ours, who.person, number, form, step) is None:
        raise HTTPException(404)
    told = {"told": "tried"} if step == "try" else {}
    return RedirectResponse(f"/worker/messages/{number}?{urlencode(told)}".rstrip("?"), 303)


async def _done(ours: Services, who: UUID, which: UUID, form: UUID, step: str) -> object:
    """What came of the step; None for one that there is not, or who may not."""
    if step == "try":
        own = partial(try_out, who=who, which=which, form=form, now=now())
        return await ours.db.write(partial(own, language=ours.settings.language))
    wanted: Change | None = next((one for one in get_args(Change) if one == step), None)
    if wanted is None:
        return None
    return await ours.db.write(
        partial(change, who=who, which=which, form=form, wanted=wanted, now=now())
    )


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise HTTPException(404) from None


def _where(who: SignedIn, area: str, place: str) -> str | None:
    """One of one's own areas, or a place inside them; None for anything else."""
    own = {role.area for role in who.roles}
    where = area_said(place) if place.strip() else area if area in own else None
    return where if where and sends_as(who.roles, where) else None


async def _listed(
    ours: Services, who: SignedIn, typed: dict[str, str] | None = None, problem: str = ""
) -> Response:
    found = await ours.db.read(partial(broadcasts.newest, who=who.person, roles=who.roles))
    own = sorted({role.area for role in who.roles if sends_as(who.roles, role.area)})
    answer = await shown(
        "worker_messages.html",
        ours,
        who,
        rows=[_row(one) for one in found],
        areas=[(area, typed_area(area)) for area in own],
        wide=any(not is_commune(area) for area in own),
        typed=typed or dict.fromkeys(("area", "place", "platform", "quiet", "step", "text"), ""),
        problem=t(f"web.messages.problem.{problem}", **BOUNDS) if problem else "",
        form=str(uuid4()),
        platforms=PLATFORMS,
        quiet_days=QUIET,
        steps=STEPS,
        longest=LONGEST,
    )
    answer.status_code = 422 if problem else 200
    return answer


def _row(one: Broadcast) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text.split("\n", 1)[0],
        "to": _to(one.audience),
        "state": t(f"web.messages.state.{one.state}"),
        "day": moment(one.started_at or one.made_at),
    }


def _to(wanted: Audience) -> str:
    """To whom, as a sentence's end: the area, then each filter."""
    parts = [area_name(wanted.area)]
    if wanted.platform:
        parts.append(t("web.messages.on", platform=t(f"platform.{wanted.platform}")))
    if wanted.quiet:
        parts.append(t("web.messages.quiet", days=wanted.quiet))
    if wanted.step:
        parts.append(t(f"web.messages.step.{wanted.step}"))
    return " · ".join(parts)


async def _one(ours: Services, who: SignedIn, which: UUID, told: str) -> Response:
    one = await ours.db.read(partial(broadcasts.one, who=who.person, roles=who.roles, which=which))
    if one is None:
        raise HTTPException(404)
    read = word(as_reply(one.text, one.name, one.audience.area, Voice(language=spoken())))
    return await shown(
        "worker_message.html",
        ours,
        who,
        one=_row(one),
        state=one.state,
        lines=read.text.split("\n"),
        stop=read.buttons[0][1],
        form=str(uuid4()),
        told=t(f"web.messages.{told}") if told else "",
        counts=await _counts(ours, one),
        **await _reach(ours, who.roles, one),
    )


async def _counts(ours: Services, one: Broadcast) -> list[tuple[str, str]]:
    """What became of it, each with its name; nothing for a draft."""
    if one.state == "draft":
        return []
    found = await ours.db.read(partial(broadcasts.outcome, of=one))
    names = ("delivered", "read", "waiting", "blocked", "left_out", "failed", "unsure")
    return [(t(f"web.messages.count.{name}"), str(getattr(found, name))) for name in names]


async def _reach(ours: Services, roles: tuple[Role, ...], one: Broadcast) -> dict[str, Any]:
    """How many would get a draft now, and why it can't be sent if it can't."""
    kind = sends_as(roles, one.audience.area)
    if one.state != "draft" or kind is None:
        return {"people": None, "full": 0, "minutes": 0, "problem": ""}
    found = await ours.db.read(partial(reach, roles=roles, wanted=one.audience, now=now()))
    problem = reach_problem(kind, found.people)
    return {
        "people": found.people,
        "full": found.full,
        "minutes": -(-found.people // (60 * A_SECOND)),
        "problem": t(f"web.messages.problem.{problem}", **BOUNDS) if problem else "",
    }

"""One person, several machines: a code joins another one, never without a yes; each can be left again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from bot.dialogue.handler import Handler
from bot.dialogue.link_queries import LinkBehind, LinkOffer, NewLinkCode, OwnChannel, OwnChannels
from bot.dialogue.message import News
from bot.dialogue.reply import Button, Line, Name, Value
from bot.dialogue.session import Session, Task
from bot.dialogue.told import ChannelNews, PassedOn
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, text_of
from bot.drafts.areas import own_name
from bot.drafts.consent import answered_short
from domain.household import ZONE
from domain.link_codes import code_said, shown
from domain.link_events import ChannelChosen, ChannelJoined, ChannelLeft, LinkCodeGiven

DRAFT = JOIN = "link.join"
REQUESTS = ("link.new", "link.leave", "link.lost", "link.here")
WRONG_WITHIN = dt.timedelta(hours=1)
MOST_WRONG = 5  # codes that fit nothing, from one machine within this time
MOST_MACHINES = 7  # on buttons


def _gate(turn: Turn) -> bool:
    """Before a stranger is asked for anything: another machine of somebody known is no stranger."""
    code = code_said(text_of(turn))
    if code is not None:
        _offer(turn, code)
        return True
    if answered_short(turn, JOIN, _join, _decline):
        return True
    if not _claims(turn) or _is_known(turn):
        return False
    turn.tell("link.how")
    return True


def _is_known(turn: Turn) -> bool:
    return turn.household is not None or bool(turn.person.roles)


def _claims(turn: Turn) -> bool:
    return requested(turn, *REQUESTS)


def _begin(turn: Turn) -> None:
    if requested(turn, "link.new"):
        _give(turn)
    elif requested(turn, "link.here"):
        turn.fact(ChannelChosen)
        turn.tell("link.here")
    else:
        _ask_leave(turn, lost=requested(turn, "link.lost"))


# A code for another machine


def _give(turn: Turn) -> None:
    code = shown(turn.query(NewLinkCode(turn.person.id)))
    turn.fact(LinkCodeGiven)
    turn.tell("link.code", code=code, url=f"{turn.rules.public_url}/join/{code}")


# On the other machine


def _offer(turn: Turn, code: str) -> None:
    """Say whose the code is, covered, and ask; nothing is joined yet."""
    wrong = [at for at in turn.session.wrong_codes or () if turn.at - at < WRONG_WITHIN]
    if len(wrong) >= MOST_WRONG:
        turn.tell("link.many")
        return
    offer: LinkOffer | None = turn.query(LinkBehind(code=code))
    if offer is None:
        turn.session.wrong_codes = [*wrong, turn.at]
        turn.tell("link.unknown")
    elif _can_join(turn, offer):
        slots = {"hash": offer.hash}
        turn.session.open(Task("link_channel", "join", DRAFT, turn.at, slots))
        _ask_join(turn, offer)


def _can_join(turn: Turn, offer: LinkOffer) -> bool:
    """Whether the machine can become the person's; if not, why not is said. Two books are never one."""
    if offer.person == turn.person.id:
        turn.tell("link.same")
    elif offer.state == "used":
        turn.tell("link.used")
    elif offer.state == "expired":
        turn.tell("link.expired_paper" if offer.paper else "link.expired")
    elif turn.household is not None:
        _own_book(turn, turn.household.code)
    elif turn.person.roles:
        turn.tell("link.own_role")
    else:
        return True
    return False


def _own_book(turn: Turn, code: str) -> None:
    others = len(turn.query(OwnChannels())) > 1
    more = (Line("link.own_book_leave"),) if others else ()
    turn.say(Line("link.own_book", {"household": code}), *more)


def _ask_join(turn: Turn, offer: LinkOffer) -> None:
    buttons = Button(JOIN, "button.link"), Button("link.no", "button.link_no")
    turn.tell("link.ask", *buttons, **_covered(offer))


def _covered(offer: LinkOffer) -> dict[str, Value]:
    """Enough for the one whose book it is, not for others: `cô B…`, `DT-…12`."""
    values: dict[str, Value] = {}
    if offer.name:
        last = offer.name.split()[-1]
        values["who"] = " ".join(filter(None, (offer.you, f"{last[0]}…")))
    if offer.code and offer.commune:
        letters, _, number = offer.code.partition("-")
        values["household"] = f"{letters}-…{number[-2:]}"
        values["commune"] = own_name(offer.commune)
    return values


def _open_offer(turn: Turn) -> LinkOffer | None:
    task = turn.session.find(DRAFT)
    if task is None:
        return None
    found: LinkOffer | None = turn.query(LinkBehind(hash=task.slots["hash"]))
    return found


def _join(turn: Turn, _ref: str = "") -> None:
    offer = _open_offer(turn)
    turn.session.close(DRAFT)
    if offer is None:
        turn.tell("old.gone")
    elif _can_join(turn, offer):
        _joined(turn, offer)


def _joined(turn: Turn, offer: LinkOffer) -> None:
    turn.events.append(
        ChannelJoined(
            id=turn.id(),
            at=turn.at,
            household=offer.household,
            person=offer.person,
            channel=turn.message.channel,
            province=offer.province,
            commune=offer.commune,
            joined=turn.message.channel,
            link=offer.hash,
            before=turn.person.id if "ledger" in turn.person.consents else None,
        )
    )
    spoken = turn.person.language or turn.session.language
    turn.session = Session(greeted=True, language=spoken)
    who = replace(turn.person, you=offer.you, me=offer.me)
    turn.person = replace(who, name=offer.name, southern=offer.southern, language=offer.language)
    _tell_others(turn, ChannelNews("joined", turn.message.channel), offer.person)
    buttons = (Button("helped.next", "button.helped_see"),) if offer.paper else ()
    turn.tell("link.joined", *buttons, household=offer.code or "")


def _tell_others(turn: Turn, news: ChannelNews, person: UUID) -> None:
    turn.passed.append(PassedOn(news, person, everywhere=True))


def _decline(turn: Turn, _ref: str = "") -> None:
    turn.session.close(DRAFT)
    turn.tell("link.declined")


def _ask_again(turn: Turn, _task: Task) -> None:
    offer = _open_offer(turn)
    if offer is None:
        turn.tell("old.gone")
    else:
        _ask_join(turn, offer)


# Leaving


def _ask_leave(turn: Turn, *, lost: bool) -> None:
    """Which machine; after a loss the one in hand is none of them. The last way to a book stays open."""
    own: tuple[OwnChannel, ...] = turn.query(OwnChannels())
    shown_ones = [one for one in own if not (lost and one.here)][:MOST_MACHINES]
    if len(own) < 2:
        turn.tell("link.alone")
        return
    action = "link.lost" if lost else "link.leave"
    buttons = [Button(f"{action}:{one.ref}", *_label(one)) for one in shown_ones]
    key = "link.lost_which" if lost else "link.which"
    turn.tell(key, *buttons, Button("core.leave", "button.leave"))


def _label(one: OwnChannel) -> tuple[str, dict[str, Value]]:
    if one.here:
        return "button.this_machine", {}
    day = one.last_at.astimezone(ZONE)
    values: dict[str, Value] = {"channel": _channel(one.channel)}
    return "button.machine", {**values, "day": day.day, "month": day.month}


def _channel(channel: str) -> Name:
    return Name(f"channel.{channel}")


def _leave(turn: Turn, ref: str, *, lost: bool = False) -> None:
    own: tuple[OwnChannel, ...] = turn.query(OwnChannels())
    gone = next((one for one in own if one.ref == ref), None)
    if gone is None:
        turn.tell("link.left_already")
    elif len(own) < 2:
        turn.tell("link.alone")
    else:
        turn.fact(ChannelLeft, left=gone.channel, ref=ref, lost=lost)
        _tell_others(turn, ChannelNews("left", gone.channel), turn.person.id)
        turn.tell("link.left_here" if gone.here else "link.left", channel=_channel(gone.channel))


def _news(turn: Turn, news: News) -> bool:
    """Every other machine hears of it; the one that left is a stranger's by now."""
    if not isinstance(news, ChannelNews):
        return False
    if not _is_known(turn):
        turn.tell("link.left_there")
    else:
        turn.tell(f"link.news_{news.kind}", channel=_channel(news.channel))
    return True


HANDLER = Handler(
    name="link_channel",
    gate=_gate,
    claims=_claims,
    begin=_begin,
    ask=_ask_again,
    taps={
        JOIN: _join,
        "link.no": _decline,
        "link.leave": _leave,
        "link.lost": lambda turn, ref: _leave(turn, ref, lost=True),
    },
    news=_news,
    of_roles=True,
)

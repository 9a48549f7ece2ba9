"""Nobody wrote: orders come, are cancelled, expire, are over; and which sale an order is, if asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.dialogue.handler import Handler
from bot.dialogue.message import News, OrderNews
from bot.dialogue.queries import DoubtfulOrder
from bot.dialogue.reply import Button, Clock, Line, Lines, Money, Value
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said
from bot.drafts.ledger import entry_by_code
from bot.drafts.order_card import answer_buttons, card, number_of, place_of, ref_of
from bot.drafts.order_doubt import ask_doubt, doubtful
from bot.drafts.order_list import exactly
from bot.drafts.order_steps import cancelled_values
from bot.drafts.sums import total_values
from domain.events import NightNewsChosen, OrderCompleted, OrderMatched
from domain.household import Entry, Order
from domain.order_news import NewsKind, after_quiet
from domain.orders import evidence_of, local_day, stronger

HOUR = 3_600


def _news(turn: Turn, news: News) -> bool:
    """Tell what is so at this moment: what was overtaken is no news."""
    if not isinstance(news, OrderNews):
        return False
    order = exactly(turn, news.platform, news.number)
    if order is not None:
        TOLD[news.kind](turn, order)
    return True


def _placed(turn: Turn, order: Order) -> None:
    if order.state != "placed":
        return
    waited = after_quiet(order.changed_at)
    if order.changed_at < waited <= turn.at:
        turn.tell("order.night", time=Clock(order.changed_at, turn.on))
    lines, buttons = card(turn, order)
    turn.say(*lines, buttons=buttons)


def _reminder(turn: Turn, order: Order) -> None:
    """Not in the days after sorrow was told."""
    quiet = turn.session.quiet_until
    if order.state != "placed" or order.deadline is None or (quiet and turn.on <= quiet):
        return
    seconds = int((order.deadline - turn.at).total_seconds())
    key = "left.hours" if seconds >= HOUR else "left.minutes"
    count = seconds // HOUR if seconds >= HOUR else max(seconds // 60, 1)
    values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
    left = Lines((Line(key, {"count": count}),))
    turn.tell("order.reminder", *answer_buttons(order), left=left, **values)


def _cancelled(turn: Turn, order: Order) -> None:
    if order.state != "cancelled" or order.cancelled_by == "household":
        return
    if ref_of(order) in turn.session.crossed:
        return
    by_platform = order.cancelled_by == "platform"
    key = "order.cancelled_platform" if by_platform else "order.cancelled"
    turn.tell(key, **cancelled_values(turn, order))


def _expired(turn: Turn, order: Order) -> None:
    if order.state == "expired":
        time = Clock(order.deadline or order.changed_at, turn.on)
        turn.tell("order.expired", order=number_of(order), time=time)


def _completed(turn: Turn, order: Order) -> None:
    if order.state == "completed":
        entry = entry_by_code(turn, order.code) if order.code else None
        if entry is not None and entry.draft:
            _tell_matched(turn, order, entry)
        else:
            turn.tell("order.done", order=number_of(order), **total_values(order.total_vnd))


def _tell_matched(turn: Turn, order: Order, entry: Entry) -> None:
    total = total_values(order.total_vnd)
    turn.tell("order.matched", order=number_of(order), code=entry.code, **total)


def _returned(turn: Turn, order: Order) -> None:
    if order.state == "returned":
        values: dict[str, Value] = {"order": number_of(order), "total": Money(order.total_vnd)}
        turn.tell("order.came_back", place=place_of(order), **values)


def _in_doubt(turn: Turn, order: Order) -> None:
    """One question at a time: the others come when this one is answered."""
    first = next(iter(doubtful(turn)), None)
    if first is not None and ref_of(first.order) == ref_of(order):
        _asks(turn, first)


TOLD: Mapping[NewsKind, Callable[[Turn, Order], object]] = MappingProxyType(
    {
        "placed": _placed,
        "reminder_1": _reminder,
        "reminder_2": _reminder,
        "doubt": _in_doubt,
        "cancelled": _cancelled,
        "expired": _expired,
        "completed": _completed,
        "returned": _returned,
    }
)


# Which sale an order is


def _is_sale(turn: Turn, ref: str) -> None:
    """The order is a sale that was logged: its evidence rises, nothing is counted twice."""
    which, _, code = ref.partition("=")
    found = _asked(turn, which)
    entry = next((e for e in found.sales if e.code == code), None) if found else None
    if found is None or entry is None:
        turn.tell("old.gone")
        return
    order = found.order
    turn.fact(
        OrderMatched,
        order=order.number,
        platform=order.platform,
        code=entry.code,
        evidence=stronger(entry.evidence, evidence_of(order, "platform")),
        before=entry.figures,
        by="household",
    )
    _tell_matched(turn, order, entry)
    _next(turn, order, entry.code)


def _is_none(turn: Turn, ref: str) -> None:
    """It is a sale of its own: one transaction on the day on which it was completed."""
    found = _asked(turn, ref)
    if found is None:
        turn.tell("old.gone")
        return
    _count(turn, found.order)
    _next(turn, found.order)


def _count(turn: Turn, order: Order) -> None:
    turn.fact(
        OrderCompleted,
        order=order.number,
        platform=order.platform,
        code=order.code or turn.new_code(),
        total_vnd=order.total_vnd,
        date=local_day(order.completed_at or order.changed_at),
        evidence=evidence_of(order, "platform"),
        by="household",
    )
    turn.tell("order.done", order=number_of(order), **total_values(order.total_vnd))


def _asked(turn: Turn, ref: str) -> DoubtfulOrder | None:
    return next((d for d in doubtful(turn) if ref_of(d.order) == ref), None)


def _next(turn: Turn, order: Order, taken: str | None = None) -> None:
    """The next one of which it is not known; the sale that was just taken is no other order."""
    for found in doubtful(turn):
        sales = tuple(e for e in found.sales if e.code != taken)
        if found.order != order and _asks(turn, DoubtfulOrder(found.order, sales)):
            return


def _asks(turn: Turn, found: DoubtfulOrder) -> bool:
    """Ask about it; one whose sales are all other orders by now is a sale of its own."""
    if found.sales:
        ask_doubt(turn, found)
        return True
    _count(turn, found.order)
    return False


def _only_sale(turn: Turn) -> str | None:
    """A yes, where only one sale was asked about."""
    asked = [b.partition(":") for b, _ in turn.session.options if b.startswith("doubt.sale:")]
    return asked[0][2] if len(asked) == 1 and said(turn) == "yes" else None


# At night


def _claims(turn: Turn) -> bool:
    return requested(turn, "news.night", "news.day") or _only_sale(turn) is not None


def _begin(turn: Turn) -> None:
    sale = _only_sale(turn)
    if sale is not None:
        _is_sale(turn, sale)
    else:
        _choose(turn, "yes" if requested(turn, "news.night") else "no")


def _choose(turn: Turn, ref: str) -> None:
    wanted = ref == "yes"
    turn.fact(NightNewsChosen, wanted=wanted)
    if wanted:
        turn.tell("news.night", Button("news.at_night:no", "button.only_by_day"))
    else:
        turn.tell("news.day", Button("news.at_night:yes", "button.at_night_too"))


HANDLER = Handler(
    name="news",
    claims=_claims,
    begin=_begin,
    taps={"doubt.sale": _is_sale, "doubt.none": _is_none, "news.at_night": _choose},
    news=_news,
    aside=True,
)

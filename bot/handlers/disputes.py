"""A worker saw it otherwise: the household is asked once, and nothing changes without its answer."""

from __future__ import annotations

from bot.dialogue.check_queries import CheckNews, OwnDecision
from bot.dialogue.handler import Handler
from bot.dialogue.message import News
from bot.dialogue.reply import Button, Day, Line, Money
from bot.dialogue.turn import Turn
from bot.drafts.areas import own_name
from bot.drafts.goods import by_code
from bot.drafts.ledger import entry_by_code, receipt_buttons
from bot.drafts.sale_card import items_of
from bot.drafts.worker_names import worker_named
from domain.check_events import DisputeKept
from domain.checks import Decision


def _news(turn: Turn, news: News) -> bool:
    """Ask about what is disputed at this moment; what was answered meanwhile is no question."""
    if not isinstance(news, CheckNews):
        return False
    made: Decision | None = turn.query(OwnDecision(news.subject, news.ref))
    if made is not None and made.state == "disputed" and turn.household is not None:
        ASKED[news.subject](turn, news.ref, made)
    return True


def _sale(turn: Turn, ref: str, made: Decision) -> None:
    entry = entry_by_code(turn, ref)
    if entry is None or entry.struck_at is not None:
        return
    values = {"item": items_of(entry.items), "total": Money(entry.total_vnd), "code": ref}
    what = Line("dispute.sale", values | {"date": Day(entry.date, turn.on)})
    change = receipt_buttons(ref) if entry.order is None else ()
    _ask(turn, made, what, _keep_button("sale", ref), *change)


def _certificate(turn: Turn, ref: str, made: Decision) -> None:
    product = by_code(turn, ref)
    if product is None or product.stars is None:
        return
    what = Line("dispute.stars", {"product": product.name, "stars": product.stars})
    give = Button(f"certificate.give:{ref}", "button.edit")
    _ask(turn, made, what, _keep_button("certificate", ref), give)


def _place(turn: Turn, _ref: str, made: Decision) -> None:
    assert turn.household is not None
    what = Line("dispute.place_now", {"commune": own_name(turn.household.commune)})
    _ask(turn, made, what, _keep_button("place", ""))


def _keep_button(subject: str, ref: str) -> Button:
    return Button(f"dispute.keep:{subject}/{ref}", "button.right")


def _ask(turn: Turn, made: Decision, what: Line, *buttons: Button) -> None:
    who = Line(f"dispute.{made.reason}", {"worker": worker_named(made.name)})
    turn.say(who, what, Line("dispute.ask"), buttons=buttons)


ASKED = {"sale": _sale, "certificate": _certificate, "place": _place}


def _keep(turn: Turn, ref: str) -> None:
    """It stands as it is, and the worker sees that the household said so."""
    subject, _, which = ref.partition("/")
    found = OwnDecision(subject, which) if subject in ASKED else None  # type: ignore[arg-type]
    made: Decision | None = turn.query(found) if found else None
    if made is None or turn.household is None:
        turn.tell("old.gone")
    elif made.state != "disputed":
        turn.tell("dispute.over")
    else:
        turn.fact(DisputeKept, subject=subject, ref=which)
        turn.tell("dispute.kept", worker=worker_named(made.name))


HANDLER = Handler(name="disputes", news=_news, taps={"dispute.keep": _keep}, aside=True)

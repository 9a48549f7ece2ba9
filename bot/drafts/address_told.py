"""What a household is told of its digital address: what a worker asked, took down, confirmed or disputed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.dialogue.address_queries import AddressNewsTold, AddressTold
from bot.dialogue.message import AddressNews, News
from bot.dialogue.reply import Button, Line, Value
from bot.dialogue.turn import Turn
from bot.drafts.address_asking import FIRST, ask_consent
from bot.drafts.worker_names import worker_named


def told(turn: Turn, news: News) -> bool:
    """Tell what is so at this moment: what was overtaken is no news."""
    if not isinstance(news, AddressNews):
        return False
    found: AddressTold | None = turn.query(AddressNewsTold(news.news))
    if found is not None:
        TOLD[found.kind](turn, found)
    return True


def _asked(turn: Turn, found: AddressTold) -> None:
    """Its own consent screen, with who wants it above."""
    if "address" in turn.person.consents or turn.household is None:
        return
    ask_consent(turn, FIRST)
    turn.lead(Line("address.news_asked", {"worker": worker_named(found.worker)}))


def _given(turn: Turn, found: AddressTold) -> None:
    buttons = (
        Button("address.keep:", "button.right"),
        Button("address.again:", "button.send_again"),
        Button("address.remove:", "button.address_remove"),
    )
    turn.tell("address.news_given", *buttons, **_values(found))


def _confirmed(turn: Turn, found: AddressTold) -> None:
    turn.tell("address.news_confirmed", **_values(found))


def _disputed(turn: Turn, found: AddressTold) -> None:
    ref = found.address.id.hex if found.address else ""
    buttons = (
        Button("address.again:", "button.send_again"),
        Button(f"address.uphold:{ref}", "button.still_right"),
    )
    turn.tell("address.news_disputed", *buttons, **_values(found))


def _values(found: AddressTold) -> dict[str, Value]:
    code = found.address.code if found.address else ""
    return {"code": code, "worker": worker_named(found.worker)}


TOLD: Mapping[str, Callable[[Turn, AddressTold], None]] = MappingProxyType(
    {"asked": _asked, "given": _given, "confirmed": _confirmed, "disputed": _disputed}
)

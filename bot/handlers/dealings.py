"""What is told and is no sale: plans, purchases, debts, gifts. Answered kindly, never saved as one."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Money
from bot.dialogue.turn import Turn
from bot.dialogue.words import tells_dealing
from bot.drafts.sale import SaleLine, draft_of
from bot.drafts.sale_card import item_of, items_of
from bot.drafts.sale_form import SALE
from bot.drafts.sums import rate_values
from bot.drafts.unsold import BUTTONS, IN_THE_BOOK, unsold
from bot.language.understanding import Understanding
from domain.fold import fold


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None or words.mood is not None or not tells_dealing(turn):
        return False
    return words.dealing in ANSWERS or words.dealing in BUTTONS


def _begin(turn: Turn) -> None:
    words = turn.understood
    if words is not None and words.dealing is not None:
        ANSWERS.get(words.dealing, _hold)(turn, words)


def _hold(turn: Turn, words: Understanding) -> None:
    """Say it back; its draft waits for the button, and whatever was asked before goes on."""
    waiting = turn.session.task
    SALE.start(turn, unsold(words, turn.on))
    if waiting is not None:
        turn.session.open(waiting)
    elif words.dealing not in IN_THE_BOOK:
        turn.session.idle = True


def _purchase(turn: Turn, words: Understanding) -> None:
    """What the household sells itself may as well have been bought from it."""
    sold = {fold(p.name) for p in turn.household.products} if turn.household else set()
    if any(fold(item.product or "") in sold for item in words.items):
        _hold(turn, words)
    else:
        turn.tell("dealing.spent")


def _debt(turn: Turn, words: Understanding) -> None:
    """Somebody owes the household; a debt of nobody named may be its own."""
    if words.buyer is None:
        turn.tell("dealing.owing")
    else:
        _hold(turn, words)


def _supposed(turn: Turn, words: Understanding) -> None:
    """The sum, where goods, price and its unit leave no doubt."""
    line = draft_of(words, turn.on).lines[0]
    if len(words.items) != 1 or words.ask or line.computed is None or not _is_clear(line):
        turn.tell("dealing.supposed")
        return
    price = rate_values(line.unit_price_vnd, line.price_unit)
    turn.tell("dealing.worked_out", item=item_of(line), total=Money(line.computed), **price)


def _is_clear(line: SaleLine) -> bool:
    """A price that may be of a ton or of a kilo is not."""
    if line.product is None or line.stated or line.price_unit is None:
        return False
    return line.base_quantity is None or line.price_unit != line.unit


def _gift(turn: Turn, words: Understanding) -> None:
    goods = tuple(line for line in draft_of(words, turn.on).lines if line.product)
    if goods:
        turn.tell("dealing.gift", item=items_of(goods))
    else:
        turn.tell("dealing.gift")


def _none_sold(turn: Turn, _words: Understanding) -> None:
    quiet = turn.session.quiet_until
    if quiet is not None and turn.on <= quiet:
        turn.tell("dealing.none_sold_quiet")
    else:
        turn.tell("dealing.none_sold", Button("listing.start", "button.list_product"))


def _logged(turn: Turn, ref: str) -> None:
    """[Ghi rồi]: the sale stands in the book, and nothing is added."""
    turn.session.close(ref)
    turn.tell("dealing.logged")


ANSWERS: dict[str, Callable[[Turn, Understanding], None]] = {
    "purchase": _purchase,
    "debt": _debt,
    "supposed": _supposed,
    "gift": _gift,
    "none_sold": _none_sold,
}

HANDLER = Handler(
    name="dealing",
    claims=_claims,
    begin=_begin,
    taps={"dealing.logged": _logged},
    aside=True,
    assists=True,
)

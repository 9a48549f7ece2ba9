"""What a worker wrote in the household's book: read back, said right or wrong, one entry after the other."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.helped_queries import NextHelpedEntry
from bot.dialogue.message import News
from bot.dialogue.reply import Button, Day, Line, Value
from bot.dialogue.told import DisputeNews, EntryKind, EntryNews, PassedOn
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested
from bot.drafts.ledger import entry_by_code, receipt_buttons
from bot.drafts.sale_card import items_of
from bot.drafts.sums import total_values
from bot.drafts.worker_names import worker_named
from domain.assisted_events import HelpedEntryAnswered
from domain.household import ZONE, Entry


def _claims(turn: Turn) -> bool:
    return requested(turn, "assisted.check")


def _next(turn: Turn, _ref: str = "") -> None:
    """The oldest entry that nothing was said of yet."""
    entry: Entry | None = turn.query(NextHelpedEntry())
    if entry is None:
        turn.tell("helped.none")
        return
    turn.say(Line("helped.asked", _values(turn, entry)), buttons=_buttons(entry))


def _values(turn: Turn, entry: Entry) -> dict[str, Value]:
    values: dict[str, Value] = {"item": items_of(entry.items), "code": entry.code}
    return {**total_values(entry.total_vnd), **values, "date": Day(entry.date, turn.on)}


def _buttons(entry: Entry) -> tuple[Button, ...]:
    """They carry the sum that was read back: what has changed since is read back anew."""
    ref = f"{entry.code}={entry.total_vnd}"
    return (
        Button(f"helped.right:{ref}", "button.helped_right"),
        Button(f"helped.wrong:{ref}", "button.helped_wrong"),
    )


def _news(turn: Turn, news: News) -> bool:
    """An entry is read back as it stands at this moment; a worker hears that one was said to be wrong."""
    if isinstance(news, DisputeNews):
        turn.tell("helped.disputed", household=news.household, code=news.code)
        return True
    if not isinstance(news, EntryNews):
        return False
    entry = entry_by_code(turn, news.code)
    if entry is not None:
        _read_back(turn, entry, news.kind, news.worker)
    return True


def _read_back(turn: Turn, entry: Entry, kind: EntryKind, worker: str) -> None:
    values = {**_values(turn, entry), "worker": worker_named(worker or None)}
    if kind == "withdrawn":
        restore = Button(f"entry.restore:{entry.code}", "button.restore")
        turn.say(Line("helped.withdrawn", values), buttons=(restore,))
        return
    turn.say(Line(f"helped.{kind}", values), buttons=_buttons(entry))


def _right(turn: Turn, ref: str) -> None:
    entry = _answered(turn, ref, "right")
    if entry is not None:
        turn.tell("helped.right", Button("helped.next", "button.helped_next"), code=entry.code)


def _wrong(turn: Turn, ref: str) -> None:
    """It still counts until the household has corrected or struck it, which stands under the answer."""
    entry = _answered(turn, ref, "wrong")
    if entry is None:
        return
    if entry.worker is not None and turn.household is not None:
        news = DisputeNews(turn.household.code, entry.code)
        turn.passed.append(PassedOn(news, person=entry.worker))
    turn.tell("helped.wrong", *receipt_buttons(entry.code), code=entry.code)


def _answered(turn: Turn, ref: str, answer: str) -> Entry | None:
    """The entry of which this is said; None, and why, when there is nothing to say."""
    code, _, total = ref.partition("=")
    entry = entry_by_code(turn, code)
    if entry is None or entry.worker is None:
        turn.tell("old.gone")
    elif entry.struck_at is not None:
        restore = Button(f"entry.restore:{code}", "button.restore")
        day = Day(entry.struck_at.astimezone(ZONE).date(), turn.on)
        turn.tell("old.struck", restore, date=day, code=code)
    elif str(entry.total_vnd) != total:
        turn.say(Line("helped.asked", _values(turn, entry)), buttons=_buttons(entry))
    else:
        if entry.answer != answer:
            turn.fact(HelpedEntryAnswered, code=code, answer=answer)
        return entry
    return None


HANDLER = Handler(
    name="helped_entries",
    claims=_claims,
    begin=_next,
    taps={"helped.right": _right, "helped.wrong": _wrong, "helped.next": _next},
    news=_news,
)

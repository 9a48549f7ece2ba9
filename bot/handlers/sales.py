"""Log a sale: one sentence, a card, one tap; and the same form for correcting an entry."""

from __future__ import annotations

from bot.dialogue.forms import CARD, WHICH
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Day, Line, Lines, Money, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import known_of, requested, said
from bot.drafts.ledger import entry_by_code, month_values, receipt_buttons
from bot.drafts.order_typed import place_typed
from bot.drafts.sale import SaleDraft, draft_of, draft_of_entry, saved_items
from bot.drafts.sale_card import change_lines, items_of
from bot.drafts.sale_form import SALE
from bot.drafts.sale_guards import slipped
from bot.drafts.sums import total_values
from bot.drafts.unsold import SOLD, held
from bot.language.fragments import of_other_goods
from bot.language.understanding import Understanding
from domain.checks import unconfirmed
from domain.events import SaleCorrected, SaleLogged
from domain.household import ZONE, Entry


def _new_draft(turn: Turn, words: Understanding) -> SaleDraft:
    """The draft of a sentence; the household's own last price asks better than the lexicon's range."""
    draft = draft_of(words, turn.on).settled("confirm_all")
    draft = draft.with_(ordered=True) if words.request == "order.typed" else draft
    guarded = draft.doubt("money_guard") is not None and slipped(turn, draft)
    return draft.settled("money_guard") if guarded else draft


def _claims(turn: Turn) -> bool:
    words = turn.understood
    return words is not None and (words.intent == "log_sale" or requested(turn, "sale.start"))


def _begin(turn: Turn) -> None:
    words = turn.understood
    plan = held(turn)
    if words is None or words.intent != "log_sale":
        SALE.start(turn, SaleDraft(date=turn.on))
    elif plan is not None and not words.items:
        SALE.pick(turn, f"{plan}:{SOLD}=yes")
    else:
        _let_go(turn, plan)
        SALE.start(turn, _new_draft(turn, words))


def _let_go(turn: Turn, plan: str | None) -> None:
    """What was planned of the same goods is this sale: it waits no longer."""
    task = turn.session.find(plan) if plan else None
    if plan and task is not None and not _of_other_goods(turn, task):
        turn.session.close(plan)


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == WHICH and said(turn) in ("yes", "no", "save"):
        SALE.resume(turn, task, SaleDraft.model_validate(task.slots))
        return True
    if task.step == CARD and said(turn) in ("yes", "save"):
        _save(turn, f"{task.draft}.{task.shown}")
        return True
    if task.step == CARD and said(turn) == "edit":
        return SALE.which(turn, task.draft)
    if task.step == CARD and _says_wrong(turn):
        return SALE.which(turn, task.draft)
    return not _of_other_goods(turn, task) and SALE.answer(turn, task)


def _says_wrong(turn: Turn) -> bool:
    """*sai rồi*: something is, and not what."""
    words = turn.understood
    if words is None or words.intent != "correct_last" or words.action != "replace":
        return False
    return not (words.items or words.buyer or words.date or words.platform)


def _of_other_goods(turn: Turn, task: Task) -> bool:
    """A sale of goods that are not on this draft: one of its own, not an answer to what is asked."""
    words = turn.understood
    if words is None or words.intent not in ("log_sale", "list_product", "other"):
        return False
    if words.intent == "log_sale" and words.action == "add":
        return False
    mine = [line.product or "" for line in SaleDraft.model_validate(task.slots).lines]
    known = known_of(turn.household, turn.person)
    return all(mine) and of_other_goods(words.text, mine, turn.on, known)


def _save(turn: Turn, ref: str) -> None:
    taken = SALE.take(turn, ref)
    if taken is None:
        return
    token, draft = taken
    entry = entry_by_code(turn, draft.entry) if draft.entry else None
    if draft.ordered:
        place_typed(turn, draft)
    elif entry is None:
        _log(turn, draft, token)
    elif entry.struck_at is not None:
        day = entry.struck_at.astimezone(ZONE).date()
        again = Button(f"entry.restore:{entry.code}", "button.restore")
        turn.tell("old.struck", again, date=Day(day, turn.on), code=entry.code)
    else:
        _correct(turn, draft, entry)


def _log(turn: Turn, draft: SaleDraft, token: str) -> None:
    first = turn.household is not None and turn.household.codes == 0
    code, day = turn.new_code(), draft.date or turn.on
    buyer = turn.buyer_ref(draft.buyer) if draft.buyer else None
    turn.drafts[code] = token
    turn.fact(
        SaleLogged,
        code=code,
        items=saved_items(draft),
        total_vnd=draft.total_vnd,
        buyer=buyer,
        date=day,
        platform=draft.platform or "offline",
    )
    values: dict[str, Value] = {"code": code, "item": items_of(draft.lines)}
    month = month_values(turn, day, vnd=draft.total_vnd, sales=1)
    receipt = Line("receipt", {**total_values(draft.total_vnd), **values, **month})
    turn.say(receipt, buttons=receipt_buttons(code))
    if first:
        turn.tell("receipt.first")


def _correct(turn: Turn, draft: SaleDraft, entry: Entry) -> None:
    day = draft.date or entry.date
    platform = draft.platform or entry.platform
    buyer = turn.buyer_ref(draft.buyer) if draft.buyer else entry.buyer
    turn.fact(
        SaleCorrected,
        code=entry.code,
        items=saved_items(draft),
        total_vnd=draft.total_vnd,
        buyer=buyer,
        date=day,
        platform=platform,
        evidence=unconfirmed(entry.evidence),
        before=entry.figures,
    )
    same_month = (day.year, day.month) == (entry.date.year, entry.date.month)
    difference = draft.total_vnd - (entry.total_vnd if same_month else 0)
    month = month_values(turn, day, vnd=difference, sales=0 if same_month else 1)
    total = Money(draft.total_vnd)
    values: dict[str, Value] = {"code": entry.code, "total": total, **month}
    if draft.total_vnd != entry.total_vnd:
        saved = Line("change.saved", {**values, "total_before": Money(entry.total_vnd)})
    else:
        changes = Lines(change_lines(draft_of_entry(entry), draft, turn.on))
        saved = Line("change.saved_other", {**values, "changes": changes})
    turn.say(saved, buttons=receipt_buttons(entry.code))


def _edited(turn: Turn) -> bool:
    """An edited message corrects the card that it opened, while that is not saved yet."""
    words = turn.understood
    task = next((t for t in turn.session.tasks if t.message == turn.message.edits), None)
    if task is None or words is None or words.intent != "log_sale":
        return False
    SALE.resume(turn, task, _new_draft(turn, words))
    return True


HANDLER = Handler(
    name="sale",
    claims=_claims,
    begin=_begin,
    ask=SALE.ask,
    answer=_answer,
    skip=SALE.skip,
    taps={
        "sale.start": lambda turn, _ref: SALE.start(turn, SaleDraft(date=turn.on)),
        "sale.save": _save,
        **SALE.taps(),
    },
    edited=_edited,
    assists=True,
)

"""My information: a copy, withdrawal of consent, deletion with a receipt. Answered at once."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.languages import TAP
from bot.dialogue.message import AccountRemoved, Erasure
from bot.dialogue.queries import CopyToken
from bot.dialogue.reply import Button, Clock, Day, Line, Lines, Name, Value
from bot.dialogue.session import Session, Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said, text_of
from bot.drafts import own_address
from domain.events import PersonalDataCopied, PersonalDataErased, Purpose
from domain.fold import fold

RARE = (
    "payment",
    "improve",
    "voice",
    "address",
    "address_shown",
)  # that most were never asked about
SURE = "xoa han"  # the two words that make it certain, without marks
PURPOSES: tuple[Purpose, ...] = (
    *("worker", "public", "payment", "address", "address_shown"),
    *("broadcast", "improve", "voice", "ledger"),
)
REQUESTS = ("privacy.menu", "privacy.copy", "privacy.withdraw", "privacy.delete", "privacy.sure")


def _claims(turn: Turn) -> bool:
    return requested(turn, *REQUESTS)


def _begin(turn: Turn) -> None:
    request = turn.understood.request if turn.understood else None
    if request == "privacy.copy":
        _copy(turn)
    elif request == "privacy.withdraw":
        _ask_withdraw(turn)
    elif request in ("privacy.delete", "privacy.sure"):
        _ask_delete(turn)
    else:
        _menu(turn)


def _menu(turn: Turn) -> None:
    buttons = (
        Button("privacy.copy", "button.copy"),
        Button("privacy.withdraw", "button.withdraw"),
        Button("privacy.delete", "button.delete"),
        Button(TAP, "button.language"),
    )
    turn.tell("privacy.menu", *buttons)


def _copy(turn: Turn, _ref: str = "") -> None:
    path = turn.query(CopyToken())
    turn.fact(PersonalDataCopied)
    turn.tell("privacy.copy", url=f"{turn.rules.public_url}{path}")


def _ask_withdraw(turn: Turn, _ref: str = "") -> None:
    shown = [p for p in PURPOSES if p not in RARE or p in turn.person.consents]
    buttons = [Button(f"privacy.withdraw_from:{p}", f"button.withdraw_{p}") for p in shown]
    turn.tell("privacy.withdraw", *buttons)


def _withdraw(turn: Turn, ref: str) -> None:
    purpose = next((p for p in PURPOSES if p == ref), None)
    if purpose is None or purpose not in turn.person.consents:
        turn.tell("privacy.not_given")
        return
    if purpose == "address":
        own_address.withdraw(turn)
    else:
        turn.withdraw_consent(purpose)
    if purpose == "payment":
        turn.keep(AccountRemoved())
    turn.tell("privacy.withdrawn", purpose=Name(f"purpose.{purpose}"))
    if purpose == "ledger":
        _ask_delete(turn)


def _ask_delete(turn: Turn, _ref: str = "") -> None:
    if turn.household is None:
        turn.tell("privacy.nothing")
        return
    buttons = (
        Button("privacy.copy", "button.copy"),
        Button("privacy.delete_sure", "button.delete_sure"),
        Button("privacy.keep", "button.leave"),
    )
    values: dict[str, Value] = {}
    if turn.household.orders:
        count = len(turn.household.orders)
        values["open"] = Lines((Line("privacy.delete_open", {"count": count}),))
    turn.tell("privacy.delete", *buttons, **values)


def _ask_sure(turn: Turn, _ref: str = "") -> None:
    task = Task(handler="privacy", step="sure", draft="privacy", opened_at=turn.at)
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    turn.tell("privacy.sure")


def _answer(turn: Turn, task: Task) -> bool:
    if fold(text_of(turn)).strip(" .!") == SURE or requested(turn, "privacy.sure"):
        _erase(turn)
        return True
    if said(turn) in ("no", "cancel"):
        turn.session.close(task.draft)
        turn.tell("privacy.kept")
        return True
    return False


def _erase(turn: Turn) -> None:
    """Names, phones, buyers' names and photos go; figures stay. Later words start anew."""
    turn.fact(PersonalDataErased)
    turn.keep(Erasure())
    turn.tell("privacy.deleted", time=Clock(turn.at), date=Day(turn.on))
    turn.session = Session()


def _keep(turn: Turn, _ref: str) -> None:
    turn.session.close("privacy")
    turn.tell("privacy.kept")


HANDLER = Handler(
    name="privacy",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={
        "privacy.copy": _copy,
        "privacy.withdraw": _ask_withdraw,
        "privacy.withdraw_from": _withdraw,
        "privacy.delete": _ask_delete,
        "privacy.delete_sure": _ask_sure,
        "privacy.keep": _keep,
    },
)

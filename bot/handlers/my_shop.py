"""The household's own shop page: its address with a QR code to show, after a yes; taking it down."""

from __future__ import annotations

from bot.dialogue.handler import Handler
from bot.dialogue.reply import Button, Line, Name, QrCode
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import requested, said

DRAFT = "shop-public"


def _claims(turn: Turn) -> bool:
    return requested(turn, "shop", "shop.down")


def _begin(turn: Turn) -> None:
    if requested(turn, "shop.down"):
        _take_down(turn)
    elif "public" in turn.person.consents:
        _show(turn)
    else:
        task = Task(handler="shop", step="public", draft=DRAFT, opened_at=turn.at)
        turn.session.open(task)
        _ask(turn, task)


def _ask(turn: Turn, _task: Task) -> None:
    buttons = (Button("shop.agree:", "button.agree"), Button("shop.refuse:", "button.refuse"))
    turn.tell("consent.public", *buttons)


def _answer(turn: Turn, _task: Task) -> bool:
    if said(turn) == "yes":
        _agree(turn, "")
    elif said(turn) in ("no", "cancel"):
        _refuse(turn, "")
    else:
        return False
    return True


def _agree(turn: Turn, _ref: str) -> None:
    turn.session.close(DRAFT)
    turn.give_consent("public")
    _show(turn)


def _refuse(turn: Turn, _ref: str) -> None:
    turn.session.close(DRAFT)
    turn.tell("shop.refused")


def _show(turn: Turn) -> None:
    home = turn.household
    if home is None:
        return
    url = f"{turn.rules.public_url}/shop/{home.code}"
    turn.say(Line("shop.ready", {"url": url}), picture=QrCode(url))


def _take_down(turn: Turn) -> None:
    if "public" not in turn.person.consents:
        turn.tell("shop.none")
        return
    turn.withdraw_consent("public")
    turn.tell("privacy.withdrawn", purpose=Name("purpose.public"))


HANDLER = Handler(
    name="shop",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={"shop.agree": _agree, "shop.refuse": _refuse},
)

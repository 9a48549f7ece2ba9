"""What the person says of themselves later: another name or form, a move, a shop on a platform."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.address_queries import OwnDigitalAddress
from bot.dialogue.handler import Handler
from bot.dialogue.queries import OwnStanding, ShopOrders, ShopOwner
from bot.dialogue.reply import Button, Name, Value
from bot.dialogue.session import Task
from bot.dialogue.turn import Turn
from bot.dialogue.words import read, requested, said, text_of, typed_text
from bot.drafts.areas import own_name
from bot.drafts.person import LONGEST_NAME, ask_form, choose_form
from bot.drafts.place import ask_place, settle_place
from domain.codes import shop_reference
from domain.events import HouseholdMoved, Platform, ShopLinked
from domain.geography import Commune

LONGEST_SHOP = 60  # characters
PLATFORMS = ("voso", "postmart")


def _claims(turn: Turn) -> bool:
    words = turn.understood
    if words is None:
        return False
    changes = ("form.change", "name.change", "place.change", "platform.link")
    return requested(turn, *changes) or words.intent == "register"


def _begin(turn: Turn) -> None:
    if requested(turn, "form.change"):
        _change_form(turn)
    elif requested(turn, "name.change"):
        _open(turn, "name")
    elif requested(turn, "place.change"):
        _open(turn, "place")
    else:
        _ask_platform(turn)


def _open(turn: Turn, step: str, **slots: str) -> None:
    task = Task(
        handler="profile", step=step, draft=f"profile-{step}", slots=slots, opened_at=turn.at
    )
    turn.session.open(task)
    _ask(turn, task)


def _ask(turn: Turn, task: Task) -> None:
    if task.step == "name":
        turn.tell("ask.name")
    elif task.step == "place":
        ask_place(turn, task, "profile.place")
    else:
        no_shop = Button("profile.no_shop", "button.no_shop")
        turn.tell("platform.ask_shop", no_shop, platform=Name(f"platform.{task.slots['platform']}"))


def _answer(turn: Turn, task: Task) -> bool:
    if task.step == "name":
        return _rename(turn, task)
    if task.step == "place":
        return _placed(turn, task, text_of(turn))
    return _link(turn, task)


def _change_form(turn: Turn) -> None:
    form = read(turn, "form")
    if form is None:
        ask_form(turn)
        return
    choose_form(turn, form)
    turn.tell("form.changed")


def _rename(turn: Turn, task: Task) -> bool:
    found = read(turn, "name")
    if found is None or len(found[0]) > LONGEST_NAME:
        return False
    name, form = found
    turn.session.close(task.draft)
    turn.know(name=name)
    choose_form(turn, form)
    turn.tell("name.changed")
    return True


def _placed(turn: Turn, task: Task, text: str) -> bool:
    commune = settle_place(turn, task, text, "profile.place")
    if commune is not None:
        turn.session.close(task.draft)
        _move(turn, commune)
    return True


def _pick_place(turn: Turn, ref: str) -> None:
    task = turn.session.find("profile-place")
    if task is None:
        turn.tell("old.gone")
    elif ref == "worker":
        turn.tell("help.nobody")
    else:
        _placed(turn, task, ref)


def _move(turn: Turn, commune: Commune) -> None:
    home = turn.household
    if home is None:
        return
    consents = turn.person.consents
    had_address = "address" in consents and turn.query(OwnDigitalAddress()) is not None
    stands = turn.query(OwnStanding())
    turn.household = replace(home, province=commune.province_code, commune=commune.code)
    turn.fact(
        HouseholdMoved,
        from_province=home.province,
        from_commune=home.commune,
        standing=stands,
    )
    around = own_name(commune.province_code)
    turn.tell("place.changed", commune=own_name(commune.code), province=around)
    if had_address:
        turn.tell("address.moved")


def _ask_platform(turn: Turn) -> None:
    words = turn.understood
    platform = words.platform if words and words.platform in PLATFORMS else None
    if platform is not None and words is not None and words.intent != "register":
        _open(turn, "shop", platform=platform)
        return
    link = [Button(f"profile.shop:{p}", f"button.{p}") for p in PLATFORMS]
    turn.tell("platform.how", *link, Button("help.human", "button.worker"))


def _link(turn: Turn, task: Task) -> bool:
    words = turn.understood
    if said(turn) in ("no", "cancel", "skip") or (
        words and words.intent not in ("other", "greeting")
    ):
        return False
    shop = typed_text(turn).strip()
    if not 2 <= len(shop) <= LONGEST_SHOP:
        return False
    platform = task.slots["platform"]
    turn.session.close(task.draft)
    _linked(turn, platform, shop)
    return True


def _linked(turn: Turn, platform: Platform, shop: str) -> None:
    """A shop belongs to one household; linking it once more says so and counts nothing."""
    reference = shop_reference(platform, shop)
    owner = turn.query(ShopOwner(platform, reference))
    words: dict[str, Value] = {"shop": shop, "platform": Name(f"platform.{platform}")}
    if owner is not None and turn.household is not None and owner != turn.household.id:
        turn.tell("platform.taken", Button("help.human", "button.worker"), **words)
        return
    waiting = turn.query(ShopOrders(platform, reference))
    if owner is None:
        turn.fact(ShopLinked, platform=platform, shop=reference)
    key = "platform.linked_orders" if waiting else "platform.linked"
    turn.tell(key, **words, count=len(waiting))


def _no_shop(turn: Turn, _ref: str) -> None:
    turn.session.close("profile-shop")
    buttons = (Button("help.human", "button.worker"), Button("core.leave", "button.leave"))
    turn.tell("platform.no_shop", *buttons)


HANDLER = Handler(
    name="profile",
    claims=_claims,
    begin=_begin,
    ask=_ask,
    answer=_answer,
    taps={
        "profile.place": _pick_place,
        "profile.shop": lambda turn, ref: _open(turn, "shop", platform=ref),
        "profile.no_shop": _no_shop,
    },
)

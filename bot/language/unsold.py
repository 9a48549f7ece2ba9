"""Which dealing a message tells that is no sale of this household's: plans, purchases, debts, gifts (rules.md 5)."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.dealings import by_others
from bot.language.scene import Scene, denied, gives_back, to_come


def dealing(scene: Scene, intent: str) -> str | None:
    """One of DEALINGS, or None: a sale, a listing, an order, or talk of something else."""
    if intent == "correct_last":
        return "return" if scene.says("returned") or gives_back(scene) else None
    if intent != "other" or not _tells_something(scene):
        return None
    return next((name for name, holds in _KINDS if holds(scene)), None)


def _tells_something(scene: Scene) -> bool:
    named = scene.buyer is not None or scene.sell is not None or scene.says("unwanted")
    return named or bool(scene.amounts or scene.goods)


def _supposed(scene: Scene) -> bool:
    denies = scene.sell is not None and denied(scene, scene.sell)
    return scene.says("if") or (
        not denies and scene.asked and scene.sell is not None and bool(scene.amounts)
    )


def _of_others(scene: Scene) -> bool:
    return scene.other_seller or by_others(scene)


def _repaid(scene: Scene) -> bool:
    """*anh Ba trả nợ 500 ngàn*"""
    return scene.money and scene.says("repaid") and scene.says("owed", "got")


def _debt(scene: Scene) -> bool:
    return scene.says("owed") and (scene.money or scene.buyer is not None)


def _nothing_sold(scene: Scene) -> bool:
    return scene.says("unwanted") or (scene.sell is not None and denied(scene, scene.sell))


def _plan(scene: Scene) -> bool:
    if scene.sell is not None:
        return to_come(scene, scene.sell)
    return scene.says("future") and bool(scene.goods)


def _gift(scene: Scene) -> bool:
    family = "buyer_sign" in scene.at.tags[0] and scene.buyer is not None and scene.counted
    given = scene.says("gift", "taste") and bool(scene.goods or scene.counted)
    return scene.sell is None and (given or (family and not scene.money))


def _purchase(scene: Scene) -> bool:
    """Goods or money that were had or paid; the bare word *dien* alone may be anything."""
    tags = scene.at.tags
    if scene.asked or all(amount.kind == "skip" for amount in scene.amounts):
        return False
    if any(tags[p]["mood"].value == "sorrow" for p in scene.each("mood")):
        return False
    told = (p for p in scene.each("expense") if "honorific" not in scene.at.tags[p])  # chi: chị
    costs = any(tags[p]["expense"].exact or tags[p]["expense"].end > p + 1 for p in told)
    return costs or scene.says("purchase", "fee") or _spent(scene)


def _spent(scene: Scene) -> bool:
    """*hết 500k, chi hết 2 triệu*; in *ghi 5 triệu mà giờ mất* nothing was paid."""
    sums = [amount.start for amount in scene.amounts if amount.kind == "money"]
    return any(at < start for at in scene.each("spent") for start in sums)


_KINDS: tuple[tuple[str, Callable[[Scene], bool]], ...] = (
    ("gift", _gift),
    ("others", _of_others),
    ("supposed", _supposed),
    ("deposit", lambda scene: scene.money and scene.says("deposit")),
    ("repaid", _repaid),
    ("debt", _debt),
    ("none_sold", _nothing_sold),
    ("plan", _plan),
    ("inquiry", lambda scene: scene.says("inquire")),
    ("purchase", _purchase),
)

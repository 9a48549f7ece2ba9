"""What the sentence does (rules.md 5): one of the contract's intents, by the first rule that holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from bot.language.dealings import offered, priced, sold, taken_down, takes_down
from bot.language.scene import Scene, asks_price, gives_back, how_many, however_many

_QUOTES = re.compile("[\"“”'«»]")


def intent(scene: Scene) -> tuple[str, str]:
    """(intent, the rule that decided)."""
    for rule, decide in _rules(_NEEDED.intersection(scene.at.kinds)):
        found = decide(scene)
        if found:
            return found, rule
    return "other", "nothing else"


# -- the rules, in their order


def _quoted(scene: Scene) -> str | None:
    if not scene.asked and not scene.says("help_word"):
        return None
    return "help" if len(_QUOTES.findall(scene.text)) >= 2 else None


def _how_to(scene: Scene) -> str | None:
    """*muốn sửa giá thì nhắn thế nào*: asked, not done."""
    if (
        scene.says("typing")
        and scene.says("how")
        and not scene.amounts
        and not _order(scene)
        and not scene.says("training_word", "register_word")
    ):
        return "help"
    return _help(scene) if scene.asked and not scene.amounts else None


def _able(scene: Scene) -> bool:
    """*em giúp được bác những việc gì*: what the assistant can do."""
    if scene.amounts or "able" not in scene.at.kinds:
        return False
    called = scene.at.bare[0] in ("em", "bot", "chau", "con", "e")
    return called and scene.asked and scene.at.bare[-1] in ("gi", "chi", "nao", "?")


def _help(scene: Scene) -> str | None:
    if _able(scene) and not scene.says("order", "stats_word", "training_word"):
        return "help"
    if not scene.says("help_word") or scene.says("training_word") or scene.says("register_word"):
        return None
    return None if scene.sell is not None and scene.money and not scene.asked else "help"


def _return(scene: Scene) -> str | None:
    if scene.says("order", "change") or not (scene.says("returned") or gives_back(scene)):
        return None
    return "correct_last" if scene.amounts or scene.goods or scene.buyer else None


def _points_back(scene: Scene) -> bool:
    """*cái vừa ghi là bán qua Postmart*: says more of the last entry."""
    last = scene.at.places("just_now")
    ends = {scene.at.tags[p]["just_now"].end for p in last}
    told = any("but_is" in scene.at.tags[p] or "but_is" in scene.at.tags[p + 1] for p in ends)
    return told and not scene.amounts and bool(scene.platform or scene.buyer or scene.days)


def _takes_out(scene: Scene) -> bool:
    """*bỏ gà ra*: one of the goods on the card."""
    known = len(scene.goods) == 1 and scene.goods[0].product is not None
    return known and "erase" in scene.at.tags[0] and scene.at.count <= 5 and not scene.amounts


def _erase(scene: Scene) -> str | None:
    if _points_back(scene) or (_takes_out(scene) and not takes_down(scene)):
        return "correct_last"
    if scene.tells("just_now") and scene.says("erase", "wrong") and not scene.says("order"):
        return "correct_last"
    return None


def _correct(scene: Scene) -> str | None:
    if _order(scene) and not scene.tells("just_now"):
        return None
    if takes_down(scene) and not scene.says("wrong"):
        return None
    if scene.says("update_price") and scene.goods and not scene.says("wrong_only"):
        return None
    return "correct_last" if _says_correction(scene) else None


def _says_correction(scene: Scene) -> bool:
    if any(
        scene.at.tags[p]["wrong"].end > p + 1 or scene.at.bare[p] != "doi"
        for p in scene.each("wrong")
    ):
        return True
    contrast = any(scene.at.tags[p]["not_that"].end > p + 1 for p in scene.each("not_that"))
    return contrast or scene.says("right_is")


def _forgot(scene: Scene) -> str | None:
    """*à quên thêm hai chục trứng nữa*"""
    ends = "more" in scene.at.tags[0] and "again" in scene.at.kinds and scene.sell is None
    if ends and scene.counted:
        return "correct_last"
    if (
        scene.says("forgot")
        and (scene.amounts or scene.goods)
        and scene.sell is None
        and not scene.says("order")
        and not _owes(scene)
    ):
        return "correct_last"
    return None


def _owes(scene: Scene) -> bool:
    """*còn thiếu 200k*; in *ghi thiếu 2 ký* nobody owes."""
    return any(not scene.at.has(p - 1, "forgot", "typing") for p in scene.each("owed"))


def _order(scene: Scene) -> bool:
    return any(
        "not_order" not in scene.at.tags[p] and "not_order" not in scene.at.tags[p - 1]
        for p in scene.each("order")
    )


def _orders(scene: Scene) -> str | None:
    sold = scene.sell is not None
    if not _order(scene) or (sold and scene.money and not scene.asked):
        return None
    if sold and how_many(scene):
        return "stats"
    cancelled = scene.says("cancel") and scene.order_id is not None
    if scene.asked or how_many(scene) or (scene.says("order_ask") and not cancelled):
        return "check_orders" if not scene.says("stats_word") else None
    look, cancel = scene.first("look_first"), scene.first("cancel", "erase")
    if look is not None and (cancel is None or look < cancel):
        return "check_orders"
    confirmed = "confirm_order" if scene.says("confirm") else "check_orders"
    return confirmed if cancel is None else "cancel_order"


def _order_words(scene: Scene) -> str | None:
    """Orders without the word: *có ai đặt hàng không, khách bom hàng rồi, ừ nhận đi*."""
    if scene.says("order_ask") and (scene.asked or not scene.money):
        return "check_orders"
    ordered = scene.buyer is not None and scene.says("buy") and not scene.says("sell")
    if ordered and scene.asked and not scene.amounts and not how_many(scene):
        return "check_orders"  # anh Bình đặt gì đó em
    if scene.says("cancel_sure"):
        return "cancel_order"
    at = scene.first("confirm_bare")
    short = scene.at.count <= 6 and not scene.says("texting")
    if at is not None and not scene.amounts and not scene.goods and short:
        return "confirm_order"
    return None


def _privacy(scene: Scene) -> str | None:
    return "other" if scene.says("privacy_ask") and not scene.amounts else None


def _stats(scene: Scene) -> str | None:
    if not _may_be_stats(scene):
        return None
    told = scene.sell is not None and scene.money and not scene.asked
    if _compares(scene) and not told:
        return "stats"
    if scene.says("stats_word") and not told:
        return "stats" if not scene.says("offer") else None
    if _period_only(scene):
        return "stats"
    if asks_price(scene):
        return None
    sold = scene.sell is not None or scene.says("got", "money", "total", "buy")
    return (
        "stats"
        if how_many(scene) and sold and not scene.money and not scene.says("other_seller")
        else None
    )


def _may_be_stats(scene: Scene) -> bool:
    """A span of days, or a word that asks; not *bán được bao nhiêu cũng…*."""
    asks = scene.at.says("which", "stats_word", "how_many")
    if not asks and (not scene.days or all(day.period is None for day in scene.days)):
        return False
    return not scene.says("if") and not any(however_many(scene, p) for p in scene.each("how_many"))


def _compares(scene: Scene) -> bool:
    """*tuần nào bán khá hơn, ai mua nhiều nhất*"""
    which = scene.first("which")
    return which is not None and any(p > which for p in scene.each("degree")) and not scene.money


def _period_only(scene: Scene) -> bool:
    """*tổng thu tuần này*: a span of days and money, no sum."""
    spans = sum(day.period is not None for day in scene.days)
    if spans > 1 and not scene.amounts and not scene.says("order", "training_word"):
        return True
    return (
        spans > 0
        and not scene.amounts
        and scene.says("total", "got")
        and not scene.says("deposit", "no", "not_yet")
    )


def _register(scene: Scene) -> str | None:
    if (
        not scene.says("register_word")
        or scene.says("training_word")
        or (scene.sell is not None and scene.money)
    ):
        return None
    return "register"


def _training(scene: Scene) -> str | None:
    sold = scene.sell is not None or (scene.buyer is not None and scene.says("buy"))
    return "training" if scene.says("training_word") and not (sold and scene.money) else None


def _thanks(scene: Scene) -> str | None:
    at = next(iter(scene.at.places("thanks_word")), None)
    return (
        "other" if at is not None and at <= 1 and not scene.amounts and not _order(scene) else None
    )


def _greeting(scene: Scene) -> str | None:
    at = next(iter(scene.at.places("greet")), None)
    counted = any(a.unit is not None or a.kind == "money" for a in scene.amounts)
    if at is not None and at <= 2 and not counted and not (scene.amounts and scene.goods):
        return "greeting"
    called = scene.first("call_end")
    return "greeting" if called is not None and scene.at.count <= 3 and not scene.amounts else None


# Each rule with the classes of words of which it needs one; None: it needs no word.
RULES: tuple[tuple[str, Callable[[Scene], str | None], frozenset[str] | None], ...] = (
    ("quoted example", _quoted, None),
    ("how it is done", _how_to, None),
    ("goods come back", _return, frozenset(("returned", "got"))),
    ("strike the last", _erase, frozenset(("just_now", "erase"))),
    ("correction", _correct, frozenset(("wrong", "not_that", "right_is"))),
    ("forgotten item", _forgot, frozenset(("forgot", "more"))),
    ("thanks", _thanks, frozenset(("thanks_word",))),
    ("who sees the book", _privacy, frozenset(("privacy_ask",))),
    ("orders", _orders, frozenset(("order",))),
    (
        "orders without the word",
        _order_words,
        frozenset(("order_ask", "buy", "cancel_sure", "confirm_bare")),
    ),
    ("help", _help, frozenset(("help_word", "able"))),
    ("figures", _stats, None),
    (
        "goods taken down or repriced",
        taken_down,
        frozenset(("unlist", "update_stock", "update_price", "again")),
    ),
    ("joining", _register, frozenset(("register_word",))),
    ("training", _training, frozenset(("training_word",))),
    ("offer", offered, frozenset(("offer", "audience", "from_up", "more", "have"))),
    ("sale", sold, None),
    ("goods and a price", priced, None),
    ("greeting", _greeting, frozenset(("greet", "call_end"))),
)
_NEEDED = frozenset(word for _, _, words in RULES if words is not None for word in words)


@lru_cache(maxsize=1024)
def _rules(said: frozenset[str]) -> tuple[tuple[str, Callable[[Scene], str | None]], ...]:
    """Those that may hold where words of these classes stand."""
    return tuple(
        (rule, decide)
        for rule, decide, words in RULES
        if words is None or not words.isdisjoint(said)
    )

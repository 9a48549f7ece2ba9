"""What the sentence does (rules.md 5): one of the contract's intents, by the first rule that holds."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.scene import Scene, asks_price, denied, how_many, negates, to_come


def intent(scene: Scene) -> tuple[str, str]:
    """(intent, the rule that decided)."""
    for rule, decide in RULES:
        found = decide(scene)
        if found:
            return found, rule
    return "other", "nothing else"


# -- the rules, in their order


def _quoted(scene: Scene) -> str | None:
    quoted = sum(scene.text.count(sign) for sign in "\"“”'«»") >= 2
    return "help" if quoted and (scene.asked or scene.says("help_word")) else None


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


def _help(scene: Scene) -> str | None:
    if not scene.says("help_word") or scene.says("training_word") or scene.says("register_word"):
        return None
    return None if scene.sell is not None and scene.money and not scene.asked else "help"


def _return(scene: Scene) -> str | None:
    if not scene.says("returned") or scene.says("order"):
        return None
    return "correct_last" if scene.amounts or scene.goods or scene.buyer else None


def _erase(scene: Scene) -> str | None:
    if scene.tells("just_now") and scene.says("erase", "wrong") and not scene.says("order"):
        return "correct_last"
    return None


def _correct(scene: Scene) -> str | None:
    if _order(scene) and not scene.tells("just_now"):
        return None
    if _takes_down(scene) and not scene.says("wrong"):
        return None
    if scene.says("update_price") and scene.goods and not scene.says("wrong_only"):
        return None
    return "correct_last" if _says_correction(scene) else None


def _says_correction(scene: Scene) -> bool:
    if any(
        scene.at.tags[p]["wrong"].end > p + 1 or scene.at.tokens[p].bare != "doi"
        for p in scene.each("wrong")
    ):
        return True
    contrast = any(scene.at.tags[p]["not_that"].end > p + 1 for p in scene.each("not_that"))
    return contrast or scene.says("right_is")


def _forgot(scene: Scene) -> str | None:
    """*à quên thêm hai chục trứng nữa*"""
    ends = scene.at.has(0, "more") and scene.at.says("again") and scene.sell is None
    if ends and scene.counted:
        return "correct_last"
    if (
        scene.says("forgot")
        and (scene.amounts or scene.goods)
        and scene.sell is None
        and not scene.says("order", "owed")
    ):
        return "correct_last"
    return None


def _order(scene: Scene) -> bool:
    return any(
        not scene.at.has(p, "not_order") and not scene.at.has(p - 1, "not_order")
        for p in scene.each("order")
    )


def _orders(scene: Scene) -> str | None:
    if not _order(scene):
        return None
    if scene.sell is not None and scene.money and not scene.asked:
        return None
    if scene.sell is not None and how_many(scene):
        return "stats"
    if scene.asked or how_many(scene) or scene.says("order_ask"):
        return "check_orders" if not scene.says("stats_word") else None
    look, cancel = scene.first("look_first"), scene.first("cancel", "erase")
    if look is not None and (cancel is None or look < cancel):
        return "check_orders"
    if cancel is not None:
        return "cancel_order"
    return "confirm_order" if scene.says("confirm") else "check_orders"


def _order_words(scene: Scene) -> str | None:
    """Orders without the word: *có ai đặt hàng không, khách bom hàng rồi, ừ nhận đi*."""
    if scene.says("order_ask") and (scene.asked or not scene.money):
        return "check_orders"
    if scene.says("cancel_sure"):
        return "cancel_order"
    at = scene.first("confirm_bare")
    if at is not None and not scene.amounts and not scene.goods and scene.at.count <= 6:
        return "confirm_order"
    return None


def _stats(scene: Scene) -> str | None:
    if scene.says("if"):
        return None
    if scene.says("stats_word") and not (
        scene.sell is not None and scene.money and not scene.asked
    ):
        return "stats" if not scene.says("offer") else None
    if _compares(scene) or _period_only(scene):
        return "stats"
    if asks_price(scene):
        return None
    sold = scene.sell is not None or scene.says("got", "money", "total", "buy")
    return (
        "stats"
        if how_many(scene) and sold and not scene.money and not scene.says("other_seller")
        else None
    )


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
    return (
        "training"
        if scene.says("training_word") and not (scene.sell is not None and scene.money)
        else None
    )


def _takes_down(scene: Scene) -> bool:
    """*gỡ, ẩn* in one syllable without marks count only at the beginning: *an* also eats."""
    found = ((p, scene.at.tags[p]["unlist"]) for p in scene.each("unlist"))
    return any(tag.exact or tag.end > p + 1 or p == 0 for p, tag in found)


def _unlist(scene: Scene) -> str | None:
    if _takes_down(scene) and not scene.says("buy"):
        return "list_product"
    sell = scene.sell
    if (
        sell is not None
        and denied(scene, sell)
        and scene.at.says("again")
        and scene.goods
        and not scene.amounts
    ):
        return "list_product"
    counted = scene.sell is not None and scene.counted
    return "list_product" if scene.says("update_price") and scene.goods and not counted else None


def _offer(scene: Scene) -> str | None:
    if scene.asked and not scene.money:
        return None
    sell = scene.sell
    offer = scene.first("offer")
    if offer is not None and (negates(scene, offer - 1) or scene.says("hearsay")):
        return None
    if offer is not None and not (sell is not None and sell < offer and denied(scene, sell)):
        return "list_product"
    if sell is None and scene.at.has(0, "more") and scene.goods and scene.money:
        return "list_product"
    have = next((p for p in scene.each("have") if _offers(scene, p)), None)
    sold = sell is not None and have is not None and sell < have
    if have is not None and scene.goods and not sold and not _sold_to(scene):
        return "list_product"
    return None


def _offers(scene: Scene, at: int) -> bool:
    """*nhà em có, bên mình có, mình còn*; not *có khách mua*, not *còn nợ*."""
    word = scene.at.tokens[at]
    if word.low == "con" and any(g.start in (at, at + 1) for g in scene.goods):
        return False  # con gà, not còn
    if scene.at.has(at + 1, "guest", "owed", "no", "sell", "buy") or scene.at.has(at, "owed"):
        return False
    before = at - 1
    while (
        before >= 0
        and scene.at.has(before, "just", "noise")
        and not scene.at.has(before, "household")
    ):
        before -= 1
    return (
        before < 0
        or scene.at.has(before, "household")
        or (bool(scene.goods) and scene.goods[0].end <= at)
    )


def _sold_to(scene: Scene) -> bool:
    return scene.buyer is not None or (scene.says("buy") and scene.says("guest"))


def _by_others(scene: Scene) -> bool:
    """*hàng xóm bán…*; *bán cho người ta* is ours."""
    sell = scene.sell
    return any(sell is None or at < sell for at in scene.each("other_seller"))


def _sale(scene: Scene) -> str | None:
    sell = scene.sell
    if scene.says("if") or scene.asked or scene.other_seller or _by_others(scene):
        return None
    if how_many(scene) and not scene.money:
        return None
    if sell is None and scene.says("gift", "taste"):
        return None
    if sell is not None:
        return (
            None
            if denied(scene, sell) or to_come(scene, sell) or not _something(scene)
            else "log_sale"
        )
    if _bought_from_us(scene) or _income(scene):
        return "log_sale"
    return None


def _something(scene: Scene) -> bool:
    return bool(scene.amounts or scene.goods or scene.buyer) or scene.at.count <= 3


def _bought_from_us(scene: Scene) -> bool:
    """*chị Hương mua bốn lọ*, *có khách mua*, *3 khách thuê xuồng*: somebody else is the one who buys."""
    buys = scene.first("buy", "use_service")
    if buys is None or not (scene.money or scene.counted) or scene.says("future", "deposit"):
        return False
    if any(negates(scene, p) for p in (buys - 1, buys - 2, buys + 1)) or scene.says("inquire"):
        return False
    return scene.buyer is not None or any(p < buys for p in scene.each("guest"))


def _income(scene: Scene) -> bool:
    """*thu 500k tiền rau, được ba củ tiền heo*; a sum, goods and the one who took them."""
    if not scene.money or scene.says(
        "purchase", "deposit", "spent", "future", "no", "not_yet", "fee", "owed", "gift"
    ):
        return False
    if scene.says("expense"):
        return False
    if scene.says("income") and scene.goods:
        return True
    return bool(scene.goods) and scene.counted


_NO_LISTING = (
    *("purchase", "if", "deposit", "no", "not_yet", "other_seller", "spent", "fee", "owed"),
    *("expense", "inquire", "got", "gift", "hearsay"),
)


def _price_only(scene: Scene) -> str | None:
    """*mật ong 220k một lít*: goods and their price, nothing done."""
    if not scene.goods or not scene.money or scene.asked or scene.says(*_NO_LISTING):
        return None
    return "list_product" if scene.sell is None else None


def _thanks(scene: Scene) -> str | None:
    at = next(iter(scene.at.where.get("thanks_word", ())), None)
    return (
        "other" if at is not None and at <= 1 and not scene.amounts and not _order(scene) else None
    )


def _greeting(scene: Scene) -> str | None:
    at = next(iter(scene.at.where.get("greet", ())), None)
    if at is not None and at <= 2 and not scene.amounts:
        return "greeting"
    called = scene.first("call_end")
    return "greeting" if called is not None and scene.at.count <= 3 and not scene.amounts else None


RULES: tuple[tuple[str, Callable[[Scene], str | None]], ...] = (
    ("quoted example", _quoted),
    ("how it is done", _how_to),
    ("goods come back", _return),
    ("strike the last", _erase),
    ("correction", _correct),
    ("forgotten item", _forgot),
    ("thanks", _thanks),
    ("orders", _orders),
    ("orders without the word", _order_words),
    ("help", _help),
    ("figures", _stats),
    ("goods taken down or repriced", _unlist),
    ("joining", _register),
    ("training", _training),
    ("offer", _offer),
    ("sale", _sale),
    ("goods and a price", _price_only),
    ("greeting", _greeting),
)

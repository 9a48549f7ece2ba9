"""What is sold or offered: sales, offers, goods taken down (rules.md 5)."""

from __future__ import annotations

from bot.language.scene import Scene, denied, how_many, however_many, negates, plans, to_come

_NO_LISTING = (
    *("purchase", "if", "no", "not_yet", "other_seller", "spent", "fee", "owed"),
    *("expense", "inquire", "got", "gift", "hearsay"),
)

_NO_INCOME = (
    *("purchase", "deposit", "spent", "no", "not_yet", "fee", "owed", "gift", "expense"),
    *("inquire", "hearsay"),
)


def takes_down(scene: Scene) -> bool:
    """*gỡ, ẩn* in one syllable without marks count only at the beginning: *an* also eats."""
    found = ((p, scene.at.tags[p]["unlist"]) for p in scene.each("unlist"))
    return any(tag.exact or tag.end > p + 1 or p == 0 for p, tag in found)


def _buys(scene: Scene) -> bool:
    """A verb of buying; *het mua* (hết mùa) is none."""
    inside = {p + 1 for p in scene.each("unlist") if scene.at.tags[p]["unlist"].end > p + 1}
    return any(p not in inside for p in scene.each("buy"))


def taken_down(scene: Scene) -> str | None:
    """*gỡ xuống, hết hàng, không bán nữa, đổi giá, tồn kho còn 40 chai*"""
    if takes_down(scene) and not _buys(scene) and not any(plans(scene)):
        return "list_product"
    if scene.says("update_stock") and scene.goods and scene.counted and scene.sell is None:
        return "list_product"
    sell = scene.sell
    if (
        sell is not None
        and denied(scene, sell)
        and "again" in scene.at.kinds
        and scene.goods
        and not scene.amounts
    ):
        return "list_product"
    counted = scene.sell is not None and scene.counted
    return "list_product" if scene.says("update_price") and scene.goods and not counted else None


def offered(scene: Scene) -> str | None:
    """*đăng bán, nhà em có, ai lấy không, còn 20 kg*"""
    if scene.asked and not scene.money:
        return None
    sell = scene.sell
    offer = scene.first("offer")
    if offer is not None and (negates(scene, offer - 1) or scene.says("hearsay")):
        return None
    if offer is not None and _has_sold(scene, offer):
        offer = None
    not_sold = sell is not None and offer is not None and sell < offer and denied(scene, sell)
    if ((offer is not None and not not_sold) or _to_everybody(scene)) and not pays_ahead(scene):
        return "list_product"
    if sell is None and "more" in scene.at.tags[0] and scene.goods and scene.money:
        return "list_product"
    have = next((p for p in scene.each("have") if _offers(scene, p)), None)
    sold = sell is not None and have is not None and sell < have
    if have is not None and scene.goods and not sold and not _sold_to(scene):
        return "list_product"
    return None


def _has_sold(scene: Scene, offer: int) -> bool:
    """*hôm qua mình có bán cho đại lý*: of a day that was, or to somebody, *có bán* tells what was done."""
    did = list(scene.at.bare[offer : offer + 2]) == [
        "co",
        "ban",
    ]
    gone = any(day.past is not None and day.past <= scene.today for day in scene.days)
    return did and (scene.buyer is not None or (gone and scene.counted))


def _to_everybody(scene: Scene) -> bool:
    """*bên em bán cam 25k/kg nha mọi người*, *bán sỉ ớt 28k/kg, từ 50 kg trở lên*: a price, nothing sold."""
    priced = bool(scene.goods) and scene.money and scene.buyer is None and not scene.days
    return priced and scene.says("audience", "from_up")


def _offers(scene: Scene, at: int) -> bool:
    """*nhà em có, bên mình có, mình còn*; not *có khách mua*, not *còn nợ*."""
    word = scene.at.tokens[at]
    if word.low == "con" and any(g.start in (at, at + 1) for g in scene.goods):
        return False  # con gà, not còn
    if (
        scene.at.has(at + 1, "guest", "owed", "no", "sell", "buy", "who")
        or "owed" in scene.at.tags[at]
    ):
        return False
    before = at - 1
    while (
        before >= 0
        and scene.at.has(before, "just", "noise")
        and "household" not in scene.at.tags[before]
    ):
        before -= 1
    return (
        before < 0
        or "household" in scene.at.tags[before]
        or (bool(scene.goods) and scene.goods[0].end <= at)
    )


def _sold_to(scene: Scene) -> bool:
    return scene.buyer is not None or (scene.says("buy") and scene.says("guest"))


def by_others(scene: Scene) -> bool:
    """*hàng xóm bán…*; *bán cho người ta* is ours."""
    others, sell = scene.each("other_seller"), scene.sell
    return bool(others) and (sell is None or others[0] < sell)


def sold(scene: Scene) -> str | None:
    """*bán, giao; chị Lan lấy; thu 500k tiền rau*: done, by this household."""
    sell = scene.sell
    if scene.says("if") or scene.asked or scene.other_seller or by_others(scene):
        return None
    if not scene.money and (how_many(scene) or _however_many(scene)):
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


def _however_many(scene: Scene) -> bool:
    return any(however_many(scene, p) for p in scene.each("how_many"))


def _something(scene: Scene) -> bool:
    if scene.amounts or scene.buyer or scene.at.count <= 5:
        return True
    return any(goods.product is not None for goods in scene.goods)


def _bought_from_us(scene: Scene) -> bool:
    """*chị Hương mua bốn lọ*, *có khách mua*, *3 khách thuê xuồng*: somebody else is the one who buys."""
    buys = scene.first("buy", "use_service")
    given = "buyer_sign" in scene.at.tags[0] and not scene.money  # cho hàng xóm 3 kg cam ăn
    if buys is None or not (scene.money or scene.counted) or given:
        return False
    if any(plans(scene)) or pays_ahead(scene):
        return False
    if negates(scene, buys - 1) or negates(scene, buys - 2) or negates(scene, buys + 1):
        return False
    if scene.says("inquire"):
        return False
    return scene.buyer is not None or any(p < buys for p in scene.each("guest"))


def pays_ahead(scene: Scene) -> bool:
    """A deposit and no other sum: nothing is sold yet."""
    if not scene.says("deposit"):
        return False
    sums = [a for a in scene.amounts if a.kind == "money"]
    alone = len(sums) == 1 and not scene.goods  # nhận cọc chị Hoa 500 ngàn
    ahead = bool(sums) and all(a.marker == "deposit" for a in sums)
    return alone or ahead


def _income(scene: Scene) -> bool:
    """*thu 500k tiền rau, được ba củ tiền heo*; a sum, goods and the one who took them."""
    if not scene.money or any(plans(scene)) or scene.says(*_NO_INCOME):
        return False
    if scene.says("income") and scene.goods:
        return True
    return bool(scene.goods) and scene.counted


def priced(scene: Scene) -> str | None:
    """*mật ong 220k một lít*: goods and their price, nothing done."""
    if not scene.goods or not scene.money or scene.asked or scene.says(*_NO_LISTING):
        return None
    if any(a.marker == "deposit" and a.kind == "money" for a in scene.amounts):
        return None
    return "list_product" if scene.sell is None else None

"""Our own labelled messages are sound themselves: a wrong label would teach a wrong rule.

`heldout.jsonl` is the blind part: failures here name a message by its id only.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "language"
INTENTS = {
    *("log_sale", "list_product", "correct_last", "check_orders", "confirm_order", "cancel_order"),
    *("stats", "register", "training", "help", "greeting", "other"),
}
KILOS = {
    "lạng": Decimal("0.1"),
    "kg": Decimal(1),
    "yến": Decimal(10),
    "tạ": Decimal(100),
    "tấn": Decimal(1000),
}


def _read(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines]


MESSAGES, HELDOUT = _read("messages.jsonl"), _read("heldout.jsonl")
EVERY = MESSAGES + HELDOUT


def _wrong(rule: Any) -> list[str]:
    return [row["id"] for row in EVERY if not rule(row)]


def _price_units(item: dict[str, Any]) -> Decimal | None:
    """How many price units the item holds; None where only a person can say."""
    quantity, unit, priced = item["quantity"], item["unit"], item["price_unit"]
    if None in (quantity, unit, priced):
        return None
    if unit == priced:
        return Decimal(quantity)
    if unit in KILOS and priced in KILOS:
        return quantity * KILOS[unit] / KILOS[priced]
    return quantity * item["pack_size"] if item.get("pack_unit") == priced else None


def _adds_up(row: dict[str, Any]) -> bool:
    """A derived total is quantity x unit price; a stated one may differ."""
    if row["intent"] != "log_sale" or "total_vnd" not in row["derived"]:
        return True
    for item in row["slots"].get("items", []):
        count = _price_units(item)
        if (
            item["unit_price_vnd"]
            and count is not None
            and item["total_vnd"] != count * item["unit_price_vnd"]
        ):
            return False
    return True


def test_there_are_300_messages_100_of_them_held_out():
    assert len(MESSAGES) >= 200
    assert len(HELDOUT) == 100


def test_no_message_is_there_twice():
    assert len({row["id"] for row in EVERY}) == len(EVERY)
    assert len({row["text"].lower() for row in EVERY}) == len(EVERY)


def test_intents_styles_and_dialects_are_the_known_ones():
    assert _wrong(lambda row: row["intent"] in INTENTS) == []
    assert _wrong(lambda row: row["style"] in {"typed", "nodia", "voice"}) == []
    assert _wrong(lambda row: row["dialect"] in {"N", "C", "S", "-"}) == []


def test_a_message_without_diacritics_has_none():
    assert _wrong(lambda row: row["style"] != "nodia" or row["text"].isascii()) == []


def test_money_is_whole_dong():
    def whole(row: dict[str, Any]) -> bool:
        items = [row["slots"], *row["slots"].get("items", [])]
        return all(
            isinstance(item[k], int | None)
            for item in items
            for k in ("unit_price_vnd", "total_vnd")
        )

    assert _wrong(whole) == []


def test_a_derived_total_is_quantity_times_price():
    assert _wrong(_adds_up) == []


def test_what_is_no_sale_must_not_be_logged():
    loggable = {"log_sale", "list_product", "correct_last"}
    assert _wrong(lambda row: row["intent"] in loggable or row["must_not"] == "log") == []


def test_a_sale_that_is_not_asked_has_its_money():
    def priced(row: dict[str, Any]) -> bool:
        if row["intent"] != "log_sale" or row["ask"]:
            return True
        return all(item["product"] and item["total_vnd"] for item in row["slots"]["items"])

    assert _wrong(priced) == []

"""Events as one line of a transcript each: `sale_logged code=KX42 product="quýt hồng" …`. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from domain.events import Event, SaleItem

UNSHOWN = frozenset(
    {
        "id",
        "household",
        "person",
        "channel",
        "at",
        "sample",
        "type",
        "province",
        "commune",
        "before",
        "worker",
        "paper",
    }
)
"""Fields that no line shows; what stands below is added to them for one type of event."""

UNSHOWN_OF: dict[str, frozenset[str]] = {
    "household_registered": frozenset({"code"}),
    "product_listed": frozenset({"evidence"}),
    "product_changed": frozenset({"stars_before", "evidence", "evidence_before", "platforms"}),
    "product_photo_added": frozenset({"photo"}),
    "product_withdrawn": frozenset({"ocop_stars", "evidence"}),
    "channel_joined": frozenset({"link", "before"}),
    "channel_left": frozenset({"ref"}),
    "order_placed": frozenset({"buyer", "deadline", "source", "placed_at"}),
    "order_confirmed": frozenset({"platform", "code", "by", "holds"}),
    "order_packed": frozenset({"platform", "by"}),
    "order_shipped": frozenset({"platform", "by"}),
    "order_cancelled": frozenset({"platform", "gives"}),
    "order_put_off": frozenset({"platform", "until"}),
    "order_expired": frozenset({"platform", "by"}),
    "order_completed": frozenset({"code", "date", "by"}),
    "order_matched": frozenset({"platform", "by"}),
    "order_paid": frozenset({"platform", "by", "code"}),
    "order_returned": frozenset({"platform", "by", "code", "gives"}),
    "course_announced": frozenset({"ends", "capacity"}),
    "training_attended": frozenset({"date", "people"}),
    **dict.fromkeys(("help_requested", "help_asked", "help_answered"), frozenset({"message"})),
    "help_opened": frozenset({"member", "message"}),
    "help_taken_over": frozenset({"before"}),
    "help_closed": frozenset({"by"}),
    "role_given": frozenset({"by", "invitation"}),
    "role_withdrawn": frozenset({"by"}),
    "report_submitted": frozenset({"submission", "sender"}),
    "report_checked": frozenset({"submission"}),
    "report_accepted": frozenset({"submission"}),
    "report_sent_back": frozenset({"submission"}),
    "report_received": frozenset(
        {"submission", "adds", "previous", "next_month", "reporter", "note"}
    ),
    "report_taken_back": frozenset({"submission", "previous", "next_month"}),
    "province_status_reported": frozenset({"submission", "reporter", "note"}),
    "province_status_taken_back": frozenset({"submission"}),
    "article_listed": frozenset({"submission"}),
    "certificate_given": frozenset(
        {"photo", "evidence", "stars_before", "evidence_before", "platforms"}
    ),
    "certificate_confirmed": frozenset({"evidence_before", "platforms"}),
    "certificate_disputed": frozenset({"evidence_before", "platforms"}),
    "sale_withdrawn": frozenset({"platform", "evidence"}),
    "household_moved": frozenset({"standing"}),
    "sale_restored": frozenset({"platform", "evidence"}),
    "summary_published": frozenset({"figures", "words", "notes", "xact", "position", "min_cell"}),
}
SHOWN_OF = {
    "household_registered": frozenset({"province", "commune"}),
    "household_moved": frozenset({"province", "commune"}),
    "report_received": frozenset({"province"}),
    "report_taken_back": frozenset({"province"}),
    "province_status_reported": frozenset({"province"}),
}
ORDER_OF = {"consent_given": ("purpose", "scope", "version")}
"""The order of the fields where it is not that of the event's class."""


def event_line(event: Event) -> str:
    """The type, then the fields that say what happened; a value with spaces in double quotes."""
    shown = [(name, value) for name, value in _fields(event) if value is not None]
    return " ".join([event.type, *(f"{name}={_quoted(value)}" for name, value in shown)])


def _fields(event: Event) -> list[tuple[str, Any]]:
    unshown = (UNSHOWN | UNSHOWN_OF.get(event.type, frozenset())) - SHOWN_OF.get(
        event.type, frozenset()
    )
    names = ORDER_OF.get(event.type, tuple(type(event).model_fields))
    fields: list[tuple[str, Any]] = []
    for name in names:
        if name == "items":
            fields += _items(event.items)  # type: ignore[union-attr]
        elif name not in unshown:
            fields.append((name, getattr(event, name)))
    return fields


def _items(items: tuple[SaleItem, ...]) -> list[tuple[str, Any]]:
    """The fields of a single product, or all products in words."""
    if len(items) != 1:
        return [("items", ", ".join(map(_item, items)))]
    return [(name, value) for name, value in _single(items[0]) if name != "total_vnd"]


def _single(item: SaleItem) -> list[tuple[str, Any]]:
    alike = item.price_unit == item.unit
    return [(k, v) for k, v in item if not (k == "price_unit" and alike)]


def _item(item: SaleItem) -> str:
    amount = [item.quantity, item.unit, item.product]
    words = " ".join(_plain(part) for part in amount if part is not None)
    if item.pack_size is not None:
        words += f" × {_plain(item.pack_size)} {item.pack_unit}"
    if item.unit_price_vnd is None:
        return f"{words} = {item.total_vnd}"
    unit = "" if item.price_unit in {None, item.unit} else f"/{item.price_unit}"
    return f"{words} × {item.unit_price_vnd}{unit}"


def _quoted(value: object) -> str:
    text = _plain(value)
    return f'"{text}"' if " " in text or not text else text


def _plain(value: object) -> str:
    """The value as it reads: no exponent and no empty decimals."""
    if not isinstance(value, Decimal):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""What the description of the API says of bodies that are read without FastAPI; their readers check them."""

from __future__ import annotations

from typing import Any

from bot.order_lines import MOST_ORDERS
from bot.report_cells import LARGEST, LONGEST_NOTE
from bot.report_files import COLUMNS, MOST_LINES, REQUIRED
from bot.summary import PLATFORMS
from domain.decision_468 import INDICATOR as DECISION_468
from domain.decision_468 import STATUSES
from domain.indicators import INDICATORS

_DAY = {"type": "string", "format": "date"}
_WHOLE = {"type": "integer", "minimum": 0, "maximum": LARGEST}
_NOTE = {"type": ["string", "null"], "maxLength": LONGEST_NOTE}
_COLUMNS: dict[str, dict[str, Any]] = {
    "period_from": {"description": "First day, included", **_DAY},
    "period_to": {"description": "Last day, included", **_DAY},
    "indicator": {
        "type": "string",
        "enum": [one.key for one in INDICATORS.values() if one.reported],
    },
    "platform": {"enum": [*PLATFORMS, None]},
    "value": _WHOLE,
    "province": {"description": "Name or code on the last day", "type": ["string", "null"]},
    "confirmed": {"type": ["boolean", "null"]},
}
_FIGURE = {
    "type": "object",
    "title": "Figure",
    "required": REQUIRED,
    "properties": {name: _COLUMNS.get(name, _NOTE) for name in COLUMNS},
    "additionalProperties": False,
}
_STATUS = {
    **_FIGURE,
    "title": "Status of a province under Decision 468",
    "required": ("period_to", "indicator", "value", "province"),
    "properties": {name: _COLUMNS.get(name, _NOTE) for name in COLUMNS if name != "platform"}
    | {"indicator": {"const": DECISION_468}, "value": {"enum": STATUSES}},
}
_ORDER = {"$ref": "#/components/schemas/ToldOrder"}


_EXAMPLE_REPORTS = [
    {
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
        "indicator": "transactions",
        "platform": "voso",
        "value": 1520,
        "province": "82",
    }
]
_EXAMPLE_ORDERS = [
    {
        "order_id": "VS-1187",
        "platform": "voso",
        "shop": "vuon-co-ba",
        "status": "placed",
        "placed_at": "2026-11-21T07:30:00+07:00",
        "items": [{"product": "sample", "quantity": "20", "unit": "kg", "total_vnd": 700000}],
        "total_vnd": 700000,
    }
]


def _json(schema: dict[str, Any], example: object) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def _list(most: int, of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "maxItems": most, "items": of}


REPORTS = _json(_list(MOST_LINES, {"anyOf": [_FIGURE, _STATUS]}), _EXAMPLE_REPORTS)
ORDERS = _json({"anyOf": [_ORDER, _list(MOST_ORDERS, _ORDER)]}, _EXAMPLE_ORDERS)

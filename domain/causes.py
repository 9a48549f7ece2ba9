"""Which kind of event moved a figure: its type, and apart from it a report that replaces another."""

from __future__ import annotations

from domain.events import Event, ReportReceived

REPORT_REPLACED = "report_replaced"


def cause_of(event: Event) -> str:
    """`sale_logged`, `order_completed`, `report_received`, …; `report_replaced`."""
    if isinstance(event, ReportReceived) and event.replaces is not None:
        return REPORT_REPLACED
    return event.type

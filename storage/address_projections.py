"""What becomes of digital addresses, event by event, and what of it is news to the household."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from domain import digital_address_events as facts
from storage import digital_addresses
from storage.address_news import tell
from storage.ledger import Origin


def _given(tx: Connection, event: facts.DigitalAddressGiven, _: Origin) -> None:
    """The code itself comes beside the event (`storage.personal`)."""
    if event.by == "worker":
        tell(tx, event, "given")


def _confirmed(tx: Connection, event: facts.DigitalAddressConfirmed, _: Origin) -> None:
    digital_addresses.confirmed(tx, event)
    tell(tx, event, "confirmed")


def _disputed(tx: Connection, event: facts.DigitalAddressDisputed, _: Origin) -> None:
    digital_addresses.disputed(tx, event)
    tell(tx, event, "disputed")


def _upheld(tx: Connection, event: facts.DigitalAddressUpheld, _: Origin) -> None:
    digital_addresses.upheld(tx, event)


def _asked(tx: Connection, event: facts.DigitalAddressAsked, _: Origin) -> None:
    tell(tx, event, "asked")


ADDRESS_PROJECTIONS: Mapping[type[Any], Callable[[Connection, Any, Origin], None]] = (
    MappingProxyType(
        {
            facts.DigitalAddressGiven: _given,
            facts.DigitalAddressConfirmed: _confirmed,
            facts.DigitalAddressDisputed: _disputed,
            facts.DigitalAddressUpheld: _upheld,
            facts.DigitalAddressAsked: _asked,
        }
    )
)

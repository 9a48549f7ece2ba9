"""What happens to digital addresses: asked for, given, confirmed… `address` is which version of it.

Taking one away is `consent_withdrawn` of the purpose `address`.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.facts import Fact


class DigitalAddressAsked(Fact):
    """`person`, a worker who wants to take it down on a visit, asks the household whether they may."""

    type: Literal["digital_address_asked"] = "digital_address_asked"


class DigitalAddressGiven(Fact):
    """`person` gave it: of the household, or a worker on a visit, which confirms it.

    It takes the place of an earlier one.
    """

    type: Literal["digital_address_given"] = "digital_address_given"
    address: UUID
    by: Literal["household", "worker"]


class DigitalAddressConfirmed(Fact):
    """`person`, a worker, has seen that the household lives there."""

    type: Literal["digital_address_confirmed"] = "digital_address_confirmed"
    address: UUID


class DigitalAddressDisputed(Fact):
    """`person`, a worker, has seen that it does not fit; the household is asked, nothing is overwritten."""

    type: Literal["digital_address_disputed"] = "digital_address_disputed"
    address: UUID


class DigitalAddressUpheld(Fact):
    """The household says that it does fit: it waits for a worker again."""

    type: Literal["digital_address_upheld"] = "digital_address_upheld"
    address: UUID


DigitalAddressEvent = (
    DigitalAddressAsked
    | DigitalAddressGiven
    | DigitalAddressConfirmed
    | DigitalAddressDisputed
    | DigitalAddressUpheld
)

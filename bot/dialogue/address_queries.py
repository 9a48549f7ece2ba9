"""What conversations about digital addresses ask the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.digital_address import DigitalAddress

AddressNewsKind = Literal["asked", "given", "confirmed", "disputed"]


@dataclass(frozen=True, slots=True)
class OwnDigitalAddress:
    """The household's address in force -> DigitalAddress | None."""


@dataclass(frozen=True, slots=True)
class AddressNewsTold:
    """What a piece of news says, if it still holds -> AddressTold | None."""

    news: UUID


@dataclass(frozen=True, slots=True)
class AddressTold:
    """What a worker did; `worker` is their name, if it is known."""

    kind: AddressNewsKind
    address: DigitalAddress | None
    worker: str | None


@dataclass(frozen=True, slots=True)
class HouseholdToVisit:
    """A household, by code, locked, that the asker may visit as a worker -> Visited | None."""

    code: str


@dataclass(frozen=True, slots=True)
class Visited:
    """`agreed`: it lets us keep its digital address; `withdrew`: it did once; `asked`: a worker did of late.

    `reached`: somebody of it talks to us; `address` is the one in force.
    """

    household: UUID
    code: str
    province: str
    commune: str
    agreed: bool
    withdrew: bool
    asked: bool
    reached: bool
    address: DigitalAddress | None


@dataclass(frozen=True, slots=True)
class WaitingAddresses:
    """How many addresses of the asker's area wait for a worker -> int."""


AddressQuery = OwnDigitalAddress | AddressNewsTold | HouseholdToVisit | WaitingAddresses
AddressAnswer = DigitalAddress | AddressTold | Visited

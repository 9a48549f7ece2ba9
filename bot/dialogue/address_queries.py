"""What conversations about digital addresses ask the store."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnDigitalAddress:
    """The household's address in force -> DigitalAddress | None."""


AddressQuery = OwnDigitalAddress

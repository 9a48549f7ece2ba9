"""What conversations ask about confirming and disputing, answered in their transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from bot.dialogue.check_queries import (
    CheckAnswer,
    ClaimToDecide,
    OpenClaims,
    OwnCertificate,
    OwnDecision,
)
from domain.certificates import Certificate
from domain.checks import Claim, Decision
from storage.check_lists import put_forward
from storage.checks import claim_of, own_certificate, own_decision
from storage.roles import roles_of


class Asker(Protocol):
    """Who asks, and when."""

    @property
    def person(self) -> UUID: ...
    @property
    def household(self) -> UUID | None: ...
    @property
    def at(self) -> dt.datetime: ...


def _open(tx: Connection, _: OpenClaims, asker: Asker) -> tuple[Claim, ...]:
    return tuple(put_forward(tx, asker.person, roles_of(tx, asker.person), asker.at))


def _claim(tx: Connection, query: ClaimToDecide, asker: Asker) -> Claim | None:
    roles = roles_of(tx, asker.person)
    return claim_of(tx, asker.person, roles, query.home, query.subject, query.ref, locked=True)


def _decision(tx: Connection, query: OwnDecision, asker: Asker) -> Decision | None:
    return own_decision(tx, asker.household, query.subject, query.ref)


def _certificate(tx: Connection, query: OwnCertificate, asker: Asker) -> Certificate | None:
    return own_certificate(tx, asker.household, query.code)


CHECK_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Asker], CheckAnswer | None]] = (
    MappingProxyType(
        {
            OpenClaims: _open,
            ClaimToDecide: _claim,
            OwnDecision: _decision,
            OwnCertificate: _certificate,
        }
    )
)

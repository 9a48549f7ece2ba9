"""What happens to roles: given and taken back, with who did it."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.facts import Fact
from domain.roles import RoleKind


class RoleGiven(Fact):
    """`person` has taken the role; `by` invited them, nobody when it came from the command line.

    `invitation` is the hash of the one-time word.
    """

    type: Literal["role_given"] = "role_given"
    role: RoleKind
    area: str
    by: UUID | None = None
    invitation: str


class RoleWithdrawn(Fact):
    """`person` has the role no longer; `by` took it back, nobody when it came from the command line."""

    type: Literal["role_withdrawn"] = "role_withdrawn"
    role: RoleKind
    area: str
    by: UUID | None = None


RoleEvent = RoleGiven | RoleWithdrawn

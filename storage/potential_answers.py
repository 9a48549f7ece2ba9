"""What conversations ask about households with potential, answered in their transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, exists

from bot.dialogue.help_queries import Correspondent
from bot.dialogue.potential_queries import MostPromising, PromisingHousehold
from storage.areas import CONSENTED, seen_by
from storage.potential import most_promising
from storage.roles import roles_of
from storage.schema import household
from storage.worker_day import WHO


class Asker(Protocol):
    """Who asks."""

    @property
    def person(self) -> UUID: ...


def _promising(
    tx: Connection, query: MostPromising, asker: Asker
) -> tuple[PromisingHousehold, ...]:
    roles = roles_of(tx, asker.person)
    found, _ = most_promising(tx, roles, most=query.most)
    ids = [one.id for one in found]
    named = WHO.where(seen_by(roles), household.c.id.in_(ids), exists().where(*CONSENTED))
    who = {row.id: _who(row) for row in tx.execute(named)}
    return tuple(PromisingHousehold(who[one.id], one.record) for one in found if one.id in who)


def _who(row: Any) -> Correspondent:
    return Correspondent(row.id, row.member, row.code, row.province, row.commune, row.you, row.name)


POTENTIAL_ANSWERS: Mapping[type[Any], Callable[[Connection, Any, Any], Any]] = MappingProxyType(
    {MostPromising: _promising}
)

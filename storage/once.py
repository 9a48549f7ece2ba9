"""What was answered to a request that carried a key of its own: the same key gets the same answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.schema import meta
from storage.tokens import hashed
from storage.upsert import insert_new

_FIRST = insert_new(meta)
_KEPT = select(meta.c.value).where(meta.c.key == bindparam("which"))
_ANSWERED = update(meta).where(meta.c.key == bindparam("which")).values(value=bindparam("answer"))


def _name(key: str) -> str:
    return f"once:{hashed(key)[:32]}"


def earlier_answer(tx: Connection, key: str) -> dict[str, Any] | None:
    """The answer that this key got, or None for a new one, which is held until the transaction ends."""
    if tx.execute(_FIRST, {"key": _name(key), "value": {}}).rowcount == 1:
        return None
    kept: dict[str, Any] = tx.execute(_KEPT, {"which": _name(key)}).scalar_one()
    return kept


def keep_answer(tx: Connection, key: str, answer: dict[str, Any]) -> None:
    """From now on this is what the key gets."""
    tx.execute(_ANSWERED, {"which": _name(key), "answer": answer})

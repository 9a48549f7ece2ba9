"""Random words that open something: given out once, kept as their SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """32 random bytes, safe in an address."""
    return secrets.token_urlsafe(32)


def new_word() -> str:
    """16 random bytes, for an address that people send on."""
    return secrets.token_urlsafe(16)


def hashed(secret: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()

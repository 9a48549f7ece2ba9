"""Who a request comes from, for measures of how often people may do something without an account."""

from __future__ import annotations

from fastapi import Request

LOOPBACK = {"127.0.0.1", "::1"}


def caller_of(request: Request) -> str:
    """Whose address it is; behind a proxy of this machine, the last one that the proxy names."""
    host = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return named if named and host in LOOPBACK else host

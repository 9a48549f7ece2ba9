"""Answers that are not sent again while nothing changed: ETag, Last-Modified, 304 (RFC 9110, section 13)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request
from starlette.responses import Response

SECOND = dt.timedelta(seconds=1)
SETTLED = dt.timedelta(minutes=1)  # a second change of the same second is committed by then
OWN = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""Of an answer to a key: only its own cache may keep it, and asks each time."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What an answer stands on: its tag, quotes and all, and when it last changed (None: not known)."""

    tag: str
    changed: dt.datetime | None = None

    def headers(self, now: dt.datetime) -> dict[str, str]:
        """The validators. A second in which another change may still come is not named yet."""
        if self.changed is None:
            return {"ETag": self.tag}
        named = min(self.changed, now).replace(microsecond=0)
        if named + SECOND + SETTLED > now:
            named -= SECOND
        return {
            "ETag": self.tag,
            "Last-Modified": format_datetime(named.astimezone(dt.UTC), usegmt=True),
        }

    def is_known(self, request: Request) -> bool:
        """Whether whoever asks has this answer already. A tag says more than a time, so it goes first."""
        tags = request.headers.getlist("if-none-match")
        if tags:
            known = [one.strip().removeprefix("W/") for one in ",".join(tags).split(",")]
            return self.tag.removeprefix("W/") in known or known == ["*"]
        since = _moment(request.headers.get("if-modified-since"))
        if since is None or self.changed is None:
            return False
        return self.changed.replace(microsecond=0) <= since


def _moment(written: str | None) -> dt.datetime | None:
    """A date of HTTP; what is none says nothing."""
    try:
        found = parsedate_to_datetime(written or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def not_modified(stand: Stand, now: dt.datetime, more: dict[str, str]) -> Response:
    """304, with the headers that the answer itself would have."""
    return Response(status_code=304, headers=stand.headers(now) | more)

"""How a province is named in a summary."""

from __future__ import annotations

from pydantic import BaseModel


class PlaceName(BaseModel):
    """A province of the asked set; no code where it can't be told."""

    code: str | None
    name: str

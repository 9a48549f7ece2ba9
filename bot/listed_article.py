"""One news item, as it was listed."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel

from bot.place_name import PlaceName


class ListedArticle(BaseModel):
    """Title, link and province of a news item; no province: of the country, or it can't be told."""

    date: dt.date
    province: PlaceName | None
    title: str
    link: str

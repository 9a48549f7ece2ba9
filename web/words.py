"""Pages: the templates, and what all of them may use. Everything put into one is escaped."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import urlize
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from bot.locales.format import money, number
from bot.locales.spoken import spoken, text, written_day
from bot.locales.units import unit
from domain.household import ZONE
from domain.phones import phone_shown
from web.language import others

HERE = Path(str(files("web")))
STATIC = HERE / "static"
NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=[^\W\d_]{1,2}\b)")
FRESH = {"Cache-Control": "no-store"}


def t(key: str, **values: Any) -> str:
    """A text of the pages, filled."""
    return text(key).format(**values)


@cache
def static(name: str) -> str:
    """The address of a file that never changes: its content is part of the address."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def page(name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page that is not kept by caches."""
    return HTMLResponse(templates().get_template(name).render(values), status, FRESH)


@cache
def templates() -> Environment:
    """The templates of `web/templates`; a name they don't know is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "t": t,
        "static": static,
        "language": spoken,
        "languages": others,
        "sample": False,
    }
    environment.filters |= {
        "clock": _clock,
        "day": written_day,
        "linked": _linked,
        "money": _money,
        "number": _number,
        "phone": phone_shown,
        "unit": unit_of,
    }
    return environment


def _clock(at: dt.datetime) -> str:
    return f"{at.astimezone(ZONE):%H:%M}"


def _money(vnd: int) -> str:
    return money(vnd, spoken())


def _number(count: int) -> str:
    return number(count, spoken())


def unit_of(name: str) -> str:
    """`kg`, `quả`; what a price is of."""
    return unit(name, spoken(), southern=False)


def _linked(line: str) -> Markup:
    """The line with its addresses as links, numbers and their units kept together."""
    whole = NUMBER_AND_UNIT.sub("\u00a0", line)
    return Markup(urlize(escape(whole), rel="noopener noreferrer"))  # noqa: S704 escaped before

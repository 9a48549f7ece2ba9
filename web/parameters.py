"""The parameters of a question, as the description of the API has them; `bot.summary.ask` checks them."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import Query
from pydantic import AfterValidator, WithJsonSchema

from bot.locales.catalogue import languages
from bot.summary import PLATFORMS, By
from bot.summary_files import FORMATS

_MONTH = {"type": "string", "pattern": r"^2\d{3}-(0[1-9]|1[0-2])$"}
_PART = f"({'|'.join(get_args(By))})"
_PARTS = {"type": "string", "pattern": rf"^{_PART}(,{_PART})*$"}


def _one_of(*choices: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(choices)})


Month = Annotated[
    str,
    WithJsonSchema(_MONTH | {"examples": ["2022-08"]}),
    Query(alias="from", description="First month"),
]
LastMonth = Annotated[
    str, WithJsonSchema(_MONTH | {"examples": ["2023-06"]}), Query(description="Last month")
]
ProvinceName = Annotated[
    str | None,
    WithJsonSchema({"type": "string"}),
    Query(description="Name or code, of today or of before July 2025"),
]
PlatformName = Annotated[str | None, _one_of(*PLATFORMS), Query(description="Only this one")]
Apart = Annotated[
    list[str] | None,
    WithJsonSchema({"type": "array", "items": _PARTS}),
    Query(description="What is told apart; with commas or one after another"),
]
Provinces = Annotated[
    str | None,
    _one_of("63", "34"),
    Query(description="Which provinces are meant; of the last month's time"),
]


def _language(value: str | None) -> str | None:
    if value is not None and value not in languages():
        raise ValueError(f"must be one of {', '.join(languages())}")
    return value


Language = Annotated[
    str | None,
    AfterValidator(_language),
    _one_of(*languages()),
    Query(alias="lang", description="The language of words and numbers; else by Accept-Language"),
]
Shape = Annotated[str, _one_of(*FORMATS), Query(alias="format", description="The kind of file")]


def worded(_: Language = None) -> None:
    """Refuses what is no language of ours; `web.language` has settled which one is spoken."""


FILES: dict[str, Any] = {
    media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for name, (_, media) in FORMATS.items()
    if name != "json"
}
"""The kinds of files that a summary comes in, for a description's `content`."""

"""The log: JSON lines, or columns in a terminal; never a word, name or number of a person."""

from __future__ import annotations

import logging
import sqlite3
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = frozenset(
    {
        "address",
        "body",
        "button",
        "buyer",
        "caption",
        "chat",
        "commune",
        "contact",
        "content",
        "input",
        "latitude",
        "location",
        "longitude",
        "message",
        "name",
        "params",
        "payload",
        "phone",
        "photo",
        "replies",
        "reply",
        "request",
        "secret",
        "sender",
        "session",
        "ship_to",
        "shop",
        "slots",
        "text",
        "token",
        "update",
        "url",
        "user",
    }
)
"""Keys that could hold personal matter or a secret; `household`, `message_id` may stay."""

SAID_BY_THE_SYSTEM = (OSError, sqlite3.Error)
"""Faults that name files, hosts or tables; any other's sentence may repeat a person's words."""


def drop_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event without the keys of PERSONAL, at any depth."""
    return {key: _without(value) for key, value in event.items() if key not in PERSONAL}


def _without(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without(part) for key, part in value.items() if key not in PERSONAL}
    if isinstance(value, list | tuple):
        return [_without(part) for part in value]
    return value


def name_fault(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The exception as its kind, its causes' kinds and the lines it came through."""
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    if isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        event["fault"] = _chain(fault)
        event["at"] = _lines(fault)
    return event


def _chain(fault: BaseException) -> list[str]:
    names: list[str] = []
    link: BaseException | None = fault
    while link is not None and len(names) < 5:
        kind = type(link).__qualname__
        names.append(f"{kind}: {link}" if isinstance(link, SAID_BY_THE_SYSTEM) else kind)
        link = link.__cause__ or link.__context__
    return names


def _lines(fault: BaseException) -> list[str]:
    steps = traceback.extract_tb(fault.__traceback__)[-12:]
    return [f"{step.filename}:{step.lineno} {step.name}" for step in steps]


def start_log(level: str = "info", stream: TextIO = sys.stderr) -> None:
    """Sends our log and the libraries' warnings to the stream, at `LENSAN_LOG`'s level."""
    chosen = logging.getLevelNamesMapping()[level.upper()]
    every: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_fault,
        drop_personal,
    ]
    structlog.configure(
        processors=[*every, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _send_to(stream, every, chosen)


def _send_to(stream: TextIO, every: list[Processor], level: int) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=every,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _writer(stream),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    _quieten_libraries()


def _writer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _quieten_libraries() -> None:
    """Below warnings these write addresses with the bot's token, statements and visitors' paths."""
    for name in (
        *("httpx", "httpcore", "aiohttp", "telegram"),
        *("sqlalchemy", "alembic", "uvicorn", "asyncio"),
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True

"""Personal matter is never in the log, whoever writes to it."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from plain_log import plain_log

from bot.logs import start_log

NAME = "Nguyễn Thị Lan"


@pytest.fixture
def log():
    root = logging.getLogger()
    before = (root.handlers, root.level)
    stream = io.StringIO()
    start_log("info", stream)
    yield stream
    root.handlers, root.level = before
    plain_log()


def lines(log: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_keys_that_could_hold_personal_matter_are_dropped_at_any_depth(log):
    structlog.get_logger().info(
        "turn",
        text=NAME,
        phone=NAME,
        household="DT-1",
        order={"buyer": NAME, "items": [{"name": NAME}]},
    )
    (line,) = lines(log)
    assert NAME not in log.getvalue()
    assert line["event"] == "turn"
    assert line["household"] == "DT-1"
    assert line["order"] == {"items": [{}]}


def test_a_fault_is_named_with_its_place_but_not_with_what_a_person_wrote(log):
    try:
        int(NAME)
    except ValueError:
        structlog.get_logger().exception("turn failed")
    (line,) = lines(log)
    assert NAME not in log.getvalue()
    assert line["fault"] == ["ValueError"]
    assert "test_logs.py" in line["at"][-1]


def test_what_the_system_says_of_a_fault_is_kept(log):
    structlog.get_logger().error("cannot write", exc_info=OSError(28, "No space left on device"))
    assert lines(log)[0]["fault"] == ["OSError: [Errno 28] No space left on device"]


def test_a_library_that_logs_a_fault_shows_no_personal_matter_either(log):
    try:
        {}[NAME]
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert NAME not in log.getvalue()
    assert lines(log)[0]["fault"] == ["KeyError"]


def test_addresses_with_the_bots_token_are_not_logged(log):
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot1:abc/getMe")
    logging.getLogger("uvicorn.access").info("GET /worker/sign-in?code=abc")
    assert log.getvalue() == ""


def test_lines_below_the_level_are_left_out(log):
    structlog.get_logger().debug("detail")
    structlog.get_logger().warning("behind")
    assert [line["event"] for line in lines(log)] == ["behind"]

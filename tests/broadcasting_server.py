"""`lensan run` at any hour of the day and at the pace of its one argument (messages a second), for tests.

What gets no answer is given up after two seconds; the turn and the leases of a killed process are soon over.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from functools import partial

import uvloop

import bot.broadcasts
import bot.delivery
from bot.channels import telegram_client
from bot.commands import channels
from bot.commands.output import Output
from bot.commands.serving import Parts, serve
from bot.config import load_settings
from bot.delivery import Delivery
from bot.logs import start_log
from bot.pace import FOR_REPLIES, MOST, Pace
from domain import broadcasts
from storage import broadcast_feed, broadcast_lease, outbox

PATIENCE = 2.0


class Told(Output):
    """Standard output, as a command's."""

    def say(self, line: str) -> None:
        if "chat" in line:
            os.write(1, b"up\n")

    def problem(self, line: str) -> None:
        os.write(1, f"problem {line}\n".encode())

    progress = problem

    def file(self, content: bytes, path: str | None) -> None:
        raise NotImplementedError


def at_pace(most: int) -> None:
    """Everything that is timed for 25 a second, for this many."""
    broadcasts.HOURS = (0, 24)
    broadcast_lease.TURN = dt.timedelta(seconds=1)
    outbox.LEASE = dt.timedelta(seconds=4)
    telegram_client.TelegramApi.call.__defaults__ = (None, PATIENCE)
    times = most / MOST
    channels.Delivery = partial(Delivery, pace=Pace(most, FOR_REPLIES))
    broadcast_feed.BACKLOG = round(broadcast_feed.BACKLOG * times)
    bot.delivery.TOGETHER /= times


if __name__ == "__main__":
    at_pace(int(sys.argv[1]))
    start_log("error")
    sys.exit(uvloop.run(serve(load_settings(os.environ), Parts(), Told())))

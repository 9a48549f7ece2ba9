"""The command line: what may be typed, and what each command is for."""

from __future__ import annotations

import argparse
from typing import Any

PLATFORMS = ("voso", "postmart")
FORMATS = ("text", "json", "csv", "xlsx", "pdf", "png", "svg", "frictionless", "sdmx")
DESCRIPTION = """\
A Vietnamese assistant for farm households that sell online.

Every command works while lensan run is running. Settings come from the
environment and from .env; each begins with LENSAN_.
"""

Parsers = Any  # argparse's own class for this has no public name


def parser() -> argparse.ArgumentParser:
    """Everything that `lensan` understands; `command` and the options by name come out."""
    whole = argparse.ArgumentParser(
        "lensan", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _serving(commands)
    _talking(commands)
    _importing(commands)
    _figures(commands)
    _review(commands)
    _people(commands)
    _upkeep(commands)
    return whole


def _add(commands: Parsers, name: str, said: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=said, description=said)
    return added


def _serving(commands: Parsers) -> None:
    _add(commands, "run", "All in one process: web, channels, delivery, figures.")
    _add(commands, "web", "Only the web, beside workers (PostgreSQL).")
    _add(commands, "worker", "Only channels, delivery and figures, beside the web (PostgreSQL).")
    _add(commands, "migrate", "Bring the database to the newest schema.")


def _talking(commands: Parsers) -> None:
    chat = _add(commands, "chat", "Talk in the terminal; play or save a transcript.")
    chat.add_argument("--as", default="terminal", metavar="NAME", help="who talks")
    chat.add_argument("--script", metavar="FILE", help="a transcript to play")
    chat.add_argument("--save", metavar="FILE", help="where the conversation is written")
    parse = _add(commands, "parse", "What a message means, as one JSON object.")
    parse.add_argument("text", nargs="*", metavar="TEXT", help="the message")
    parse.add_argument("--on", metavar="DATE", help="the day it is said, as 2026-11-21; today")
    parse.add_argument("--explain", action="store_true", help="which words gave which part")
    parse.add_argument(
        "--jsonl",
        action="store_true",
        help='read {"id", "text", "ref"} lines from standard input, write a line each',
    )


def _review(commands: Parsers) -> None:
    review = _add(commands, "review", "What was not understood or was corrected, without names.")
    review.add_argument("--since", metavar="DATE", help="from this day on, as 2026-11-21")
    review.add_argument("--kind", choices=("lost", "corrected"), dest="only")
    review.add_argument("--format", choices=("table", "jsonl"), default="table")
    review.add_argument("--done", nargs="+", default=[], metavar="ID", help="take these off")
    review.add_argument(
        "--recordings", metavar="FOLDER", help="instead: voice notes that may be kept, as files"
    )


def _importing(commands: Parsers) -> None:
    importing = _add(commands, "import", "Take in a file of reported figures or of orders.")
    kinds = importing.add_subparsers(dest="kind", metavar="KIND", required=True)
    reports = _add(
        kinds, "reports", "Figures that localities and platforms report; all or nothing."
    )
    reports.add_argument(
        "--confirmed", action="store_true", help="what was asked about the figures is right"
    )
    reports.add_argument("file", metavar="FILE", help="CSV or XLSX")
    orders = _add(kinds, "orders", "A platform's order export; all or nothing.")
    orders.add_argument("--platform", choices=PLATFORMS, required=True)
    orders.add_argument("--dry-run", action="store_true", help="only tell what would come of it")
    orders.add_argument("file", metavar="FILE", help="CSV or XLSX")


def _figures(commands: Parsers) -> None:
    summary = _add(commands, "summary", "The programme's summary of some months.")
    summary.add_argument("--from", required=True, metavar="MONTH", help="first month, as 2022-08")
    summary.add_argument("--to", required=True, metavar="MONTH", help="last month, as 2023-06")
    summary.add_argument("--province", metavar="PROVINCE", help="name or code")
    summary.add_argument("--platform", metavar="PLATFORM", help="voso or postmart")
    summary.add_argument(
        "--by", action="append", default=[], metavar="PART", help="month, province or platform"
    )
    summary.add_argument("--provinces", metavar="63|34", help="which provinces are meant")
    summary.add_argument("--format", choices=FORMATS, default="text")
    summary.add_argument("--language", metavar="LANGUAGE", help="vi or en; as LENSAN_LANGUAGE")
    summary.add_argument("-o", "--output", metavar="FILE", help="instead of standard output")
    publish = _add(commands, "publish", "Freeze the figures of some months; its id comes out.")
    publish.add_argument("--from", required=True, metavar="MONTH", help="first month, as 2022-08")
    publish.add_argument("--to", required=True, metavar="MONTH", help="last month, as 2023-06")
    publish.add_argument("--provinces", metavar="63|34", help="which provinces are meant")
    publish.add_argument("--note", metavar="REASON", help="why again: needed for a revision")
    rebuild = _add(commands, "rebuild", "Count all figures again from the events.")
    rebuild.add_argument(
        "--check", action="store_true", help="change nothing; 1 and where, on any difference"
    )


def _people(commands: Parsers) -> None:
    invite = _add(commands, "invite", "A one-time link for a person, good for 48 hours.")
    invite.add_argument("--role", choices=("worker", "officer", "reader"))
    invite.add_argument(
        "--area", metavar="AREA", help="a commune with its province, a province, vn"
    )
    invite.add_argument("--list", action="store_true", help="who has a role, and what is offered")
    invite.add_argument("--revoke", metavar="SIGN", help="take back one of the list")
    key = _add(commands, "key", "A new API key, alone on standard output, shown once.")
    key.add_argument("--role", choices=("ministry", "department", "platform"), default="ministry")
    key.add_argument("--name", metavar="NAME", help="whose key it is")
    key.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="SCOPE",
        help="read, report or orders; without: all that the role may",
    )
    key.add_argument("--area", metavar="AREA", help="the province of a department")
    key.add_argument("--platform", choices=PLATFORMS)
    key.add_argument(
        "--expires", metavar="90d|DATE", help="after so many days, or with that day; never"
    )
    key.add_argument(
        "--revoke", nargs="?", const="", metavar="NAME", help="close every key of this name instead"
    )
    _add(commands, "keys", "Every API key: whose, what it may, how long, when last used.")


def _upkeep(commands: Parsers) -> None:
    backup = _add(commands, "backup", "A consistent copy of everything, while it is used.")
    backup.add_argument("file", metavar="FILE")
    restore = _add(commands, "restore", "The database as a backup has it; stop lensan run first.")
    restore.add_argument("file", metavar="FILE")
    _add(commands, "doctor", "What is configured, reachable and behind; 1 if something is wrong.")

"""The `lensan` command, also `python -m bot`. Each command imports only what it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.arguments import parser
from bot.commands.output import Mistake, Output, Terminal

if TYPE_CHECKING:
    from bot.config import Settings

TESTS_ONLY = "LENSAN_TEST_"  # not a setting: see storage.killpoints
SEVERAL = {"web", "worker"}  # processes beside others
READ = {"import reports", "import orders"}  # commands whose file is read here
NAMED = {"backup", "restore"}  # commands whose file is written or read where the database is


def main() -> None:
    """Run one command and exit with its code."""
    given = vars(parser().parse_args())
    out = Terminal()
    try:
        code = _run(given, out)
    except Mistake as mistake:
        out.problem(str(mistake))
        code = 1
    except BrokenPipeError:
        code = 1
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _run(given: dict[str, Any], out: Output) -> int:
    command = _named(given)
    if command == "parse":
        from bot.commands.parse import parse

        return parse(given, out)
    settings = _settings(command)
    if command in {"run", *SEVERAL}:
        return _serve(command, settings, out)
    import asyncio

    return asyncio.run(_with_database(command, settings, _with_file(command, given), out))


def _named(given: dict[str, Any]) -> str:
    kind = given.get("kind")
    return f"{given['command']} {kind}" if kind else str(given["command"])


def _settings(command: str) -> Settings:
    from bot.config import SettingsError, load_settings, secret_key
    from bot.logs import start_log

    env = {name: value for name, value in os.environ.items() if not name.startswith(TESTS_ONLY)}
    try:
        settings = load_settings(env)
        if command in SEVERAL and settings.sqlite_file is not None:
            raise Mistake(f"{command}: SQLite has one process, lensan run; several need PostgreSQL")
        secret_key(settings)
    except SettingsError as wrong:
        raise Mistake(str(wrong)) from None
    start_log(settings.log)
    return settings


def _serve(command: str, settings: Settings, out: Output) -> int:
    import asyncio

    import uvloop

    from bot.commands.serving import Parts, serve

    parts = Parts(web=command != "worker", work=command != "web")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve(settings, parts, out))


def _with_file(command: str, given: dict[str, Any]) -> dict[str, Any]:
    """Files are the caller's: read here, or named so that another process finds them."""
    if command in READ:
        try:
            return {**given, "content": Path(given["file"]).read_bytes()}
        except OSError as fault:
            raise Mistake(f"{given['file']}: {fault.strerror}") from None
    if command in NAMED:
        return {**given, "file": str(Path(given["file"]).absolute())}
    return given


async def _with_database(
    command: str, settings: Settings, given: Mapping[str, Any], out: Output
) -> int:
    if command in ("migrate", "restore"):
        from bot.commands import upkeep

        if command == "migrate":
            return await upkeep.migrate(settings, out)
        return await upkeep.restore(settings, given, out)
    from bot.commands.door import door

    async with door(settings) as run:
        if command == "chat":
            from bot.commands.talk import chat

            return await chat(run, given, out)
        return await run(command, given, out)


if __name__ == "__main__":
    main()

"""One message to 20,000 people at the true pace, with 429s, blocked chats, silence and a kill: 16 minutes.

`python -m benchmarks.broadcast [PEOPLE]`; ends with 1 when something of it does not hold.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from broadcast_run import Run, Seen, broadcast_through

from bot.pace import MOST
from storage.database import Database
from storage.migrate import migrate

PEOPLE = 20_000
MEMORY = 10 * 1024  # KiB


def run_of(people: int) -> Run:
    """So many people, one in fifty of whom blocked the bot, one in 250 without an answer."""
    return Run(
        people=people,
        blocked=people // 50,
        too_fast=20,
        timeouts=people // 250,
        most=MOST,
        questions=50,
    )


def checks(run: Run, seen: Seen) -> dict[str, bool]:
    """What must hold."""
    return {
        "each person once by the outbox's record": set(seen.kept.values()) == {1}
        and len(seen.kept) == run.people,
        "at least once at the server": len(seen.arrived) == run.people - run.blocked,
        "at most twice at the server": set(seen.arrived.values()) <= {1, 2},
        f"no second over {run.most}": seen.worst <= run.most,
        "a reply meanwhile waits under 1 s": max(seen.waits) < 1,
        "memory under 10 MiB": seen.memory < MEMORY,
    }


async def main(people: int) -> int:
    run = run_of(people)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/lensan.db"
        db = await Database.open(url)
        await db.write(migrate)
        await db.close()
        seen = await broadcast_through(url, run)
    waits = sorted(seen.waits)
    print(f"{run.people:,} people in {seen.seconds:.0f} s; {dict(seen.states)}")
    print(f"twice at the server: {sum(n == 2 for n in seen.arrived.values())}")
    print(f"worst second: {seen.worst}; memory: {seen.memory / 1024:.1f} MiB more at most")
    print(f"replies meanwhile: median {waits[len(waits) // 2]:.3f} s, worst {waits[-1]:.3f} s")
    held = checks(run, seen)
    for rule, holds in held.items():
        print(f"{'holds' if holds else 'FAILS'}: {rule}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)))

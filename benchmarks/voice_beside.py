"""Text turns of the real server while it recognises four voice notes of a minute, and its memory at rest.

`python -m benchmarks.voice_beside`: posts of twenty people to the web chat of `lensan run`, 20 a second,
first alone, then while four notes wait and are heard. Exit code 1 when a promise does not hold.
"""

from __future__ import annotations

import asyncio
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx
import numpy as np
import psutil
import soundfile
import soxr

from benchmarks.processes import free_port, memory_mib, migrated, started

PEOPLE = 20
A_SECOND = 20
SECONDS = 30
NOTES = 4
AT_MOST_MS = 50
REST_MIB = 150
SAID = "bán hai mươi ký cam sành giá hai mươi lăm ngàn cho chị Lan. "
TURNS = ("bán 20 ký cam sành giá 25 ngàn", "thôi")


def minute() -> bytes:
    """A minute of the synthesiser's speech, as telephones pack it."""
    asked = ["espeak-ng", "-v", "vi", "-s", "130", "--stdout", SAID * 12]
    spoken = subprocess.run(asked, capture_output=True, check=True).stdout[44:]
    samples = np.frombuffer(spoken[: 2 * 22_050 * 58], "int16")
    file = io.BytesIO()
    soundfile.write(file, soxr.resample(samples, 22_050, 24_000), 24_000, "OPUS", format="OGG")
    return file.getvalue()


async def post(web: httpx.AsyncClient, who: str, said: str) -> float:
    began = time.perf_counter()
    message = {"client_id": who, "message_id": str(uuid4()), "text": said}
    answered = await web.post("/chat/messages", json=message)
    answered.raise_for_status()
    return 1000 * (time.perf_counter() - began)


async def turns(web: httpx.AsyncClient, people: list[str], seconds: float) -> list[float]:
    """Milliseconds of each answer, the posts begun at even distances."""
    tasks, began = [], time.perf_counter()
    for n in range(int(seconds * A_SECOND)):
        await asyncio.sleep(max(0, began + n / A_SECOND - time.perf_counter()))
        said = TURNS[n // PEOPLE % len(TURNS)]
        tasks.append(asyncio.create_task(post(web, people[n % PEOPLE], said)))
    return list(await asyncio.gather(*tasks))


async def speak(web: httpx.AsyncClient, who: str, sound: bytes) -> None:
    form = {"client_id": who, "message_id": str(uuid4()), "seconds": "58"}
    answered = await web.post("/chat/voice", data=form, files={"voice": ("note.ogg", sound)})
    answered.raise_for_status()


def told(name: str, spent: list[float]) -> float:
    late = statistics.quantiles(spent, n=100)[98]
    middle = statistics.median(spent)
    print(
        f"{name}: {len(spent)} turns, p50 {middle:.1f} ms, p99 {late:.1f} ms, most {max(spent):.0f}"
    )
    return late


async def measure(address: str, server: psutil.Process) -> bool:
    people, sound = [str(uuid4()) for _ in range(PEOPLE)], minute()
    async with httpx.AsyncClient(base_url=address, timeout=60) as web:
        for who in people:
            for said in ("alo", "đồng ý", "cô Ba", "Lai Vung, Đồng Tháp"):
                await post(web, who, said)
        rest = memory_mib(server)
        print(f"memory before any note: {rest:.0f} MiB")
        told("alone", await turns(web, people, SECONDS))
        await asyncio.gather(*(speak(web, str(uuid4()), sound) for _ in range(NOTES)))
        beside = told("while four notes are heard", await turns(web, people, SECONDS))
        listeners = [f"{memory_mib(p):.0f}" for p in server.children(recursive=True)]
        print(f"memory of the server {memory_mib(server):.0f}, of who listens {listeners} MiB")
    return beside < AT_MOST_MS and rest < REST_MIB


def ready(address: str) -> None:
    """Wait until it answers."""
    for _ in range(600):
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server does not begin")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = migrated(
            {
                "LENSAN_DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder)}/lensan.db",
                "LENSAN_PORT": str(port),
                "LENSAN_VOICE_ENGINE": "viet-asr",
            }
        )
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        with started(["-m", "bot", "run"], **settings) as server:
            address = f"http://127.0.0.1:{port}"
            ready(address)
            return 0 if asyncio.run(measure(address, server)) else 1


if __name__ == "__main__":
    sys.exit(main())

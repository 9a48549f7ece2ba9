"""What is heard of spoken sentences: words, amounts and quantities, by both engines, and what it costs.

`python -m benchmarks.voice`: 66 of the labelled messages that are written as they are spoken, each by the
three Vietnamese voices of espeak-ng, which must be installed. These are no farmers: see docs/voice.md.
`--recordings FOLDER` takes recordings instead: NAME.txt beside NAME.wav (or .ogg, .m4a…).
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import re
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.language.figures_heard import Figure, figures_heard
from bot.language.spell import say_number
from bot.language.understanding import NOBODY
from bot.speech.engines import PACKAGES, lacking
from bot.speech.recogniser import Recogniser

LABELLED = Path(__file__).parent.parent / "tests" / "language"
VOICES = {"vi": "north", "vi-vn-x-central": "centre", "vi-vn-x-south": "south"}
SENTENCES = 66
PACE = 130  # words a minute
DAY = dt.date(2026, 11, 21)


@dataclass(frozen=True)
class Spoken:
    """A sentence, and how it sounds."""

    text: str
    whose: str
    sound: bytes
    seconds: float


@dataclass
class Heard:
    """What came of some sentences; figures are amounts of money or quantities."""

    words: int = 0
    wrong_words: int = 0
    money: int = 0
    money_right: int = 0
    quantities: int = 0
    quantities_right: int = 0
    sentences: int = 0
    all_right: int = 0  # sentences with every figure right
    asked: int = 0  # of the others: two hearings differ
    unheard: int = 0  # of the others: no words at all

    def row(self) -> str:
        wrong = self.sentences - self.all_right
        parts = (
            f"{self.wrong_words / max(self.words, 1):.2f}",
            f"{self.money_right / max(self.money, 1):.0%} of {self.money}",
            f"{self.quantities_right / max(self.quantities, 1):.0%} of {self.quantities}",
            f"{self.all_right / max(self.sentences, 1):.0%} of {self.sentences}",
            f"{self.asked + self.unheard} of {wrong}",
        )
        return " | ".join(parts)


def sentences() -> list[str]:
    """Messages written as they are spoken, with a sum or a quantity in words, always the same ones."""
    found = []
    for file in sorted(LABELLED.glob("*.jsonl")):
        rows = (json.loads(line) for line in file.read_text().splitlines())
        found += [r["text"] for r in rows if r.get("style") == "voice"]
    fitting = [t for t in found if not re.search(r"\d", t) and figures_of(t)]
    step = len(fitting) / SENTENCES
    return [fitting[int(place * step)] for place in range(min(SENTENCES, len(fitting)))]


def figures_of(text: str) -> tuple[Figure, ...]:
    return figures_heard(text, DAY, NOBODY).figures


def synthesised() -> Iterator[Spoken]:
    for text in sentences():
        for voice, whose in VOICES.items():
            asked = ["espeak-ng", "-v", voice, "-s", str(PACE), "--stdout", text]
            sound = subprocess.run(asked, capture_output=True, check=True).stdout
            yield Spoken(text, whose, sound, (len(sound) - 44) / 2 / 22_050)


def recorded(folder: Path) -> Iterator[Spoken]:
    for text in sorted(folder.glob("*.txt")):
        sound = next(f for f in folder.glob(f"{text.stem}.*") if f.suffix != ".txt")
        yield Spoken(text.read_text().strip(), folder.name, sound.read_bytes(), 0)


def plain(text: str) -> list[str]:
    """Words as they are spoken: small, without marks of a sentence, numbers in words."""
    said = re.sub(
        r"\d+", lambda n: f" {say_number(int(n[0]), southern=False)} ", text.replace(".", "")
    )
    return re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", said).lower()).split()


def distance(one: list[str], two: list[str]) -> int:
    row = list(range(len(two) + 1))
    for place, word in enumerate(one, start=1):
        before, row[0] = row[0], place
        for other, heard in enumerate(two, start=1):
            before, row[other] = (
                row[other],
                min(row[other] + 1, row[other - 1] + 1, before + (word != heard)),
            )
    return row[-1]


def count(heard: Heard, text: str, said: str, other: str | None) -> None:
    expected = plain(text)
    heard.words += len(expected)
    heard.wrong_words += distance(expected, plain(said))
    meant, found = Counter(figures_of(text)), Counter(figures_of(said))
    right = meant & found
    for figure, times in meant.items():
        kind = "money" if figure.money else "quantities"
        setattr(heard, kind, getattr(heard, kind) + times)
        name = f"{kind}_right"
        setattr(heard, name, getattr(heard, name) + right[figure])
    heard.sentences += 1
    if meant == found:
        heard.all_right += 1
    elif not said:
        heard.unheard += 1
    elif other is not None and figures_of(other) != figures_of(said):
        heard.asked += 1


async def measure(engine: str, spoken: list[Spoken]) -> None:
    groups: dict[str, Heard] = {}
    recogniser = Recogniser(engine)
    began = time.monotonic()
    await recogniser.hear(spoken[0].sound)
    loaded = time.monotonic() - began
    process = psutil.Process(recogniser.processes[0])
    cpu, began = sum(process.cpu_times()[:2]), time.monotonic()
    for one in spoken:
        said = await recogniser.hear(one.sound)
        for group in (one.whose, "all"):
            count(groups.setdefault(group, Heard()), one.text, said.text, said.other)
    seconds = sum(one.seconds for one in spoken)
    used = sum(process.cpu_times()[:2]) - cpu
    for group, heard in groups.items():
        print(f"| {engine} | {group} | {heard.row()} |")
    print(f"  first answer after {loaded:.1f} s; {process.memory_info().rss / 2**20:.0f} MiB")
    if seconds:
        spent = f"CPU {used / seconds:.2f}, wall {(time.monotonic() - began) / seconds:.2f} s"
        print(f"  {seconds:.0f} s of speech, a second both hearings: {spent}")
    await recogniser.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=Path)
    parser.add_argument("--engine", choices=tuple(PACKAGES))
    given = parser.parse_args()
    spoken = list(recorded(given.recordings) if given.recordings else synthesised())
    print(
        "| engine | voice | word error rate | sums | quantities | all figures | wrong, and asked |"
    )
    for engine in [given.engine] if given.engine else PACKAGES:
        if lacking(engine):
            print(f"{engine}: not installed", file=sys.stderr)
        else:
            asyncio.run(measure(engine, spoken))
    return 0


if __name__ == "__main__":
    sys.exit(main())

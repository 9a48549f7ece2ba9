"""Golden transcripts: conversations as plain text that a person can read, play and review.

`>` person · `<` bot, word for word · `!` event · `[x]` buttons, `> [x]` tapped · `=` the clock moves ·
`#` remark · `@` what was there before. Further lines are indented by two spaces. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.dialogue.message import Contact, Content, Location, Other, Picture, Tap, Text, Voice
from domain.household import ZONE

MARKS = "><!=#@"
OUTCOMES = frozenset("<!")
INDENT = "  "
UNWRITTEN = re.compile(r"\bfollows, as in\b")  # a remark: what else comes is written elsewhere
CODE = re.compile(r"(?:\bcode=|\b[Mm]ã )([A-HJ-NP-Z]{2}[2-9]{2,})\b")
PHONE = "0912345678"
PLACE = Location(latitude=10.2935, longitude=105.6580)
OTHERS = {"nhãn dán": "sticker", "tệp": "document", "phim": "video"}
BAD_PHOTOS = {"ảnh hỏng": "not_image", "ảnh quá lớn": "too_big", "ảnh chưa tới": "unavailable"}
BAD_VOICES = {
    "lời nói là tệp khác": "not_sound",
    "lời nói chưa tới": "unavailable",
    "lời nói nghe hỏng": "failed",
    "nhiều lời nói quá": "many",
    "lời nói, không có tai": "off",
}
AGAIN = "sửa tin trước"  # a stage direction before words: the newest message, edited
PICTURES = {"bars": "biểu đồ", "photo": "ảnh", "qr": "mã QR", "receipt": "ảnh biên lai"}

Button = tuple[str, str]  # (id, label)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a transcript: its mark (empty for an empty line) and its text, lines without indent."""

    mark: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An `@` line: `sold date=2026-11-03 product="chè shan"`."""

    kind: str
    words: tuple[str, ...]
    values: dict[str, str]


def read(text: str) -> list[Step]:
    """The steps of a transcript; ValueError names the line that is none."""
    steps: list[Step] = []
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if _goes_on(lines, number - 1):
            steps[-1:] = [_longer(steps, number, line)]
        else:
            steps.append(_step(number, line))
    return steps


def _goes_on(lines: Sequence[str], place: int) -> bool:
    """Whether a line belongs to the one before: it is indented, or empty before an indented one."""
    following = next((line for line in lines[place:] if line.strip()), "")
    return following.startswith(INDENT)


def _longer(steps: Sequence[Step], number: int, line: str) -> Step:
    if not steps or steps[-1].mark in {"", "=", "#", "@"}:
        raise ValueError(f"line {number}: nothing that could go on")
    last = steps[-1]
    return Step(last.mark, f"{last.text}\n{line.removeprefix(INDENT)}")


def _step(number: int, line: str) -> Step:
    if not line.strip():
        return Step("")
    mark, rest = line[0], line[1:]
    if mark not in MARKS or rest[:1] not in {"", " "}:
        raise ValueError(f"line {number}: begins with none of {' '.join(MARKS)}")
    return Step(mark, rest[1:])


def write(steps: Iterable[Step]) -> str:
    """The transcript as text, a newline at its end."""
    return "".join(f"{_written(step)}\n" for step in steps)


def _written(step: Step) -> str:
    body = step.text.replace("\n", f"\n{INDENT}")
    lines = f"{step.mark} {body}".splitlines()
    return "\n".join(line.rstrip() for line in lines)


def moment(text: str) -> dt.datetime:
    """The time of an `=` step, in Vietnam."""
    return dt.datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def given(text: str) -> Given:
    """The words of an `@` step."""
    kind, *rest = shlex.split(text)
    pairs = [word.partition("=") for word in rest]
    values = {name: value for name, sign, value in pairs if sign}
    return Given(kind, tuple(name for name, sign, _ in pairs if not sign), values)


def codes(steps: Iterable[Step]) -> list[str]:
    """The receipt codes that the transcript shows, in the order in which they were given out."""
    outcomes = (step.text for step in steps if step.mark in OUTCOMES)
    return list(dict.fromkeys(code for text in outcomes for code in CODE.findall(text)))


async def replay(
    steps: Sequence[Step], play: Callable[[Step], Awaitable[list[Step]]]
) -> list[Step]:
    """The same transcript with what comes out this time; `play` takes the `>`, `=` and `@` steps."""
    result: list[Step] = []
    place = 0
    while place < len(steps):
        step = steps[place]
        result.append(step)
        place += 1
        if step.mark in {"", "#"}:
            continue
        remarks = list(takewhile(lambda s: s.mark == "#", steps[place:]))
        written = list(takewhile(lambda s: s.mark in OUTCOMES, steps[place + len(remarks) :]))
        place += len(remarks) + len(written)
        came = [] if step.mark in OUTCOMES else await play(step)
        result += remarks + _as_written(came, written, steps[place:])
    return result


def _as_written(came: list[Step], written: list[Step], rest: Sequence[Step]) -> list[Step]:
    """All that came, or only as much as was written when a remark says where the rest stands."""
    if written and rest and rest[0].mark == "#" and UNWRITTEN.search(rest[0].text):
        return came[: len(written)]
    return came


def reply(text: str, buttons: Iterable[Button], picture: str | None = None) -> Step:
    """A `<` step: the words, a picture's kind in brackets (see PICTURES), then the buttons in a row."""
    shown = " ".join(f"[{label}]" for _, label in buttons)
    lines = [text, f"({PICTURES[picture]})" if picture else "", shown]
    return Step("<", "\n".join(line for line in lines if line))


def content(said: str, shown: Sequence[Sequence[Button]]) -> Content:
    """What a `>` step sends; `shown` are the buttons of the replies so far, the newest last.

    ValueError: no such button was ever shown, or no such stage direction is known.
    """
    if said.startswith("[") and said.endswith("]"):
        return Tap(button(said[1:-1], shown))
    directed = re.fullmatch(r"\(([^()\n]+)\)\s*(.*)", said, re.DOTALL)
    return _directed(directed[1], directed[2]) if directed else Text(said)


def button(label: str, shown: Sequence[Sequence[Button]]) -> str:
    """The id of the newest button of this label."""
    for buttons in reversed(shown):
        for id_, other in buttons:
            if other == label:
                return id_
    raise ValueError(f"no button [{label}] was shown")


def _directed(direction: str, words: str) -> Content:
    """What a stage direction in brackets stands for: `(lời nói, 9 giây) …`, `(ảnh)`, `(nhãn dán)`…"""
    if (voice := _spoken(direction, words)) is not None:
        return voice
    if direction == AGAIN:
        return Text(words)
    if direction in OTHERS:
        return Other(OTHERS[direction])
    if direction == "ảnh":
        return Picture(image=PHOTO, caption=words)
    if direction in BAD_PHOTOS:
        return Picture(problem=BAD_PHOTOS[direction], caption=words)
    return _shared(direction, words)


def _spoken(direction: str, words: str) -> Voice | None:
    """What was heard; behind `|` what a second hearing gave. `(lời nói, còn 3 trước)`: it still waits."""
    if direction in BAD_VOICES:
        return Voice(5, problem=BAD_VOICES[direction])
    waits = re.fullmatch(r"lời nói, còn (\d+) trước", direction)
    if waits:
        return Voice(5, ahead=int(waits[1]))
    spoken = re.fullmatch(r"lời nói, (\d+) giây", direction)
    if spoken is None:
        return None
    text, _, other = (part.strip() for part in words.partition("|"))
    return Voice(int(spoken[1]), text or None, other or None)


def _shared(direction: str, words: str) -> Content:
    match direction:
        case "số điện thoại":
            return Contact(words or PHONE, own=True)
        case "số của người khác":
            return Contact(words or PHONE, own=False)
        case "vị trí":
            return _place(words)
        case "vị trí đang chạy":
            return replace(_place(words), live=True)
        case _:
            raise ValueError(f"({direction}): no such stage direction")


def _place(words: str) -> Location:
    if not words:
        return PLACE
    latitude, longitude = words.split(",")
    return Location(float(latitude), float(longitude))


def edits_the_last(said: str) -> bool:
    """Whether this message replaces the newest typed one."""
    return said.startswith(f"({AGAIN})")


PHOTO = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb00430050373c463c32504641465a55505f78"
    "c882786e6e78f5afb991c8ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffc0000b080001000101011100ffc400140001000000000000000000000000"
    "00000000ffc40014100100000000000000000000000000000000ffda0008010100003f003fffd9"
)
"""A grey JPEG of one pixel: what `(ảnh)` sends."""

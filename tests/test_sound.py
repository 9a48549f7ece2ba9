"""What phones and browsers record is heard alike; whatever else comes is told from it, in bounded memory."""

from __future__ import annotations

import asyncio
import io
import random
import sys
import wave
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bot.speech.ogg import ogg_of
from bot.speech.packets import NotSound
from bot.speech.recogniser import Recogniser
from bot.speech.sound import LONGEST, RATE, TooLong, samples_of

SPOKEN = Path(__file__).parent / "voice"
RECORDED = (
    "hundred.ogg",
    "hundred.webm",
    "hundred.m4a",
    "hundred.aac",
    "fragments.mp4",
    "opus.mp4",
)
HEARD = ("hundred.ogg", "hundred.webm", "hundred.m4a")
FILMS = ("film.ogg", "film.mp4", "film.webm")
EMPTY_PACKET = b"\x19"  # Opus: 120 ms of which nothing was recorded
HOUR = 3600 * 1000 // 120  # such packets
MOST_MIB = 1_000  # what a process that listens may take, with numpy and the model


def sound(name: str) -> bytes:
    return (SPOKEN / name).read_bytes()


def recording(seconds: float, rate: int = 8_000, channels: int = 1) -> bytes:
    """A WAV in which nobody speaks."""
    file = io.BytesIO()
    with wave.open(file, "wb") as told:
        told.setnchannels(channels)
        told.setsampwidth(2)
        told.setframerate(rate)
        told.writeframes(bytes(2 * channels * int(seconds * rate)))
    return file.getvalue()


@pytest.mark.parametrize("name", RECORDED)
def test_every_kind_of_recording_gives_the_same_sound(name):
    """Telegram's Ogg, a browser's WebM and MP4, Zalo's AAC: one and a half seconds, as loud as each other."""
    samples = samples_of(sound(name))
    assert len(samples) / RATE == pytest.approx(
        len(samples_of(sound("hundred.ogg"))) / RATE, abs=0.2
    )
    assert abs(samples.astype("int32")).max() > 10_000


def test_both_ears_and_any_rate_are_one_sound():
    assert len(samples_of(recording(2, 44_100, 2))) == 2 * RATE


@pytest.mark.parametrize("name", FILMS)
def test_a_film_is_no_voice_note_whatever_it_is_called(name):
    with pytest.raises(NotSound):
        samples_of(sound(name))


@pytest.mark.parametrize(
    "file",
    [b"", b"x", b"OggS", b"RIFF", b"\x1a\x45\xdf\xa3", b"\0\0\0\x08ftyp", b"%PDF-1.7", b"\xff\xf1"],
)
def test_what_is_no_recording_is_told_from_one(file):
    with pytest.raises(NotSound):
        samples_of(file)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recording_cut_anywhere_gives_what_it_has_or_nothing(name):
    """Never another fault, and never more than there was."""
    whole = sound(name)
    for end in range(0, len(whole), 397):
        with suppress(NotSound):
            assert len(samples_of(whole[:end])) <= 3 * RATE


@pytest.mark.parametrize("name", RECORDED)
def test_broken_bytes_give_no_other_fault(name):
    chance = random.Random(7)
    for _ in range(20):
        broken = bytearray(sound(name))
        for _ in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(NotSound, TooLong):
            samples_of(bytes(broken))


def test_a_minute_is_heard_and_more_is_too_long():
    assert len(samples_of(recording(60))) == 60 * RATE
    with pytest.raises(TooLong):
        samples_of(recording(LONGEST + 1))


def test_three_hours_are_told_at_once_in_little_memory():
    before = psutil.Process().memory_info().rss
    with pytest.raises(TooLong):
        samples_of(ogg_of(b"", [EMPTY_PACKET] * (3 * HOUR)))
    assert psutil.Process().memory_info().rss - before < 150 * 2**20


# Heard


@pytest.mark.timeout(300)  # who listens lets everybody else go first
async def test_viet_asr_hears_the_same_word_in_every_kind_of_recording_and_none_in_silence():
    """The synthesiser says a number; the first word of it is heard in all of them, twice."""
    recogniser = Recogniser("viet-asr")
    try:
        said = [await recogniser.hear(sound(name)) for name in HEARD]
        silence = await recogniser.hear(recording(2))
        music = await recogniser.hear(sound("music.ogg"))
        film = await recogniser.hear(sound("film.ogg"))
        (process,) = recogniser.processes
        assert psutil.Process(process).memory_info().rss < MOST_MIB * 2**20
    finally:
        await recogniser.stop()
    assert {words.split()[0] for each in said for words in (each.text, str(each.other))} == {"một"}
    assert (silence.text, music.text, film.problem) == ("", "", "not_sound")


@pytest.mark.timeout(300)
async def test_whisper_is_one_setting_away():
    recogniser = Recogniser("whisper")
    try:
        said = await recogniser.hear(sound("hello.ogg"))
    finally:
        await recogniser.stop()
    assert said.text.lower().startswith("xin chào")


async def test_the_server_loads_nothing_of_it():
    """What recognises lives in a process of its own: its libraries are not even imported here."""
    code = (
        "import sys, bot.commands.serving, web.app; "
        "print([m for m in ('numpy', 'soundfile', 'soxr', 'sphn', 'vietasr', 'ctranslate2') "
        "if m in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said.decode().strip() == "[]"

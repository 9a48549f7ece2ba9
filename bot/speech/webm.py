"""WebM, as browsers record it: the Opus packets of its first sound track (RFC 8794, RFC 9559).

No library with a licence that fits reads it: those of FFmpeg come with GPL parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.speech.packets import NotSound, Packets

SIGN = b"\x1a\x45\xdf\xa3"
SEGMENT, CLUSTER, GROUP, TRACKS, TRACK = 0x18538067, 0x1F43B675, 0xA0, 0x1654AE6B, 0xAE
NUMBER, KIND, CODEC, PRIVATE = 0xD7, 0x83, 0x86, 0x63A2
BLOCKS = (0xA3, 0xA1)  # SimpleBlock, Block
OPENED = (SEGMENT, CLUSTER, GROUP, TRACKS)
FILM, SOUND = 1, 2
HEAD = 3  # bytes of a block behind its track: a time, flags
LACED = 0x06


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    body: memoryview


@dataclass(frozen=True, slots=True)
class _Track:
    number: int
    kind: int
    codec: bytes
    setup: bytes


def packets_of(file: bytes) -> Packets:
    """The Opus packets of the first sound track; a recording that was cut off gives what it has."""
    track: _Track | None = None
    packets: list[bytes] = []
    for element in _walk(memoryview(file)):
        if element.id == TRACK:
            track = _chosen(track, _track(element.body))
        elif track is not None:
            packets += _packet(element.body, track.number)
    if track is None or not packets:
        raise NotSound("no sound track")
    return Packets("opus", track.setup, packets)


def _walk(body: memoryview) -> Iterator[_Element]:
    """Tracks and blocks, at whatever depth."""
    for element in _children(body):
        if element.id in OPENED:
            yield from _walk(element.body)
        elif element.id == TRACK or element.id in BLOCKS:
            yield element


def _children(body: memoryview) -> Iterator[_Element]:
    place = 0
    while place < len(body):
        id_, place = _number(body, place, marked=True)
        size, place = _number(body, place, marked=False)
        end = len(body) if size is None else min(place + size, len(body))
        yield _Element(id_ or 0, body[place:end])
        place = end


def _number(body: memoryview, place: int, *, marked: bool) -> tuple[int | None, int]:
    """A number of one to eight bytes and where it ends; None: a size that was not known yet."""
    if place >= len(body) or not body[place]:
        raise NotSound("cut off")
    length = 9 - body[place].bit_length()
    whole = int.from_bytes(body[place : place + length])
    bits = 7 * length
    value = whole if marked else whole & ((1 << bits) - 1)
    unknown = not marked and value == (1 << bits) - 1
    return (None if unknown else value), place + length


def _track(body: memoryview) -> _Track:
    parts = {element.id: bytes(element.body) for element in _children(body)}
    number, kind = (int.from_bytes(parts.get(id_, b"")) for id_ in (NUMBER, KIND))
    return _Track(number, kind, parts.get(CODEC, b""), parts.get(PRIVATE, b""))


def _chosen(before: _Track | None, found: _Track) -> _Track | None:
    if found.kind == FILM:
        raise NotSound("a film")
    if before is not None or found.kind != SOUND:
        return before
    if found.codec != b"A_OPUS":
        raise NotSound("another codec")
    return found


def _packet(block: memoryview, wanted: int) -> list[bytes]:
    track, place = _number(block, 0, marked=False)
    if track != wanted or len(block) <= place + HEAD:
        return []
    if block[place + HEAD - 1] & LACED:
        raise NotSound("several packets in one block")
    return [bytes(block[place + HEAD :])]

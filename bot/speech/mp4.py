"""MP4 and M4A, as iPhones and Zalo record them: the packets of the sound track (ISO 14496-12 and -14).

Whole files (tables of sizes and places) and those written as they were recorded (fragments).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.speech.packets import NotSound, Packets

OPENED = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"}
MOST_PACKETS = 100_000  # half an hour of the shortest
FIXED = 36  # bytes of a sound's description before its own boxes
RATES = (96, 88.2, 64, 48, 44.1, 32, 24, 22.05, 16, 12, 11.025, 8, 7.35)  # kHz, by index
SETUP_TAG = 5  # in esds
TRUN_PLACE, TRUN_FLAGS = 0x1, 0x4
TRUN_EACH = (0x100, 0x200, 0x400, 0x800)  # duration, size, flags, composition
TFHD_SKIPPED = ((0x1, 8), (0x2, 4), (0x8, 4))
TFHD_SIZE = 0x10


@dataclass(slots=True)
class _Found:
    """What the boxes told so far."""

    codec: bytes = b""
    setup: bytes = b""
    sizes: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    chunks: list[tuple[int, int]] = field(default_factory=list)  # first chunk, packets in each
    fragment: int = 0  # where the fragment begins
    usual_size: int = 0
    packets: list[bytes] = field(default_factory=list)


def packets_of(file: bytes) -> Packets:
    """The packets of the sound track; NotSound for a film, or for a file whose tables are missing."""
    found = _Found()
    try:
        _read(memoryview(file), 0, len(file), found)
    except (struct.error, IndexError):
        raise NotSound("cut off") from None
    packets = found.packets or list(_by_tables(file, found))
    if not packets:
        raise NotSound("no sound track")
    if found.codec == b"Opus":
        return Packets("opus", b"", packets)
    if found.codec != b"mp4a" or len(found.setup) < 2:
        raise NotSound("another codec")
    return Packets("aac", found.setup, packets)


def adts_of(setup: bytes, packets: Sequence[bytes]) -> bytes:
    """AAC packets as a stream in which each has its own header, which the decoder reads."""
    config = int.from_bytes(setup[:2])
    kind, rate, channels = config >> 11, (config >> 7) & 15, (config >> 3) & 15
    if rate >= len(RATES):
        raise NotSound("another rate")
    profile = min(kind, 2) - 1 if kind else 1  # what is built upon the plain kind is left out
    return b"".join(_adts(profile, rate, channels, packet) + packet for packet in packets)


def _adts(profile: int, rate: int, channels: int, packet: bytes) -> bytes:
    bits = 0xFFF1 << 40 | profile << 38 | rate << 34 | channels << 30
    return (bits | (len(packet) + 7) << 13 | 0x7FF << 2).to_bytes(7)


def _read(file: memoryview, start: int, end: int, found: _Found) -> None:
    for kind, at, until in _boxes(file, start, end):
        if kind == b"moof":
            found.fragment = at - 8
        if kind in OPENED:
            _read(file, at, until, found)
        elif kind in READERS:
            READERS[kind](file, at, until, found)


def _boxes(file: memoryview, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, beginning and end of what is inside, of each box."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", file, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", file, start + 8)
            head = 16
        until = min(start + size, end) if size else end
        if size and size < head:
            raise NotSound("a box of no size")
        yield kind, start + head, until
        start = until


def _handler(file: memoryview, at: int, _until: int, _found: _Found) -> None:
    if bytes(file[at + 8 : at + 12]) == b"vide":
        raise NotSound("a film")


def _description(file: memoryview, at: int, until: int, found: _Found) -> None:
    for kind, begin, end in _boxes(file, at + 8, until):
        found.codec = kind
        for inner, here, there in _boxes(file, begin + FIXED - 8, end):
            if inner == b"esds":
                found.setup = _setup(bytes(file[here + 4 : there]))


def _setup(esds: bytes) -> bytes:
    """The decoder's own description: the last of the tags that lie in one another."""
    place, skipped = 0, {3: 3, 4: 13}
    while place < len(esds):
        tag, place = esds[place], place + 1
        size = 0
        while esds[place] & 0x80:
            size, place = size << 7 | esds[place] & 0x7F, place + 1
        size, place = size << 7 | esds[place], place + 1
        if tag == SETUP_TAG:
            return esds[place : place + size]
        place += skipped.get(tag, size)
    return b""


def _sizes(file: memoryview, at: int, _until: int, found: _Found) -> None:
    same, count = struct.unpack_from(">II", file, at + 4)
    if count > MOST_PACKETS:
        raise NotSound("too many packets")
    found.sizes = [same] * count if same else _numbers(file, at + 12, count, 4)


def _places(file: memoryview, at: int, _until: int, found: _Found) -> None:
    (count,) = struct.unpack_from(">I", file, at + 4)
    found.places = _numbers(file, at + 8, count, 4)


def _long_places(file: memoryview, at: int, _until: int, found: _Found) -> None:
    (count,) = struct.unpack_from(">I", file, at + 4)
    found.places = _numbers(file, at + 8, count, 8)


def _chunks(file: memoryview, at: int, _until: int, found: _Found) -> None:
    (count,) = struct.unpack_from(">I", file, at + 4)
    rows = _numbers(file, at + 8, 3 * count, 4)
    found.chunks = list(zip(rows[::3], rows[1::3], strict=True))


def _numbers(file: memoryview, at: int, count: int, width: int) -> list[int]:
    if count > MOST_PACKETS or at + count * width > len(file):
        raise NotSound("a table longer than the file")
    return [int.from_bytes(file[p : p + width]) for p in range(at, at + count * width, width)]


def _by_tables(file: bytes, found: _Found) -> Iterator[bytes]:
    sizes = iter(found.sizes)
    for number, chunk in enumerate(found.places, start=1):
        place = chunk
        each = [count for first, count in found.chunks if first <= number]
        for _ in range(min(each[-1] if each else 0, MOST_PACKETS)):
            size = next(sizes, None)
            if size is None or place + size > len(file):
                return
            yield file[place : place + size]
            place += size


def _fragment_head(file: memoryview, at: int, _until: int, found: _Found) -> None:
    flags = int.from_bytes(file[at + 1 : at + 4])
    place = at + 8 + sum(width for flag, width in TFHD_SKIPPED if flags & flag)
    if flags & TFHD_SIZE:
        (found.usual_size,) = struct.unpack_from(">I", file, place)


def _run(file: memoryview, at: int, _until: int, found: _Found) -> None:
    """Packets of a fragment, one after the other."""
    flags = int.from_bytes(file[at + 1 : at + 4])
    (count,) = struct.unpack_from(">I", file, at + 4)
    columns = [flag for flag in TRUN_EACH if flags & flag]
    if not flags & TRUN_PLACE or count > MOST_PACKETS:
        raise NotSound("a fragment without a place")
    (offset,) = struct.unpack_from(">i", file, at + 8)
    table = at + (16 if flags & TRUN_FLAGS else 12)
    rows = _numbers(file, table, count * len(columns), 4)
    place = found.fragment + offset
    for number in range(count):
        row = dict(zip(columns, rows[number * len(columns) :], strict=False))
        size = row.get(0x200, found.usual_size)
        if not 0 <= place <= place + size <= len(file):
            return
        found.packets.append(bytes(file[place : place + size]))
        place += size


READERS = {
    b"hdlr": _handler,
    b"stsd": _description,
    b"stsz": _sizes,
    b"stco": _places,
    b"co64": _long_places,
    b"stsc": _chunks,
    b"tfhd": _fragment_head,
    b"trun": _run,
}

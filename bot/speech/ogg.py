"""Opus packets as an Ogg file (RFC 3533, RFC 7845), which the decoder reads."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

HEAD = struct.pack("<8sBBHIHB", b"OpusHead", 1, 1, 312, 48_000, 0, 0)
TAGS = struct.pack("<8sI0sI", b"OpusTags", 0, b"", 0)
FIRST, LAST = 2, 4  # flags of a page
PAGE = struct.Struct("<4sBBqIIIB")
LACING = 255
TICKS = 48_000  # a second; positions count these, whatever the file's own rate
LONGEST_FRAMES = (480, 960, 1920, 2880)  # ticks of SILK's frames
POLYNOMIAL = 0x04C11DB7


def ogg_of(setup: bytes, packets: Sequence[bytes]) -> bytes:
    """One packet a page; `setup` is the stream's own header where there is one."""
    head = setup if setup.startswith(b"OpusHead") else HEAD
    pages = [_page(0, 0, FIRST, head), _page(1, 0, 0, TAGS)]
    position = 0
    for number, packet in enumerate(packets, start=2):
        position += ticks_of(packet)
        flag = LAST if number == len(packets) + 1 else 0
        pages.append(_page(number, position, flag, packet))
    return b"".join(pages)


def ticks_of(packet: bytes) -> int:
    """How long a packet sounds, from its first bytes (RFC 6716, 3.1)."""
    if not packet:
        return 0
    kind, code = packet[0] >> 3, packet[0] & 3
    if kind < 12:  # SILK
        frame = LONGEST_FRAMES[kind % 4]
    elif kind < 16:  # hybrid
        frame = 480 << (kind % 2)
    else:  # CELT
        frame = 120 << (kind % 4)
    count = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[code]
    return frame * count


def _page(number: int, position: int, flags: int, packet: bytes) -> bytes:
    lacing = bytes([LACING] * (len(packet) // LACING) + [len(packet) % LACING])[:LACING]
    head = PAGE.pack(b"OggS", 0, flags, position, 1, number, 0, len(lacing))
    whole = head + lacing + packet
    return whole[:22] + struct.pack("<I", _checksum(whole)) + whole[26:]


def _table() -> Iterator[int]:
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)
        yield value & 0xFFFFFFFF


TABLE = tuple(_table())


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ TABLE[(value >> 24) ^ byte]
    return value

"""Pretends to recognise: a note is JSON that says what is heard, or what becomes of the process."""

import json
import os
import sys


def say(answer: dict) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


say({"ready": True})
while len(head := sys.stdin.buffer.read(4)) == 4:
    note = json.loads(sys.stdin.buffer.read(int.from_bytes(head)))
    if note.get("dies"):
        os._exit(9)
    if note.get("babbles"):
        sys.stdout.buffer.write(b"not JSON\n")
        sys.stdout.buffer.flush()
        continue
    say(note)

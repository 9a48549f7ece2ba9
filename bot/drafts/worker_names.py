"""How a worker is called to others: the same for every age."""

from __future__ import annotations

from bot.dialogue.reply import Line, Lines, Name, Value


def worker_named(name: str | None) -> Value:
    """The title with the name, or with the commune when the name is not known."""
    if name is None:
        return Name("worker.unnamed")
    return Lines((Line("worker.named", {"name": name}),))

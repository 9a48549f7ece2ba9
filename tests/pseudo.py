"""A language that nobody speaks: every Vietnamese text between brackets and two fifths longer.

Adding a language is adding a folder: this one is made of the first one's, in a folder of the test's.
`python tests/pseudo.py FOLDER run` is `lensan run` that knows it, too; LENSAN_LANGUAGE=qps speaks it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path

from babel.messages.pofile import write_po

from bot.locales import catalogue

LANGUAGE = "qps"
LONGER = 0.4
PADDING = "ëñöü åçïøñ ßêýþæ "  # letters of no Vietnamese word
AS_IT_IS = re.compile(r"format\.(date|month|month_short)")  # patterns, no words
OURS = Path(__file__).parent.parent / "bot" / "locales"


def lengthened(text: str) -> str:
    """`Lưu` -> `[Lưu ë]`; line by line, its placeholders as they are."""
    return "\n".join(_longer(line) if line else line for line in text.split("\n"))


def _longer(line: str) -> str:
    more = ceil(len(line) * LONGER) - 2
    padding = (PADDING * (max(more, 1) // len(PADDING) + 1))[: max(more - 1, 1)].rstrip()
    return f"[{line} {padding}]"


def made(folder: Path) -> Path:
    """A folder with all our languages and this one."""
    for own in OURS.iterdir():
        if (own / "LC_MESSAGES").is_dir():
            (folder / own.name).symlink_to(own)
    texts = catalogue.read(catalogue.FIRST)
    for message in texts:
        if message.id and message.string and not AS_IT_IS.fullmatch(str(message.id)):
            message.string = lengthened(str(message.string))
    (folder / LANGUAGE / "LC_MESSAGES").mkdir(parents=True)
    with (folder / LANGUAGE / "LC_MESSAGES" / "messages.po").open("wb") as po:
        write_po(po, texts)
    return folder


def install(folder: Path) -> None:
    """From now on texts are read in this folder."""
    catalogue.HERE = folder
    catalogue.languages.cache_clear()
    catalogue.catalogue.cache_clear()


@contextmanager
def pseudo_locale(folder: Path) -> Iterator[str]:
    """Meanwhile there is one more language, which is given; everything of it lies in this empty folder."""
    ours = catalogue.HERE
    install(made(folder))
    try:
        yield LANGUAGE
    finally:
        install(ours)


if __name__ == "__main__":
    install(made(Path(sys.argv.pop(1))))
    from bot.__main__ import main

    sys.exit(main())

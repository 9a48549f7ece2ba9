"""Do code and catalogues agree? `python -m bot.locales.check` names every key that one of them lacks."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message

from bot.locales.catalogue import FIRST, languages, read

ROOT = Path(__file__).parents[2]
CODE = ("domain", "bot", "web")
VALUES = ("storage",)  # has no words, but the values that fill them and that keys are built of
NO_WORDS = ("bot/language", "bot/locales/check.py")  # names of requests look like keys there
COUNTED = ("weekday.", "button.form.", "kind.")  # keys that end in a number or in a word of a table
PAGES = ("*.html", "*.jinja", "*.svg", "*.typ", "*.js", "*.xml")
KEY = re.compile(r"[a-z]\w*(\.\w*[^\W_])+")
QUOTED = re.compile(r"""["']([a-z]\w*(?:\.\w+)+)["']""")
BUILT = re.compile(r"""["']([a-z]\w*(?:\.\w+)*\.)["'] ~""")  # in a page: "web.worker." ~ name
SURE = ("button", "ask", "card", "check", "task", "slot", "status", "web", "summary")
ALWAYS = {"me", "you", "you_name"}  # placeholders that every voice fills
WORDED = {"Line": 0, "Name": 0, "tell": 0, "text": 0, "Button": 1}  # call -> where its key stands


@dataclass
class Used:
    """What the code says: every word that looks like a key, the sure ones with their place."""

    words: set[str] = field(default_factory=set)
    built: set[tuple[str, str]] = field(default_factory=set)  # how a built key begins, its pattern
    keys: dict[str, str] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    calls: list[tuple[str, str, set[str]]] = field(default_factory=list)  # place, key, its values

    def has(self, key: str) -> bool:
        """Whether the code says this key, or builds it around a word that it says."""
        if key in self.words or key in self.values or key.startswith(COUNTED):
            return True
        return any(self._builds(key, start, pattern) for start, pattern in self.built)

    def _builds(self, key: str, start: str, pattern: str) -> bool:
        found = re.fullmatch(pattern, key) if key.startswith(start) else None
        return found is not None and self.values.issuperset(found.groups())


def problems() -> list[str]:
    """One line for each: a key that is missing, unused or empty, a placeholder that nobody fills."""
    used, texts = read_code(), messages(FIRST)
    found = [
        *_missing(used, texts),
        *_unused(used, texts),
        *_unfilled(used, texts),
        *_uncalled(used, texts),
    ]
    others = [language for language in languages() if language != FIRST]
    return found + [line for language in others for line in _translated(language, texts)]


def messages(language: str) -> dict[str, Message]:
    """The entries of one language by key."""
    return {str(m.id): m for m in read(language) if m.id}


def is_later(message: Message) -> bool:
    """Whether its conversation is not built yet."""
    return "later" in message.user_comments


def placeholders(text: str) -> set[str]:
    """The names of the values in a text, with a small first letter."""
    names = (name for _, name, _, _ in Formatter().parse(text) if name)
    return {name[:1].lower() + name[1:] for name in names} - ALWAYS


def read_code() -> Used:
    """Every key that modules and page templates name."""
    used = Used()
    for path in _files("*.py"):
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            _note(used, node, place)
    for path in (p for folder in VALUES for p in (ROOT / folder).rglob("*.py")):
        _note_values(used, ast.parse(path.read_text("utf-8")))
    for pattern in PAGES:
        for path in _files(pattern):
            _note_page(used, path)
    return used


def _files(pattern: str) -> Iterator[Path]:
    for path in (p for folder in CODE for p in (ROOT / folder).rglob(pattern)):
        if not path.relative_to(ROOT).as_posix().startswith(NO_WORDS):
            yield path


def _note(used: Used, node: ast.AST, place: str) -> None:
    match node:
        case ast.Constant(value=str(word)):
            used.values.add(word)
            if KEY.fullmatch(word):
                used.words.add(word)
                if word.startswith(tuple(f"{section}." for section in SURE)):
                    used.keys.setdefault(word, f"{place}:{node.lineno}")
        case ast.Constant(value=int(number)):
            used.values.add(str(number))
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *rest]) if "." in start:
            used.built.add((start, re.escape(start) + "".join(map(_pattern, rest))))
        case ast.Call():
            _note_call(used, node, f"{place}:{node.lineno}")


def _pattern(node: ast.expr) -> str:
    return re.escape(str(node.value)) if isinstance(node, ast.Constant) else "(.+)"


def _note_values(used: Used, tree: ast.Module) -> None:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(word)):
                used.values.add(word)
            case ast.keyword(arg=str(name)):
                used.values.add(name)


def _note_call(used: Used, call: ast.Call, place: str) -> None:
    used.values |= {keyword.arg for keyword in call.keywords if keyword.arg}
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    where = WORDED.get(name)
    if where is None or len(call.args) <= where:
        return
    key = call.args[where]
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        used.keys.setdefault(key.value, place)
        values = _values(call, name)
        if values is not None:
            used.calls.append((place, key.value, values))


def _values(call: ast.Call, name: str) -> set[str] | None:
    """The names of the values that this call gives; None when they are not written out here."""
    if name == "tell":
        names = {keyword.arg for keyword in call.keywords}
        return None if None in names else {str(n) for n in names}
    if name != "Line":
        return None
    if len(call.args) == 1 and not call.keywords:
        return set()
    if len(call.args) == 2 and isinstance(call.args[1], ast.Dict):
        keys = call.args[1].keys
        written = [k.value for k in keys if isinstance(k, ast.Constant)]
        return {str(k) for k in written} if len(written) == len(keys) else None
    return None


def _note_page(used: Used, path: Path) -> None:
    page = path.read_text("utf-8")
    used.built |= {(start, re.escape(start) + "(.+)") for start in BUILT.findall(page)}
    for key in QUOTED.findall(page):
        used.words.add(key)
        if key.startswith("web."):
            used.keys.setdefault(key, str(path.relative_to(ROOT)))


def _missing(used: Used, texts: dict[str, Message]) -> list[str]:
    begun = sorted({start for start, _ in used.built if start.startswith(SURE)})
    named = {
        **used.keys,
        **{f"{prefix}…": "somewhere" for prefix in begun if not _any(prefix, texts)},
    }
    missing = sorted((place, key) for key, place in named.items() if key not in texts)
    return [f"{place}: {key} has no text" for place, key in missing]


def _any(prefix: str, texts: dict[str, Message]) -> bool:
    return any(key.startswith(prefix) for key in texts)


def _unused(used: Used, texts: dict[str, Message]) -> list[str]:
    named = [(key, is_later(m)) for key, m in texts.items()]
    unused = [f"{key} is used nowhere" for key, later in named if not later and not used.has(key)]
    built = [
        f"{key} is in use, yet marked later" for key, later in named if later and key in used.words
    ]
    return unused + built


def _unfilled(used: Used, texts: dict[str, Message]) -> list[str]:
    named = ((key, placeholders(str(m.string))) for key, m in texts.items() if used.has(key))
    return [
        f"{key}: nothing fills {{{name}}}"
        for key, names in named
        for name in sorted(names - used.values)
    ]


def _uncalled(used: Used, texts: dict[str, Message]) -> list[str]:
    """Texts of one line that would vanish, because a call leaves a value out."""
    found = []
    for place, key, given in used.calls:
        said = str(texts[key].string) if key in texts else ""
        lost = placeholders(said) - given
        if lost and "\n" not in said:
            found.append(f"{place}: {key} lacks {', '.join(sorted(lost))}")
    return found


def _translated(language: str, texts: dict[str, Message]) -> list[str]:
    own = messages(language)
    found = [f"{language}: {key} is not translated" for key in texts if not _string(own, key)]
    for key, message in own.items():
        asked = placeholders(_string(own, key))
        strange = asked - placeholders(_string(texts, key))
        found += [f"{language}: {key} has a strange {{{name}}}" for name in sorted(strange)]
        if key not in texts:
            found.append(f"{language}: {key} is no key (line {message.lineno})")
    return found


def _string(texts: dict[str, Message], key: str) -> str:
    return str(texts[key].string or "") if key in texts else ""


def main() -> int:
    """Print what is wrong; 1 when anything is."""
    found = problems()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

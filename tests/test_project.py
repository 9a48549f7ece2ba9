"""The house keeps its own rules: what is listed exists, what exists is documented, layers hold."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.handlers
from bot.config import Settings
from bot.dialogue.handler import Handler
from bot.dialogue.reply import Line, Reply
from bot.locales.render import word

ROOT = Path(__file__).parent.parent
PACKAGES = ("domain", "bot", "storage", "web")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
COMMANDS = {
    *("run", "web", "worker", "migrate", "chat", "parse", "review", "import", "summary"),
    *("rebuild", "invite", "key", "backup", "restore", "doctor"),
}
"""The commands of the contract."""

VIETNAMESE = re.compile("[ăâđêôơưàáãèéìíòóõùúýĩũ\u1ea0-\u1ef9]", re.IGNORECASE)
MAY_SPELL = {
    "bot/transcripts.py",  # the marks of the transcripts, which a Vietnamese editor reads
    "domain/fold.py",  # which letter folds to which
    "domain/geography.py",  # the kinds of places whose name has two words
    "domain/place_names.py",  # which letters stand for one another in place names
}
VAGUE = {"manager", "helper", "helpers", "utils", "util", "processor", "data", "info", "misc"}


def handler_modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(bot.handlers.__path__)]


def documentation() -> str:
    files = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(file.read_text() for file in files)


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


# Conversations


def test_there_are_conversations():
    assert handler_modules()


@pytest.mark.parametrize("module", handler_modules())
def test_every_conversation_is_listed(module):
    """A file in bot/handlers that HANDLERS does not list is never asked."""
    listed = bot.handlers.HANDLERS
    own = vars(importlib.import_module(f"bot.handlers.{module}")).values()
    assert any(thing is handler for thing in own for handler in listed)


@pytest.mark.parametrize("module", handler_modules())
def test_every_conversation_has_a_transcript(module):
    """`tests/conversations/sales.txt`, `sales-correct.txt` for `bot/handlers/sales.py`."""
    assert list((ROOT / "tests" / "conversations").glob(f"{module}*.txt"))


def test_no_two_conversations_have_one_name():
    names = [handler.name for handler in bot.handlers.HANDLERS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("handler", bot.handlers.HANDLERS, ids=lambda one: one.name)
def test_every_conversation_that_asks_can_be_called_when_we_come_back_to_it(handler):
    silent = Handler("silent")
    if handler.ask is not silent.ask or handler.answer is not silent.answer:
        assert word(Reply((Line(f"task.{handler.name}"),))).text


# What a user reads


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_is_documented(setting):
    assert re.search(rf"\bLENSAN_{setting.upper()}\b", documentation())


def test_no_setting_is_documented_that_does_not_exist():
    written = set(re.findall(r"\bLENSAN_([A-Z_]*[A-Z])\b", documentation()))
    assert {name.lower() for name in written} <= set(Settings.model_fields)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command):
    assert re.search(rf"\blensan {command}\b", documentation())


def test_the_command_line_offers_the_commands_of_the_contract():
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(re.findall(r"[a-z]+", shown)) >= COMMANDS


def test_the_changelog_has_this_version_or_what_comes():
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changes or f"## [{PROJECT['version']}]" in changes


# Code


def test_layers_hold():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


DECLARATIONS = {"storage/schema.py", "storage/migrations/versions/0001_first.py"}
"""Files of tables only: one after the other, nothing to split them by."""


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_file_is_over_300_lines(file):
    if name_of(file) in DECLARATIONS:
        return
    assert len(file.read_text().splitlines()) <= 300


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_vietnamese_in_code(file):
    """Words stand in the .po and the language tables; a docstring or comment may quote an example."""
    if file.is_relative_to(ROOT / "bot" / "language") or name_of(file) in MAY_SPELL:
        return
    assert not [text for text in spoken(ast.parse(file.read_text())) if VIETNAMESE.search(text)]


@pytest.mark.parametrize("name", sorted(MAY_SPELL))
def test_an_exception_that_is_no_longer_needed_goes(name):
    assert any(VIETNAMESE.search(text) for text in spoken(ast.parse((ROOT / name).read_text())))


def spoken(tree: ast.Module) -> Iterator[str]:
    """Every string that the program uses: all but those that stand alone, the docstrings."""
    alone = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in alone:
            yield node.value


def test_the_search_for_vietnamese_finds_it_in_code_and_not_in_docstrings():
    tree = ast.parse('"""cam sành"""\nx = f"giá {1}"\ny = "sale.logged"\n')
    assert [text for text in spoken(tree) if VIETNAMESE.search(text)] == ["giá "]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_no_file_has_a_name_that_says_nothing(file):
    assert not set(file.stem.split("_")) & VAGUE


def lengths() -> list[int]:
    """Lines of every function, from its first statement after the docstring to its last line."""
    trees = (ast.parse(file.read_text()) for file in FILES)
    functions = (
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [lines_of(function) for function in functions]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) and function.body[1:] else function.body
    return int(body[-1].end_lineno or 0) - body[0].lineno + 2  # and the line with its name


def test_functions_are_short():
    """Half of them under 12 lines, nine in ten under 22."""
    lines = lengths()
    assert statistics.median(lines) < 12
    assert statistics.quantiles(lines, n=10)[-1] < 22


# The package


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+) \\$", (ROOT / name).read_text(), re.MULTILINE))


def wanted(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {re.sub(r"[._-]+", "-", name.group()).lower() for name in names if name}


def test_all_that_the_package_needs_is_locked():
    assert wanted(PROJECT["dependencies"]) <= set(locked("requirements.lock"))
    for extra, asked in PROJECT["optional-dependencies"].items():
        ours = {PROJECT["name"]}  # with extras of its own
        assert wanted(asked) - ours <= set(locked(f"requirements-{extra}.lock"))


def test_tests_run_on_the_versions_that_users_get():
    for lock in ("requirements.lock", "requirements-voice.lock", "requirements-whisper.lock"):
        assert locked(lock).items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", sorted(file.name for file in ROOT.glob("requirements*.lock")))
def test_a_lock_names_no_server(lock):
    """Whoever installs takes the packages from where they want; the hashes say that they are the same."""
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash", ""), re.MULTILINE)

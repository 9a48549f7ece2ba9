"""Banks that take transfers by VietQR: `banks.csv` has their numbers at NAPAS and what people call them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.fold import fold


@dataclass(frozen=True, slots=True)
class Bank:
    """`bin` is its number at NAPAS, six digits; `spoken` what people say, folded."""

    key: str
    bin: str
    name: str
    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a household wants its money: a bank by key, digits, and the name that the bank has."""

    bank: str
    number: str
    holder: str


@cache
def banks() -> Mapping[str, Bank]:
    """All of them by key, the most used ones first."""
    table = (files("domain") / "banks.csv").read_text("utf-8").splitlines()
    return {row["key"]: _bank(row) for row in csv.DictReader(table)}


def _bank(row: dict[str, str]) -> Bank:
    spoken = tuple(fold(name) for name in row["spoken"].split("|"))
    return Bank(row["key"], row["bin"], row["name"], spoken)


def named_banks(text: str) -> tuple[Bank, ...]:
    """The banks that the words name; of names within each other the longest counts."""
    words = f" {fold(text)} "
    found: dict[str, Bank] = {}
    for name, bank in _longest_first():
        if f" {name} " in words:
            words = words.replace(f" {name} ", " | ")
            found[bank.key] = bank
    return tuple(found.values())


@cache
def _longest_first() -> tuple[tuple[str, Bank], ...]:
    names = [(name, bank) for bank in banks().values() for name in bank.spoken]
    return tuple(sorted(names, key=lambda pair: -len(pair[0])))

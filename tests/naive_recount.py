"""The programme's figures counted from plain records, by nothing of the product but the gazetteer's files.

It keeps every sale as it stands in the end and every product as long as it stood, and adds them up.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

GAZETTEER = Path(__file__).parent.parent / "domain" / "gazetteer"
BOT = ("said", "confirmed", "matched", "paid")
STOCKS = ("products", "accounts")
Record = dict[str, Any]


class Key(NamedTuple):
    indicator: str
    month: str | None
    province: str | None
    platform: str | None


class Atom(NamedTuple):
    """Something counted: from a month to a month, in a place of each set, as one part of the figure."""

    indicator: str
    first: str
    last: str
    of_34: str
    of_63: str
    platform: str
    part: str


Cells = dict[Key, Counter[str]]
"""Amounts by part; a part that somebody spoke of is there, even with 0."""


def rows(name: str) -> list[Record]:
    with (GAZETTEER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Places:
    """Where a place counts in each set; empty where that can't be told."""

    def __init__(self) -> None:
        old = [row for row in rows("provinces.csv") if row["valid_to"]]
        self.after = {row["code"]: row["successor_code"] for row in old}
        self.met = defaultdict[str, set[str]](set)
        for row in rows("communes_before_2025.csv"):
            for commune in row["successor_codes"].split():
                self.met[commune].add(row["province_code"])

    def of(self, province: str, commune: str) -> tuple[str, str]:
        if not province:
            return "", ""
        if province.startswith("63/"):
            return self.after[province[3:]], province[3:]
        parts = [old for old, new in self.after.items() if new == province]
        lay = parts if len(parts) == 1 else sorted(self.met[commune])
        return province, lay[0] if len(lay) == 1 else ""


class Recount:
    """All that counts in the end of these records."""

    def __init__(self, records: list[Record]) -> None:
        self.places = Places()
        self.known: dict[tuple[str, str], tuple[str, str]] = {}
        self.flows, self.stays = Counter[Atom](), Counter[Atom]()
        self.reported: dict[tuple[str, ...], int] = {}
        self.sellers = defaultdict[Atom, set[int]](set)
        self.owners = defaultdict[Atom, set[int]](set)
        self.sales: dict[int, Record] = {}
        self.standing: dict[int, list[Record]] = {}
        self.of_home = defaultdict[int, list[list[Record]]](list)
        for one in records:
            if "sale" in one:
                self._sale(one)
            elif one["op"] in {"course", "people"}:
                held = one["op"] == "course"
                what, count = ("courses", 1) if held else ("attendances", one["people"])
                self._flow(what, one, count, "said")
            elif one["op"] == "reported":
                self._report(one)
            else:
                self._stand(one)
        self._settle()

    def _sale(self, one: Record) -> None:
        number = one["sale"]
        match one["op"]:
            case "sold" | "corrected":
                self.sales[number] = {**self.sales.get(number, one), **_changed(one)}
                self._touch(self.sales[number])
            case "proven":
                self.sales[number] |= {"evidence": one["evidence"]}
            case state:
                self.sales[number] |= {"out": state != "standing"}

    def _stand(self, one: Record) -> None:
        match one["op"]:
            case "came" if one["counts"]:
                self.standing[one["stay"]] = [{**one, "until": ""}]
                self.of_home[one["home"]].append(self.standing[one["stay"]])
            case "went" if one["stay"] in self.standing:
                self.standing[one["stay"]][-1]["until"] = one["month"]
            case "moved":
                _move(self.of_home[one["home"]], one)

    def _settle(self) -> None:
        for sale in self.sales.values():
            if not sale.get("out") and sale["platform"] != "offline":
                self._flow("transactions", sale, 1, sale["evidence"])
                self._flow("value", sale, sale["total"], sale["evidence"])
                month = f"{sale['day']:%Y-%m}"
                self.sellers[self._atom("transactions", month, month, sale, "")].add(sale["home"])
        for one in (one for parts in self.standing.values() for one in parts):
            where = self._atom(one["indicator"], one["month"], one["until"], one, "")
            self.stays[where._replace(part=one["evidence"])] += 1
            self.owners[where].add(one["home"])

    def _touch(self, sale: Record) -> None:
        """Where a sale ever was, something is known: 0, not nothing."""
        if sale["platform"] != "offline":
            for what in ("transactions", "value"):
                self._flow(what, sale, 0, "said")

    def _flow(self, what: str, one: Record, amount: int, part: str) -> None:
        month = f"{one['day']:%Y-%m}"
        self.flows[self._atom(what, month, month, one, part)] += amount

    def _atom(self, what: str, first: str, last: str, one: Record, part: str) -> Atom:
        place = one["place"]
        if place not in self.known:
            self.known[place] = self.places.of(*place)
        return Atom(what, first, last, *self.known[place], one["platform"] or "", part)

    def _report(self, one: Record) -> None:
        place = self.places.of(one["province"], "")
        months = f"{one['from']:%Y-%m}", f"{one['to']:%Y-%m}"
        whose = (one["province"], *place, one["platform"])
        self.reported[one["indicator"], *months, *whose] = one["value"]

    # A question

    def cells(self, start: str, end: str, by: set[str], of: int, platform: str = "") -> Cells:
        """Every cell of the answer that somebody spoke of."""
        found: Cells = defaultdict(Counter)
        months = [None, *(_months(start, end) if "month" in by else ())]
        for atom, amount in self._atoms(start, end):
            if platform in {"", atom.platform}:
                for month in _possible(atom, months):
                    if _known(atom, month, start, end):
                        counted = amount if _counts(atom, month, start, end) else 0
                        for key in _keys(atom, month, by, of, platform):
                            found[key][atom.part] += counted
        self._stocks_reported(found, months, end, by, of, platform)
        _ratios(found)
        return dict(found)

    def _atoms(self, start: str, end: str) -> Iterator[tuple[Atom, int]]:
        yield from self.flows.items()
        yield from self.stays.items()
        for (what, first, last, _, of_34, of_63, platform), value in self.reported.items():
            if what not in STOCKS:
                yield Atom(what, first, last, of_34, of_63, platform, "reported"), value

    def _stocks_reported(
        self,
        found: Cells,
        months: list[str | None],
        end: str,
        by: set[str],
        of: int,
        platform: str,
    ) -> None:
        """Of each who reports the latest figure up to the month."""
        series = defaultdict[tuple[str, ...], dict[str, int]](dict)
        for (what, _, last, *whose), value in self.reported.items():
            if what in STOCKS and platform in {"", whose[-1]}:
                series[what, *whose][last] = value
        for (what, _, *place), values in series.items():
            for month in months:
                latest = max((one for one in values if one <= (month or end)), default=None)
                if latest is not None:
                    atom = Atom(what, latest, "", *place, "reported")
                    for key in _keys(atom, month, by, of, platform):
                        found[key]["reported"] += values[latest]

    def households(self, key: Key, start: str, end: str, of: int) -> set[int]:
        """Who made the bot's part of a cell of a province."""
        start, end = key.month or start, key.month or end
        crowds = self.owners if key.indicator in STOCKS else self.sellers
        what = key.indicator if key.indicator in STOCKS else "transactions"
        there: set[int] = set()
        for atom, homes in crowds.items():
            place = atom.of_34 if of == 34 else atom.of_63
            here = place == key.province and key.platform in {None, atom.platform}
            if atom.indicator == what and here and _counts(atom, None, start, end):
                there |= homes
        return there


def _changed(one: Record) -> Record:
    """A correction leaves the sale where it was, with the evidence that it had."""
    names = ("day", "platform", "total") if one["op"] == "corrected" else tuple(one)
    return {name: one[name] for name in names}


def _move(stays: list[list[Record]], one: Record) -> None:
    for parts in stays:
        last = parts[-1]
        if not last["until"]:
            last["until"] = one["month"]
            parts.append({**last, "month": one["month"], "until": "", "place": one["place"]})


def _possible(atom: Atom, months: list[str | None]) -> list[str | None]:
    """What flowed did so in one month, if it counts in any; what stands does so for many."""
    if atom.indicator in STOCKS:
        return months
    return [None, atom.first] if atom.first in months else [None]


def _known(atom: Atom, month: str | None, start: str, end: str) -> bool:
    """Of what has gone it is known that it is no longer there."""
    if atom.indicator in STOCKS:
        return atom.first <= (month or end)
    return _counts(atom, month, start, end)


def _counts(atom: Atom, month: str | None, start: str, end: str) -> bool:
    if atom.indicator in STOCKS:
        at = month or end
        return atom.first <= at and not (atom.last and atom.last <= at)
    if month is not None:
        return atom.first == atom.last == month
    return start <= atom.first and atom.last <= end


def _keys(atom: Atom, month: str | None, by: set[str], of: int, asked: str) -> Iterator[Key]:
    place = atom.of_34 if of == 34 else atom.of_63
    for province in (None, place) if "province" in by else (None,):
        yield Key(atom.indicator, month, province, asked or None)
        whole = month is None and province is None
        if atom.platform and not asked and (whole or "platform" in by):
            yield Key(atom.indicator, month, province, atom.platform)


def _months(start: str, end: str) -> list[str]:
    day, months = dt.date.fromisoformat(f"{start}-01"), []
    while f"{day:%Y-%m}" <= end:
        months.append(f"{day:%Y-%m}")
        day = (day + dt.timedelta(days=31)).replace(day=1)
    return months


def _ratios(found: Cells) -> None:
    for key in [key for key in found if key.indicator == "value"]:
        sold, value = found.get(key._replace(indicator="transactions")), found[key]
        parts = Counter[str]()
        for name, of in (("bot", BOT), ("reported", ("reported",)), ("", (*BOT, "reported"))):
            count = sum(sold[one] for one in of) if sold else 0
            if count > 0:
                parts[name] = (2 * sum(value[one] for one in of) + count) // (2 * count)
        found[key._replace(indicator="value_per_transaction")] = parts

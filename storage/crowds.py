"""How many households a figure of the bot is made of, kept with the figure: a few could be recognised.

Who sold counts in the month; of a stock, who has anything of it at the month's end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from storage.bulk import add_and_tell, add_rows, as_id, as_kept
from storage.rollup_sums import Key
from storage.schema import crowd, rollup_household

AT_ONCE = 500  # households looked up in one statement
SOLD = "sold"
CROWD = ("step", "households")

Amounts = dict[str, int]
"""By month."""
Homes = dict[Key, Amounts]
"""By kind, province, old province, platform and household."""

_h = rollup_household.c
STOCKS = select(rollup_household).where(
    _h.kind != SOLD, _h.household.in_(bindparam("those", expanding=True))
)
_earlier = crowd.alias()
SUMMED = (
    update(crowd)
    .where(
        crowd.c.kind == bindparam("of_kind"),
        crowd.c.province == bindparam("of_province"),
        crowd.c.old_province == bindparam("of_old_province"),
        crowd.c.platform == bindparam("of_platform"),
        crowd.c.month >= bindparam("since"),
    )
    .values(
        households=select(func.sum(_earlier.c.step))
        .where(
            _earlier.c.kind == crowd.c.kind,
            _earlier.c.province == crowd.c.province,
            _earlier.c.old_province == crowd.c.old_province,
            _earlier.c.platform == crowd.c.platform,
            _earlier.c.month <= crowd.c.month,
        )
        .scalar_subquery()
    )
)


def add(tx: Connection, amounts: Mapping[Key, list[int]]) -> None:
    """Add these amounts of households, and count the households again where one came or went."""
    added = {(*key[:-1], as_kept(key[-1], tx)): amount for key, (amount,) in amounts.items()}
    rows = [(*key, added[key]) for key in sorted(added)]
    now = {row[:-1]: row[-1] for row in add_and_tell(tx, rollup_household, ("amount",), rows)}
    steps = Counter[Key]()
    for key, amount in now.items():
        if key[0] == SOLD:
            steps[key[:-1]] += (amount > 0) - (amount - added[key] > 0)
    _count_stocks(tx, {key: added[key] for key in now if key[0] != SOLD}, steps)
    rows = [(*key, step, step if key[0] == SOLD else 0) for key, step in sorted(steps.items())]
    add_rows(tx, crowd, CROWD, [row for row in rows if row[-2]])
    _sum_up(tx, (key for key, step in steps.items() if step and key[0] != SOLD))


def crowds_of(amounts: Mapping[Key, list[int]]) -> dict[Key, list[int]]:
    """What `crowd` has to hold when these are all amounts: step and households by its key."""
    steps = Counter[Key]()
    for home, months in _by_home({key: amount for key, (amount,) in amounts.items()}).items():
        steps.update(_steps(home, months))
    found: dict[Key, list[int]] = {}
    standing = Counter[Key]()
    for key, step in sorted(steps.items()):
        standing[key[:4]] += step
        found[key] = [step, step if key[0] == SOLD else standing[key[:4]]]
    return found


def _count_stocks(tx: Connection, added: Mapping[Key, int], steps: Counter[Key]) -> None:
    """Who has something of a stock depends on all months of a household."""
    changed = _by_home(added)
    for home, after in _stocks(tx, sorted({key[-1] for key in changed})).items():
        change = changed.get(home)
        if change:
            before = {month: amount - change.get(month, 0) for month, amount in after.items()}
            steps.update(_steps(home, after))
            steps.subtract(_steps(home, before))


def _stocks(tx: Connection, homes: Sequence[UUID | str]) -> Homes:
    found: dict[Key, int] = {}
    for start in range(0, len(homes), AT_ONCE):
        asked = {"those": list(map(as_id, homes[start : start + AT_ONCE]))}
        for *key, home, amount in tx.execute(STOCKS, asked):
            found[*key, as_kept(home, tx)] = amount
    return _by_home(found)


def _by_home(amounts: Mapping[Key, int]) -> Homes:
    homes: Homes = defaultdict(dict)
    for (*cell, month, home), amount in amounts.items():
        homes[*cell, home][month] = amount
    return homes


def _steps(home: Key, months: Amounts) -> dict[Key, int]:
    """When this household came into the cell's crowd (1) and when it went (-1)."""
    kind, *_ = cell = home[:-1]
    if kind == SOLD:
        return {(*cell, month): 1 for month, amount in months.items() if amount > 0}
    return {(*cell, month): step for month, step in _standing(sorted(months.items())) if step}


def _standing(months: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    amount = 0
    for month, change in months:
        before, amount = amount, amount + change
        yield month, (amount > 0) - (before > 0)


def _sum_up(tx: Connection, keys: Iterable[Key]) -> None:
    """Of a stock: whoever came stays, so that the months after it change, too."""
    since: dict[Key, str] = {}
    for *cell, month in keys:
        since[tuple(cell)] = min(month, since.get(tuple(cell), month))
    names = ("of_kind", "of_province", "of_old_province", "of_platform", "since")
    rows = [dict(zip(names, (*cell, month), strict=True)) for cell, month in sorted(since.items())]
    if rows:
        tx.execute(SUMMED, rows)

"""An attacker with a sheet of paper: everything that was answered, as equations, solved over fractions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction

Sum = Mapping[Hashable, int]
"""So many times each unknown."""


class Equations:
    """The sums that are known; their values do not matter, only which unknowns they fix."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, dict[Hashable, Fraction]] = {}

    def learn(self, known: Iterable[Sum]) -> None:
        """Take in sums whose value was answered."""
        for one in known:
            rest = self._rest(one)
            if rest:
                first = min(rest, key=repr)
                self._rows[first] = {key: part / rest[first] for key, part in rest.items()}

    def tell(self, wanted: Sum) -> bool:
        """Whether the value of this sum follows from what is known."""
        return not self._rest(wanted)

    def _rest(self, one: Sum) -> dict[Hashable, Fraction]:
        """What of it does not follow: each leading unknown is replaced until none is left."""
        rest = {key: Fraction(times) for key, times in one.items() if times}
        while leads := rest.keys() & self._rows.keys():
            lead = min(leads, key=repr)
            times = rest[lead]
            for key, part in self._rows[lead].items():
                rest[key] = rest.get(key, Fraction()) - times * part
                if not rest[key]:
                    del rest[key]
        return rest

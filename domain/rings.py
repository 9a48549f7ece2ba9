"""Which withheld cells could be worked out from sums, and the cheapest others that keep it from being done.

Cells are edges of a graph and sums its corners: each cell stands in two sums. What is withheld can't be
worked out exactly when it lies on a ring of withheld cells: what one had more, its neighbour would have less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush

Cell = tuple[str, str]
Ends = Mapping[Cell, tuple[str, str]]
"""The two sums in which each cell stands."""
Cost = Callable[[Cell], int | None]
"""What it costs to withhold a cell; None: it can't be added."""


def in_rings(
    ends: Ends, withheld: AbstractSet[Cell], secret: Iterable[Cell], cost: Cost
) -> frozenset[Cell]:
    """All that must be withheld: what is already, and for each secret cell the cheapest ring of others.

    A secret for which there is no ring stays alone: see `alone`. The order of `ends` settles a tie.
    """
    found = set(withheld)
    lonely = alone(ends, found)
    for cell in sorted(secret):
        if cell in lonely:
            found |= _cheapest_ring(ends, found, cost, cell)
            lonely = alone(ends, found)
    return frozenset(found)


def alone(ends: Ends, withheld: AbstractSet[Cell]) -> frozenset[Cell]:
    """Those of the withheld cells that lie on no ring: their value follows from the sums."""
    around = _around(ends, withheld)
    reached: dict[str, int] = {}
    return frozenset(
        cell
        for corner in around
        if corner not in reached
        for cell in _bridges(corner, around, reached)
    )


Around = Mapping[str, list[tuple[str, Cell]]]


def _around(ends: Ends, cells: Container[Cell]) -> Around:
    around: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
    for cell, (here, there) in ends.items():
        if cell in cells:
            around[here].append((there, cell))
            around[there].append((here, cell))
    return around


def _bridges(start: str, around: Around, reached: dict[str, int]) -> Iterator[Cell]:
    """Tarjan's: an edge is a bridge when nothing beyond it leads back to this side another way."""
    back: dict[str, int] = {}

    def visit(corner: str, by: Cell | None) -> Iterator[Cell]:
        reached[corner] = back[corner] = len(reached)
        for there, cell in around[corner]:
            if cell == by:
                continue
            if there not in reached:
                yield from visit(there, cell)
                if back[there] > reached[corner]:
                    yield cell
            back[corner] = min(back[corner], back[there])

    yield from visit(start, None)


def _cheapest_ring(ends: Ends, withheld: AbstractSet[Cell], cost: Cost, cell: Cell) -> set[Cell]:
    """The cells that close a ring through this one; none when nothing does. Dijkstra's shortest path."""
    asked = {other: 0 if other in withheld else cost(other) for other in ends if other != cell}
    price = {other: one for other, one in asked.items() if one is not None}
    around = _around(ends, price)
    start, goal = ends[cell]
    queue: list[tuple[int, str, tuple[Cell, ...]]] = [(0, start, ())]
    done = set[str]()
    while queue:
        spent, corner, path = heappop(queue)
        if corner == goal:
            return set(path)
        if corner not in done:
            done.add(corner)
            for there, by in around.get(corner, ()):
                heappush(queue, (spent + price[by], there, (*path, by)))
    return set()

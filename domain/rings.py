"""Which withheld cells could be worked out from sums, and the cheapest others that keep it from being done.

Cells are edges of a graph and sums its corners: each cell stands in two sums. What is withheld can't be
worked out exactly when it lies on a ring of withheld cells: what one had more, its neighbour would have less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush

Cell = tuple[str, str]
Ends = Mapping[Cell, tuple[str, str]]
"""The two sums in which each cell stands."""


def in_rings(
    ends: Ends, withheld: AbstractSet[Cell], secret: Iterable[Cell], cost: Mapping[Cell, int]
) -> frozenset[Cell]:
    """All that must be withheld: what is already, and for each secret cell the cheapest ring of others.

    Only cells with a cost may be added. A secret for which there is no ring stays alone: see `alone`.
    """
    found = set(withheld)
    lonely = alone(ends, found)
    for cell in sorted(secret):
        if cell in lonely:
            found |= _cheapest_ring(ends, found, cost, cell)
            lonely = alone(ends, found)
    return frozenset(found)


def alone(ends: Ends, withheld: Iterable[Cell]) -> frozenset[Cell]:
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


def _around(ends: Ends, cells: Iterable[Cell]) -> Around:
    around: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
    for cell in sorted(cells):
        here, there = ends[cell]
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


def _cheapest_ring(
    ends: Ends, withheld: AbstractSet[Cell], cost: Mapping[Cell, int], cell: Cell
) -> set[Cell]:
    """The cells that close a ring through this one; none when nothing does. Dijkstra's shortest path."""
    price = {other: cost[other] for other in ends if other in cost} | dict.fromkeys(withheld, 0)
    price.pop(cell, None)
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

"""Sets that separate: the one next to a side, the smallest, and all from which no node can be spared.

A set that separates two sets of nodes, and from which no node can be spared, lies among their ancestors. There it is a
set whose removal parts the moral graph (van der Zander, Liskiewicz and Textor 2014), and all such sets of an undirected
graph are listed with a delay that is polynomial in its size (Takata 2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engines.graph.bits import Bits, each, union
from engines.graph.fuse import Fuse

Near = Sequence[int]
"""An undirected graph: the neighbours of each node."""


def between(bits: Bits, first: int, second: int, allowed: int, forced: int = 0) -> Near:
    """The undirected graph in which sets of allowed nodes part the two exactly when they separate them given `forced`.

    Nodes that may not be taken are replaced by edges between all of their neighbours.
    """
    related = bits.ancestors(first | second | forced)
    near = bits.moral(related)
    kept = related & (allowed | first | second) & ~forced
    barred = related & ~kept & ~forced
    while barred:
        group = _spread(near, barred & -barred, barred)
        barred &= ~group
        around = union(near, group) & kept
        for i in each(around):
            near[i] |= around & ~(1 << i)
    for i in each(related):
        near[i] &= kept
    return near


def nearest(near: Near, first: int, second: int) -> int | None:
    """The separator next to `first`, from which no node can be spared; None when the two touch."""
    found = _pressed(near, first, second)
    return None if found is None else found[1]


def minimal(near: Near, first: int, second: int, fuse: Fuse) -> Iterator[int]:
    """Every separator from which no node can be spared, each once.

    Raises:
        Burnt: between two of them, when the fuse has burnt.
    """
    stack = [(first, 0)]                        # what must lie on the first side; what must not
    while stack:
        fuse.check()
        inside, outside = stack.pop()
        found = _pressed(near, inside, second)
        if found is None or found[0] & outside:
            continue
        region, cut = found
        free = cut & ~outside
        if not free:
            yield cut
            continue
        low = free & -free
        stack += [(region | low, outside), (region, outside | low)]


def smallest(near: Near, first: int, second: int) -> int | None:
    """A separator of the fewest nodes (Menger: as many as there are disjoint paths); None when the two touch."""
    if union(near, first) & second:
        return None
    feeders: dict[int, int] = {}                # of each inner node on one of the disjoint paths: the node before
    while True:
        way, reached = _augmenting(near, first, second, feeders)
        if way is None:
            return sum(1 << i for i, leaving in reached if not leaving and (i, True) not in reached)
        for (i, _), (j, leaving) in pairwise(way):
            if leaving:
                continue
            if i == j:                          # it is on no path any more
                del feeders[i]
            else:
                feeders[j] = i


_Side = tuple[int, bool]
"""A node with the side at which it is entered or, if True, left."""


def _augmenting(
    near: Near, first: int, second: int, feeders: dict[int, int]
) -> tuple[list[_Side] | None, dict[_Side, _Side | None]]:
    """A way that makes room for one more disjoint path, and all that was reached in search of it."""
    came: dict[_Side, _Side | None] = {(i, True): None for i in each(first)}
    waiting = list(came)
    for state in waiting:
        i, leaving = state
        if leaving and near[i] & second:
            way = [state]
            while (earlier := came[way[-1]]) is not None:
                way.append(earlier)
            return way[::-1], came
        if leaving:
            steps = [(j, False) for j in each(near[i] & ~first)]
            if i in feeders:
                steps.append((i, False))
        else:
            steps = [(feeders.get(i, i), True)]
        for step in steps:
            if step not in came:
                came[step] = state
                waiting.append(step)
    return None, came


def _pressed(near: Near, inside: int, second: int) -> tuple[int, int] | None:
    """The smallest side around `inside` whose border is a minimal separator, and that border."""
    around = union(near, inside) & ~inside
    if around & second:
        return None
    far = _spread(near, second, ~(inside | around))
    cut = union(near, far) & ~far
    return _spread(near, inside, ~cut), cut


def _spread(near: Near, start: int, within: int) -> int:
    """All that is reached from `start` without leaving `within`."""
    found = new = start
    while new:
        new = union(near, new) & within & ~found
        found |= new
    return found

"""Formulas that need fewer nodes to be measured: the effect in the projection onto as few as will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.expressions import Expression, Names
from engines.graph.do_calculus.search import Stuck, conditional
from engines.graph.fuse import Burnt, Fuse

_SHORTENING = 1.5               # s; how long shorter formulas are looked for, so that time is left to verify one


def shorter(graph: Admg, query: tuple[Names, Names, Names], fuse: Fuse) -> Iterable[tuple[Expression, Admg]]:
    """Formulas that use fewer observed nodes, none of which can be spared; by several orders of sparing them.

    Of equally long ones the first is taken: it spares nodes far from the outcome first, which leaves those that make
    an estimate more precise.

    Args:
        query: Outcomes, intervention, conditions of an effect that is identified in the graph.
    """
    outcomes, do, given = query
    world = graph.within(graph.ancestors(outcomes | given | do))
    rest = [name for name in world.order if name not in outcomes | do | given]
    late = [name for name in rest if name in world.descendants(do)]
    early = [name for name in rest if name not in late]
    orders = [late[::-1] + early, late + early[::-1], early + late, early[::-1] + late[::-1]]
    told: set[frozenset[str]] = set()
    own = Fuse(_SHORTENING, lambda: fuse.burnt)
    for order in orders:
        search = _Sparing(world, query, own)
        try:
            search.spare(order)
        except Burnt:
            pass                                        # what is spared by now is spared
        if search.formula is not None and frozenset(search.left.order) not in told:
            told.add(frozenset(search.left.order))
            yield search.formula, search.left


class _Sparing:
    """Leaves out observed nodes for as long as the effect is identified without them.

    With fewer observed nodes fewer effects are identified, so many are tried at once, and halved where that fails.
    """

    def __init__(self, graph: Admg, query: tuple[Names, Names, Names], fuse: Fuse) -> None:
        self.left = graph
        self.formula: Expression | None = None
        self._query, self._fuse = query, fuse

    def spare(self, names: Sequence[str]) -> None:
        if not names:
            return
        less = self.left.without(names)
        try:
            self.formula = conditional(less, *self._query, self._fuse)
            self.left = less
        except Stuck:
            half = len(names) // 2
            if half:
                self.spare(names[:half])
                self.spare(names[half:])

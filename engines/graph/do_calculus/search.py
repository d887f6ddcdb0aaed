"""ID and IDC: the formula of an effect from the observed distribution, or the district at which there is none.

Shpitser and Pearl (2006) in the form of Tian and Pearl (2002), which is equally complete: with D the causes of the
outcome y that are left when x is set, P(y | do(x)) is the sum over D without y of the product of a factor Q[d] for each
district d of D; and Q[d] is reached from the factor of the district of the whole graph that holds d by summing out what
does not cause d and by going to the district of what is left, in turns. If neither changes anything, a hedge is found.
"""

from __future__ import annotations

from engines.graph.do_calculus.admg import Admg
from engines.graph.do_calculus.expressions import (
    ONE,
    Expression,
    Names,
    Probability,
    joined,
    product,
    ratio,
    total,
)
from engines.graph.fuse import Fuse


class Stuck(Exception):
    """No formula: the factor of `part` cannot be computed in `graph`, the ancestors of the outcome."""

    def __init__(self, graph: Admg, part: Names, do: Names) -> None:
        super().__init__(sorted(part))
        self.graph = graph
        self.part = part
        self.do = do


def effect(graph: Admg, outcomes: Names, do: Names, fuse: Fuse) -> Expression:
    """P(outcomes | do(do)) by ID.

    Raises:
        Stuck: when it is not identified.
        Burnt: when the time is up.
    """
    world = graph.within(graph.ancestors(outcomes))
    set_here = do & world.cut(into=do & frozenset(world.order)).ancestors(outcomes)
    needed = world.within(frozenset(world.order) - set_here).ancestors(outcomes)
    parts = world.within(needed).districts
    factors = []
    for part in parts:
        fuse.check()
        factor = _factor(world, part)
        if factor is None:
            raise Stuck(world, part, do)
        factors.append(factor)
    return joined(total(needed - outcomes, product(factors)), world.separated)


def conditional(graph: Admg, outcomes: Names, do: Names, given: Names, fuse: Fuse) -> Expression:
    """P(outcomes | do(do), given) by IDC.

    Raises:
        Stuck: when it is not identified.
        Burnt: when the time is up.
    """
    done, seen = exchanged(graph, outcomes, do, given)
    if not seen:
        return effect(graph, outcomes, done, fuse)
    both = effect(graph, outcomes | seen, done, fuse)
    world = graph.within(graph.ancestors(outcomes | seen))
    return joined(ratio(both, total(outcomes, both)), world.separated)


def exchanged(graph: Admg, outcomes: Names, do: Names, given: Names) -> tuple[Names, Names]:
    """The same query with as many conditions as possible made interventions (rule 2 of the do-calculus)."""
    for name in graph.order:
        if name in given:
            rest = given - {name}
            if graph.cut(into=do, out_of={name}).separated(outcomes, {name}, do | rest):
                return exchanged(graph, outcomes, do | {name}, rest)
    return do, given


def _factor(graph: Admg, part: Names) -> Expression | None:
    """Q[part], from the district that holds it."""
    whole = graph.district(next(iter(part)))
    factor = product(Probability(frozenset({name}), graph.blanket(name)) for name in graph.order if name in whole)
    while True:
        above = graph.within(whole).ancestors(part)
        factor = total(whole - above, factor)
        if above == part:
            return factor
        smaller = graph.within(above).district(next(iter(part)))
        if smaller == whole:
            return None
        if smaller != above:
            factor = _of_district(graph, factor, above, smaller)
        whole = smaller


def _of_district(graph: Admg, factor: Expression, around: Names, part: Names) -> Expression:
    """Q of a district from Q of the set around it (Tian and Pearl 2002, lemma 4).

    It is the product over its nodes of what is left of the factor up to the node over what is left before it; of nodes
    that follow each other all but the first and last cancel.
    """
    order = [name for name in graph.order if name in around]
    left = [ONE if not i else total(around - frozenset(order[:i]), factor) for i in range(len(order) + 1)]
    factors, start = [], 0
    while start < len(order):
        if order[start] not in part:
            start += 1
            continue
        end = start
        while end < len(order) and order[end] in part:
            end += 1
        factors.append(ratio(left[end], left[start]))
        start = end
    return product(factors)

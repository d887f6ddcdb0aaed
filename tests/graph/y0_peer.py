"""y0's answers to the same queries, as formulas of ours. Its verdicts are sound, some of its formulas are not."""

from __future__ import annotations

from engines.graph.do_calculus.expressions import Expression, Probability, Product, Quotient, Sum
from engines.graph.graph import Graph


def formula(graph: Graph, outcome: str, exposure: str) -> Expression | None:
    """y0's formula of P(outcome | do(exposure)), None where it says that there is none; names must be identifiers."""
    from y0.algorithm.identify import identify_outcomes
    from y0.dsl import Variable
    from y0.graph import NxMixedGraph

    mixed = NxMixedGraph.from_edges(
        nodes=[Variable(name) for name in graph.names],
        directed=[(Variable(e.source), Variable(e.target)) for e in graph.edges if e.directed],
        undirected=[(Variable(e.source), Variable(e.target)) for e in graph.edges if e.bidirected],
    )
    found = identify_outcomes(mixed, outcomes=Variable(outcome), treatments=Variable(exposure))
    return None if found is None else _ours(found)


def _ours(expression: object) -> Expression:
    from y0 import dsl

    match expression:
        case dsl.Probability():
            of, given = expression.distribution.children, expression.distribution.parents
            return Probability(frozenset(v.name for v in of), frozenset(v.name for v in given))
        case dsl.Product():
            return Product(tuple(_ours(factor) for factor in expression.expressions))
        case dsl.Sum():
            return Sum(frozenset(v.name for v in expression.ranges), _ours(expression.expression))
        case dsl.Fraction():
            return Quotient(_ours(expression.numerator), _ours(expression.denominator))
        case dsl.One():
            return Product()
    raise TypeError(type(expression))

"""Random graphs for hypothesis: every kind of edge, mark, position and name."""

from __future__ import annotations

import unicodedata
from itertools import combinations

from hypothesis import strategies as st

from engines.graph.graph import Edge, End, Graph, Mark, Node


def _writable(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) not in ("Cc", "Cs") and code & 0xFFFE != 0xFFFE and not (
        0xFDD0 <= code <= 0xFDEF
    )


ODD = st.sampled_from([
    "x", "a b", " a", "b ", 'say "hi"', "it's", "a,b", "a;b", "->", "{", "}", "[x]", "graph", "node", "dag", "subgraph",
    "Cause", "0", "1", "-1", "1e5", "naïve café", "ß→∑", "变量", "😀", "a\\b", "a\\", "&amp;", "<b>", "#no", "//no",
    " ", "/*", "*/", "=", "\u00a0", "\u2028", "a:b", "a+b", "true", "o->", "<->", "&#65;", "'", "`", "%s", "{0}",
])
NAMES = ODD | st.text(st.characters().filter(_writable), min_size=1, max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)
POSITIONS = st.none() | st.tuples(NUMBERS, NUMBERS)


@st.composite
def graphs(draw: st.DrawFn, most: int = 6, *, only_edges: bool = False) -> Graph:
    """Any graph, cyclic ones as well; `only_edges` without marks, positions and frequencies."""
    names = draw(st.lists(NAMES, max_size=most, unique=True))
    nodes = tuple(
        Node(name) if only_edges else Node(name, draw(st.frozensets(st.sampled_from(Mark))), draw(POSITIONS))
        for name in names
    )
    edges = []
    weight = st.none() | NUMBERS
    for a, b in combinations(names, 2):
        if not draw(st.booleans()):
            continue
        pair = (a, b) if draw(st.booleans()) else (b, a)
        ends = draw(st.tuples(st.sampled_from(End), st.sampled_from(End)))
        frequency = None if only_edges else draw(st.none() | st.floats(0, 1))
        edges.append(Edge(*pair, *ends, draw(weight), frequency))
        if not edges[-1].bidirected and draw(st.booleans()):
            edges.append(Edge(*pair, End.ARROW, End.ARROW, draw(weight)))
    return Graph(nodes, tuple(edges))


def alike(a: Graph, b: Graph) -> bool:
    """The same nodes in the same order and the same edges, however each edge is stored."""
    def plain(graph: Graph) -> set[Edge]:
        return {edge.seen_from(min(edge.pair)) for edge in graph.edges}

    return a.nodes == b.nodes and plain(a) == plain(b)

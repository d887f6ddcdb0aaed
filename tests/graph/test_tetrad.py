"""TETRAD's text as others write it."""

from __future__ import annotations

import pytest

from engines.graph import formats
from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal

THEIRS = """Graph Nodes:
X1;X2,X:1;(L1)

Graph Edges:
1. X1 --> X2 [X1 --> X2]:0.9;[no edge]:0.1;
2. X2 o-> X:1 dd nl
3. X1 <-> X:1
4. L1 o-o X1
5. L1 --- X2

Graph Attributes:
Score: -123.4

Graph Node Attributes:
Score: X1: -33.4;X2: -12.5
"""


@pytest.mark.parametrize("name", ["g.tetrad", "g.txt"])
def test_a_graph_of_others(name: str) -> None:
    graph = formats.parse(THEIRS, name)
    assert graph == Graph(
        (Node("X1"), Node("X2"), Node("X:1"), Node("L1", frozenset({Mark.LATENT}))),
        (
            Edge("X1", "X2"), Edge("X2", "X:1", End.CIRCLE, End.ARROW), bidirected("X1", "X:1"),
            Edge("L1", "X1", End.CIRCLE, End.CIRCLE), undirected("L1", "X2"),
        ),
    )


def test_a_plain_graph_is_as_tetrad_writes_it() -> None:
    graph = Graph.of(["X", "Y"], [("X", "Y")])
    assert formats.compose(graph, "g.tetrad") == "Graph Nodes:\nX;Y\n\nGraph Edges:\n1. X --> Y\n"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "g.tetrad:", "does not begin with 'Graph Nodes:'."),
        ("hello", "line 1", "does not begin with 'Graph Nodes:'."),
        ("Graph Nodes:\nX;;Y", "line 2", "a name is expected at ';Y'"),
        ("Graph Nodes:\nX;(Y", "line 2", "a name is expected at '(Y'"),
        ("Graph Nodes:\nX;X", "line 2", "two nodes are called X"),
        ("Graph Nodes:\nX;Y\n\nGraph Edges:\n1. X --", "line 5", "'1. X --' is not an edge"),
        ("Graph Nodes:\nX;Y\n\nGraph Edges:\n1. X --> Z", "line 5", "'Z', which is not a node"),
        ("Graph Nodes:\nX;Y\nGraph Edges:\n1. X --> Y\n2. X <-- Y", "line 5", "joined a second time"),
        ("Graph Nodes:\nX\nGraph Node Attributes:\nposition: X: 1,a", "line 4", "'a', not a number"),
        ("Graph Nodes:\nX\nGraph Node Attributes:\nmarks: Z: outcome", "line 4", "'Z' is not a node"),
        ("Graph Nodes:\nX\nGraph Edge Attributes:\nweight: 3: 1", "line 4", "no edge number 3"),
    ],
)
def test_broken_text_is_refused_by_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(Refusal) as caught:
        formats.parse(text, "g.tetrad")
    assert where in caught.value.sentence
    assert what in str(caught.value)

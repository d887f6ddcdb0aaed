"""BIF as others write it, and as they read it."""

from __future__ import annotations

import pytest

from engines.graph import formats
from engines.graph.graph import Edge, Graph, Node, bidirected
from engines.refusals import Refusal

THEIRS = """// a network
network "dog" { property author = me ; }
variable "X" { type discrete [ 3 ] { <5, 5-12, 12+ }; property position = (73, 165) ; }
variable Y.1 /* an
effect */ { type discrete[2] { Asy/Patch, no }; }
variable Z { type discrete [ 2 ] { yes, no }; }
probability ( X ) { table 0.1, 0.2, 0.7; }
probability ( Y.1 | X, Z ) {
  (<5, yes) 0.3, 0.7;
  default 0.5, 0.5;
}
probability ( "Z" "X" ) { table 1.0e-3, 1; }
"""


def test_a_network_of_others() -> None:
    assert formats.parse(THEIRS, "g.bif") == Graph(
        (Node("X", position=(73.0, 165.0)), Node("Y.1"), Node("Z")),
        (Edge("X", "Y.1"), Edge("Z", "Y.1"), Edge("X", "Z")),
    )


def test_a_graph_is_a_valid_network_with_even_tables() -> None:
    graph = Graph((Node("X"), Node("a b"), Node("Y")), (Edge("X", "Y"), Edge("a b", "Y"), bidirected("X", "a b")))
    text = formats.compose(graph, "g.bif")
    assert "probability ( Y | X, n2 ) {\n  table 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5;\n}\n" in text
    assert "variable n2 {\n  type discrete [ 2 ] { no, yes };\n  property name = a%20b ;\n}\n" in text
    assert text.startswith("network unknown {\n  property edge = X arrow arrow n2 - - ;\n}\n")


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "line 1", "not BIF"),
        ("hello", "line 1", "not BIF"),
        ("network x {}\nvariable X { type discrete [2] {a, b};", "line 2", "cut off"),
        ("network x {}\nvariable X {}\nvariable X {}", "line 3", "two variables are called X"),
        ("variable X {}\nprobability ( X | Y ) {}", "line 2", "'Y' is not a variable"),
        ("variable X {}\nprobability ( X | X ) {}", "line 2", "points to itself"),
        ("variable X {}\nprobability ( ) {}", "line 2", "names no variable"),
        ("variable X {\n property position = (1, b) ; }", "line 1", "'b', not a number"),
        ("network x {\n property edge = X arrow ; }\nvariable X {}", "line 2", "not an edge"),
        ("variable X {}\nrule X {}", "line 2", "not a block"),
        ("variable X {}\n/* x", "line 2", "does not end"),
    ],
)
def test_a_broken_network_is_refused_by_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(Refusal) as caught:
        formats.parse(text, "g.bif")
    assert where in caught.value.sentence
    assert what in str(caught.value)

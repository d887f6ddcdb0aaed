"""lavaan's model syntax as others write it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.graph import formats
from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from engines.refusals import Refusal

THEIRS = """
# measurement
ind60 =~ x1 + NA*x2 + start(0.8)*x3      ! latent
dem60 =~ y1 + a*y2 +
         0.5*y3
dem60 ~ -1.5*ind60 + c(0.1, 0.2)*age
  + 1 + sex:age
y1 ~~ y1; y1 ~~ 0.3*y2
y1 | t1 + t2
y1 ~ 1
ab := a*b ; a == 2
level: 1
"""


def test_a_model_of_others() -> None:
    graph = formats.parse(THEIRS, "g.lav")
    assert {node.name for node in graph.nodes if node.marks} == {"ind60", "dem60"}
    assert graph.node("ind60").marks == {Mark.LATENT}
    assert set(graph.children("dem60")) == {"y1", "y2", "y3"}
    assert graph.edge("dem60", "y3") == Edge("dem60", "y3", weight=0.5)
    assert graph.edge("ind60", "x3") == Edge("ind60", "x3")
    assert graph.edge("ind60", "dem60") == Edge("ind60", "dem60", weight=-1.5)
    assert set(graph.parents("dem60")) == {"ind60", "age", "sex:age"}
    assert [edge for edge in graph.edges if edge.bidirected] == [replace(bidirected("y1", "y2"), weight=0.3)]
    assert len(graph.edges) == 10


def test_a_plain_graph_is_a_plain_model() -> None:
    graph = Graph(
        (Node("f", frozenset({Mark.LATENT})), Node("a"), Node("b"), Node("c")),
        (Edge("f", "a"), Edge("f", "b", weight=0.5), Edge("a", "c"), Edge("b", "c", weight=2.0), bidirected("a", "b")),
    )
    assert formats.compose(graph, "g.lav") == "f =~ a + 0.5*b\nc ~ a + 2*b\na ~~ b\n"


def test_a_variable_called_plus_begins_a_formula_of_its_own() -> None:
    graph = formats.parse('y ~ x\n"+" ~ y\n', "g.lav")
    assert [edge.pair for edge in graph.edges] == [("x", "y"), ("y", "+")]


def test_an_edge_taken_out_of_the_model_stays_out() -> None:
    graph = Graph((Node("x", position=(1.0, 2.0)), Node("y")), (Edge("x", "y", frequency=0.5),))
    text = formats.compose(graph, "g.lav")
    assert text.endswith("y ~ x\n")
    without = formats.parse(text.replace("y ~ x\n", ""), "g.lav")
    assert without == Graph(graph.nodes)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("y ~ x\nhello\n", "line 2", "not a formula"),
        ("y ~ x\nz ~ y +\n", "line 2", "a variable is expected after ~"),
        ("y ~ x\n~ y", "line 2", "a variable is expected before ~"),
        ("y ~ x\nz ~ f(x)\n", "line 2", "'f(x)' is not a variable"),
        ('y ~ x\nz ~ "x', "line 2", "a string begins here"),
        ("y ~ x\ny ~ y", "line 2", "points to itself"),
        ("y ~ x\ny ~ 0.5*x\ny ~ 2*x", "line 3", "joined a second time"),
        ("y ~ x\n\n# @ x [pos=\"a,1\"]", "line 3", "not a number"),
        ("y ~ 1e999*x", "line 1", "not a number"),
        ("y ~ x %", "line 1", "'%' is not expected"),
    ],
)
def test_a_broken_model_is_refused_by_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(Refusal) as caught:
        formats.parse(text, "g.lav")
    assert where in caught.value.sentence
    assert what in str(caught.value)

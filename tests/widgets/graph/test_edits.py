"""What the hand does to a graph: each edit changes what it says, cycles are refused with a way out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.graph.graph import Edge, End, Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal
from tests.graph.random_graphs import graphs
from widgets.graph import edits
from widgets.graph.edits import Cycle, Edit

CHAIN = Graph.of(["light", "angle", "shadow"], [("light", "angle"), ("angle", "shadow")])


def test_an_edge_that_closes_a_cycle_is_refused_with_its_sentence_and_ways_out() -> None:
    refused = edits.join(CHAIN, Edge("shadow", "light"))
    assert refused == Cycle(("light", "angle", "shadow", "light"), Edge("shadow", "light"))
    refusal = refused.refusal()
    assert refusal.sentence == "The edge shadow → light closes a cycle: light, angle, shadow, light."
    assert refusal.offers == ("Reverse it", "Make it bidirected", "Do not add")
    assert refusal.about == refused.names
    reverse, hidden, leave = (edits.way_out(CHAIN, refused.edge, offer) for offer in refusal.offers)
    assert reverse.graph.edge("light", "shadow").directed
    assert hidden.graph.edge("light", "shadow").bidirected
    assert leave is None
    assert reverse.sentence == "Add edge light → shadow"


@settings(max_examples=150, deadline=None)
@given(graph=graphs(), data=st.data())
def test_joining_never_makes_a_cycle_and_refuses_only_real_ones(graph: Graph, data: st.DataObject) -> None:
    if len(graph.nodes) < 2 or graph.cycle() is not None:
        return
    a, b = data.draw(st.lists(st.sampled_from(graph.names), min_size=2, max_size=2, unique=True))
    match edits.join(graph, Edge(a, b)):
        case Edit(wished, _):
            assert wished.cycle() is None
            assert b in wished.children(a)
        case Cycle(names, edge):
            assert names[0] == names[-1] == b
            assert all(y in graph.with_edge(edge).children(x) for x, y in pairwise(names))
            assert edits.way_out(graph, edge, edits.REVERSE).graph.cycle() is None
            assert edits.way_out(graph, edge, edits.HIDDEN_CAUSE).graph.cycle() is None
        case None:
            assert b in graph.children(a)


def test_drawing_over_an_edge_replaces_it_but_keeps_a_hidden_cause() -> None:
    graph = Graph((Node("a"), Node("b")), (Edge("a", "b", weight=2.0), bidirected("a", "b")))
    turned = edits.join(graph, Edge("b", "a")).graph
    assert set(turned.edges) == {bidirected("a", "b"), Edge("b", "a")}
    assert edits.join(graph, Edge("a", "b")) is None
    assert edits.join(graph, bidirected("b", "a")) is None


def test_ends_turn_from_tail_to_arrow_to_circle() -> None:
    graph = Graph((Node("a"), Node("b")), (undirected("a", "b"),))
    seen = []
    for _ in range(3):
        graph = edits.turn_end(graph, 0, at_target=True).graph
        seen.append(graph.edges[0].at_target)
    assert seen == [End.ARROW, End.CIRCLE, End.TAIL]
    assert edits.turn_end(graph, 0, at_target=False).sentence == "Turn the end at a: b → a"


def test_turning_an_end_may_close_a_cycle_and_is_refused_then() -> None:
    graph = CHAIN.with_edge(undirected("shadow", "light"))
    refused = edits.turn_end(graph, 2, at_target=True)
    assert refused == Cycle(("light", "angle", "shadow", "light"), Edge("shadow", "light"))


def test_an_end_never_turns_into_an_edge_that_is_there() -> None:
    graph = Graph((Node("a"), Node("b")), (Edge("a", "b"), bidirected("a", "b")))
    turned = edits.turn_end(graph, 0, at_target=False).graph
    assert len(turned.edges) == 2
    assert turned.edges[0] == Edge("a", "b", End.CIRCLE, End.ARROW)


def test_marks_toggle_and_those_that_contradict_go() -> None:
    marked = edits.toggle_mark(CHAIN, ["light"], Mark.EXPOSURE)
    assert marked.sentence == "Mark light as exposure"
    assert marked.graph.node("light").marks == {Mark.EXPOSURE}
    turned = edits.toggle_mark(marked.graph, ["light"], Mark.OUTCOME)
    assert turned.graph.node("light").marks == {Mark.OUTCOME}
    both = edits.toggle_mark(turned.graph, ["light", "angle"], Mark.OUTCOME)
    assert both.graph.node("angle").marks == {Mark.OUTCOME}
    assert both.sentence == "Mark 2 nodes as outcome"
    off = edits.toggle_mark(both.graph, ["light", "angle"], Mark.OUTCOME)
    assert off.sentence == "Unmark 2 nodes as outcome"
    assert not off.graph.node("light").marks
    latent = edits.toggle_mark(marked.graph, ["light"], Mark.LATENT)
    assert latent.graph.node("light").marks == {Mark.EXPOSURE, Mark.LATENT}


def test_renaming() -> None:
    assert edits.rename(CHAIN, "light", "light") is None
    renamed = edits.rename(CHAIN, "light", "  sun\n light ")
    assert renamed.graph.names[0] == "sun light"
    assert renamed.graph.edge("sun light", "angle") is not None
    assert renamed.sentence == "Rename light to sun light"
    with pytest.raises(Refusal, match="There is a node angle already"):
        edits.rename(CHAIN, "light", "angle")
    with pytest.raises(Refusal, match="needs a name"):
        edits.rename(CHAIN, "light", "  ")


def test_deleting_and_adding() -> None:
    assert edits.delete_nodes(CHAIN, ["angle"]).graph.edges == ()
    assert edits.delete_nodes(CHAIN, ["angle", "light"]).sentence == "Delete 2 nodes"
    assert edits.delete_edge(CHAIN, 0).sentence == "Delete edge light → angle"
    first = edits.add_node(CHAIN, (8, 16))
    second = edits.add_node(first.graph, (8, 96))
    assert second.graph.names[-2:] == ("variable", "variable 2")
    assert second.graph.node("variable 2").position == (8, 96)


@pytest.mark.parametrize(
    ("edge", "text"),
    [
        (Edge("a", "b"), "a → b"), (bidirected("a", "b"), "a ↔ b"), (undirected("a", "b"), "a – b"),
        (Edge("a", "b", End.CIRCLE, End.ARROW), "a o→ b"), (Edge("a", "b", End.CIRCLE, End.CIRCLE), "a o–o b"),
        (Edge("a", "b", End.ARROW, End.TAIL), "a ← b"), (Edge("a", "b", End.ARROW, End.CIRCLE), "a ←o b"),
        (Edge("a", "b", End.TAIL, End.CIRCLE), "a –o b"),
    ],
)
def test_edges_in_words(edge: Edge, text: str) -> None:
    assert edits.shown(edge) == text

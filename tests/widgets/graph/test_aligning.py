"""Nodes brought into line and spread, pinned, copied and pasted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF

from engines.graph.graph import Edge, Graph, Mark, bidirected
from engines.refusals import Refusal
from widgets.graph import clipboard, edits
from widgets.graph.aligning import Align, align

GRAPH = Graph.of("abc", ["ab"])
BOXES = {"a": QRectF(0, 0, 100, 40), "b": QRectF(30, 100, 60, 40), "c": QRectF(20, 400, 140, 60)}


def placed(how: Align, names: str = "abc") -> dict[str, tuple[float, float]]:
    found = align(GRAPH, BOXES, tuple(names), how)
    assert found is not None
    return {n.name: n.position for n in found.graph.nodes if n.position is not None}


def test_edges_are_brought_into_line() -> None:
    assert placed(Align.LEFT) == {"a": (50, 20), "b": (30, 120), "c": (70, 430)}
    assert placed(Align.RIGHT) == {"a": (110, 20), "b": (130, 120), "c": (90, 430)}
    assert placed(Align.TOP) == {"a": (50, 20), "b": (60, 20), "c": (90, 30)}
    assert placed(Align.BOTTOM)["a"] == (50, 440)
    assert {x for x, _ in placed(Align.CENTRE).values()} == {70}           # they stand below each other
    assert {y for _, y in placed(Align.CENTRE).values()} == {20, 120, 430}


def test_spreading_gives_equal_gaps_and_leaves_the_outermost() -> None:
    found = placed(Align.DOWN)
    assert found["a"] == (50, 20)
    assert found["c"] == (90, 430)
    assert found["b"][1] - 20 - 40 == 400 - (found["b"][1] + 20)
    assert align(GRAPH, BOXES, ("a", "b"), Align.DOWN) is None
    assert align(GRAPH, BOXES, ("a",), Align.LEFT) is None
    assert align(GRAPH, BOXES, ("a", "b"), Align.LEFT).sentence == "Align 2 nodes left"


def test_pins_turn_on_and_off() -> None:
    pinned = edits.toggle_pin(GRAPH, ("a", "b"))
    assert pinned.sentence == "Pin 2 nodes"
    assert [node.pinned for node in pinned.graph.nodes] == [True, True, False]
    assert edits.toggle_pin(pinned.graph, ("a", "c")).sentence == "Pin 2 nodes"
    assert edits.toggle_pin(pinned.graph, ("a",)).sentence == "Unpin a"


def test_nodes_are_copied_with_what_joins_them() -> None:
    graph = edits.toggle_mark(GRAPH.with_edge(bidirected("a", "b")), ("a",), Mark.LATENT).graph
    text = clipboard.copied(graph.placed({"a": (8, 16)}), ("a", "b"))
    found = clipboard.pasted(graph, text)
    assert found is not None
    edit, names = found
    assert names == ("a 2", "b 2")
    assert edit.graph.node("a 2").position == (48, 56)
    assert edit.graph.node("a 2").marks == {Mark.LATENT}
    assert set(edit.graph.edges[-2:]) == {Edge("a 2", "b 2"), bidirected("a 2", "b 2")}
    assert edit.graph.edges[:-2] == graph.edges


@pytest.mark.parametrize("text", [
    "", "hello", "[1]", '{"nodes": [], "edges": []}', "[" * 5000, "graph of my thoughts", "y = 3 ~ x",
])
def test_other_text_is_not_pasted(text: str) -> None:
    assert clipboard.pasted(GRAPH, text) is None


@pytest.mark.parametrize("text", [
    "dag { u -> v [beta=2] }", "// drawn elsewhere\ndigraph G {\n u -> v [weight=2]\n}", "v ~ 2*u\n",
    "Graph Nodes:\nu;v\n\nGraph Edges:\n1. u --> v\n",
    'graph [ directed 1 node [ id 0 label "u" ] node [ id 1 label "v" ] edge [ source 0 target 1 ] ]',
    '{"nodes": [{"id": "u"}, {"id": "v"}], "links": [{"source": "u", "target": "v"}]}',
])
def test_graphs_in_the_text_of_other_programs_are_pasted(text: str) -> None:
    edit, names = clipboard.pasted(GRAPH, text)
    assert names == ("u", "v")
    assert edit.sentence == "Paste 2 nodes"
    assert edit.graph.edge("u", "v").directed
    assert edit.graph.edges[:-1] == GRAPH.edges


@pytest.mark.parametrize(("text", "said"), [
    ("dag { u -> }", "a node is expected"), ('{"nodes": [{}]}', "no name"), ("dag { u -> v -> w -> u }", "cycle"),
])
def test_a_text_that_begins_like_a_graph_is_refused_for_what_is_wrong_in_it(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        clipboard.pasted(GRAPH, text)

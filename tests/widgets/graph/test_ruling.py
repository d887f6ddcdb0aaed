"""An edge that does not belong into the sort of graph is refused with its rule and with ways out that fit."""

from __future__ import annotations

import pytest

from engines.graph.graph import Edge, End, Graph, Node, bidirected, undirected
from engines.graph.sorts import Sort, broken
from widgets.graph import edits
from widgets.graph.ruling import unfit

CHAIN = Graph.of("abc", ["ab", "bc"])


@pytest.mark.parametrize(
    ("sort", "edge", "said", "ways"),
    [
        (Sort.DAG, undirected("a", "c"), "has no direction", ["Draw a → c", "Make it a MIXED"]),
        (Sort.DAG, bidirected("a", "c"), "is bidirected", ["Draw a → c", "Make it an ADMG"]),
        (Sort.ADMG, undirected("c", "a"), "has no direction", ["Draw a → c"]),
        (Sort.MAG, bidirected("a", "c"), "a ↔ c says", ["Draw a → c", "Make it an ADMG"]),
        (Sort.CPDAG, Edge("a", "c", End.CIRCLE, End.ARROW), "has a circle", ["Draw a → c", "Make it a PAG"]),
    ],
)
def test_ways_out_keep_the_rule(sort: Sort, edge: Edge, said: str, ways: list[str]) -> None:
    edit = edits.join(CHAIN, edge)
    assert isinstance(edit, edits.Edit)
    refused = unfit(sort, CHAIN, edit)
    assert refused is not None
    assert said in refused.breach.sentence
    texts = [way.text for way in refused.ways]
    assert set(ways) <= {text.replace("mixed graph", "MIXED") for text in texts}
    assert texts[-1] == "Do not add"
    for way in refused.ways[:-1]:
        assert way.edit is not None
        assert broken(way.sort or sort, way.edit.graph) is None


def test_what_fits_is_let_through_and_a_graph_that_broke_the_rule_before_too() -> None:
    edit = edits.join(CHAIN, Edge("a", "c"))
    assert isinstance(edit, edits.Edit)
    assert unfit(Sort.DAG, CHAIN, edit) is None
    open_ = Graph((Node("a"), Node("b"), Node("c")), (undirected("a", "b"),))
    more = edits.join(open_, undirected("b", "c"))
    assert isinstance(more, edits.Edit)
    assert unfit(Sort.DAG, open_, more) is None
    assert unfit(Sort.MIXED, CHAIN, edit) is None

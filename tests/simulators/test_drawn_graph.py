"""Rows drawn from a graph: the truth that comes with them is the truth."""

import numpy as np
import pytest

from engines.graph.graph import Graph, Mark, Node, bidirected, undirected
from engines.refusals import Refusal
from engines.simulators.drawn_graph import KINDS, simulate

GRAPH = Graph.of(("a", "b", "c"), (("a", "b"), ("b", "c"), ("a", "c")))


def test_linear_rows_have_the_strengths_that_the_true_graph_bears():
    data = simulate(GRAPH, 20_000, seed=1)
    table = data.table
    design = np.column_stack([np.ones(len(table)), table.numbers(["a", "b"])])
    slopes = np.linalg.lstsq(design, table["c"].values, rcond=None)[0][1:]
    assert slopes == pytest.approx([data.weighted.edge(x, "c").weight for x in "ab"], abs=0.03)
    ab, bc, ac = (data.weighted.edge(*pair).weight for pair in ("ab", "bc", "ac"))
    assert data.effect("a", "c") == pytest.approx(ac + ab * bc)


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_same_noise_only_what_follows_changes(kind):
    data = simulate(GRAPH, 200, kind, seed=2)
    before, after = data.values(), data.values({"b": 2.0})
    assert np.array_equal(before["a"], after["a"])
    assert (after["b"] == 2.0).all()
    assert not np.allclose(before["c"], after["c"])
    assert np.array_equal(data.values({})["c"], before["c"])


def test_hidden_nodes_and_two_headed_edges_drive_rows_and_stay_out_of_the_table():
    graph = Graph((Node("U", frozenset({Mark.LATENT})), Node("x"), Node("y"), Node("z")),
                  (*Graph.of("Ux", [("U", "x")]).edges, bidirected("y", "z")))
    data = simulate(graph, 5000, seed=0)
    assert data.table.names == ("x", "y", "z")
    assert abs(np.corrcoef(data.table["y"].values, data.table["z"].values)[0, 1]) > 0.1
    assert abs(np.corrcoef(data.table["x"].values, data.table["z"].values)[0, 1]) < 0.05


def test_the_same_seed_draws_the_same_rows_and_another_others():
    one, again, other = (simulate(GRAPH, 50, "smooth", "laplace", seed).table for seed in (1, 1, 2))
    assert np.array_equal(one["c"].values, again["c"].values)
    assert not np.array_equal(one["c"].values, other["c"].values)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(Refusal, match="no direction"):
        simulate(Graph.of(("a", "b")).with_edge(undirected("a", "b")), 10)
    with pytest.raises(Refusal, match="cycle"):
        simulate(Graph.of(("a", "b", "c"), (("a", "b"), ("b", "c"), ("c", "a"))), 10)
    with pytest.raises(Refusal, match="no node"):
        simulate(Graph(), 10)

"""What is known before is obeyed by every result, and what is impossible is refused with a sentence."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.contract import Inputs
from engines.data.kinds import number_column, table_of
from engines.discovery.colide import Parameters, method
from engines.discovery.colide.knowledge import masks
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from engines.runtime import local
from engines.simulators.linear_sem import random_sem

NAMES = ("a", "b", "c", "d", "e")
SMALL = Parameters(stages=3, warm=150, last=300, rate=1e-2, check_every=50, bootstraps=2)


def table():
    generator = np.random.default_rng(11)
    X = random_sem(5, 2, generator).sample(200, generator)
    return table_of("five", (number_column(name, X[:, j]) for j, name in enumerate(NAMES)))


@st.composite
def knowledge(draw):
    pairs = [(a, b) for a in NAMES for b in NAMES if a != b]
    tiers = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    cut = draw(st.integers(0, len(tiers)))
    return Knowledge(
        required=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=3))),
        forbidden=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=8))),
        tiers=tuple(tier for tier in (tuple(tiers[:cut]), tuple(tiers[cut:])) if tier),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(knowledge(), st.sampled_from([0.0, 0.3, 2.0]))
def test_every_result_obeys_the_knowledge_and_has_no_cycle(known, threshold):
    inputs = Inputs(table(), knowledge=known)
    try:
        method.check(inputs, SMALL)
    except Refusal:
        with pytest.raises(Refusal, match=r"both required and forbidden|required edges form a cycle"):
            method.check(inputs, SMALL)
        return
    model = local.fit(method, inputs, SMALL).model
    for refit in (False, True):
        graph = model.graph(threshold, refit)
        assert known.broken_by(graph) == ()
        assert graph.cycle() is None


def test_required_edges_that_form_a_cycle_are_refused_with_the_cycle():
    known = Knowledge(required=frozenset({("a", "b"), ("b", "c"), ("c", "a")}))
    with pytest.raises(Refusal, match="The required edges form a cycle: ") as refused:
        method.check(Inputs(table(), knowledge=known), SMALL)
    assert set(refused.value.about) == {"a", "b", "c"}


def test_knowledge_about_a_column_that_is_no_factor_is_refused():
    with pytest.raises(Refusal, match="names z, which is not a variable"):
        method.check(Inputs(table(), knowledge=Knowledge(forbidden=frozenset({("a", "z")}))), SMALL)


def test_masks_close_the_way_back_along_required_paths():
    allowed, required = masks(NAMES, Knowledge(required=frozenset({("a", "b"), ("b", "c")}), tiers=(("d",), ("e",))))
    assert set(zip(*np.nonzero(required), strict=True)) == {(0, 1), (1, 2)}
    assert set(zip(*np.nonzero(~allowed), strict=True)) == {(1, 0), (2, 1), (2, 0), (4, 3)}


def test_an_edge_that_is_required_stands_even_where_the_data_show_none():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(300, 5))
    independent = table_of("independent", (number_column(name, X[:, j]) for j, name in enumerate(NAMES)))
    model = local.fit(method, Inputs(independent, knowledge=Knowledge(required=frozenset({("d", "a")}))), SMALL).model
    graph = model.graph(0.3, True)
    assert [edge.pair for edge in graph.edges] == [("d", "a")]
    assert graph.edges[0].weight == pytest.approx(np.cov(X[:, 3], X[:, 0])[0, 1] / X[:, 3].var(ddof=1))
    assert graph == Graph(graph.nodes, graph.edges)

"""The average effect against closed forms, statsmodels and what is known of small tables."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("doubleml", reason="DoubleML is not installed; it comes with the extra estimation")

from engines.contract import Inputs, Query
from engines.counterfactual_tables.average_effect import method
from engines.counterfactual_tables.average_effect.estimators import (
    Estimate,
    Given,
    difference,
    interactive,
    partially_linear,
    propensities,
    regression,
    strength,
    two_stage,
    weighting,
)
from engines.counterfactual_tables.average_effect.model import AverageEffect
from engines.counterfactual_tables.average_effect.overlap import differences, overlap
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.counterfactual_tables.average_effect.refuting import PLACEBO, SUBSETS, drawn, judged
from engines.counterfactual_tables.average_effect.sensitivity import GRID, Sensitivity, share_for
from engines.counterfactual_tables.average_effect.specifications import Specification, specifications
from engines.counterfactual_tables.average_effect.table import asked, encoded
from engines.counterfactual_tables.average_effect.trial import tried
from engines.data.kinds import category_column, number_column, table_of
from engines.data.roles import Role
from engines.graph.graph import Graph, Mark, Node, bidirected
from engines.refusals import Refusal
from engines.runtime import local


def given(n: int = 600, seed: int = 0, *, binary: bool = True, z: bool = False) -> Given:
    """An effect of 2; x confounds, u too when there is an instrument."""
    generator = np.random.default_rng(seed)
    x, u, tool = generator.normal(size=(3, n))
    pull = x + (u + 2 * tool if z else 0)
    t = (generator.random(n) < 1 / (1 + np.exp(-pull))).astype(float) if binary else pull + generator.normal(size=n)
    y = 2 * t + 3 * x + (2 * u if z else 0) + generator.normal(size=n)
    order = generator.permutation(n)
    folds = (tuple(np.sort(order[k::3]) for k in range(3)),)
    return Given(t, y, x[:, None], tool if z else None, binary, Parameters(learner="linear", folds=3), folds)


@pytest.mark.parametrize("estimate", [regression, weighting, interactive])
def test_each_estimator_finds_the_effect_that_the_difference_misses(estimate) -> None:
    found = estimate(given(1500))
    assert found.low < 2 < found.high
    assert found.error < 0.3
    assert difference(given(1500)).low > 3


def test_a_treatment_in_units_and_an_instrument() -> None:
    assert partially_linear(given(binary=False)).effect == pytest.approx(2, abs=0.2)
    hidden = given(2000, binary=False, z=True)
    assert two_stage(hidden).effect == pytest.approx(2, abs=0.2)
    assert partially_linear(hidden).effect == pytest.approx(2, abs=0.2)
    assert regression(hidden).effect > 2.2                          # what u does is taken for the treatment's


def test_two_stage_least_squares_is_the_ratio_of_covariances_without_covariates() -> None:
    one = given(300, binary=False, z=True)
    bare = Given(one.t, one.y, one.X[:, :0], one.z, False, one.parameters, one.folds)
    ratio = np.cov(one.z, one.y)[0, 1] / np.cov(one.z, one.t)[0, 1]
    assert two_stage(bare).effect == pytest.approx(ratio, rel=1e-9)


def test_the_difference_is_that_of_the_means_with_their_robust_error() -> None:
    one = given(200)
    treated = one.t == 1
    found = difference(one)
    assert found.effect == pytest.approx(one.y[treated].mean() - one.y[~treated].mean())
    n1, n0 = treated.sum(), (~treated).sum()
    variance = sum(one.y[arm].var() / k for arm, k in ((treated, n1), (~treated, n0))) * 200 / 198
    assert found.error == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_weights_bring_the_arms_together() -> None:
    one = given(2000)
    chance = propensities(one)
    seen = overlap(one.t, one.X, ["x"], chance, one.parameters.trim)
    assert abs(seen.before[0]) > 0.5
    assert abs(seen.after[0]) < 0.1
    assert seen.counts.sum() == 2000
    apart = differences(np.array([1.0, 1, 0, 0]), np.array([[1.0], [3], [-1], [1]]), np.ones(4))
    assert apart == pytest.approx([2.0])                            # means 2 and 0, spread 1 in both


def test_a_placebo_has_no_effect_and_a_subset_the_same() -> None:
    one = given(800)
    found = regression(one)
    placebo = np.array([regression(drawn(PLACEBO, one, np.random.default_rng(k))).effect for k in range(15)])
    assert judged(PLACEBO, found, placebo).passed
    assert not judged(PLACEBO, found, placebo + 0.5).passed
    some = drawn(SUBSETS, one, np.random.default_rng(0))
    assert len(some.y) == 640
    assert sorted(np.concatenate(some.folds[0])) == list(range(640))
    assert judged(SUBSETS, found, np.array([regression(some).effect])).passed
    assert not judged(SUBSETS, found, np.array([found.effect + 5])).passed


def test_the_tipping_share_is_where_the_bias_equals_the_estimate() -> None:
    share = share_for(0.7, 2.0)
    seen = Sensitivity(Estimate(0.7, 0.1), 2.0, share, share_for(0.5, 2.0))
    assert float(seen.bias(share, share)) == pytest.approx(0.7)
    assert seen.contour()[0, 0] == pytest.approx(0.7)
    assert seen.contour()[-1, -1] == pytest.approx(0.7 - 2 * np.sqrt(GRID[-1] * GRID[-1] / (1 - GRID[-1])))
    assert "already" in Sensitivity(Estimate(0.1, 0.1), 2.0, 0.05, 0.0).sentence("t", "y")


def drug(*pairs: tuple[str, str]) -> Graph:
    return Graph.of(["age", "kind", "treated", "outcome"], pairs)


def test_the_graph_says_what_is_adjusted_for() -> None:
    table = tried()
    confounded = drug(("age", "treated"), ("age", "outcome"), ("treated", "outcome"), ("outcome", "kind"))
    assert specifications(table, confounded, 6) == (Specification(("age",)),)       # kind follows from the outcome
    hidden = drug(("age", "treated"), ("treated", "outcome")).with_edge(bidirected("treated", "outcome"))
    assert specifications(table, hidden, 6) == (Specification((), "age"),)
    unmeasured = drug(("age", "treated"), ("treated", "outcome")).with_node(Node("genes"))
    for child in ("treated", "outcome"):
        from engines.graph.graph import Edge

        unmeasured = unmeasured.with_edge(Edge("genes", child))
    assert specifications(table, unmeasured, 6) == (Specification((), "age"),)      # no column, so hidden
    marked = unmeasured.with_node(Node("genes", frozenset({Mark.LATENT})))
    assert specifications(table, marked, 6) == (Specification((), "age"),)
    assert specifications(table, None, 6) == (Specification(("age", "kind")),)


def test_a_marked_set_that_serves_comes_first() -> None:
    graph = drug(("age", "treated"), ("age", "kind"), ("kind", "outcome"), ("treated", "outcome"))
    assert [one.adjust for one in specifications(tried(), graph, 6) if not one.instrument] == [("age",), ("kind",)]
    both = graph
    for name in ("age", "kind"):
        both = both.with_node(Node(name, frozenset({Mark.ADJUSTED})))
    sets = [one.adjust for one in specifications(tried(), both, 6) if not one.instrument]
    assert sets == [("age", "kind"), ("age",), ("kind",)]
    second = graph.with_node(Node("kind", frozenset({Mark.ADJUSTED})))
    assert [one.adjust for one in specifications(tried(), second, 6) if not one.instrument] == [("kind",), ("age",)]


def test_what_cannot_be_identified_is_refused_with_the_path() -> None:
    graph = drug(("treated", "outcome")).with_edge(bidirected("treated", "outcome"))
    with pytest.raises(Refusal, match="not identified by adjustment") as told:
        method.check(Inputs(tried(), graph=graph), Parameters())
    assert "treated ↔ outcome" in told.value.sentence


def test_categories_become_columns_and_two_values_an_arm() -> None:
    table = tried()
    X, names = encoded(table, ["age", "kind"])
    assert names == ["age", "kind = b", "kind = c"]
    assert X.shape == (160, 3)
    question = asked(table)
    assert (question.low, question.high, question.binary) == ("no", "yes", True)
    assert set(question.t) == {0.0, 1.0}


def test_rows_get_the_average_effect_and_nothing_set_gives_them_back() -> None:
    table = tried()
    t, y = table["treated"], table["outcome"]
    model = AverageEffect(
        t.rows([]), y.rows([]), ("no", "yes"), ("regression, age", "weighting, age"), np.array([1.5, 1.0]),
        np.array([0.2, 0.1]), "if the graph is right", np.array([0.0, 0, 1, 1]), 0.0,
    )
    rows = table.rows(range(10))
    *_, nothing = model.answer(Query(rows))
    assert np.array_equal(nothing.results[0].table["outcome"].values, rows["outcome"].values)
    *_, treated = model.answer(Query(rows, {"treated": "yes"}, {"estimate": "weighting, age"}))
    moved = treated.results[0].table["outcome"].values - rows["outcome"].values
    assert moved == pytest.approx(np.where(rows["treated"].values == 1, 0.0, 1.0))
    with pytest.raises(Refusal, match="treated cannot be twice"):
        list(model.answer(Query(rows, {"treated": "twice"})))


def test_a_dose_in_units_is_multiplied() -> None:
    dose = number_column("dose", [0.0, 1, 2, 3], "mg", role=Role.TREATMENT)
    table = table_of("doses", [dose, number_column("y", [1.0, 2, 3, 4], role=Role.OUTCOME)])
    model = AverageEffect(
        table["dose"].rows([]), table["y"].rows([]), (), ("doubly robust, nothing",), np.array([0.5]),
        np.array([0.1]), "", np.array([0.0, 0, 3, 3]), 0.0,
    )
    *_, answer = model.answer(Query(table, {"dose": 3.0}))
    assert answer.results[0].table["y"].values == pytest.approx([2.5, 3, 3.5, 4])
    assert answer.factors[1].spread == pytest.approx((2.5 - 3 * 0.1 * 1.96, 2.5 + 3 * 0.1 * 1.96), abs=1e-3)
    *_, far = model.answer(Query(table, {"dose": 9.0}))
    assert far.support_note == "No row of the data had such a dose."


def test_of_an_outcome_with_two_levels_no_row_is_given_a_level_that_nobody_knows() -> None:
    levels = category_column("outcome", np.where(tried()["outcome"].values > 1, "well", "ill"), role=Role.OUTCOME)
    table = tried().with_column(levels)
    model = local.fit(method, Inputs(table), method.trial.parameters).model
    row = table.rows([0])
    then = next(name for name in model.arms if name != row["treated"].label(0))
    answer = local.answered(model, Query(row, {"treated": then}))
    rows, bars = answer.results
    assert rows.table["outcome"].label(0) == row["outcome"].label(0)
    assert [factor.name for factor in answer.factors] == ["treated"]
    assert bars.title.startswith("Share of outcome = well")
    assert bars.values[1] != bars.values[0]


def test_an_instrument_that_hardly_moves_the_treatment_is_said_to_be_weak() -> None:
    strong = given(2000, z=True)
    assert strength(strong) > 100
    noise = number_column("noise", np.random.default_rng(0).normal(size=len(tried())), role=Role.INSTRUMENT)
    found = local.fit(method, Inputs(tried().with_column(noise)), method.trial.parameters)
    assert "noise hardly moves treated" in found.results["verdict"].spans[0].text


def test_few_placebos_do_not_cry_wolf_by_lying_close_together() -> None:
    main = Estimate(1.0, 0.2)
    assert judged(PLACEBO, main, np.array([0.1, 0.11])).passed
    assert not judged(PLACEBO, main, np.array([0.6, 0.61])).passed

"""CoLiDE as a method: what a run tells and leaves, what its model answers, what is refused."""

from itertools import count

import numpy as np
import pytest

from engines import models
from engines.contract import How, Inputs, Query, Support
from engines.data.kinds import number_column, table_of
from engines.discovery import colide
from engines.discovery.colide import Parameters, advance, bootstrap, method
from engines.graph.graph import Graph
from engines.metrics.graphs import compare
from engines.refusals import Refusal
from engines.runtime import local
from engines.runtime.context import Cancelled, Token
from engines.runtime.messages import Message, Scalar, Shown
from engines.simulators.linear_sem import random_sem

NAMES = tuple("abcdefgh")
BRISK = Parameters(warm=600, last=1500, rate=5e-3, check_every=200, bootstraps=8)


def simulated(seed=0, n=500, variance=2.0):
    generator = np.random.default_rng(seed)
    sem = random_sem(8, 1, generator, variance=variance)
    X = sem.sample(n, generator) + np.arange(8)
    return sem, table_of("simulated", (number_column(name, X[:, j], "mV") for j, name in enumerate(NAMES)))


def graph_of(sem):
    return Graph.of(NAMES, [(NAMES[i], NAMES[j]) for i, j in zip(*np.nonzero(sem.W), strict=True)])


@pytest.fixture(scope="module")
def fitted():
    sem, table = simulated()
    events = []
    result = local.fit(method, Inputs(table, truth=graph_of(sem)), BRISK, on_events=events.extend)
    return sem, table, result, events


def test_what_is_announced_is_shown_and_live(fitted):
    *_, result, events = fitted
    assert list(result.results) == [produced.name for produced in method.produces]
    assert {r.kind for r in result.results.values()} == {produced.kind for produced in method.produces}
    scalars = {event.name for event in events if isinstance(event, Scalar)}
    assert scalars == {"objective", "score", "L1", "h", "sigma", "edges", "stage", "mu", "s", "lr"}
    live = [event.result for event in events if isinstance(event, Shown)]
    assert sum(shown.name == "graph" for shown in live) > 1
    steps = [event.step for event in events if isinstance(event, Scalar) and event.name == "h"]
    assert steps == sorted(steps)


def test_scores_stand_beside_those_of_the_empty_graph(fitted):
    sem, _, result, _ = fitted
    scores = result.results["scores"].table
    assert scores["graph"].label(1) == "empty graph"
    assert scores["SHD"].values[1] == (sem.W != 0).sum()
    assert scores["SHD"].values[0] <= 2
    graph = result.model.graph(0.3, True)
    learnt = np.array([[a in graph.parents(b) for b in NAMES] for a in NAMES])
    expected = compare(sem.W != 0, learnt)
    assert [scores[name].values[0] for name in ("SHD", "TPR", "FDR")] == [expected.shd, expected.tpr, expected.fdr]


def test_frequencies_are_shares_and_high_for_strong_edges(fitted):
    sem, _, result, _ = fitted
    often = result.results["frequencies"].values
    assert ((often >= 0) & (often <= 1)).all()
    assert (often * BRISK.bootstraps == np.round(often * BRISK.bootstraps)).all()
    assert often[np.abs(sem.W) > 1].mean() > 0.8
    assert often[(sem.W == 0) & (sem.W.T == 0)].mean() < 0.1
    for edge in result.results["graph"].graph.edges:
        assert edge.frequency == often[NAMES.index(edge.source), NAMES.index(edge.target)]


def test_the_noise_and_its_interval_are_about_the_truth(fitted):
    *_, result, _ = fitted
    noise = result.results["noise"]
    assert noise.values == pytest.approx(np.full(8, np.sqrt(2)), rel=0.25)
    assert (noise.low <= noise.high).all()


def test_strengths_without_penalty_are_nearer_to_the_truth(fitted):
    sem, _, result, _ = fitted
    right = [edge for edge in result.model.graph(0.3, True).edges
             if sem.W[NAMES.index(edge.source), NAMES.index(edge.target)] != 0]
    assert len(right) > 4
    error = {}
    for refit in (True, False):
        graph = result.model.graph(0.3, refit)
        error[refit] = np.mean([
            abs(graph.edge(*edge.pair).weight - sem.W[NAMES.index(edge.source), NAMES.index(edge.target)])
            for edge in right
        ])
    assert error[True] < error[False]


def test_the_threshold_is_open_after_the_run(fitted):
    *_, result, _ = fitted
    counts = [len(result.model.graph(threshold, True).edges) for threshold in (0.0, 0.3, 1.0, 5.0)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[3] == 0


def test_rows_stay_as_they_are_when_nothing_is_set(fitted):
    _, table, result, _ = fitted
    answer = local.answered(result.model, Query(table))
    rows = next(r for r in answer.results if r.name == "rows")
    assert not rows.changed.any()
    assert (rows.table.numbers(NAMES) == table.numbers(NAMES)).all()
    assert all(factor.how is How.UNAFFECTED and factor.spread is None for factor in answer.factors)
    assert answer.support is Support.INSIDE


def strongest(model):
    return max(model.graph(0.3, True).edges, key=lambda edge: abs(edge.weight))


def test_a_counterfactual_row_follows_along_the_edges(fitted):
    _, table, result, _ = fitted
    edge = strongest(result.model)
    row = table.rows([7])
    before = row[edge.source].values[0]
    answer = local.answered(result.model, Query(row, {edge.source: before + 1.0}))
    factors = {factor.name: factor for factor in answer.factors}
    assert factors[edge.source].how is How.SET
    assert factors[edge.target].how is How.FOLLOWS
    low, high = factors[edge.target].spread
    assert low <= high
    upstream = result.model.graph(0.3, True).ancestors(edge.source)
    assert all(factors[name].counterfactual == factors[name].factual for name in upstream)
    assert not any(edge.target == name for name in answer.results[2].graph.parents(edge.source))


def test_everyone_has_the_mean_that_the_true_model_implies(fitted):
    sem, table, result, _ = fitted
    edge = strongest(result.model)
    j = NAMES.index(edge.source)
    answer = local.answered(result.model, Query(table, {edge.source: j + 2.0}, {"ask": "everyone"}))
    cut = sem.W.copy()
    cut[:, j] = 0.0
    shift = 2.0 * np.linalg.inv(np.eye(8) - cut)[j]
    distribution = next(r for r in answer.results if r.name == "distribution")
    assert distribution.values[j] == j + 2.0
    assert distribution.low[j] == distribution.high[j]
    assert distribution.values - np.arange(8) == pytest.approx(shift, abs=0.6)
    simulated_rows = next(r for r in answer.results if r.name == "simulated").table
    assert (simulated_rows[edge.source].values == j + 2.0).all()


def test_a_value_beyond_the_data_is_marked(fitted):
    _, table, result, _ = fitted
    answer = local.answered(result.model, Query(table.rows([0]), {"c": 1e4}))
    assert answer.support is Support.OUTSIDE
    assert answer.support_note.startswith("c = 1e+04 lies beyond the data")


def test_a_row_with_a_gap_is_refused(fitted):
    _, table, result, _ = fitted
    values = table["b"].values.copy()
    values[3] = np.nan
    with pytest.raises(Refusal, match="Row 4 has no value in b"):
        local.answered(result.model, Query(table.with_column(number_column("b", values))))


def test_a_stored_model_answers_alike(fitted, tmp_path):
    _, table, result, _ = fitted
    models.save(result.model, tmp_path, method="colide")
    again = models.load(tmp_path, method)
    query = Query(table.rows([0, 4]), {"a": 1.0})
    first, second = local.answered(result.model, query), local.answered(again, query)
    assert first.factors == second.factors
    assert (first.results[0].table.numbers(NAMES) == second.results[0].table.numbers(NAMES)).all()
    assert again.graph(0.5, False) == result.model.graph(0.5, False)


def test_the_same_seed_gives_the_same_bits_in_any_order_of_rows():
    _, table = simulated()
    first = local.fit(method, Inputs(table), BRISK, seed=3).model
    order = np.random.default_rng(0).permutation(len(table))
    again = local.fit(method, Inputs(table.rows(order)), BRISK, seed=3).model
    assert (first.W == again.W).all()
    assert (first.sample_W == again.sample_W).all()


@pytest.mark.parametrize("after", [1, 7, 15, 18, 22, 26])
def test_a_run_that_was_interrupted_goes_on_to_the_same_bits(tmp_path, monkeypatch, after):
    _, table = simulated()
    monkeypatch.setattr(bootstrap, "BATCH_ENTRIES", 3 * 8**2)             # three samples at a time
    whole = local.fit(method, Inputs(table), BRISK).model
    token, calls = Token(), count(1)

    def cancelling(*arguments):
        advance(*arguments)
        if next(calls) == after:
            token.cancel()

    monkeypatch.setattr(colide, "advance", cancelling)
    with pytest.raises(Cancelled):
        local.fit(method, Inputs(table), BRISK, token=token, checkpoints=tmp_path, checkpoint_seconds=0.0)
    again = local.fit(method, Inputs(table), BRISK, checkpoints=tmp_path, resume=True).model
    assert next(calls) > after + 1
    assert (again.W == whole.W).all()
    assert (again.sample_W == whole.sample_W).all()
    assert (again.rows == whole.rows).all()


def test_without_resampling_there_are_no_frequencies():
    _, table = simulated()
    result = local.fit(method, Inputs(table), BRISK.model_copy(update={"bootstraps": 0}))
    assert "frequencies" not in result.results
    assert all(edge.frequency is None for edge in result.results["graph"].graph.edges)
    answer = local.answered(result.model, Query(table.rows([0]), {"a": 1.0}))
    assert all(factor.spread is None for factor in answer.factors)


def test_standardised_columns_give_a_warning_and_strengths_in_raw_units():
    _, table = simulated()
    scaled = table.with_column(number_column("a", table["a"].values * 1000))
    settings = BRISK.model_copy(update={"standardise": True, "bootstraps": 2})
    said = []
    plain = local.fit(method, Inputs(table), settings, on_events=said.extend).model
    thousandfold = local.fit(method, Inputs(scaled), settings).model
    assert any(isinstance(event, Message) and "standardised" in event.text for event in said)
    before, after = plain.sem(0.3, True), thousandfold.sem(0.3, True)
    unit = np.where(np.arange(8) == 0, 1000.0, 1.0)
    np.testing.assert_allclose(after.W, before.W * unit / unit[:, None], rtol=1e-6)
    assert after.sigma == pytest.approx(before.sigma * unit)
    assert before.edges[0].any() or before.edges[:, 0].any()


def test_columns_that_depend_on_each_other_are_named():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(60, 5))
    X[:, 3] = 2 * X[:, 0] - X[:, 1] + 4
    table = table_of("dependent", (number_column(name, X[:, j]) for j, name in enumerate("abcde")))
    with pytest.raises(Refusal, match="Columns a, b and d are perfectly collinear; noise would be zero") as refused:
        method.check(Inputs(table), BRISK)
    assert refused.value.about == ("a", "b", "d")


@pytest.mark.parametrize(("factor", "word"), [(1e170, "large"), (1e-170, "small"), (1e307, "large")])
def test_values_out_of_range_are_refused(factor, word):
    _, table = simulated()
    extreme = table.with_column(number_column("c", table["c"].values * factor))
    with pytest.raises(Refusal, match=f"Column c holds values too {word} to compute with"):
        method.check(Inputs(extreme), BRISK)


@pytest.mark.parametrize("factor", [1e12, 1e-12])
def test_columns_of_far_other_size_are_learnt_without_a_warning(factor):
    _, table = simulated()
    model = local.fit(method, Inputs(table.with_column(number_column("c", table["c"].values * factor))), BRISK).model
    assert np.isfinite(model.W).all()
    assert np.isfinite(model.sem(0.3, True).sigma).all()


def test_fewer_rows_than_columns_are_accepted_with_a_warning():
    generator = np.random.default_rng(0)
    table = table_of("few", (number_column(name, generator.normal(size=6)) for name in NAMES))
    said = []
    local.fit(method, Inputs(table), BRISK.model_copy(update={"bootstraps": 2}), on_events=said.extend)
    assert any(isinstance(event, Message) and "6 rows for 8 variables" in event.text for event in said)


@pytest.mark.parametrize("start", method.trial.refusals)
def test_each_refusal_of_the_card(start):
    with pytest.raises(Refusal) as refused:
        method.check(method.trial.refusals[start](), method.trial.parameters)
    assert str(refused.value).startswith(start)


def test_the_stages_repeat_the_last_width():
    assert Parameters(stages=6).schedule().widths == (1.0, 0.9, 0.8, 0.7, 0.7, 0.7)
    assert Parameters(stages=2).schedule().widths == (1.0, 0.9)


def test_the_real_cytometry_data_against_the_consensus(shared_data):
    lines = (shared_data / "sachs_cytometry.csv").read_text().splitlines()
    names = lines[0].split(",")
    X = np.array([[float(value) for value in line.split(",")] for line in lines[1:854]])
    edges = [tuple(line.split(",")) for line in (shared_data / "sachs_17_edges.csv").read_text().splitlines()[1:]]
    table = table_of("sachs", (number_column(name, X[:, j]) for j, name in enumerate(names)))
    settings = Parameters(warm=3000, last=6000, rate=3e-3, bootstraps=0)
    scores = local.fit(method, Inputs(table, truth=Graph.of(names, edges)), settings).results["scores"].table
    assert scores["SHD"].values[1] == 17
    assert scores["SHD"].values[0] <= 14

"""A structural causal model against closed forms: linear counterfactuals, categories whose noise is drawn, warnings."""

import numpy as np
import pytest

from engines.contract import Budget, How, Inputs, Query, Support
from engines.counterfactual_tables.structural_causal_model import method
from engines.counterfactual_tables.structural_causal_model.judging import dependence, log_density, miscalibrated
from engines.counterfactual_tables.structural_causal_model.mechanisms import gumbel, ordered
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.counterfactual_tables.structural_causal_model.words import failures
from engines.data.kinds import category_column, number_column, table_of
from engines.graph.graph import Graph
from engines.runtime import local
from engines.simulators.drawn_graph import simulate

CHAIN = Graph.of(("a", "b", "c", "d"), (("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")))
PLAIN = Parameters(mechanism="linear", bootstraps=3, permutations=19)


@pytest.fixture(scope="module")
def data():
    return simulate(CHAIN, 400, "linear", seed=3)


@pytest.fixture(scope="module")
def model(data):
    return local.fit(method, Inputs(data.table, CHAIN), PLAIN).model


@pytest.fixture(scope="module")
def mixed():
    generator = np.random.default_rng(0)
    x = generator.normal(size=600)
    level = np.digitize(1.5 * x + generator.logistic(size=600), (-1, 1))
    y = 2.0 * level + 0.2 * generator.normal(size=600)
    table = table_of("mixed", [
        number_column("x", x), category_column("level", np.array(["low", "middle", "high"], dtype=object)[level]),
        number_column("y", y),
    ])
    graph = Graph.of(("x", "level", "y"), (("x", "level"), ("level", "y")))
    return table, local.fit(method, Inputs(table, graph), PLAIN).model


def answer(model, rows, **how):
    return local.answered(model, Query(rows, **how))


def result(answer, name):
    return next(one for one in answer.results if one.name == name)


def slopes(table, child, causes):
    design = np.column_stack([np.ones(len(table)), table.numbers(causes)])
    return np.linalg.lstsq(design, table[child].values, rcond=None)[0][1:]


def test_a_linear_counterfactual_adds_the_change_along_all_paths_exactly(model, data):
    table = data.table
    (ab,) = slopes(table, "b", ["a"])
    ac, bc, _ = slopes(table, "c", ["a", "b", "d"])
    row = table.rows([7])
    a, b, c, d = (float(row[name].values[0]) for name in "abcd")
    told = {f.name: f for f in answer(model, row, do={"a": a + 2.0}).factors}
    assert told["b"].counterfactual == pytest.approx(b + 2 * ab, abs=1e-5)
    assert told["c"].counterfactual == pytest.approx(c + 2 * (ac + ab * bc), abs=1e-5)
    assert told["d"].counterfactual == d
    assert [told[name].how for name in "abcd"] == [How.SET, How.FOLLOWS, How.FOLLOWS, How.UNAFFECTED]
    assert told["c"].spread[0] < told["c"].counterfactual < told["c"].spread[1]


def test_what_is_set_is_cut_from_its_causes(model, data):
    row = data.table.rows([7])
    a = float(row["a"].values[0])
    told = answer(model, row, do={"b": 0.0, "a": a + 1.0})
    assert {f.name: f.counterfactual for f in told.factors}["b"] == 0.0
    assert result(told, "world").graph.parents("b") == ()
    fates = result(told, "noise").table["in the other world"].values.tolist()
    assert fates == ["cut", "cut", "kept", "kept"]


def test_counterfactuals_of_simulated_rows_are_those_of_the_simulator(model, data):
    true = data.values({"b": 1.0})["c"]
    told = result(answer(model, data.table, do={"b": 1.0}), "rows").table["c"].values
    assert np.sqrt(np.mean((told - true) ** 2)) < 0.05 * true.std()


def test_the_mean_effect_on_all_rows_is_that_of_the_simulator_within_its_interval(model, data):
    told = result(answer(model, data.table, do={"b": 1.0}), "effects").table
    place = told["variable"].values.tolist().index("c")
    true = (data.values({"b": 1.0})["c"] - data.values()["c"]).mean()
    assert told["change"].values[place] == pytest.approx(true, abs=0.1)
    assert told["low"].values[place] < told["change"].values[place] < told["high"].values[place]


def test_values_come_before_all_else_and_noise_is_told_with_its_rank(model, data):
    row = data.table.rows([0])
    given = list(model.answer(Query(row, do={"a": 1.0})))
    assert [one.stage for one in given] == [Budget.VALUES, Budget.FINAL]
    noise = result(given[-1], "noise").table
    assert noise["noise"].values[1] == pytest.approx(
        row["b"].values[0] - float(noise["by its causes"].values[1]), abs=1e-4)
    assert ((noise["percentile"].values >= 0) & (noise["percentile"].values <= 100)).all()


def test_a_value_beyond_the_data_and_causes_that_never_meet_are_said(model, data):
    row = data.table.rows([0])
    inside = answer(model, row, do={"b": float(row["b"].values[0])})
    assert inside.support is Support.INSIDE
    beyond = answer(model, row, do={"d": 40.0})
    assert beyond.support is Support.OUTSIDE
    assert "d was only ever seen from" in beyond.support_note
    high = float(data.table["a"].values.max())
    apart = answer(model, data.table.rows([int(data.table["a"].values.argmax())]),
                   do={"b": float(data.table["b"].values.min() if slopes(data.table, "b", ["a"]) > 0
                                  else data.table["b"].values.max())})
    assert apart.support is not Support.INSIDE
    assert high > 1


def test_the_noise_of_a_category_is_drawn_and_that_is_said(mixed):
    table, model = mixed
    row = table.rows([int(np.flatnonzero(table["level"].values == table["level"].levels.index("middle"))[0])])
    told = answer(model, row, do={"x": 3.0})
    assert "cannot be inverted" in told.support_note
    assert "stays middle in" in told.support_note
    assert result(told, "noise").table["in the other world"].values[1] == "drawn anew, given the row"
    same = answer(model, row, do={"x": float(row["x"].values[0])})
    assert {f.name: f.counterfactual for f in same.factors}["level"] == "middle"


def test_gumbel_noise_keeps_the_level_and_leads_to_the_right_shares():
    generator = np.random.default_rng(0)
    before, after = np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.1, 0.3])
    level = generator.choice(3, size=40_000, p=before)
    for abduct in (gumbel, ordered):
        stays = abduct(np.tile(before, (40_000, 1)), np.tile(before, (40_000, 1)), level, generator)
        assert np.array_equal(stays, level)
        moved = abduct(np.tile(before, (40_000, 1)), np.tile(after, (40_000, 1)), level, generator)
        assert np.bincount(moved, minlength=3) / 40_000 == pytest.approx(after, abs=0.01)
    rising = gumbel(np.tile(before, (500, 1)), np.tile(after, (500, 1)), np.zeros(500, dtype=int), generator)
    assert (rising == 0).all()              # the likelier level is never left for one that lost


def test_noise_that_depends_on_a_cause_is_found_and_named():
    generator = np.random.default_rng(1)
    x = generator.normal(size=400)
    y = x + np.abs(x) * generator.normal(size=400)
    table = table_of("uneven", [number_column("x", x), number_column("y", y)])
    model = local.fit(method, Inputs(table, Graph.of(("x", "y"), (("x", "y"),))),
                      PLAIN.model_copy(update={"permutations": 99})).model
    (said,) = failures(model.variables, model.kept)
    assert said.startswith("The mechanism of y does not fit: its noise depends on x")


def test_a_wrong_mechanism_is_found_in_a_graph_of_many_edges_too():
    names = tuple("abcdefg")
    graph = Graph.of(names, [("a", "b"), *((x, y) for i, x in enumerate("acdefg") for y in "acdefg"[i + 1:])][:14])
    values = simulate(graph, 200, seed=0).values()
    values["b"] = values["a"] ** 2 + values["a"] + 0.3 * np.random.default_rng(0).normal(size=200)
    table = table_of("bent", [number_column(name, values[name]) for name in names])
    model = local.fit(method, Inputs(table, graph),
                      Parameters(mechanism="linear", bootstraps=0, permutations=19)).model
    assert len(graph.edges) == 14
    assert any("mechanism of b does not fit: its noise depends on a" in line
               for line in failures(model.variables, model.kept))


def test_the_tests_of_independence_hold_their_level_and_have_power():
    generator = np.random.default_rng(2)
    false = []
    for _ in range(40):
        x, noise = generator.normal(size=(2, 80))
        false.append(dependence(noise, x, False, 39, generator)[1])
    assert np.mean(np.array(false) <= 0.05) < 0.2
    x = generator.normal(size=200)
    assert dependence(x**2 + 0.3 * generator.normal(size=200), x, False, 99, generator)[1] <= 0.02
    wrong = np.stack([0.3 * x, -0.3 * x], axis=1)
    assert miscalibrated(wrong, x, False, 99, generator)[1] <= 0.02


def test_the_density_of_a_normal_is_told_to_a_few_hundredths():
    values = np.random.default_rng(0).normal(size=1200)
    assert log_density(values).mean() == pytest.approx(-0.5 * np.log(2 * np.pi * np.e), abs=0.05)


def test_boosting_is_chosen_where_a_line_is_not_enough_and_only_there(data):
    generator = np.random.default_rng(4)
    x = generator.uniform(-3, 3, 300)
    wave = np.sin(2 * x) + 0.1 * generator.normal(size=300)
    table = table_of("bent", [number_column("x", x), number_column("y", wave),
                              number_column("z", x + generator.normal(size=300))])
    model = local.fit(method, Inputs(table, Graph.of(("x", "y", "z"), (("x", "y"), ("x", "z")))),
                      Parameters(bootstraps=0, permutations=19)).model
    assert [one["kind"] for one in model.kept] == ["root", "boosting", "linear"]

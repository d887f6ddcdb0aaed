"""Predictors against scikit-learn, finite differences and closed forms; state, order of columns, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge

from engines.abilities import Ability, Carded, Feature, Predictor, Target, as_columns
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.predictors import restored
from engines.predictors.learning import learn
from engines.predictors.stored import Kind, Learning, Stored
from engines.predictors.trees import Nodes
from engines.refusals import Refusal
from engines.runtime.context import RunContext

FEATURES = (Feature("height"), Feature("kind", ("a", "b", "c")), Feature("width", unit="mm"))
TARGETS = (Target("price"), Target("good", ("no", "yes")), Target("class", ("low", "mid", "high")))
SMALL = {
    "linear": Learning("linear", penalty=0.5), "boosting": Learning("boosting", trees=25, depth=3),
    "network": Learning("network", hidden=(16,), epochs=40, rate=0.02),
}


def rows(n: int = 300) -> np.ndarray:
    generator = np.random.default_rng(3)
    return np.column_stack([generator.normal(5, 3, n), generator.integers(3, size=n), generator.normal(0, 0.1, n)])


def wanted(x: np.ndarray) -> dict[str, np.ndarray]:
    noise = np.random.default_rng(4).normal(size=len(x))
    signal = x[:, 0] + 3 * (x[:, 1] == 1) + 20 * x[:, 2]
    return {
        "price": 100 + 10 * signal + noise, "good": (signal + noise > 6).astype(float),
        "class": np.digitize(signal + noise, (4, 8)).astype(float),
    }


def trained(kind: Kind) -> Stored:
    x = rows()
    return learn(SMALL[kind], FEATURES, TARGETS, x, wanted(x), RunContext(None, seed=0))


@pytest.fixture(scope="module", params=["linear", "boosting", "network"])
def predictor(request: pytest.FixtureRequest) -> Stored:
    return trained(request.param)


def one_hot(x: np.ndarray) -> np.ndarray:
    def scaled(j: int) -> np.ndarray:
        return (x[:, j] - x[:, j].mean()) / x[:, j].std()

    return np.column_stack([scaled(0), *(x[:, 1] == k for k in range(3)), scaled(2)])


def test_linear_agrees_with_scikit_learn() -> None:
    x = rows()
    y, z, told = wanted(x), one_hot(x), trained("linear").predict(x)
    np.testing.assert_allclose(told["price"], Ridge(alpha=0.5).fit(z, y["price"]).predict(z), rtol=1e-9)
    for name in ("good", "class"):
        peer = LogisticRegression(C=2.0, max_iter=1000).fit(z, y[name])
        np.testing.assert_allclose(told[name], peer.predict_proba(z), atol=1e-9)


def test_boosting_agrees_with_scikit_learn() -> None:
    x = rows()
    y, z = wanted(x), one_hot(x)
    told = trained("boosting").predict(x)
    seeds = RunContext(None, seed=0).generator.integers(2**31 - 1, size=3)
    settings = {"init": "zero", "n_estimators": 25, "max_depth": 3, "subsample": 0.7}
    # Grown in steps of ten trees, as a run that can be stopped: a peer grown at once draws other subsamples.
    for name, seed in zip(("good", "class"), seeds[1:], strict=True):
        peer = GradientBoostingClassifier(**settings, random_state=int(seed), warm_start=True)
        for count in (10, 20, 25):
            peer.set_params(n_estimators=count).fit(z, y[name])
        np.testing.assert_allclose(told[name], peer.predict_proba(z), atol=1e-9)
    regressor = GradientBoostingRegressor(**settings, random_state=int(seeds[0]), warm_start=True)
    centre, scale = y["price"].mean(), y["price"].std()
    for count in (10, 20, 25):
        regressor.set_params(n_estimators=count).fit(z, (y["price"] - centre) / scale)
    np.testing.assert_allclose(told["price"], centre + scale * regressor.predict(z), rtol=1e-9)


def test_each_kind_learns_what_there_is_to_learn(predictor: Stored) -> None:
    x = rows()
    y, told = wanted(x), predictor.predict(x)
    assert np.var(y["price"] - told["price"]) < 0.1 * np.var(y["price"])
    for name in ("good", "class"):
        assert np.mean(told[name].argmax(axis=1) == y[name]) > 0.8
        np.testing.assert_allclose(told[name].sum(axis=1), 1.0)
        assert told[name].shape == (len(x), len(predictor.target(name).levels))


def test_the_state_restores_the_same_predictor(predictor: Stored) -> None:
    again, x = restored(predictor.state()), rows(50)
    assert again.features == FEATURES
    assert again.targets == TARGETS
    assert again.learned == predictor.learned
    for name, values in predictor.predict(x).items():
        np.testing.assert_array_equal(again.predict(x)[name], values)


def test_a_state_of_an_unknown_kind_is_refused(predictor: Stored) -> None:
    with pytest.raises(Refusal, match="kind pickle is not known"):
        restored({**predictor.state(), "kind": "pickle"})


@pytest.mark.parametrize("kind", ["linear", "network"])
def test_scores_are_what_is_predicted_and_have_the_gradient_of_finite_differences(kind: Kind) -> None:
    predictor, x = trained(kind), rows(20)
    tensor = torch.tensor(x, requires_grad=True)
    scores, told = predictor.scores(tensor), predictor.predict(x)
    np.testing.assert_allclose(scores["price"].detach().numpy(), told["price"], rtol=1e-9)
    np.testing.assert_allclose(scores["good"].softmax(1).detach().numpy(), told["good"], atol=1e-12)
    (gradient,) = torch.autograd.grad(scores["price"].sum(), tensor)
    step = 1e-6
    for j in (0, 2):
        shifted = x.copy()
        shifted[:, j] += step
        slope = (predictor.predict(shifted)["price"] - told["price"]) / step
        np.testing.assert_allclose(gradient[:, j].numpy(), slope, rtol=1e-3, atol=1e-3)
    assert (gradient[:, 1] == 0).all()


def test_trees_have_no_gradients_and_say_so() -> None:
    predictor = trained("boosting")
    assert not predictor.differentiable
    with pytest.raises(Refusal, match="no gradients"):
        predictor.scores(torch.tensor(rows(2)))


def test_a_tree_whose_children_lead_back_is_refused() -> None:
    with pytest.raises(ValueError, match="do not follow"):
        Nodes(*(np.array(v) for v in ([0, -1], [0.0, 0.0], [0, 1], [1, 1], [0.0, 1.0], [0], [0])))


def table() -> Table:
    x = rows(20)
    return table_of("t", [
        number_column("width", x[:, 2]), category_column("kind", ["abc"[int(k)] for k in x[:, 1]]),
        number_column("height", x[:, 0]), number_column("extra", x[:, 0]),
    ])


def test_rows_come_from_columns_by_name_and_level_by_name(predictor: Predictor) -> None:
    np.testing.assert_array_equal(predictor.rows(table()), rows(20))
    turned = table_of("t", [c if c.name != "kind" else replace(
        c, levels=("c", "b", "a"), values=np.array([2, 1, 0], dtype=np.int32)[c.values]) for c in table().columns])
    np.testing.assert_array_equal(predictor.rows(turned), rows(20))
    back = as_columns(predictor.features, rows(20))
    assert [c.label(0) for c in back] == [table()[c.name].label(0) for c in back]


def test_columns_that_do_not_fit_are_refused(predictor: Predictor) -> None:
    whole = table()
    gap = whole["height"].values.copy()
    gap[3] = np.nan
    cases: Mapping[str, Table] = {
        "reads a column height, which t has not": whole.select([c for c in whole.names if c != "height"]),
        "kind has the level d": whole.with_column(category_column("kind", ["d"] * 20)),
        "height has 1 missing": whole.with_column(replace(whole["height"], values=gap)),
        "height is category": whole.with_column(category_column("height", ["a", "b"] * 10)),
    }
    for sentence, wrong in cases.items():
        with pytest.raises(Refusal, match=sentence):
            predictor.rows(wrong)


def test_a_card_tells_what_a_model_can_do() -> None:
    trees, lines = (Carded.of("M", trained(kind)) for kind in ("boosting", "linear"))
    assert Carded.from_json("M", lines.to_json()) == lines
    lines.check(Ability.GRADIENTS, table())
    trees.check(Ability.PREDICTOR, table())
    with pytest.raises(Refusal, match="no gradients"):
        trees.check(Ability.GRADIENTS, table())
    with pytest.raises(Refusal, match="predicts no column"):
        Carded.of("M", None).check(Ability.PREDICTOR, table())
    with pytest.raises(Refusal, match="reads a column kind"):
        lines.check(Ability.PREDICTOR, table().select(["width", "height"]))
    assert Carded.from_json("M", {}) == Carded.of("M", None)
    able = frozenset({Ability.PREDICTOR})
    Carded("M", able, ("width",), ("kind",)).check(Ability.CLASSES, table())
    with pytest.raises(Refusal, match="M predicts no class: height"):
        Carded("M", able, ("width",), ("height",)).check(Ability.CLASSES, table())


def test_the_same_seed_gives_the_same_bits() -> None:
    first, second = trained("network"), trained("network")
    for name, values in first.predict(rows(20)).items():
        np.testing.assert_array_equal(second.predict(rows(20))[name], values)

"""The plain predictor: what its check measures, held-out rows, importance, answers, and the exported network."""

from __future__ import annotations

import numpy as np
import pytest

from engines.abilities import Ability, Carded
from engines.checks import Evidence, Outcome, judge
from engines.checks.plain_predictor import Drawn, bent, check, cross_entropy, miscalibration
from engines.contract import How, Query, Support
from engines.counterfactual_tables.plain_predictor import method
from engines.counterfactual_tables.plain_predictor.fit import fit, halves
from engines.counterfactual_tables.plain_predictor.model import PlainPredictor
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.counterfactual_tables.plain_predictor.trial import trial_table
from engines.data.kinds import Table, category_column
from engines.data.roles import Role
from engines.inputs import Inputs
from engines.refusals import Refusal
from engines.results import BarsResult, TableResult
from engines.runtime.context import RunContext


def trained(**settings: object) -> tuple[PlainPredictor, RunContext]:
    run = RunContext(None, seed=0)
    return fit(Inputs(trial_table()), Parameters(**settings), run), run


@pytest.fixture(scope="module")
def linear() -> tuple[PlainPredictor, RunContext]:
    return trained(kind="linear", penalty=0.1)


def test_the_truth_has_the_least_cross_entropy_and_no_miscalibration() -> None:
    drawn = Drawn.of(bent, 5000, np.random.default_rng(0))
    least = cross_entropy(drawn.chance, drawn.chance)
    shifted = [np.clip(drawn.chance + by, 0.001, 0.999) for by in (-0.1, 0.1)]
    assert all(cross_entropy(drawn.chance, told) > least for told in shifted)
    assert miscalibration(drawn.chance, drawn.chance) == 0
    assert miscalibration(drawn.chance, np.clip(drawn.chance + 0.1, 0, 1)) == pytest.approx(0.1, abs=0.02)


def test_the_check_rejects_what_is_no_better_than_a_guess() -> None:
    good = {f"{what}, {kind}": value for kind in ("linear", "network", "boosting") for what, value in
            (("excess cross-entropy", 0.001), ("miscalibration", 0.001), ("error over the noise", 1.0))}
    bad = {**good, "excess cross-entropy, network": 0.3}
    assert judge(check, Evidence(good, {}, {"bad": bad})).outcome is Outcome.PASSED
    assert judge(check, Evidence(bad, {}, {})).failed == ("class",)
    assert judge(check, Evidence(good, {}, {"as good": good})).outcome is Outcome.FAILED


def test_rows_to_judge_by_are_those_that_the_data_name_or_a_share() -> None:
    table = trial_table()
    training, aside = halves(table, Parameters(held_out=0.25), np.random.default_rng(0))
    assert len(aside) == 30
    assert sorted([*training, *aside]) == list(range(120))
    part = category_column("part", ["train"] * 100 + ["test"] * 20, role=Role.SPLIT)
    named = Table("flats", (*table.columns, part), table.row_ids)
    training, aside = halves(named, Parameters(), np.random.default_rng(0))
    assert list(aside) == list(range(100, 120))


def test_it_relies_on_what_matters(linear: tuple[PlainPredictor, RunContext]) -> None:
    _, run = linear
    bars = run.results["importance"]
    assert isinstance(bars, BarsResult)
    relied = dict(zip(bars.labels, bars.values, strict=True))
    assert relied["area"] > relied["place"] > 0                 # 2 * area and 40 * place over their spreads
    price = run.figures["held-out root mean square error, price"]
    assert 3 < price < 7                                        # the noise is 5


def test_setting_a_feature_moves_the_prediction_by_the_coefficient(linear: tuple[PlainPredictor, RunContext]) -> None:
    model, _ = linear
    item = trial_table().rows([3])
    before = float(item["area"].values[0])
    (answer,) = model.answer(Query(item, do={"area": before + 10}))
    values = {value.name: value for value in answer.factors}
    assert values["price"].counterfactual - values["price"].factual == pytest.approx(20, abs=1)  # type: ignore[operator]
    assert (values["area"].how, values["price"].how, values["age"].how) == (How.SET, How.FOLLOWS, How.UNAFFECTED)
    (rows,) = answer.results
    assert isinstance(rows, TableResult)
    assert rows.changed is not None
    assert rows.changed[0, rows.table.names.index("area")]
    assert not rows.changed[0, rows.table.names.index("age")]
    (nothing,) = model.answer(Query(item))
    assert not nothing.results[0].changed.any()  # type: ignore[union-attr]


def test_beyond_what_was_seen_it_says_so_and_nonsense_is_refused(linear: tuple[PlainPredictor, RunContext]) -> None:
    model, _ = linear
    item = trial_table().rows([0])
    (answer,) = model.answer(Query(item, do={"area": 900.0}))
    assert answer.support is Support.OUTSIDE
    assert "area was only ever seen" in answer.support_note
    for do, sentence in (({"rooms": 3.0}, "reads no column rooms"), ({"place": "moon"}, "cannot be set to moon"),
                         ({"area": "large"}, "cannot be set to large")):
        with pytest.raises(Refusal, match=sentence):
            list(model.answer(Query(item, do=do)))


def test_its_card_tells_whether_it_has_gradients(linear: tuple[PlainPredictor, RunContext]) -> None:
    trees, _ = trained(kind="boosting", trees=20)
    assert Carded.of("M", linear[0].predictor()).abilities == {Ability.PREDICTOR, Ability.GRADIENTS}
    assert Carded.of("M", trees.predictor()).abilities == {Ability.PREDICTOR}
    assert trees.exports(None) == ()
    (part,) = linear[0].exports(trial_table())
    told = linear[0].predictor().predict(linear[0].predictor().rows(trial_table())[:64])
    price, sold = part.network(*part.inputs.values())
    np.testing.assert_allclose(price.numpy(), told["price"], atol=part.tolerance)
    np.testing.assert_allclose(sold.numpy(), told["sold"], atol=part.tolerance)


def test_it_is_met_where_targets_are_asked_for() -> None:
    assert method.question.sentence == "Which changes meet my targets?"

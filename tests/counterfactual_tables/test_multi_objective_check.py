"""The check of multi-objective counterfactuals: each criterion can fail, and its data are what they say.

The whole check runs in `tests/reproductions`.
"""

import numpy as np
import pytest

from engines import predictors
from engines.checks import Evidence, Outcome, judge
from engines.checks import multi_objective_counterfactuals as checked
from engines.predictors.known import circle_and_arcs

GOOD = {
    "feasible": 1.0, "regions": 5.0, "distance": 0.2, "distance, closeness 10": 0.14, "share changed": 0.55,
    "largest share changed, few changes 3": 0.5, "pairs apart": 0.33, "next one": 0.05,
    "pairs apart, diversity 0": 0.01,
    "next one, diversity 0": 0.0001, "nearest, of the optimum": 1.01, "nearest": 0.105,
    "one feature, of the optimum": 1.001, "weighted score": 0.37, "among the best, under a cap": 1.0,
}
BASELINES = {
    "nearest feasible rows": {"nearest": 0.115, "weighted score": 0.43},
    "random feasible rows": {"weighted score": 0.52}, "feasible rows, chosen alike": {"weighted score": 0.44},
}


def test_good_figures_pass():
    assert judge(checked.check, Evidence(GOOD, BASELINES, {})).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [
        ("feasible", 0.99, "feasible"), ("regions", 3.0, "regions"), ("distance, closeness 10", 0.2, "closeness"),
        ("largest share changed, few changes 3", 1.0, "few changes"), ("pairs apart", 0.15, "diversity"),
        ("next one, diversity 0", 0.04, "diversity"), ("pairs apart, diversity 0", 0.4, "diversity"),
        ("nearest, of the optimum", 1.06, "optimum"), ("one feature, of the optimum", 1.03, "optimum"),
        ("nearest", 0.12, "rows of the data"), ("weighted score", 0.45, "rows of the data"),
        ("among the best, under a cap", 0.9, "cap"),
    ],
)
def test_each_criterion_can_fail(figure, value, criterion):
    assert judge(checked.check, Evidence({**GOOD, figure: value}, BASELINES, {})).failed == (criterion,)


def test_the_regions_are_where_the_card_has_them():
    points = np.array([[0.3, 0.3], [0.8158 + 1e-3, 0], [0, 0.82], [-0.82, 0], [0, -0.82], [0, 0], [0.815, 0]])
    assert circle_and_arcs(points).tolist() == [1, 1, 1, 1, 1, 0, 0]
    assert checked.region(points[:5]).tolist() == [4, 0, 1, 2, 3]
    near = 0.3 - 0.1 / np.sqrt(2)
    assert 2 * near == pytest.approx(checked.NEAREST)
    assert circle_and_arcs(np.array([[near + 1e-6, near + 1e-6], [near - 1e-6, near - 1e-6]])).tolist() == [1, 0]
    drawn = np.random.default_rng(0).uniform(-1.1, 1.1, (200_000, 2))
    assert circle_and_arcs(drawn).mean() == pytest.approx(0.08, abs=0.02)


def test_a_known_function_is_restored_from_its_name_and_no_other_is():
    known = checked.KNOWN
    again = predictors.restored(known.state())
    points = np.array([[0.3, 0.3], [0.0, 0.0]])
    assert again.predict(points)["inside"].tolist() == [1, 0]
    with pytest.raises(ValueError, match=r"no function os\.system"):
        predictors.restored({**known.state(), "function": "os.system"})

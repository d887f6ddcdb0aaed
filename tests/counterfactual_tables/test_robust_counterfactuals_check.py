"""T-Rex's check: each criterion can fail, and its parts do what they say. The whole check runs in `reproductions`."""

from __future__ import annotations

import numpy as np
import pytest

from engines.checks import Evidence, Outcome, judge
from engines.checks import robust_counterfactuals as checked
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.space import Space
from engines.counterfactual_tables.robust_counterfactuals.trial import FEATURES, applications, linear

GOOD = {
    **{f"T-Rex:I {tau}: {name}": value
       for tau, valid, cost in ((0.6, 0.86, 0.55), (0.75, 0.94, 0.59), (0.9, 0.98, 0.66))
       for name, value in (("validity", valid), ("cost", cost), ("R told too high", 0.01))},
    **{f"T-Rex:NN {tau}: {name}": value for tau in (0.6, 0.75, 0.9)
       for name, value in (("validity", 1.0), ("cost", 0.95), ("rows of the data above τ", 1.0))},
    "rank correlation": 0.77, "facts violated by": -1e-3, "slope error": 1e-5, "bank differs": 0.3,
}
BASELINES = {"nearest counterfactual": {"validity": 0.22, "cost": 0.45}, "nearest row": {"validity": 0.98},
             "random score": {"rank correlation": 0.0}}


def verdict(ours, baselines=BASELINES):
    return judge(checked.check, Evidence(ours, baselines, {}))


def test_good_figures_pass():
    assert verdict(GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [
        ("T-Rex:I 0.9: validity", 0.94, "survival"), ("T-Rex:I 0.6: validity", 0.95, "survival"),
        ("T-Rex:NN 0.75: validity", 0.97, "rows of the data"),
        ("T-Rex:NN 0.9: rows of the data above τ", 0.5, "rows of the data"),
        ("T-Rex:I 0.6: cost", 0.4, "price"), ("T-Rex:NN 0.9: cost", 0.6, "price"),
        ("rank correlation", 0.5, "R tells"), ("facts violated by", 0.1, "facts"), ("slope error", 0.2, "slope"),
        ("T-Rex:I 0.6: R told too high", 0.5, "told as it is"), ("bank differs", 0.0, "really retrained"),
    ],
)
def test_each_criterion_can_fail(figure, value, criterion):
    assert verdict({**GOOD, figure: value}).failed == (criterion,)


def test_a_wrong_sign_and_a_gradient_that_ignores_the_wavering_are_seen():
    rows = np.column_stack([c.values.astype(float) for c in applications().columns[:4]])
    space = Space.fitted(FEATURES, rows)

    class World:
        explained, seed = Explained(linear(), "decision", 1, space), 3

    points = space.inside(rows)[:20]
    assert checked.facts(World, points) < 1e-9
    assert checked.facts(World, points, lambda at, around: around + np.abs(at - around)) > 0.01


def test_the_data_are_those_of_the_card():
    table = checked.patients()
    part = table["part"]
    assert (len(table), int((part.values == part.levels.index("train")).sum())) == (569, 400)
    assert table["diagnosis"].levels == ("benign", "malignant")
    assert len(table.columns) == 32

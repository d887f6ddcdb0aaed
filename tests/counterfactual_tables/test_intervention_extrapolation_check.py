"""Rep4Ex's check: each criterion can fail, and the fakes are what they say. The whole runs in `tests/reproductions`."""

import numpy as np
import pytest

from engines.checks import Evidence, Outcome, judge
from engines.checks import intervention_extrapolation as checked
from engines.runtime.local import bare_run
from engines.simulators.interventions import Interventions, straight, tripled

GOOD = {
    "R2 of the factor, worst seed": 0.95, "gain over a plain autoencoder, worst seed": 0.1, "RMSE outside": 0.3,
    "RMSE inside": 0.15, "RMSE outside without psi": 1.1, "distance from 2SLS, linear data": 0.01,
    "permuted actions reported": 1.0,
}
BASELINES = {"plain autoencoder + control function": {"RMSE outside": 0.6}, "MLP on the action": {"RMSE outside": 0.7}}


def verdict(ours, fakes=None):
    return judge(checked.check, Evidence(ours, BASELINES, fakes or {}))


def test_good_figures_pass():
    assert verdict(GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [
        ("R2 of the factor, worst seed", 0.91, "latents"),
        ("gain over a plain autoencoder, worst seed", 0.03, "latents"),
        ("RMSE outside", 0.65, "outside"),
        ("RMSE inside", 0.31, "inside"),
        ("RMSE outside without psi", 0.4, "confounding"),
        ("distance from 2SLS, linear data", 0.03, "linear"),
        ("permuted actions reported", 0.8, "no signal"),
    ],
)
def test_each_criterion_can_fail(figure, value, criterion):
    broken = verdict({**GOOD, figure: value})
    assert broken.outcome is Outcome.FAILED
    assert broken.failed == (criterion,)
    assert verdict(GOOD, {"fake": {**GOOD, figure: value}}).unmasked == {"fake": (criterion,)}


def test_two_stage_least_squares_is_right_where_a_plain_regression_is_not():
    data = Interventions.sample(20_000, np.random.default_rng(0), straight, tripled)
    told = checked.two_stage_least_squares(data, np.array([3.0]))
    assert told[0] == pytest.approx(9 * data.sign, abs=0.2)
    naive = np.polyfit(data.Z, data.Y, 1)[0]
    assert naive > 3.15, "the confounded slope is too steep"


def test_permuted_actions_are_reported_before_any_work(monkeypatch):
    monkeypatch.setattr(checked, "SEEDS", (0, 1, 2))
    monkeypatch.setattr(checked, "fit", lambda *_: pytest.fail("it was refused before"))
    assert checked.reported(bare_run()) == 1.0

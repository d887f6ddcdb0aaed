"""The check of the structural causal model: each criterion can fail. The whole check runs in `tests/reproductions`."""

import pytest

from engines.checks import Evidence, Outcome, judge
from engines.checks import structural_causal_model as checked
from engines.simulators.drawn_graph import simulate

GOOD = {"linear: error": 0.02, "smooth: error": 0.28, "linear: causes moved": 0.0, "smooth: causes moved": 0.0,
        "misfit found": 1.0, "warned of a good fit": 0.0}
OTHERS = {name: {"linear: error": 0.4, "smooth: error": 0.7}
          for name in (checked.REGRESSION, checked.NEAREST, checked.TURNED)}


def test_good_figures_pass():
    assert judge(checked.check, Evidence(GOOD, OTHERS, {})).outcome is Outcome.PASSED


@pytest.mark.parametrize(("figure", "value", "criterion"), [
    ("linear: error", 0.06, "linear"), ("smooth: error", 0.5, "smooth"), ("smooth: causes moved", 0.01, "causes stay"),
    ("misfit found", 0.67, "misfits are found"), ("warned of a good fit", 0.67, "good fits are left be"),
])
def test_each_criterion_can_fail(figure, value, criterion):
    assert judge(checked.check, Evidence({**GOOD, figure: value}, OTHERS, {})).failed == (criterion,)


def test_a_baseline_that_does_as_well_is_noticed():
    others = {**OTHERS, checked.NEAREST: {"linear: error": 0.02, "smooth: error": 0.7}}
    assert judge(checked.check, Evidence(GOOD, others, {})).failed == ("linear",)


def test_the_truth_itself_has_no_error_and_doing_nothing_has():
    data = simulate(checked.GRAPH, 300, "smooth", seed=0)

    def truth(_rows, value):
        told = data.values({checked.SET: value})
        return checked._matrix(told)[: checked.ASKED]

    assert checked.errors(truth, data) == 0.0
    assert checked.errors(checked._still, data) > 0.5

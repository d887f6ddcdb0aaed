"""VLUCI's check: each criterion can fail, the fakes of its card are rejected, and its data are what they say.

The whole check runs in `tests/reproductions`.
"""

import numpy as np
import pytest

from engines.checks import Evidence, Outcome, judge
from engines.checks import vluci as checked
from engines.runtime.local import bare_run
from engines.simulators.hidden_confounder import confounded

NOTHING, SILENT = "no effect of U on Y: ", "normal and linear: "
GOOD = {
    "ATE error": 0.08, "PEHE": 0.2, "plug-in, ATE error": 0.92, "|corr| of U": 0.97, "contraction": 0.85,
    NOTHING + "distance from TARNet": 0.03, NOTHING + "warned": 1.0, NOTHING + "plug-in given": 0.0,
    SILENT + "contraction": 0.5, SILENT + "warned": 1.0, SILENT + "interval given": 0.0,
}
BASELINES = {
    checked.NAIVE: {"ATE error": 2.86}, checked.NOISE: {"ATE error": 2.95}, checked.TWO_HEADS: {"ATE error": 0.89},
}


def verdict(ours, baselines=BASELINES):
    return judge(checked.check, Evidence(ours, baselines, {}))


def test_good_figures_pass():
    assert verdict(GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [
        ("ATE error", 0.4, "mean effect"), ("PEHE", 0.6, "individual effects"), ("plug-in, ATE error", 1.5, "plug-in"),
        ("|corr| of U", 0.8, "U is recovered"), ("contraction", 0.75, "U is recovered"),
        (NOTHING + "distance from TARNet", 0.2, "U without effect on Y"),
        (NOTHING + "warned", 0.0, "U without effect on Y"), (NOTHING + "plug-in given", 1.0, "U without effect on Y"),
        (SILENT + "contraction", 0.8, "not revealed"), (SILENT + "interval given", 1.0, "not revealed"),
    ],
)
def test_each_criterion_can_fail(figure, value, criterion):
    assert verdict({**GOOD, figure: value}).failed == (criterion,)


def test_the_files_of_acic_count_where_they_are_there():
    files = {f"ACIC 2016: {name}": value for name, value in (("contraction", 0.0), ("warned", 1.0),
                                                             ("interval given", 0.0))}
    assert verdict({**GOOD, **files}).outcome is Outcome.PASSED
    assert verdict({**GOOD, **files, "ACIC 2016: warned": 0.0}).failed == ("not revealed",)


def test_noise_that_helps_and_heads_that_do_as_well_are_noticed():
    assert verdict(GOOD, {**BASELINES, checked.NOISE: {"ATE error": 2.0}}).failed == ("noise for U",)
    assert verdict(GOOD, {**BASELINES, checked.TWO_HEADS: {"ATE error": 0.1}}).failed == ("shared decoder",)


def test_the_simulated_rows_are_confounded_as_the_card_says():
    data = confounded(20_000, 0)
    assert data.effects.mean() == pytest.approx(1.0, abs=0.02)
    difference = data.y[data.t == 1].mean() - data.y[data.t == 0].mean()
    assert difference - data.effects.mean() == pytest.approx(2.9, abs=0.2)
    assert np.abs(np.corrcoef(data.u, data.x.T)[0, 1:]).max() < 0.03
    untouched = data.y - data.effects * data.t - 2 * data.u - data.x[:, 0] - np.sin(data.x[:, 1])
    assert untouched.std() == pytest.approx(0.3, abs=0.01)
    assert np.array_equal(confounded(50, 1, weight=0.0).t, confounded(50, 1).t)


def test_the_baselines_do_what_their_names_say():
    data = confounded(600, 0)
    run = bare_run(0)
    naive, oracle = checked.learnt(run, (data.x, np.column_stack([data.x, data.u])), data, False, "TARNet")
    errors = {name: checked.errors(found, data)["ATE error"]
              for name, found in (("naive", naive), ("oracle", oracle), ("regression", checked.regressed(data)))}
    assert errors["oracle"] < 0.5 < 2 < errors["naive"]
    assert errors["regression"] > 2
    line = confounded(2000, 0, linear=True, weight=0.0)
    assert checked.regressed(line).mean() == pytest.approx(1.0, abs=0.06)


def test_files_of_acic_are_read_without_the_hidden_columns(shared_data):
    one = checked.acic(shared_data)
    assert len(one.table) == checked.ACIC_ROWS
    assert not set(checked.ACIC_HIDDEN) & set(one.table.names)
    assert one.data.effects.std() > 1

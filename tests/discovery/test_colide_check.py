"""CoLiDE's check: its exact criteria on ours and the fakes, and that a broken figure fails the verdict.

The whole check runs in `tests/reproductions`.
"""

import numpy as np
import pytest

from engines.checks import Evidence, Outcome, judge
from engines.checks import colide as checked
from engines.discovery.colide.mathematics import acyclic_edges, is_acyclic
from engines.runtime.local import bare_run

GOOD = {
    "SHD, equal noise": 0.3,
    "SHD, separate noise": 17.8,
    "largest noise variance error, equal": 0.03,
    "noise variance error, separate": 0.32,
    "noise variance error, one for all": 1.0,
    "cyclic graphs": 0.0,
    "gradient error": 1e-9,
    "h of an acyclic graph": 0.0,
    "noise variance error at the true W": 0.0,
}
BASELINES = {"DAGMA": {"SHD, equal noise": 1.4}}


def verdict(ours, fakes=None, missing=None):
    return judge(checked.check, Evidence(ours, BASELINES, fakes or {}, missing or {}))


def test_good_figures_pass():
    assert verdict(GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [
        ("SHD, equal noise", 1.4, "nearer than DAGMA"),
        ("largest noise variance error, equal", 0.06, "equal noise variance"),
        ("noise variance error, separate", 0.36, "separate noise variances"),
        ("noise variance error, one for all", 0.31, "separate noise variances"),
        ("cyclic graphs", 1.0, "acyclic"),
        ("gradient error", 2e-6, "gradients"),
        ("h of an acyclic graph", 2e-10, "h"),
        ("noise variance error at the true W", 1e-8, "noise at the truth"),
    ],
)
def test_each_criterion_can_fail(figure, value, criterion):
    broken = verdict({**GOOD, figure: value})
    assert broken.outcome is Outcome.FAILED
    assert broken.failed == (criterion,)
    masked = verdict(GOOD, fakes={"fake": {**GOOD, figure: value}})
    assert masked.unmasked == {"fake": (criterion,)}


def test_a_missing_peer_makes_it_incomplete():
    assert verdict(GOOD, missing={"DAGMA": "not installed"}).outcome is Outcome.INCOMPLETE


def test_ours_meets_the_exact_criteria():
    exact = checked.exact(checked.Candidate())
    assert exact["gradient error"] < 1e-6
    assert exact["h of an acyclic graph"] < 1e-10
    assert exact["noise variance error at the true W"] < 1e-9


@pytest.mark.parametrize(
    ("fake", "figure"),
    [
        ("variances taken for standard deviations", "noise variance error at the true W"),
        ("noise level never updated", "noise variance error at the true W"),
        ("acyclicity gradient with its sign flipped", "gradient error"),
    ],
)
def test_fakes_break_an_exact_criterion(fake, figure):
    assert checked.exact(checked.FAKES[fake])[figure] > 1e-3


def test_fakes_that_hand_out_another_graph_are_far_from_the_truth(monkeypatch):
    monkeypatch.setattr(checked, "SEEDS", (0, 1))
    monkeypatch.setattr(checked, "VARIANCES", (10.0,))
    data = checked.simulate(equal=True)
    W, _ = checked.learn(bare_run(), data, "equal", checked.Problem, "test")
    ours = np.mean(checked.distances(data, W))
    generator = np.random.default_rng(0)
    for name in ("W transposed", "random graph with the same number of edges"):
        reported = checked.FAKES[name].reported(W, generator)
        counts = [(acyclic_edges(a, 0.3).sum(), acyclic_edges(b, 0.3).sum()) for a, b in zip(W, reported)]
        assert all(is_acyclic(acyclic_edges(one, 0.3)) and a == b for one, (a, b) in zip(reported, counts))
        assert np.mean(checked.distances(data, reported)) > ours + 20


def test_sort_and_regress_finds_a_chain_whose_variance_grows():
    generator = np.random.default_rng(0)
    X = np.cumsum(generator.normal(size=(2000, 4)), axis=1)
    edges = np.abs(checked.sort_and_regress(X)) > 0.3
    assert set(zip(*np.nonzero(edges), strict=True)) == {(0, 1), (1, 2), (2, 3)}

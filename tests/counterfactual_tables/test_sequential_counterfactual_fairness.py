"""The fair sequential autoencoder: its equations against what is known, its data, its model, its check's verdict."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.checks import Evidence, Outcome, judge
from engines.checks import sequential_counterfactual_fairness as checked
from engines.contract import How, Inputs, Query, Support
from engines.counterfactual_tables.sequential_counterfactual_fairness import method
from engines.counterfactual_tables.sequential_counterfactual_fairness.adversary import (
    Adversary,
    cost,
    orders,
    total_correlation,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import (
    Gaussian,
    affected,
    divergence,
    fairness,
    mismatch,
    mismatches,
    movement,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import Autoencoder, Drift
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.counterfactual_tables.sequential_counterfactual_fairness.training import Learner, Rows
from engines.counterfactual_tables.sequential_counterfactual_fairness.trial import table, tried
from engines.data.roles import Role
from engines.runtime import local
from engines.runtime.local import bare_run
from engines.runtime.messages import Message, Scalar
from engines.simulators.drifting_fairness import drifting


def test_the_divergence_is_that_of_torch():
    generator = torch.Generator().manual_seed(0)
    a, b, c, d = torch.randn(4, 5, 3, generator=generator)
    known = torch.distributions.kl_divergence(
        torch.distributions.Normal(a, (0.5 * b).exp()), torch.distributions.Normal(c, (0.5 * d).exp())).sum(1)
    assert torch.allclose(divergence(Gaussian(a, b), Gaussian(c, d)), known, atol=1e-5)


def test_the_moment_mismatch_is_zero_on_average_where_all_groups_are_alike():
    generator = torch.Generator().manual_seed(0)
    groups = torch.arange(4).repeat_interleave(60)
    alike = torch.stack([mismatches(torch.randn(240, 3, generator=generator), groups, 4) for _ in range(300)]).mean()
    assert abs(float(alike)) < 0.25 * 2 / 60, "a quarter of what sampling alone would add"


def test_the_moment_mismatch_sees_means_and_spreads_and_leaves_thin_groups_out():
    values, groups = torch.randn(400, 1, generator=torch.Generator().manual_seed(1)), torch.arange(400) % 2
    assert mismatch(values + groups[:, None], groups, 2) > 0.1
    assert mismatch(values * (1 + groups[:, None]), groups, 2) > 0.1
    lone = torch.zeros(400, dtype=torch.int64)
    lone[0] = 1
    assert torch.isfinite(mismatch(values, lone, 2))


def test_the_moving_prior_is_an_lstm_fed_with_its_own_output():
    drift = Drift(2)
    rolled = drift(3)
    z = h = c = torch.zeros(1, 4)
    for t in range(3):
        h, c = drift.cell(z, (h, c))
        z = drift.out(h)
        assert torch.allclose(rolled.mean[t], z[0, :2])
    assert torch.allclose(drift(5).mean[:3], rolled.mean), "later periods change no earlier one"


def test_fairness_is_what_is_counted_by_hand():
    y, a = np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 1, 0])
    found = fairness(y, a, np.array([0.9, 0.4, 0.6, 0.2]), np.array([0.4, 0.6, 0.6, 0.1]))
    assert (found.accuracy, found.parity, found.odds, found.flips) == (0.5, 1.0, 1.0, 0.5)
    assert found.effect == pytest.approx((0.5 + 0.2 + 0 + 0.1) / 4)
    assert found.total == pytest.approx((0.5 + 0.2 + 0 - 0.1) / 4)


def test_the_simulated_rows_are_as_the_card_says():
    data = drifting(0)
    moved = ((data.otherwise - data.x) * (1 - 2 * data.a)[:, None]).mean(0)
    assert moved[[0, 1, 6]] == pytest.approx([0, 0, 0])
    assert moved[2] == pytest.approx(1.5)
    assert moved[5] == pytest.approx(0.5)
    assert affected(data.x, data.a).tolist() == [False, False, True, True, True, True, False]
    cue = [np.corrcoef(data.x[data.period == k, 4], data.y[data.period == k])[0, 1] for k in (1, 12)]
    assert cue[0] > 0.9
    assert cue[1] < -0.9


def test_movement_is_seen_given_the_label_and_is_none_where_only_sampling_moves():
    generator = np.random.default_rng(0)
    place, y = np.repeat(np.arange(6), 400), generator.integers(0, 2, 2400).astype(float)
    x = generator.normal(size=(2400, 3))
    x[:, 1] += 0.5 * place                      # drifts
    x[:, 2] += 3 * y                            # tells the label, and stays
    found = movement(x, y, place)
    assert found[[0, 2]] == pytest.approx([0, 0], abs=0.05)
    assert found[1] == pytest.approx(np.sqrt(0.25 * 35 / 12 / (1 + 0.25 * 35 / 12)), abs=0.03)


def network() -> Autoencoder:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Autoencoder(5, [1, 3], 2, 8)


def test_columns_that_are_not_affected_stay_and_a_row_keeps_its_residual():
    one, x, a = network(), torch.randn(6, 5, generator=torch.Generator().manual_seed(2)), torch.arange(6) % 2.0
    with torch.no_grad():
        other = one.counterfactual(x, a, 1 - a)
        assert torch.equal(other[:, [0, 2, 4]], x[:, [0, 2, 4]])
        assert not torch.equal(other[:, [1, 3]], x[:, [1, 3]])
        assert torch.equal(one.counterfactual(x, a, a), x)
        bare = one.counterfactual(x, a, 1 - a, keep=False) - one.counterfactual(x, a, a, keep=False)
        assert torch.allclose(other - x, bare, atol=1e-6)
        assert torch.equal(one.chance(x, a), one.chance(x.clone(), a))


def test_the_frozen_copy_stays_as_it_was_and_passes_no_gradient():
    learner = Learner(network())
    x, a = torch.randn(6, 5, generator=torch.Generator().manual_seed(2)), torch.arange(6) % 2.0
    before = learner.otherwise(x, a)
    assert torch.allclose(before, learner.model.counterfactual(x, a, 1 - a))
    with torch.no_grad():
        for values in learner.model.parameters():
            values += 0.1
    assert torch.equal(learner.otherwise(x, a), before)
    assert not before.requires_grad
    learner.freeze()
    assert not torch.equal(learner.otherwise(x, a), before)


@pytest.fixture(scope="module")
def fitted():
    return local.fit(method, Inputs(tried()), Parameters(steps=20, hidden=8, batch=24, dimensions=2)).model


def test_the_other_attribute_changes_affected_columns_alone(fitted):
    row = tried().rows([3])
    other = "b" if row["group"].label(0) == "a" else "a"
    answer = local.answered(fitted, Query(row, do={"group": other}))
    how = {f.name: f.how for f in answer.factors}
    assert how["group"] is How.SET
    touched = {f"x{j + 1}" for j in fitted.network.touched}
    followed = {name for name, one in how.items() if one is How.FOLLOWS} - {"decision on granted"}
    assert followed == touched | {"P(granted = yes)"}
    assert touched


def test_the_row_shows_what_is_decided_in_both_worlds(fitted):
    rows = tried()
    worlds = fitted.worlds(rows)
    between = np.minimum(worlds.chance, worlds.other_chance) + np.abs(worlds.chance - worlds.other_chance) / 2
    row = int(np.argmax(np.abs(worlds.chance - worlds.other_chance)))
    one = rows.rows([row])
    other = "b" if one["group"].label(0) == "a" else "a"
    for threshold, flips in ((float(between[row]), True), (0.0, False)):
        answer = local.answered(fitted, Query(one, do={"group": other}, values={"decision from": threshold}))
        shown, decided, verdict = answer.results[:3]
        before, after = shown.factual["decision on granted"].label(0), shown.table["decision on granted"].label(0)
        assert (before != after) is flips
        assert decided.table["changes"].label(0) == ("yes" if flips else "no")
        assert verdict.spans[0].text.startswith(f"The decision turns from {before} to {after}" if flips else
                                                f"The decision stays {before}")
    whole = local.answered(fitted, Query(rows, do={"group": "b"}))
    changed = sum(whole.results[1].table["changes"].label(i) == "yes" for i in range(len(rows)))
    assert whole.results[2].spans[0].text.startswith(f"{changed} of {len(rows)} decisions change")


def test_roles_say_which_columns_are_affected():
    marked = tried()
    for name in ("x1", "x2", "x7"):
        marked = marked.with_role(name, Role.COVARIATE)
    settings = Parameters(steps=2, hidden=8, batch=24, dimensions=2, marking="by role", smoothness=1.0)
    assert local.fit(method, Inputs(marked), settings).model.network.touched == [2, 3, 4, 5]


def test_a_row_far_from_the_source_periods_is_said_to_be_outside(fitted):
    row = table(drifting(5, periods=4, rows=60)).rows([0])
    far = row.with_column(type(row["x1"])("x1", row["x1"].type, np.array([99.0])))
    answer = local.answered(fitted, Query(far))
    assert answer.support is Support.OUTSIDE
    assert "x1" in answer.support_note


def test_the_exported_classifier_gives_the_probability_of_the_table(fitted):
    (part,) = fitted.exports(tried())
    told = part.network(*part.inputs.values()).detach().numpy()
    assert told == pytest.approx(fitted.worlds(tried().rows(slice(0, 64))).chance, abs=1e-5)


def test_rows_of_a_short_period_are_counted_round():
    data = Rows(*(torch.zeros(5),) * 3, (torch.tensor([0, 1, 2]), torch.tensor([3, 4])))
    assert data.most == 3
    assert data.at(torch.tensor([2, 0])).tolist() == [2, 0, 3, 3]


def test_models_beside_leave_the_model_as_it_is_and_have_smaller_weights_of_fairness():
    settings = {"steps": 8, "hidden": 8, "batch": 24, "dimensions": 2}
    alone = local.fit(method, Inputs(tried()), Parameters(**settings))
    beside = local.fit(method, Inputs(tried()), Parameters(**settings, points=3))
    assert Parameters(points=3).weaker == (0, 4, 20)
    assert Parameters().weaker == ()
    for one, other in zip(alone.model.network.parameters(), beside.model.network.parameters(), strict=True):
        assert torch.equal(one, other)
    assert alone.results["weights"].groups == ("weight 100",)
    shown = beside.results["weights"]
    assert shown.groups == ("weight 0", "weight 4", "weight 20", "weight 100")
    assert shown.x[-1] == alone.results["weights"].x[0]
    assert len(set(shown.x)) == 4, "each was trained with a weight of its own"


def test_the_adversary_and_the_encoders_each_learn_from_their_own_loss_alone():
    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        adversary = Adversary(2)
    shared = torch.randn(400, 2, generator=generator)
    u = [(shared + 0.1 * torch.randn(400, 2, generator=generator)).requires_grad_() for _ in range(4)]
    a = (shared[:, 0] > 0).float()
    shuffles = orders(400, generator)
    assert all(sorted(one.tolist()) == list(range(400)) for one in shuffles)
    total_correlation(adversary, u, a).backward()
    assert all(one.grad is not None for one in u)
    assert all(value.grad is None for value in adversary.parameters())
    for one in u:
        one.grad = None
    optimiser = torch.optim.Adam(adversary.parameters(), lr=3e-3)
    for _ in range(60):
        lost, right = cost(adversary, u, a, shuffles)
        optimiser.zero_grad()
        lost.backward()
        optimiser.step()
    assert all(one.grad is None for one in u)
    assert float(right) > 0.9, "rows whose blocks belong together are told from mixtures"
    apart = [torch.randn(400, 2, generator=generator) for _ in range(4)]
    assert abs(float(cost(adversary, apart, a, shuffles)[1]) - 0.5) < 0.1, "nothing to tell where all are independent"


def test_an_adversary_is_trained_beside_each_model_of_the_curve():
    settings = Parameters(steps=4, hidden=8, batch=24, dimensions=2, adversary=0.4, independence=0, points=1)
    heard = []
    local.fit(method, Inputs(tried()), settings, on_events=heard.extend)
    told = [one.value for one in heard if isinstance(one, Scalar) and one.name == "right answers of the adversary"]
    assert len(told) == 4
    assert all(0 <= value <= 1 for value in told)


def test_independence_lets_go_half_way_where_it_is_asked_to():
    settings = Parameters(steps=10, release=True)
    assert [settings.independence_at(step) for step in (4, 5)] == [20, 0]
    assert Parameters(steps=10).independence_at(5) == 20


def test_a_table_in_which_nothing_moves_is_warned_about():
    still = drifting(5, periods=4, rows=60)
    data = replace(still, x=np.random.default_rng(0).normal(size=still.x.shape) + still.y[:, None])
    heard = []
    told = local.fit(method, Inputs(table(data)), Parameters(steps=2, hidden=8, batch=24, dimensions=2),
                     on_events=heard.extend)
    assert "no column moves by more than" in told.results["verdict"].spans[0].text
    assert any("no column moves by more than" in one.text for one in heard if isinstance(one, Message))
    moving = local.fit(method, Inputs(tried()), Parameters(steps=2, hidden=8, batch=24, dimensions=2))
    assert "no column moves" not in moving.results["verdict"].spans[0].text


GOOD = {"accuracy": 0.77, "effect": 0.065, "flips": 0.08, "parity": 0.08, "odds": 0.1, "moved, column 3": 1.3,
        "moved, untouched columns": 0.0, "period from environment": 0.4, "period from semantic": 0.13,
        "effect, weight 0": 0.13, "effect, weight 20": 0.08, "effect, weight 100": 0.057}
OTHERS = {checked.ERM: {"accuracy": 0.33, "effect": 0.42, "flips": 0.44, "parity": 0.46},
          checked.SEQUENTIAL: {"effect": 0.37, "flips": 0.42}, checked.NO_INVARIANCE: {"accuracy": 0.32}}


@pytest.mark.parametrize(
    ("figure", "value", "criterion"),
    [(None, 0, None), ("effect", 0.2, "fair"), ("flips", 0.3, "fair"), ("accuracy", 0.7, "accurate"),
     ("parity", 0.3, "parity"), ("moved, column 3", 0.0, "the other world"),
     ("effect, weight 100", 0.125, "fairness has a weight"), ("effect, weight 20", 0.15, "fairness has a weight"),
     ("moved, untouched columns", 0.1, "the other world"), ("period from semantic", 0.3, "blocks")],
)
def test_each_criterion_of_the_check_can_fail(figure, value, criterion):
    verdict = judge(checked.check, Evidence({**GOOD, figure: value} if figure else GOOD, OTHERS, {}))
    assert verdict.failed == (() if criterion is None else (criterion,))
    assert (verdict.outcome is Outcome.PASSED) == (criterion is None)


def test_figures_of_the_check_are_taken_in_the_true_other_world():
    data = drifting(0)
    figures = checked.judged(lambda x, _: (x[:, 2] > 0).astype(float), data)
    here = data.period > checked.SOURCES
    assert figures["flips"] == pytest.approx(((data.x[here, 2] > 0) != (data.otherwise[here, 2] > 0)).mean())
    constant = checked.judged(lambda x, _: np.full(len(x), 0.6), data)
    assert constant["effect"] == 0
    assert 0.4 < constant["accuracy"] < 0.6
    assert checked.judged(checked.two_columns(data), data)["effect"] == 0


def test_a_decoder_that_copies_moves_no_row_and_its_own_world_is_not_the_true_one():
    data = drifting(0, rows=50)
    settings = checked.STANDARD.model_copy(update={"steps": 40, "hidden": 8})
    copying = checked.trained(bare_run(0), data, settings, checked.Copying)[-1]
    worlds = copying.worlds(table(data))
    assert np.array_equal(worlds.other_x, worlds.x)
    assert checked.told(copying, data)["moved, column 3"] == 0
    own, true = checked.by_itself(copying, data), checked.judged(checked.of_model(copying), data)
    assert own["accuracy"] == true["accuracy"]
    assert own["effect"] != true["effect"]


def test_without_environment_its_blocks_say_nothing_and_cost_nothing():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        one = checked.WithoutEnvironment(5, [1, 3], 2, 8)
    x, a = torch.randn(6, 5, generator=torch.Generator().manual_seed(2)), torch.arange(6) % 2.0
    q, priors = one.encode(x, a), one.priors(3)
    assert torch.equal(q[2].mean, torch.zeros(6, 2))
    assert divergence(q[3], Gaussian(priors[1].mean[:1], priors[1].log_variance[:1])).tolist() == [0] * 6
    assert q[0].mean.abs().sum() > 0


def test_weights_of_the_check_are_those_of_its_criterion():
    assert (*checked.RELEASED.weaker, checked.RELEASED.fairness) == checked.WEIGHTS

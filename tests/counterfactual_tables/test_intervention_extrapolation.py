"""Rep4Ex as a whole: known answers, what must not matter, abduction, support, exports."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.checks.intervention_extrapolation import OUTSIDE, curve, table, two_stage_least_squares
from engines.contract import How, Inputs, Query, Support
from engines.counterfactual_tables.intervention_extrapolation import Parameters, elbow, method
from engines.counterfactual_tables.intervention_extrapolation.learning import choose
from engines.counterfactual_tables.intervention_extrapolation.mathematics import share_explained
from engines.counterfactual_tables.intervention_extrapolation.model import ENOUGH, MOVE, STAY, Extrapolation
from engines.counterfactual_tables.intervention_extrapolation.networks import Parallel
from engines.counterfactual_tables.intervention_extrapolation.stages import Encoded
from engines.counterfactual_tables.intervention_extrapolation.views import curves, support_curve, surface
from engines.data.kinds import Table, number_column, table_of
from engines.data.roles import Role
from engines.refusals import Refusal
from engines.runtime.local import answered, bare_run, fit
from engines.simulators.interventions import PUSH, Interventions, TwoActions, straight, tripled

QUICK = Parameters(restarts=1, bootstraps=3, steps=300, outcome_steps=300)


@pytest.fixture(scope="module")
def linear() -> tuple[Interventions, Extrapolation]:
    """Everything linear and normal, confounded."""
    data = Interventions.sample(600, np.random.default_rng(0), straight, tripled)
    model = fit(method, Inputs(table(data)), Parameters(restarts=1, bootstraps=3)).model
    assert isinstance(model, Extrapolation)
    return data, model


@pytest.fixture(scope="module")
def bent() -> tuple[Interventions, Extrapolation]:
    data = Interventions.sample(600, np.random.default_rng(0))
    model = fit(method, Inputs(table(data)), QUICK).model
    assert isinstance(model, Extrapolation)
    return data, model


def test_a_linear_world_gives_two_stage_least_squares(linear):
    data, model = linear
    known = two_stage_least_squares(data, OUTSIDE)
    assert np.sqrt(np.mean((curve(model, OUTSIDE) - known) ** 2) / np.mean(known**2)) < 0.02


def test_the_curve_does_not_change_when_latents_are_mapped_affinely(bent):
    """phi to H phi + c; W, V and nu along with it."""
    _, model = bent
    H, c = -2.5, 0.8
    linear = H * model.linear
    linear[:, -1] += c
    nu = Parallel(model.nu.settings["copies"], model.nu.settings["sizes"])
    state = {name: value.clone() for name, value in model.nu.state_dict().items()}
    for first, bias in (("weights.0", "biases.0"), ("direct", "biases.2")):
        state[bias] -= c / H * state[first]
        state[first] /= H
    nu.load_state_dict(state)
    other = replace(model, phi=H * model.phi + c, linear=linear, nu=nu)
    np.testing.assert_allclose(curve(other, OUTSIDE), curve(model, OUTSIDE), rtol=1e-4)


def test_the_bracket_removes_what_nu_and_psi_can_trade(bent):
    _, model = bent
    state = {name: value.clone() for name, value in model.nu.state_dict().items()}
    state["biases.2"] += 3.0
    nu = Parallel(model.nu.settings["copies"], model.nu.settings["sizes"])
    nu.load_state_dict(state)
    np.testing.assert_allclose(curve(replace(model, nu=nu), OUTSIDE), curve(model, OUTSIDE), rtol=1e-4, atol=1e-4)


def asked(data, model, rows=(0,), **how):
    return answered(model, Query(table(data).rows(list(rows)), **how))


def test_a_row_keeps_its_own_remainder_and_its_readings_follow(linear):
    data, model = linear
    answer = asked(data, model, do={"action": float(data.A[0]) + 1})
    by_name = {factor.name: factor for factor in answer.factors}
    assert by_name["action"].how is How.SET
    outcome = by_name["outcome"]
    assert outcome.how is How.FOLLOWS
    assert outcome.counterfactual - outcome.factual == pytest.approx(3 * data.sign, rel=0.05)
    assert outcome.spread[0] < outcome.spread[1]
    reading = by_name["reading 1"]
    slope = np.polyfit(data.Z, data.X[:, 0], 1)[0] * data.sign
    assert reading.counterfactual - reading.factual == pytest.approx(slope, rel=0.05)


def test_readings_that_stay_give_the_regression_of_the_control_function(linear):
    """Of linear normal data: E[Y | X = x, do(A = a)] = 3 z + (z - sign a)."""
    data, model = linear
    expected = 3 * data.Z[0] + (data.Z[0] - data.sign * 1.5) - (3 * data.Z[0] + (data.Z[0] - data.sign * data.A[0]))
    answer = asked(data, model, do={"action": 1.5}, values={"readings": STAY})
    by_name = {factor.name: factor for factor in answer.factors}
    assert by_name["reading 1"].counterfactual == by_name["reading 1"].factual
    moved = by_name["outcome"].counterfactual - by_name["outcome"].factual
    assert moved == pytest.approx(expected, abs=0.25)


def test_nothing_set_changes_no_bit_of_any_row(bent):
    data, model = bent
    rows = asked(data, model, range(50)).results[0]
    for name in rows.table.names:
        assert np.array_equal(rows.table[name].values, rows.factual[name].values)
    assert not rows.changed.any()


def test_an_unknown_outcome_is_predicted(linear):
    data, model = linear
    few = table(data).rows([0, 1])
    blank = few.with_column(replace(few["outcome"], values=np.array([np.nan, np.nan])))
    rows = answered(model, Query(blank, {"action": 0.0})).results[0]
    assert np.isfinite(rows.table["outcome"].values).all()


def test_a_row_without_a_reading_is_refused_with_its_column(linear):
    data, model = linear
    few = table(data).rows([4])
    gap = few.with_column(replace(few["reading 2"], values=np.array([np.nan])))
    with pytest.raises(Refusal, match="Row 5 has no value in reading 2"):
        answered(model, Query(gap, {"action": 0.0}))


def test_the_support_note_tells_near_from_far(bent):
    data, model = bent
    inside, edge, far = (asked(data, model, do={"action": a}) for a in (1.0, 2.8, 5.0))
    assert (inside.support, edge.support, far.support) == (Support.INSIDE, Support.EDGE, Support.OUTSIDE)
    assert "was never tried" in edge.support_note
    assert "a guess" in far.support_note


def test_the_curve_turns_grey_where_the_meter_falls_below_its_mark(bent):
    data, model = bent
    answer = asked(data, model, do={"action": 1.0})
    curve_of, support = answer.results[1], answer.results[2]
    ours = next(line for line in curve_of.lines if line.role == "counterfactual")
    share = next(line for line in support.lines if line.label == "rows").y / 100
    assert np.array_equal(np.isfinite(ours.y), share >= ENOUGH)
    assert any(line.label == "beyond support" for line in curve_of.lines)
    assert (curve_of.shaded[0].low, curve_of.shaded[0].high) == pytest.approx((data.A.min(), data.A.max()))
    assert np.all(ours.low[share >= ENOUGH] <= ours.high[share >= ENOUGH])


def test_the_control_function_matters_where_causes_are_hidden(bent):
    data, model = bent
    with_psi, without = (
        asked(data, model, do={"action": 2.0}, values={"control function": on}) for on in (True, False)
    )
    assert abs(with_psi.factors[-1].counterfactual - without.factors[-1].counterfactual) > 0.1
    assert asked(data, model, do={"action": 2.0}, values={"readings": MOVE}).factors[-1] == with_psi.factors[-1]


def test_the_search_takes_the_largest_weight_that_reconstructs_nearly_as_well():
    error = torch.tensor([0.010, 0.011, 0.010, 0.0105, 0.5, 0.5, 0.9, 0.9, 0.010, 0.0099])
    encoded = Encoded(*[None] * 4, error, torch.zeros(10))
    chosen, plain = choose(encoded, [1.0, 1.0, 10.0, 10.0, 100.0, 100.0, 1000.0, 1000.0, 0.0, 0.0], 2)
    assert (chosen, plain) == ([2, 3], 9)
    assert choose(encoded, [10.0] * 9 + [0.0], 9)[1] == 9
    assert choose(encoded, [0.0] * 10, 9)[0][0] == 0


def test_the_exported_parts_repeat_the_prediction(bent):
    data, model = bent
    exportables = model.exports(table(data).rows(range(20)))
    written = {part.name: part for part in exportables}
    latents = written["encode"].network(torch.from_numpy(data.X[:20].astype(np.float32)))
    np.testing.assert_allclose(latents.detach().numpy(), model.phi[0][:20].numpy(), atol=1e-4)
    a = torch.from_numpy(data.A[:20, None].astype(np.float32))
    told = written["predict"].network(latents, a).detach().numpy()[:, 0]
    actions, readings, outcome = model.scales
    _, now, _ = model.rows(readings.inside(data.X[:20]), actions.inside(data.A[:20, None]),
                           actions.inside(data.A[:20, None]), True, True)
    np.testing.assert_allclose(told, outcome.raw(now[0]), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("latents", [2, 3])
def test_more_latents_than_actions_are_refused(latents):
    data = Interventions.sample(300, np.random.default_rng(0))
    with pytest.raises(Refusal, match="cannot be told apart by one action"):
        method.check(Inputs(table(data)), Parameters(latents=latents))


def test_an_encoder_that_forgets_the_action_ends_the_run_with_a_sentence(monkeypatch):
    data = Interventions.sample(300, np.random.default_rng(0))
    shuffled = table(data, np.random.default_rng(1).permutation(data.A))
    monkeypatch.setattr("engines.counterfactual_tables.intervention_extrapolation.learning.refuse", lambda *_: None)
    quiet = replace(method, refuse=None)
    with pytest.raises(Refusal, match="action carries no signal"):
        fit(quiet, Inputs(shuffled), Parameters(restarts=1, bootstraps=0, steps=60, outcome_steps=60))


def test_the_coordinates_say_where_a_row_lies_and_how_an_action_moves_it(bent):
    data, model = bent
    answer = asked(data, model, (0, 1), do={"action": 2.0})
    told = next(result for result in answer.results if result.name == "coordinates")
    assert told.table.names == ("action", "latent 1", "latent 1 without the action")
    np.testing.assert_allclose(told.factual["latent 1"].values, model.phi[0, :2, 0].numpy(), atol=1e-4)
    far = (2.0 - data.A[:2]) / model.action_scale[1, 0] * float(model.linear[0, 0, 0])
    np.testing.assert_allclose(told.table["latent 1"].values - told.factual["latent 1"].values, far, atol=1e-4)
    assert not told.changed[:, 2].any(), "what the action does not set stays"
    still = asked(data, model, (0, 1), do={"action": 2.0}, values={"readings": STAY}).results
    other = next(result for result in still if result.name == "coordinates")
    assert not other.changed[:, 1].any()
    assert other.changed[:, 2].all()


def two_actions(data: TwoActions) -> Table:
    return table_of("two actions", [
        *(number_column(name, a, role=Role.TREATMENT) for name, a in zip(("dose", "heat"), data.A.T, strict=True)),
        *(number_column(f"reading {j + 1}", x, role=Role.COVARIATE) for j, x in enumerate(data.X.T)),
        number_column("outcome", data.Y, role=Role.OUTCOME),
    ])


@pytest.fixture(scope="module")
def two() -> tuple[TwoActions, Extrapolation, dict]:
    """Two latents moved by two actions, compared with one and three."""
    data = TwoActions.sample(300, np.random.default_rng(0))
    brisk = Parameters(latents=2, compare=True, restarts=1, bootstraps=2, steps=150, outcome_steps=150)
    fitted = fit(method, Inputs(two_actions(data)), brisk)
    assert isinstance(fitted.model, Extrapolation)
    return data, fitted.model, fitted.results


def test_two_latents_are_an_affine_map_of_two_factors(two):
    data, model, _ = two
    phi = model.latents(model.scales[1].inside(data.X))[0].numpy().astype(float)
    assert share_explained(data.Z, phi) > 0.9
    assert share_explained(phi, data.A) > 0.75
    H = np.linalg.lstsq(np.column_stack([data.Z, np.ones(len(phi))]), phi, rcond=None)[0][:2]
    moved = model.linear[0, :-1].numpy() / model.action_scale[1][:, None]
    np.testing.assert_allclose(moved, PUSH @ H, atol=0.25 * np.abs(PUSH @ H).max())


def test_two_actions_have_a_surface_that_ends_where_support_does(two):
    data, model, _ = two
    answer = answered(model, Query(two_actions(data).rows([0]), {"dose": 1.0, "heat": -1.0}))
    surface = next(result for result in answer.results if result.name == "surface")
    assert surface.values.shape == (15, 15)
    middle, corner = surface.values[7, 7], surface.values[0, 0]
    assert np.isfinite(middle)
    assert np.isnan(corner)
    centre = model.tried.mean(axis=0)[None]
    expected = model.scales[2].raw(model.effect(model.scales[0].inside(centre))[:, :1])[0, 0]
    assert middle == pytest.approx(expected, rel=1e-4)


def test_each_pair_of_latent_and_action_has_its_residuals(two):
    _, _, results = two
    told = results["residuals"]
    assert told.groups == ("latent 1, dose", "latent 1, heat", "latent 2, dose", "latent 2, heat")
    assert len(told.lines) == 5
    assert set(told.group) == {0, 1, 2, 3}


def test_the_elbow_bends_at_the_number_of_hidden_factors(two):
    _, _, results = two
    without = next(line for line in results["elbow"].lines if line.label == "without").y
    assert without[0] == 1.0
    assert without[1] > 0.05 > 0.02 > without[2], "two are needed"
    assert without[2] - without[3] < 0.02, "a third one adds little"
    assert len(results["linearity"].lines[0].x) == len(without) == 5
    assert (results["elbow"].shaded[0].low, results["elbow"].shaded[0].high) == (1, 2)


def test_more_hidden_factors_than_actions_are_told(two):
    data, _, _ = two
    X, A = (torch.from_numpy(((v - v.mean(0)) / v.std(0)).astype(np.float32)) for v in (data.X, data.A[:, :1]))
    said = []
    run = bare_run(0)
    run.message = said.append
    elbow.compare(X, A, Parameters(compare=True, steps=90), run)
    assert "2 latents show much more of the readings than 1" in said[0]


def test_without_being_asked_for_no_numbers_of_latents_are_compared():
    assert len(elbow.compare(torch.ones(3, 2), torch.ones(3, 1), Parameters(), bare_run(0))) == 0


def test_moving_the_action_that_is_drawn_over_draws_nothing_anew(two):
    data, model, _ = two
    row = two_actions(data).rows([0])
    first = answered(model, Query(row, {"dose": 1.0}))
    before = [made.cache_info().misses for made in (curves, support_curve, surface)]
    again = answered(model, Query(row, {"dose": 1.5}))
    assert [made.cache_info().misses for made in (curves, support_curve, surface)] == before
    one, other = (next(r for r in answer.results if r.name == "curve") for answer in (first, again))
    assert np.array_equal(one.lines[0].y, other.lines[0].y, equal_nan=True)
    assert (one.lines[-1].x[0], other.lines[-1].x[0]) == (1.0, 1.5), "the mark moves along it"
    moved = answered(model, Query(row, {"dose": 1.5, "heat": 1.9}))
    curve_then = next(r for r in moved.results if r.name == "curve")
    assert not np.array_equal(one.lines[0].y, curve_then.lines[0].y, equal_nan=True)

"""VLUCI as a method: what a run finds and tells, what its model answers, and the cases where it must hold back."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines import models
from engines.contract import Budget, How, Inputs, Query, Support
from engines.counterfactual_tables.vluci import method
from engines.counterfactual_tables.vluci.model import DRAWN, NOT_REVEALED, Vluci
from engines.counterfactual_tables.vluci.parameters import Parameters
from engines.counterfactual_tables.vluci.views import ordered_effects
from engines.data.kinds import ColumnType, Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.graph.graph import Mark
from engines.refusals import Refusal
from engines.results import BarsResult, TableResult, TextResult
from engines.runtime import local
from engines.runtime.messages import Message, Scalar, Shown
from engines.simulators.hidden_confounder import Confounded, confounded

BRISK = Parameters(epochs=120, restarts=2, bootstraps=4, sensitivity=False, hidden=32, batch=128, draws=50)


def table(data: Confounded, binary: bool = False) -> Table:
    y = category_column("outcome", np.where(data.y > np.median(data.y), "well", "ill").astype(object),
                        role=Role.OUTCOME) if binary else number_column("outcome", data.y, "m", role=Role.OUTCOME)
    return table_of("people", [
        *(number_column(f"x{j + 1}", column, role=Role.COVARIATE) for j, column in enumerate(data.x.T)),
        number_column("treated", data.t, role=Role.TREATMENT), y,
    ])


@pytest.fixture(scope="module")
def data() -> Confounded:
    return confounded(700, 3)


@pytest.fixture(scope="module")
def fitted(data):
    events = []
    return local.fit(method, Inputs(table(data)), BRISK, on_events=events.extend, seed=1), events


@pytest.fixture(scope="module")
def unrevealed():
    """Nothing hidden moves the outcome."""
    return local.fit(method, Inputs(table(confounded(300, 0, weight=0.0))), replace_epochs(40)).model


def replace_epochs(epochs: int) -> Parameters:
    return BRISK.model_copy(update={"epochs": epochs})


def ask(model: Vluci, rows: Table, **how):
    return local.answered(model, Query(rows, **how))


def result(answer, kind, name):
    return next(r for r in answer.results if isinstance(r, kind) and r.name == name)


def test_the_hidden_cause_is_found_and_the_effects_come_near_the_truth(fitted, data):
    model = fitted[0].model
    told = model.told(table(data))
    naive = abs(told.measured.mean() - data.effects.mean())
    assert abs(np.corrcoef(told.u_mean, data.u)[0, 1]) > 0.9
    assert abs(told.effect.mean() - data.effects.mean()) < 0.2 * naive
    assert np.sqrt(((told.effect - data.effects) ** 2).mean()) < 0.5
    assert model.contraction > 0.7
    assert model.plugs_in


def test_a_run_tells_its_bounds_in_parts_and_shows_u_while_it_trains(fitted):
    _, events = fitted
    names = {event.name for event in events if isinstance(event, Scalar)}
    assert {"bound", "reconstruction, treatment", "divergence, treatment", "reconstruction, outcome",
            "divergence, outcome", "contraction", "noise of the outcome"} <= names
    bound = [event.value for event in events if isinstance(event, Scalar) and event.name == "bound"]
    assert np.mean(bound[-5:]) > np.mean(bound[:5]) + 0.5
    assert sum(isinstance(event, Shown) and event.result.name == "confounder" for event in events) > 2
    assert any("hidden confounder" in event.text for event in events if isinstance(event, Message))


def test_the_other_treatment_changes_the_outcome_by_the_effect_and_nothing_else(fitted, data):
    model, people = fitted[0].model, table(data)
    row = people.rows([4])
    other = "0" if data.t[4] else "1"
    answer = ask(model, row, do={"treated": other})
    told = model.told(row)
    by_name = {factor.name: factor for factor in answer.factors}
    sign = -1 if data.t[4] else 1
    assert by_name["treated"].how is How.SET
    assert by_name["outcome"].how is How.FOLLOWS
    assert by_name["outcome"].counterfactual - data.y[4] == pytest.approx(sign * told.effect[0], abs=1e-5)
    low, high = by_name["outcome"].spread
    assert low < by_name["outcome"].counterfactual < high
    assert all(by_name[f"x{j}"].how is How.UNAFFECTED for j in range(1, 6))
    both = result(answer, TableResult, "individual").table
    assert both["outcome if treated = 1"].values[0] - both["outcome if treated = 0"].values[0] == pytest.approx(
        both["effect"].values[0], abs=1e-5)
    assert both["low"].values[0] < both["effect"].values[0] < both["high"].values[0]
    assert answer.stage is Budget.FINAL


def test_the_same_treatment_gives_the_row_back_to_the_bit(fitted, data):
    row = table(data).rows([7])
    same = ask(fitted[0].model, row, do={"treated": f"{data.t[7]:g}"})
    rows = result(same, TableResult, "rows")
    assert rows.table["outcome"].values[0] == data.y[7]
    assert not rows.changed.any()


def test_noise_drawn_afresh_is_in_the_interval_of_the_outcome_and_not_in_the_effect(fitted, data):
    model, row = fitted[0].model, table(data).rows([4])
    kept, afresh = model.told(row), model.told(row, keep_noise=False)
    arm = int(1 - data.t[4])
    noise = model.outcome[1] * float(model.confounded.noise()[0].exp())
    assert 3 * noise < afresh.high[arm, 0] - afresh.low[arm, 0] < 20 * noise, "an interval of 95 % is 3.9 wide, and U"
    assert afresh.effect == pytest.approx(kept.effect)
    other = {"treated": str(arm)}
    answers = [ask(model, row, do=other, values={"own noise": DRAWN}, seed=seed) for seed in (1, 1, 2)]
    values = [next(f.counterfactual for f in answer.factors if f.name == "outcome") for answer in answers]
    assert values[0] == values[1] != values[2]


def test_what_is_believed_of_u_widens_with_less_to_go_by(fitted, data):
    model, row = fitted[0].model, table(data).rows([4])
    no_outcome = row.with_column(replace(row["outcome"], values=np.array([np.nan])))
    neither = no_outcome.with_column(replace(row["treated"], values=np.array([np.nan])))
    spreads = [float(model.told(one).u_sd[0]) for one in (row, no_outcome, neither)]
    assert spreads[0] < spreads[1] < spreads[2] == pytest.approx(1.0)
    new = ask(model, no_outcome, do={"treated": "1"})
    assert np.isfinite(next(f.counterfactual for f in new.factors if f.name == "outcome"))
    with pytest.raises(Refusal, match=r"has no treatment\. Set treated"):
        ask(model, neither)


def test_a_gap_in_a_covariate_is_named(fitted, data):
    row = table(data).rows([4])
    with pytest.raises(Refusal, match="Row 5 has no value in x2"):
        ask(fitted[0].model, row.with_column(number_column("x2", [np.nan], role=Role.COVARIATE)))


def test_where_nothing_shows_it_says_so_and_gives_no_interval(unrevealed):
    rows = table(confounded(300, 0, weight=0.0)).rows([0])
    answer = ask(unrevealed, rows, do={"treated": "1"})
    assert result(answer, TextResult, "verdict").spans[0].text.startswith(NOT_REVEALED)
    assert answer.support_note.startswith(NOT_REVEALED)
    assert all(factor.spread is None for factor in answer.factors)
    both = result(answer, TableResult, "individual").table
    assert "low" not in both.names
    assert "effect, U plugged in" not in both.names
    bars = result(answer, BarsResult, "average")
    assert bars.labels == ("with U", "without U")
    assert bars.low is None, "not of the other estimate either"
    assert bars.unit == "m"


def test_a_row_far_from_the_data_is_said_to_be_outside(fitted, data):
    row = table(data).rows([4]).with_column(number_column("x3", [50.0], role=Role.COVARIATE))
    answer = ask(fitted[0].model, row, do={"treated": "1"})
    assert answer.support is Support.OUTSIDE
    assert "x3" in answer.support_note


def test_the_assumed_graph_has_the_hidden_cause_behind_both(fitted):
    graph = fitted[0].model.causal_graph({})
    assert graph.node("U").marks == {Mark.LATENT}
    assert set(graph.parents("outcome")) == {"treated", "U", "x1", "x2", "x3", "x4", "x5"}
    assert set(graph.parents("treated")) == {"U", "x1", "x2", "x3", "x4", "x5"}


def test_an_outcome_of_two_levels_is_answered_in_probabilities(data):
    people = table(data, binary=True)
    model = local.fit(method, Inputs(people), replace_epochs(10)).model
    answer = ask(model, people.rows([0]), do={"treated": "1"})
    both = result(answer, TableResult, "individual").table
    chances = [both[f"P(outcome = well) if treated = {arm}"].values[0] for arm in (0, 1)]
    assert all(0 <= chance <= 1 for chance in chances)
    rows = result(answer, TableResult, "rows").table
    assert rows["outcome"].type is ColumnType.CATEGORY
    assert rows["outcome"].label(0) in ("ill", "well")
    assert "own noise" not in {control.name for control in model.controls()}


def test_rows_of_the_part_test_are_not_trained_on(data):
    people = table(data)
    part = np.array(["train"] * 400 + ["test"] * 300, dtype=object)
    split = people.with_column(category_column("part", part, role=Role.SPLIT))
    whole = local.fit(method, Inputs(split), replace_epochs(3)).model
    half = local.fit(method, Inputs(people.rows(slice(0, 400))), replace_epochs(3)).model
    assert np.array_equal(whole.centre, half.centre)
    assert torch.equal(whole.confounded.log_noise, half.confounded.log_noise)


def test_an_exported_part_gives_the_effect(fitted, data, tmp_path):
    model, people = fitted[0].model, table(data)
    (part,) = model.exports(people)
    u, zero, one = part.network(*part.inputs.values())
    told = model.told(people.rows(slice(0, 64)))
    assert (one - zero).detach().numpy() == pytest.approx(told.effect, abs=1e-3)
    assert u.detach().numpy()[:, 0] == pytest.approx(told.u_mean, abs=1e-4)
    models.save(model, tmp_path / "model", method="vluci")
    assert models.load(tmp_path / "model", method).told(people.rows([0])).effect == pytest.approx(told.effect[:1])


def test_two_heads_are_called_unreliable(data):
    events = []
    parameters = replace_epochs(2).model_copy(update={"decoder": "two heads"})
    local.fit(method, Inputs(table(data)), parameters, on_events=events.extend)
    assert any("unreliable" in event.text for event in events if isinstance(event, Message))




def test_effects_in_order_carry_the_interval_of_their_row(fitted, unrevealed, data):
    done, _ = fitted
    told = done.model.told(table(data))
    ours, zero = done.results["ordered"].lines
    assert np.array_equal(ours.y, np.sort(told.effect))
    k = int(np.argmax(told.effect))
    ends = told.effect[k] - told.half[k], told.effect[k] + told.half[k]
    assert (ours.low[-1], ours.high[-1]) == pytest.approx(ends)
    assert (zero.role, zero.y.max()) == ("reference", 0.0)
    bare = ordered_effects(unrevealed.told(table(confounded(300, 0, weight=0.0))), "m")
    assert bare.lines[0].low is None, "what the data do not reveal has no interval"
    assert "no interval" in bare.title

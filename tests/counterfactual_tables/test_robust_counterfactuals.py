"""T-Rex as a method: what a run finds, what its model answers, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines import models
from engines.abilities import Bare, Feature, Target
from engines.contract import Budget, How, Inputs, Query
from engines.counterfactual_tables.robust_counterfactuals import method
from engines.counterfactual_tables.robust_counterfactuals.bank import BOOTSTRAP, LEAVE_OUT, NEW_START, changes, rows_of
from engines.counterfactual_tables.robust_counterfactuals.model import TRex
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.report import Report
from engines.counterfactual_tables.robust_counterfactuals.trial import applications, linear
from engines.data.kinds import category_column
from engines.data.roles import Role
from engines.predictors.learning import learn
from engines.predictors.stored import Learning, Stored
from engines.refusals import Refusal
from engines.results import CurveResult, MatrixResult, ScatterResult, TableResult
from engines.runtime import local
from engines.runtime.messages import Message, Scalar

SMALL = Parameters(models=4, k=150, rows=8, steps=60, closer=15, step=0.02, tau=0.7)


def learned(how: Learning) -> Stored:
    """A model of the trial's decisions."""
    table = applications()
    features = tuple(Feature.of(c) for c in table.columns[:4])
    rows = np.column_stack([c.values.astype(float) for c in table.columns[:4]])
    target = Target("decision", table["decision"].levels)
    known = {"decision": table["decision"].values.astype(float)}
    return learn(how, features, (target,), rows, known, local.bare_run(0))


def inputs(predictor: Stored) -> Inputs:
    return Inputs(applications(), model=Bare(predictor))


@pytest.fixture(scope="module")
def fitted():
    events = []
    return local.fit(method, inputs(linear()), SMALL, on_events=events.extend, seed=1), events


@pytest.fixture(scope="module")
def without_gradients():
    boosted = learned(Learning("boosting", trees=30, depth=2))
    rejected = applications()["decision"].levels.index("approved")
    assert rejected == 0
    settings = SMALL.model_copy(update={"search": "T-Rex:NN", "wanted": "approved", "tau": 0.5})
    return local.fit(method, inputs(boosted), settings, seed=1), settings


def ask(model: TRex, ids: tuple[int, ...] = (1,), **values):
    rows = applications().rows(np.array(ids) - 1)
    return local.answered(model, Query(rows, values=values, seed=3))


def result(answer, kind, name):
    return next(r for r in answer.results if isinstance(r, kind) and r.name == name)


def line(answer, search):
    """One line of the table of searches."""
    table = result(answer, TableResult, "searches").table
    at = next(i for i in range(len(table)) if table["search"].label(i) == search)
    return {name: table[name].label(at) for name in table.names}


def test_a_run_compares_all_searches_and_tells_its_climb(fitted):
    fit, events = fitted
    methods = fit.results["methods"].table
    found = {methods["search"].label(i): {n: methods[n].label(i) for n in methods.names} for i in range(len(methods))}
    assert set(found) == {"nearest counterfactual", "T-Rex:I", "nearest row", "nearest typical row", "T-Rex:NN"}
    assert found["nearest counterfactual"]["cost L2"] < found["T-Rex:I"]["cost L2"] < found["T-Rex:NN"]["cost L2"]
    assert found["T-Rex:I"]["holds after retraining"] > found["nearest counterfactual"]["holds after retraining"]
    assert found["T-Rex:I"]["R̂"] > 0.68
    names = {event.name for event in events if isinstance(event, Scalar)}
    assert {"agreement with the model", "R̂, mean", "rows at τ", "cost L2, mean"} <= names
    assert "indication" in fit.results["verdict"].spans[0].text


def test_an_answer_gives_stability_before_and_after_and_what_the_retrained_models_say(fitted):
    model = fitted[0].model
    answer = ask(model)
    rows = result(answer, TableResult, "rows")
    assert rows.factual["R̂"].values[0] < 0.5 < 0.68 < rows.table["R̂"].values[0]
    base, climbed = line(answer, "nearest counterfactual"), line(answer, "T-Rex:I")
    assert base["R̂"] < climbed["R̂"]
    assert climbed["reached τ"] == "yes"
    assert base["reached τ"] == "no"
    assert rows.table["years"].values[0] == round(rows.table["years"].values[0])
    assert rows.table["home"].label(0) == rows.factual["home"].label(0)
    first = answer.factors[0]
    assert (first.factual, first.counterfactual, first.how) == ("rejected", "approved", How.FOLLOWS)
    bank = result(answer, MatrixResult, "retrained")
    place = bank.row_names.index("T-Rex:I")
    assert climbed["holds after retraining"] == pytest.approx((bank.values[place] > 0.5).mean())
    assert result(answer, CurveResult, "climb").lines[-1].y.tolist() == [0.7, 0.7]
    assert len(result(answer, ScatterResult, "map").x) == 3


def test_a_row_of_the_data_is_taken_over_whole_and_is_stable(fitted):
    model = fitted[0].model
    answer = ask(model, search="T-Rex:NN")
    found, rows = line(answer, "T-Rex:NN"), result(answer, TableResult, "rows").table
    taken = applications().rows([int(found["row of the data"]) - 1])
    for name in ("income", "debt", "years"):
        assert rows[name].values[0] == pytest.approx(taken[name].values[0])
    assert rows["home"].label(0) == taken["home"].label(0)
    assert found["R̂"] > 0.7
    assert found["inside the data"] == "yes"
    nearest = line(answer, "nearest row")
    assert nearest["cost L2"] <= found["cost L2"]
    higher = line(ask(model, search="T-Rex:NN", τ=0.9), "T-Rex:NN")
    assert higher["R̂"] > 0.9
    assert higher["cost L2"] >= found["cost L2"]


def test_tau_that_no_row_has_is_said(fitted):
    answer = ask(fitted[0].model, search="T-Rex:NN", τ=0.9999)
    assert line(answer, "T-Rex:NN")["reached τ"] == "no"
    assert "does not reach" in answer.support_note


def test_locked_columns_stay_and_all_locked_finds_nothing(fitted):
    model = fitted[0].model
    for search in ("T-Rex:I", "T-Rex:NN"):
        rows = result(ask(model, search=search, columns={"income": {"lock": True}}), TableResult, "rows")
        assert rows.table["income"].values[0] == pytest.approx(rows.factual["income"].values[0])
        assert rows.table["decision, predicted"].label(0) == "approved"
    locked = {name: {"lock": True} for name in ("income", "debt", "years", "home")}
    answer = ask(model, columns=locked)
    assert "found nothing" in answer.support_note
    assert not result(answer, TableResult, "rows").changed.any()


def test_a_row_that_is_accepted_is_refused_and_among_others_left_out(fitted):
    model, table = fitted[0].model, applications()
    accepted = model.explained.accepted(model.explained.space.inside(model.predictor().rows(table)))
    row = int(np.flatnonzero(accepted)[0]) + 1
    with pytest.raises(Refusal, match=f"Row {row} is already predicted decision = approved"):
        ask(model, (row,))
    answer = ask(model, (1, row))
    assert result(answer, TableResult, "rows").table.row_ids.tolist() == [1]
    assert answer.support_note.startswith("1 rows already")


def test_a_preview_comes_from_the_rows_of_the_data(fitted):
    given = list(local.answers(fitted[0].model, Query(applications().rows([0]))))
    assert [one.stage for one in given] == [Budget.PREVIEW, Budget.FINAL]
    assert "while the other searches work" in given[0].support_note


def test_without_gradients_rows_and_lines_are_searched(without_gradients):
    fit, settings = without_gradients
    (search,) = [c for c in fit.model.controls() if c.name == "search"]
    assert "T-Rex:I" not in search.options
    methods = fit.results["methods"].table
    assert "T-Rex:I" not in methods["search"].levels
    assert methods["found"].values.tolist() == [1.0] * len(methods)
    assert fit.model.exports(None) == ()
    with pytest.raises(Refusal, match=r"T-Rex:I needs gradients, and this model has none: use T-Rex:NN\.") as refused:
        local.fit(method, inputs(learned(Learning("boosting", trees=5))),
                  settings.model_copy(update={"search": "T-Rex:I"}))
    assert refused.value.offers == ("Use T-Rex:NN",)


@pytest.mark.parametrize("search", ["T-Rex:I", "T-Rex:NN"])
def test_a_model_that_came_trained_is_refused_for_that_and_not_for_its_gradients(search):
    came = replace(learned(Learning("boosting", trees=5)), learned=Learning("ONNX file"))
    with pytest.raises(Refusal, match="cannot be trained again"):
        local.fit(method, inputs(came), SMALL.model_copy(update={"search": search}))


def test_a_class_that_is_not_there_is_refused():
    with pytest.raises(Refusal, match=r"decision has no class granted"):
        local.fit(method, inputs(linear()), SMALL.model_copy(update={"wanted": "granted"}))
    with pytest.raises(Refusal, match=r"The model does not predict limit"):
        local.fit(method, inputs(linear()), SMALL.model_copy(update={"target": "limit"}))


def test_the_bank_is_really_trained_again(fitted):
    model = fitted[0].model
    assert model.changed_by == (BOOTSTRAP, LEAVE_OUT, BOOTSTRAP, LEAVE_OUT), "a linear model knows no new start"
    layers = [state["layers"][0]["weight"] for state in model.bank]
    assert all(not np.allclose(one, other) for i, one in enumerate(layers) for other in layers[:i])
    assert changes(SMALL, Learning("network")) == (NEW_START, BOOTSTRAP, LEAVE_OUT, NEW_START)
    generator, classes = np.random.default_rng(0), np.array([0] * 95 + [1] * 5)
    kept = rows_of(LEAVE_OUT, classes, 0.2, generator)
    assert len(kept) == len(set(kept)) == 80
    assert len(rows_of(BOOTSTRAP, classes, 0.2, generator)) == 100
    rare = np.array([0] * 399 + [1])
    assert all(1 in rare[rows_of(BOOTSTRAP, rare, 0.2, generator)] for _ in range(20))


def test_which_retrained_models_count_is_a_choice(fitted):
    every, some = ask(fitted[0].model), ask(fitted[0].model, **{"retrained by": BOOTSTRAP})
    assert len(result(every, MatrixResult, "retrained").column_names) == 4
    assert len(result(some, MatrixResult, "retrained").column_names) == 2


def test_settings_that_cannot_work_are_warned_of(fitted):
    model, events = fitted[0].model, []
    run = local.bare_run(0, on_events=events.extend)
    shaky = np.full(len(model.known), 0.1)
    Report(run, replace(model, known=shaky)).warn()
    Report(run, model).warn()
    run.flush()
    said = [event.text for event in events if isinstance(event, Message)]
    assert len(said) == 2, "the model as it is gets no warning"
    assert "Choose a smaller σ" in said[0]
    assert "No row of the data has R̂ above τ = 0.7" in said[1]


def test_it_is_saved_whole_and_answers_without_the_model_that_it_explains(fitted, tmp_path):
    model = fitted[0].model
    models.save(model, tmp_path / "model", method="robust_counterfactuals")
    loaded = models.load(tmp_path / "model", method)
    assert line(ask(loaded), "T-Rex:I") == line(ask(model), "T-Rex:I")


def test_the_exported_bank_says_what_the_models_say(fitted):
    model = fitted[0].model
    (part,) = model.exports(None)
    rows = part.inputs["rows"]
    chance, retrained = part.network(rows)
    scaled = model.explained.space.inside(rows.double().numpy())
    assert chance.numpy() == pytest.approx(model.explained.chance(scaled), abs=1e-5)
    assert retrained.numpy()[:, 2] == pytest.approx(model.world.bank[2].chance(scaled), abs=1e-5)
    assert torch.export.export(part.network, (rows,)).module()(rows)[0] == pytest.approx(chance)


def test_parts_that_the_data_name_are_kept_apart():
    table = applications()
    part = np.array(["train"] * 80 + ["test"] * 40, dtype=object)
    split = table.with_column(category_column("part", part, Role.SPLIT))
    fit = local.fit(method, replace(inputs(linear()), data=split), SMALL)
    assert fit.model.row_ids.max() == 80
    assert fit.results["rows"].table.row_ids.min() > 80

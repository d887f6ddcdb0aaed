"""Multi-objective counterfactuals: what is asked is met, weights choose anew, limits hold, what cannot be is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engines import models
from engines.contract import Budget, Inputs, Query
from engines.counterfactual_tables.multi_objective_counterfactuals import method
from engines.counterfactual_tables.multi_objective_counterfactuals.blocking import blocked
from engines.counterfactual_tables.multi_objective_counterfactuals.model import Counterfactuals
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.question import prepared
from engines.counterfactual_tables.multi_objective_counterfactuals.trial import FEATURES, TARGETS, explained, tried
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import (
    Aim,
    Bonus,
    Limit,
    Wishes,
    parsed,
    wishes_from,
)
from engines.refusals import Refusal
from engines.runtime.local import answered, fit

CREDIT = "credit 11..12; class prefers good"


def inputs() -> Inputs:
    return Inputs(tried(), model=explained())


@pytest.fixture(scope="module")
def fitted():
    return fit(method, inputs(), Parameters(row=1, targets=CREDIT, generations=15, population=40))


@pytest.fixture(scope="module")
def model(fitted) -> Counterfactuals:
    return fitted.model


def ask(model: Counterfactuals, row: int = 0, **values):
    return answered(model, Query(tried().rows([row]), values={k.replace("_", " "): v for k, v in values.items()}))


def shown(answer, name: str = "counterfactuals"):
    return next(result for result in answer.results if result.name == name)


def numbers(answer, column: str) -> np.ndarray:
    return shown(answer).table[column].values


def verdict(answer) -> str:
    return shown(answer, "verdict").spans[0].text


def test_every_counterfactual_meets_every_target_when_asked_again(model):
    answer = ask(model)
    rows = explained().known.rows(shown(answer).table)
    told = explained().known.predict(rows)
    assert len(rows) == 10
    assert (told["credit"] >= 11).all()
    assert (told["credit"] <= 12).all()
    assert (told["class"][:, 1] > 0.5).all()
    assert numbers(answer, "credit, predicted") == pytest.approx(told["credit"])


def test_changed_cells_are_marked_and_differences_told(model):
    answer = ask(model)
    table, before, marks = shown(answer).table, shown(answer).factual, shown(answer).changed
    for j, column in enumerate(table.columns[:3]):
        assert np.array_equal(marks[:, j], column.values != before.columns[j].values)
    assert before["age"].values[0] == tried()["age"].values[0]
    changes = shown(answer, "differences").table
    assert changes["age"].values == pytest.approx(table["age"].values - before["age"].values)
    jobs = [changes["job"].label(i) for i in range(10)]
    was = before["job"].label(0)
    assert all((told == "stays") == (table["job"].label(i) == was) for i, told in enumerate(jobs))
    assert all(told == "stays" or told.startswith(f"{was} → ") for told in jobs)


def test_weights_move_the_set_without_a_call_of_the_model(model, monkeypatch):
    few, near = ask(model, few_changes=10.0, closeness=0.0), ask(model, few_changes=0.0, closeness=10.0)
    assert numbers(few, "share changed").mean() < numbers(near, "share changed").mean()
    assert numbers(near, "distance").mean() < numbers(few, "distance").mean()
    asked: list[int] = []
    kind = type(model.known)
    predict = kind.predict
    monkeypatch.setattr(kind, "predict", lambda self, rows: asked.append(len(rows)) or predict(self, rows))
    ask(model, diversity=0.0)
    assert sum(asked) <= 10, "only the row itself is looked at again"


def test_a_lock_a_direction_and_a_range_hold(model):
    now = tried().rows([0])
    limits = {"job": {"lock": True}, "age": {"direction": "up"}, "income": {"low": 1.0, "high": 4.5}}
    answer = ask(model, constraints={**model.wishes.value(), **limits})
    table = shown(answer).table
    assert len(table) == 10
    assert {table["job"].label(i) for i in range(10)} == {now["job"].label(0)}
    assert (table["age"].values >= now["age"].values[0]).all()
    assert (table["income"].values >= 1.0).all()
    assert (table["income"].values <= 4.5).all()


def test_another_row_is_answered_at_once_then_better_and_remembered(model):
    query = Query(tried().rows([7]))
    given = list(model.answer(query))
    assert [answer.stage for answer in given[:-1]] == [Budget.PREVIEW] * (len(given) - 1)
    assert given[-1].stage is Budget.FINAL
    assert len(given) > 2
    first, last = (numbers(answer, "distance").min() for answer in (given[0], given[-1]))
    assert last <= first
    again = list(model.answer(replace(query, values={"diversity": 1.0})))
    assert len(again) == 1, "sliders do not search again"


def test_going_on_finds_more(model):
    before, after = ask(model), ask(model, further_generations=20)
    assert verdict(before) != verdict(after)
    assert "meet every target" in verdict(after)


def test_the_blocking_limit_is_named_and_relaxed_by_one_click(model):
    # Without a change of income and age the credit cannot move by more than a nurse's point.
    limits = {"income": {"lock": True}, "age": {"lock": True}}
    wished = {"credit": {"low": 14.0}, **limits}
    missed = ask(model, constraints=wished)
    assert "Nothing meets every target within the limits" in verdict(missed)
    assert "credit is" in verdict(missed)
    relaxed = ask(model, constraints=wished, relax_what_blocks=True)
    assert "is relaxed" in verdict(relaxed)
    assert "meet every target" in verdict(relaxed)


def test_a_target_out_of_reach_is_relaxed_to_what_can_be_reached(model):
    query = tried().rows([0])
    problem = model.problem(explained().known.rows(query)[0], Wishes({"credit": Aim(low=1000.0)}))
    found = blocked(problem, model.pool)
    best = model.pool.outputs[:, 0].max()
    assert found.constraint == "the target of credit"
    assert best * 0.999 <= found.relaxed.aims["credit"].low <= best
    assert model.problem(problem.space.query, found.relaxed).met(model.pool).any()
    answer = ask(model, constraints={"credit": {"low": 1000.0}})
    assert "credit is" in verdict(answer)
    assert "at least 1000" in verdict(answer)


def test_a_limit_that_alone_stands_in_the_way_is_dropped(model):
    known, now = explained().known, tried().rows([0])
    wishes = Wishes({"credit": Aim(11.0, 12.0)}, {"income": Limit(low=-2.0, high=-1.0)})
    found = blocked(model.problem(known.rows(now)[0], wishes), model.pool)
    assert found.constraint == "the limit of income"
    assert "income" not in found.relaxed.limits


def test_a_row_that_meets_every_target_is_told(model):
    at = int(np.argmax(explained().known.predict(explained().known.rows(tried()))["credit"]))
    answer = ask(model, at, constraints={"credit": {"low": 0.0}})
    assert "already satisfies every target" in verdict(answer)


def test_without_targets_one_is_taken_and_said():
    question = prepared(inputs(), Parameters(row=1))
    assert list(question.wishes.aims) == ["credit"]
    assert question.said[0].startswith("No target was given; taken was: credit")


def test_too_many_objectives_are_warned_of():
    said = prepared(inputs(), Parameters(row=1, targets="class prefers good; minimise credit")).said
    assert not any("objectives are many" in one for one in said)
    model = explained()
    wide = replace(model.known, predicted=(*TARGETS, replace(TARGETS[0], name="cost")), layers=tuple(
        (np.concatenate([w, w[:, :1]], axis=1), np.append(b, 0.0)) for w, b in model.known.layers))
    text = "class prefers good; minimise credit; minimise cost"
    said = prepared(Inputs(tried(), model=replace(model, known=wide)), Parameters(row=1, targets=text)).said
    assert any("5 objectives are many" in one for one in said)


def test_what_is_minimised_has_a_weight_and_a_goal():
    made = fit(method, inputs(), Parameters(row=1, targets="class prefers good; maximise credit toward 9",
                                            generations=5, population=20)).model
    names = [control.name for control in made.controls()]
    assert "weight of credit" in names
    assert "score beside" in names
    high, low = (numbers(ask(made, **{"weight of credit": w, "diversity": 0.0}), "credit, predicted").mean()
                 for w in (10.0, 0.0))
    assert low < high
    assert len(shown(ask(made, score_beside=True)).table) == 10


def test_the_text_of_targets_and_limits_is_read():
    text = "credit ..12.5\nclass in good, bad; minimise credit toward 5 alpha 2"
    value, bonuses = parsed(text, "age locked; age 20..30", FEATURES, TARGETS)
    assert value == {"credit": {"high": 12.5}, "class": {"allowed": ["good", "bad"]},
                     "age": {"lock": True, "low": 20.0, "high": 30.0}}
    assert bonuses == (Bonus("credit", 1, 5.0, 2.0, 4.0),)
    assert parsed('{"credit": {"low": 0}}', "job in clerk", FEATURES, TARGETS)[0] == {
        "credit": {"low": 0}, "job": {"allowed": ["clerk"]}}
    wishes = wishes_from({"credit": {"low": 0.0}, "age": {"low": 0}}, FEATURES, TARGETS)
    assert wishes_from(wishes.value(), FEATURES, TARGETS) == wishes, "an end at nought is kept"


@pytest.mark.parametrize(
    ("targets", "limits", "sentence"),
    [
        ("credit 12..11", "", "The range of credit runs from 12 to 11."),
        ("credit 1..2; credit 3..4", "", "credit stands in two clauses."),
        ("class prefers fine", "", "class has no level fine."),
        ("cost 1..2", "", "“cost 1..2” begins with no column that is known here."),
        ("credit roughly 5", "", "“credit roughly 5” cannot be read."),
        ("credit in good", "", "credit cannot have “allowed”: it is a number."),
        ("minimise credit", "", "Something is to be minimised, maximised or alike, and nothing is to be reached."),
        ("class prefers good; minimise class", "", "class is no number that the model predicts."),
        ("class prefers good; minimise credit toward 0", "", "Goal, alpha and beta of credit must be above 0."),
        ('{"credit": 5}', "", "The JSON of targets or limits must map each column to a mapping."),
        ("{credit", "", "The targets or limits begin with a brace and are not JSON."),
        ("credit 1..2", "age 50..40", "The range of age runs from 50 to 40."),
        ("credit 1..2", "age ..25; age up", "The limits of age leave no value"),
        ("credit 1..2", "job up", "job cannot have “direction”: it is a category (clerk, nurse, smith)."),
        ("credit 1..2", "job in pilot", "job has no level pilot."),
    ],
)
def test_what_makes_no_sense_is_refused(targets, limits, sentence):
    oldest = int(np.argmax(tried()["age"].values)) + 1
    with pytest.raises(Refusal) as refused:
        prepared(inputs(), Parameters(row=oldest, targets=targets, limits=limits))
    assert refused.value.sentence.startswith(sentence)


def test_a_row_that_is_not_there_and_a_wish_for_nothing_are_refused(model):
    with pytest.raises(Refusal, match="There is no row 99"):
        prepared(inputs(), Parameters(row=99))
    with pytest.raises(Refusal, match="No target is set"):
        ask(model, constraints={"age": {"lock": True}})
    with pytest.raises(Refusal, match="has no column cost"):
        ask(model, constraints={"cost": {"low": 1.0}})


def test_the_saved_model_answers_without_the_explained_ones_folder(model, tmp_path):
    models.save(model, tmp_path / "kept", method="multi_objective_counterfactuals")
    loaded = models.load(tmp_path / "kept", method)
    assert np.array_equal(numbers(ask(loaded, 9), "income"), numbers(ask(model, 9), "income"))



def test_several_rows_are_answered_each_under_the_other(model):
    rows = [0, 3, 5]
    *_, whole = model.answer(Query(tried().rows(rows), values={"count": 2}))
    ids = [int(row_id) for row_id in tried().row_ids[rows]]
    table, before = shown(whole).table, shown(whole).factual
    assert table["row"].values.tolist() == [row_id for row_id in ids for _ in range(2)]
    for place, row_id in zip(rows, ids, strict=True):
        *_, alone = model.answer(Query(tried().rows([place]), values={"count": 2}))
        mine = table["row"].values == row_id
        assert table["age"].values[mine].tolist() == numbers(alone, "age").tolist()
        labels = [before["job"].label(i) for i in np.flatnonzero(mine)]
        assert labels == [tried()["job"].label(place)] * 2
        assert f"Row {row_id}: " in verdict(whole)
        kinds = shown(whole, "differences").table
        assert [kinds["job"].label(i) for i in np.flatnonzero(mine)] == [
            shown(alone, "differences").table["job"].label(i) for i in range(2)]
    plot = shown(whole, "pareto")
    assert (plot.group == plot.groups.index("this row")).sum() == 3
    assert (plot.group == plot.groups.index("chosen")).sum() == 6
    assert shown(whole).changed.shape == (6, len(table.columns))
    radar = shown(whole, "radar").table
    assert [radar["which"].label(i) for i in range(9)] == ["this row", "chosen", "chosen"] * 3
    assert radar["age"].values[[0, 3, 6]].tolist() == tried()["age"].values[rows].tolist()
    assert radar["distance"].values[[1, 2]].tolist() == table["distance"].values[:2].tolist()


def test_more_rows_than_can_be_searched_are_refused(model, monkeypatch):
    monkeypatch.setattr("engines.counterfactual_tables.multi_objective_counterfactuals.several.MOST", 2)
    with pytest.raises(Refusal, match="3 rows are asked about at once; 2 can be"):
        next(model.answer(Query(tried().rows([0, 1, 2]))))


def test_a_row_that_is_there_already_is_told_so(model):
    told = explained().known.predict(explained().known.rows(tried()))
    done = (told["credit"] >= 11) & (told["credit"] <= 12) & (told["class"][:, 1] > 0.5)
    answer = ask(model, int(np.flatnonzero(done)[0]))
    assert answer.support_note.startswith("This row already satisfies every target")
    assert not ask(model).support_note

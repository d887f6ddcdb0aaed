"""The exploration: one wish, undo steps for it, and only the newest answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engines.contract import Answer, Budget, Choice, FactorValue, How, Slider
from engines.data.kinds import category_column, number_column, table_of
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.results import ImageGridResult
from engines.runtime.messages import Answered, Refused
from studio.exploration.exploration import VIEW, Exploration, Subject
from studio.project.history import History


class Recorded:
    """An engine that only remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any], Budget]] = []

    def ask(self, view, model, items=(), *, do=None, values=None, seed=0, budget=Budget.FINAL) -> int:
        self.asked.append((view, dict(do or {}), budget))
        return sum(v == view for v, _, _ in self.asked)


@pytest.fixture
def subject() -> Subject:
    data = table_of("t", [number_column("x", [1.0, 2.0, 3.0]), category_column("kind", ["a", "b", "a"])])
    weight = Slider("w", 0, 1, (0, 1), do=False, default=1)
    controls = (Slider("x", 1, 3, (0, 5)), Choice("kind", ("a", "b"), do=True), weight)
    return Subject("m", "Model", "toy", controls, Graph.of(["x", "kind"]), {}, DataReference("/t.csv"), data)


@pytest.fixture
def exploration(qapp, subject) -> Exploration:
    found = Exploration(Recorded(), History())
    found.open(subject)
    return found


def answer(exploration: Exploration, view: str, number: int, stage: Budget = Budget.FINAL) -> None:
    picture = ImageGridResult("counterfactual", "", np.zeros((1, 2, 2, 1), np.uint8))
    factors = (FactorValue("x", 1.0, 2.0, How.SET),)
    exploration.take(Answered(view, number, Answer(stage, (picture,), factors), 0.1))


def test_a_new_subject_is_asked_about_its_first_item(exploration):
    assert exploration.wish.item == 1
    assert exploration.wish.do == {}
    assert exploration._engine.asked == [(VIEW, {}, Budget.FINAL)]


def test_an_item_that_the_data_do_not_have_gives_way_to_the_first(exploration, subject):
    exploration.open(subject, 3)
    assert exploration.wish.item == 3
    exploration.open(subject, 500)
    assert exploration.wish.item == 1


def test_a_step_means_nothing_to_another_model_and_is_there_again_with_its_own(exploration, subject):
    history, said = exploration._history, []
    history.refused.connect(said.append)
    exploration.set("x", 2.0)
    other = replace(subject, model="another")
    exploration.open(other)
    exploration.set("kind", "b")
    history.undo()
    assert not said
    history.undo()
    assert "“Set x to 2.00” could not be taken here" in said[0].sentence
    assert "not open" in said[0].cause
    assert exploration.wish.do == {}
    assert history.undo_text() == ""
    exploration.open(subject)
    history.redo()
    assert exploration.wish.do == {"x": 2.0}
    exploration.open(other)
    history.redo()
    assert exploration.wish.do == {"kind": "b"}


def test_dragging_asks_for_previews_and_release_makes_one_undo_step(exploration):
    before = dict(exploration.wish.do)
    exploration.drag("x", 1.5)
    exploration.drag("x", 2.0)
    exploration.set("x", 2.5, before)
    budgets = [budget for _, _, budget in exploration._engine.asked[1:]]
    assert budgets == [Budget.PREVIEW, Budget.PREVIEW, Budget.FINAL]
    undo = exploration._history
    assert undo.count() == 1
    assert undo.undo_text() == "Set x to 2.50"
    undo.undo()
    assert exploration.wish.do == {}
    undo.redo()
    assert exploration.wish.do == {"x": 2.5}


def test_moving_another_control_is_one_step_too(exploration):
    for value in (0.1, 0.4):
        exploration.drag_value("w", value)
    exploration.set_value("w", 0.5)
    assert exploration._history.count() == 1
    exploration._history.undo()
    assert exploration.wish.values == {}


def test_free_and_hold(exploration):
    exploration.hold("kind")
    assert exploration.wish.do == {"kind": "a"}
    exploration.set("x", 3.0)
    exploration.free("kind")
    assert exploration.wish.do == {"x": 3.0}
    exploration.free_all()
    assert exploration.wish.do == {}
    assert exploration._history.count() == 4


def test_only_the_newest_answer_counts(exploration):
    seen = []
    exploration.answered.connect(lambda answer, seconds: seen.append(answer.stage))
    exploration.set("x", 2.0)
    answer(exploration, VIEW, 1)
    assert seen == []
    answer(exploration, VIEW, 2, Budget.PREVIEW)
    answer(exploration, VIEW, 2)
    assert seen == [Budget.PREVIEW, Budget.FINAL]


def test_refusals_of_older_queries_are_dropped(exploration):
    seen = []
    exploration.refused.connect(seen.append)
    exploration.set("x", 2.0)
    exploration.take(Refused(VIEW, 1, "Too late."))
    exploration.take(Refused(VIEW, 2, "Not so."))
    assert [refused.sentence for refused in seen] == ["Not so."]


def test_an_item_and_its_interventions_are_taken_up_in_one_step(exploration):
    exploration.take_up(2, {"x": 2.5})
    assert (exploration.wish.item, exploration.wish.do) == (2, {"x": 2.5})
    assert exploration._history.undo_text() == "Choose 2, Set x to 2.50"
    exploration.take_up(2, {"x": 2.5})                      # that is asked already: no step
    exploration._history.undo()
    assert (exploration.wish.item, exploration.wish.do) == (1, {})


def test_items_are_stepped_within_the_data(exploration):
    exploration.step(1)
    assert exploration.wish.item == 2
    exploration.step(10)
    assert exploration.wish.item == 3
    assert exploration.factual("kind") == "a"
    assert exploration.factual("x") == 3.0

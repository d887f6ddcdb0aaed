"""Other models beside the one that is explored: what they are asked, who is refused, when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engines.contract import Budget, Choice, Slider
from engines.runtime.messages import Refused
from studio.exploration.comparison import Comparison
from tests.studio.asked import CONTROLS, OTHER, AskedEngine, explored, lamps


@pytest.fixture
def engine(qapp) -> AskedEngine:
    return AskedEngine()


@pytest.fixture
def exploration(engine):
    return explored(engine)


@pytest.fixture
def comparison(engine, exploration) -> Iterator[Comparison]:
    found = Comparison(engine, exploration, lambda: 1)
    found.add(OTHER, "run 2")
    yield found
    exploration.open(None)
    assert not found._rest.isActive()


def test_another_model_is_asked_the_same(engine, exploration, comparison, qtbot):
    exploration.set("level", 50.0)
    assert comparison.rivals == ()
    engine.open(str(OTHER))
    assert [rival.title for rival in comparison.rivals] == ["run 2"]
    own, other = engine.newest("counterfactual"), engine.newest(f"comparison {OTHER}")
    assert other == replace(own, view=other.view, number=other.number, model=str(OTHER), yields=True)

    exploration.drag("level", 60.0)                         # while the hand moves: a preview, then refined
    assert engine.newest(other.view).budget is Budget.PREVIEW
    with qtbot.waitSignal(comparison._rest.timeout, timeout=2000):
        pass
    assert engine.newest(other.view).budget is Budget.FINAL
    assert engine.newest(other.view).do == {"level": 60.0}

    engine.answer(other.view, shade=7)
    assert int(comparison.rivals[0].answer.results[0].pictures[0, 0, 0, 0]) == 67
    exploration.choose(4)
    assert engine.newest(other.view).items == (4,)


def test_settings_that_the_other_model_does_not_have_stay_away_from_it(engine, exploration, comparison):
    exploration._subject = replace(exploration.subject, controls=(*CONTROLS, Slider("w", 0, 1, (0, 1), do=False)))
    exploration.set_value("w", 0.5)
    engine.open(str(OTHER))
    assert engine.newest("counterfactual").values == {"w": 0.5}
    assert engine.newest(f"comparison {OTHER}").values == {}


@pytest.mark.parametrize(
    ("controls", "why"),
    [
        (CONTROLS[:1], "it does not set side"),
        ((*CONTROLS, Slider("colour", 0, 1, (0, 1))), "it sets colour"),
        ((CONTROLS[0], Choice("side", ("up", "down"), do=True)), "different things by side"),
    ],
)
def test_a_model_that_sets_other_factors_is_refused_with_a_sentence(engine, comparison, controls, why):
    said = []
    comparison.refused.connect(said.append)
    engine.open(str(OTHER), controls)
    assert comparison.rivals == ()
    assert engine.closed == [str(OTHER)]
    assert said[0].sentence == "run 2 cannot be compared with Lamp."
    assert why in said[0].cause


def test_one_that_cannot_be_opened_or_is_too_many_is_said(engine, comparison):
    said = []
    comparison.refused.connect(said.append)
    comparison.add(OTHER.with_name("third"), "run 3")
    comparison.add(OTHER.with_name("fourth"), "run 4")
    assert said[0].sentence == "3 models are compared already."
    engine.refused.emit(Refused(str(OTHER), 0, "The file is damaged."))
    assert "run 2 could not be opened." in said[1].sentence
    engine.open(str(OTHER))                                 # it was given up: a late opening changes nothing
    assert comparison.rivals == ()


def test_it_ends_with_the_model_that_is_explored(engine, exploration, comparison):
    engine.open(str(OTHER))
    exploration.open(lamps("another"))
    assert comparison.rivals == ()
    assert engine.closed == [str(OTHER)]


def test_a_rival_that_is_explored_next_stays_open(engine, exploration, comparison):
    engine.open(str(OTHER))
    exploration.open(lamps(str(OTHER)))
    assert comparison.rivals == ()
    assert engine.closed == []


def test_trouble_of_one_model_stands_with_it(engine, comparison):
    engine.open(str(OTHER))
    told = []
    comparison.answered.connect(told.append)
    engine.refuse(f"comparison {OTHER}", "The images have another size.")
    assert told == [str(OTHER)]
    assert comparison.rivals[0].trouble.sentence == "The images have another size."

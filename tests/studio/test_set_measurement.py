"""Measuring many pictures: a few at a time, one query at a time, stopped, and what the figures come to."""

from __future__ import annotations

import pytest

from engines.runtime.messages import Answered
from studio.exploration.cells import Cell, Cells
from studio.exploration.measuring import SetMeasurement
from tests.studio.asked import AskedEngine, answer_to, explored, lamps


@pytest.fixture
def engine(qapp) -> AskedEngine:
    return AskedEngine()


def asked(engine: AskedEngine) -> list:
    return [ask for ask in engine.asked if ask.view.startswith("measurement")]


def test_each_factor_in_turn_one_query_at_a_time(engine):
    exploration = explored(engine)
    measurement = SetMeasurement(engine, exploration)
    measurement.start(None, pictures=6)
    assert len(asked(engine)) == 1
    assert all(ask.yields and ask.measure for ask in asked(engine))
    while measurement.is_running:
        engine.answer("measurement")
    assert [(len(ask.items), *ask.do) for ask in asked(engine)] == [
        (4, "level"), (2, "level"), (4, "side"), (2, "side"),
    ]
    assert (measurement.done, measurement.total, measurement.pictures) == (4, 4, 6)
    figures = {(figure.check, figure.factor): figure for figure in measurement.figures()}
    assert figures["composition", ""].count == 6
    level = figures["effectiveness", "level"]
    assert (level.mean, level.spread, level.count, level.within) == (4.0, 0.0, 6, 1.0)
    assert level.predictor == "a photometer"
    assert not level.independent


def test_the_wish_on_all_pictures(engine):
    measurement = SetMeasurement(engine, explored(engine))
    measurement.start({"level": 70.0}, pictures=5)
    while measurement.is_running:
        engine.answer("measurement")
    assert [ask.do for ask in asked(engine)] == [{"level": 70.0}] * 2


def test_stop_keeps_what_is_there_and_asks_no_more(engine):
    measurement = SetMeasurement(engine, explored(engine))
    measurement.start(None, pictures=8)
    engine.answer("measurement")
    measurement.stop()
    count = len(asked(engine))
    engine.answer("measurement")                            # a late one
    assert len(asked(engine)) == count
    assert measurement.done == 1
    assert measurement.figures()


def test_a_refusal_ends_it_and_another_model_clears_it(engine):
    exploration = explored(engine)
    measurement = SetMeasurement(engine, exploration)
    said = []
    measurement.refused.connect(said.append)
    measurement.start(None, pictures=8)
    engine.answer("measurement")
    engine.refuse("measurement 0", "The engine stopped.")
    assert not measurement.is_running
    assert [refused.sentence for refused in said] == ["The engine stopped."]
    exploration.open(lamps("another"))
    assert measurement.figures() == ()


def test_cells_tell_what_they_asked_last_and_nothing_before(engine):
    cells = Cells(engine, "grid")
    told = []
    cells.answered.connect(lambda index, answer, seconds: told.append((index, answer.factors[0].counterfactual)))
    cells.ask("lamp", [Cell((1,), {"level": 10.0}), Cell((1,), {"level": 20.0})], values={}, seed=7)
    first = engine.newest("grid 1")
    cells.ask("lamp", [Cell((1,), {"level": 30.0})], values={}, seed=7)
    engine.answered.emit(Answered(first.view, first.number, answer_to(first), 0.1))
    assert told == []
    engine.answer("grid 0")
    assert told == [(0, 30.0)]
    cells.forget()
    engine.answer("grid 0")
    assert len(told) == 1

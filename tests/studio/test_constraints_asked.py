"""Constraints in the Counterfactual panel: a gesture is one undo step and one query; others are not taken up."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.contract import Constraints, Limits
from studio.exploration.exploration import VIEW, Wish
from studio.panels.counterfactual.do_rows import DoRows
from tests.studio.asked import CONTROLS, AskedEngine, explored, lamps

LIMITS = Constraints("limits", (Limits("level", 20, 240), Limits("side", levels=("left", "right")),
                                Limits("bright", 0.0, 1.0, target=True)), {"side": {"lock": True}})


def test_a_gesture_is_one_step_and_one_query(on_show):
    engine = AskedEngine()
    exploration = explored(engine, replace(lamps(), controls=(*CONTROLS, LIMITS)))
    rows = on_show(DoRows(exploration), 832, 500)
    row = rows.row("limits")
    assert row.summary() == "1 locked"              # as announced
    row.set_open(True)
    asked = len(engine.asked)
    box = row.line("level").low
    QTest.mouseClick(row.line("side").lock, Qt.MouseButton.LeftButton)
    assert exploration.wish.values == {"limits": {}}
    field = box.focusProxy()
    field.setFocus()
    QTest.keyClicks(field, "50")
    assert len(engine.asked) == asked + 1           # what is being typed asks nothing
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert engine.newest(VIEW).values == {"limits": {"level": {"low": 50.0}}}
    assert len(engine.asked) == asked + 2
    history = exploration._history
    assert (history.count(), history.undo_text()) == (2, "Change the limits")
    history.undo()
    assert row.summary() == "everything is free"
    history.undo()
    assert row.summary() == "1 locked"


def test_a_wish_from_a_file_is_held_to_what_can_be_said(qapp):
    subject = replace(lamps(), controls=(*CONTROLS, LIMITS))
    good = {"limits": {"level": {"low": 30, "direction": "up"}, "bright": {"low": 0.5}}}
    assert subject.takes(Wish(3, {}, good))
    for bad in ({"limits": {"age": {}}}, {"limits": {"side": {"low": 1}}}, {"limits": 3}):
        assert not subject.takes(Wish(3, {}, bad))

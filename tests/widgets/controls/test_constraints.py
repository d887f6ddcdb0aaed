"""The row of constraints: what the hand does to a line becomes the whole mapping, and setting it tells nobody."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from widgets.controls import ConstrainedColumn, ConstraintsRow, ConstraintsState

COLUMNS = (
    ConstrainedColumn("age", 18, 90, unit="y", whole=True), ConstrainedColumn("job", levels=("none", "part", "full")),
    ConstrainedColumn("income", 0.5, 9.5), ConstrainedColumn("score", 0.0, 1.0, target=True),
    ConstrainedColumn("risk", levels=("low", "high"), target=True),
)


def state(**value) -> ConstraintsState:
    return ConstraintsState(name="constraints", how="setting", columns=COLUMNS, value=value)


@pytest.fixture
def row(qtbot) -> ConstraintsRow:
    found = ConstraintsRow()
    qtbot.addWidget(found)
    found.set_state(state())
    found.resize(800, found.height())
    found.show()
    return found


def click(qtbot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def typed(qtbot, box: QWidget, text: str) -> None:
    field = box.focusProxy()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_folded_it_is_one_line_that_says_what_is_constrained(row, qtbot):
    assert row.summary() == "everything is free"
    folded = row.height()
    assert not row.line("age").isVisible()
    qtbot.keyClick(row.head(), Qt.Key.Key_Space)
    assert row.line("age").isVisible()
    assert row.height() > folded + 5 * 28
    tops = [row.line(name).y() for name in ("score", "risk", "age", "job", "income")]
    assert tops == sorted(tops)            # targets first
    row.set_state(state(
        age={"lock": True}, job={"lock": True}, income={"low": 2, "direction": "up"}, risk={"preferred": ["low"]}
    ))
    assert row.summary() == "1 target, 2 locked, 1 range, 1 direction"
    assert row.head().accessibleDescription() == row.summary()


def test_setting_tells_nobody(row, qtbot):
    with qtbot.assertNotEmitted(row.changed):
        row.set_state(state(age={"lock": True}, risk={"allowed": ["high"]}))
    assert row.line("age").lock.isChecked()
    assert not row.line("age").low.isEnabled()
    assert row.line("risk").levels.text() == "high"


def test_each_gesture_gives_the_whole_mapping(row, qtbot):
    row.set_open(True)
    row.set_state(state(job={"allowed": ["part"]}))
    told: list[dict] = []
    row.changed.connect(told.append)
    age, income, job, risk = (row.line(name) for name in ("age", "income", "job", "risk"))
    click(qtbot, age.lock)
    assert told[-1] == {"job": {"allowed": ["part"]}, "age": {"lock": True}}
    row.set_state(state())
    typed(qtbot, income.low, "2.5")
    assert told[-1] == {"income": {"low": 2.5}}
    row.set_state(state(income={"low": 2.5}))
    typed(qtbot, income.high, "1.5")            # the wrong way round is the same range
    assert told[-1] == {"income": {"low": 1.5, "high": 2.5}}
    row.set_state(state(**told[-1]))
    typed(qtbot, income.high, "")
    assert told[-1] == {"income": {"low": 1.5}}
    row.set_state(state(**told[-1]))
    click(qtbot, income.direction.findChildren(QAbstractButton)[1])
    assert told[-1] == {"income": {"low": 1.5, "direction": "up"}}
    typed(qtbot, age.low, "30")
    assert told[-1]["age"] == {"low": 30}
    assert isinstance(told[-1]["age"]["low"], int)
    row.set_state(state(income={"low": 1.5}))
    click(qtbot, income.reset)
    assert told[-1] == {}
    row.set_state(state())
    job.level_menu().actions()[2].trigger()
    assert told[-1] == {"job": {"allowed": ["full"]}}
    risk.level_menu().actions()[0].trigger()
    assert told[-1]["risk"] == {"allowed": ["low"]}
    row.set_state(state(risk={"allowed": ["low"]}))
    click(qtbot, risk.way.findChildren(QAbstractButton)[1])
    assert told[-1] == {"risk": {"preferred": ["low"]}}


def test_every_control_has_a_name_and_the_lines_break_where_it_is_narrow(row, qtbot):
    row.set_open(True)
    for name in ("age", "job", "income", "score", "risk"):
        line = row.line(name)
        for part in (line.lock, line.direction, line.way, line.levels, line.low, line.high, line.reset):
            assert not part.isVisible() or name in part.accessibleName()
    wide = row.height()
    row.resize(480, row.height())
    assert row.height() > wide
    assert row.line("age").minimumSizeHint().width() <= 456

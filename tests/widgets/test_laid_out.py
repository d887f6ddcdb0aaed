"""What a layout holds, in its order, and that no wrapper of a layout's item stays behind."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QLayoutItem, QVBoxLayout, QWidget

from widgets.kit.laid_out import widgets_in

ROOT = Path(__file__).resolve().parents[2]


def items_known() -> int:
    """Layout items, other than layouts, that have a wrapper."""
    wrappers = shiboken6.getAllValidWrappers()  # type: ignore[attr-defined]
    return sum(isinstance(one, QLayoutItem) and not isinstance(one, QLayout) for one in wrappers)


def test_widgets_come_in_the_order_of_the_layout_and_of_those_inside_it(qtbot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column, row = QVBoxLayout(host), QHBoxLayout()
    labels = [QLabel(name, host) for name in "abcd"]
    column.addWidget(labels[3])
    column.addSpacing(4)
    column.addLayout(row)
    column.insertWidget(0, labels[0])
    row.addWidget(labels[2])
    row.insertWidget(0, labels[1])
    QLabel("free", host)
    assert [one.text() for one in widgets_in(column)] == ["a", "d", "b", "c"]
    assert widgets_in(None) == []
    assert widgets_in(QVBoxLayout()) == []


def test_it_leaves_no_wrapper_of_an_item_behind(qtbot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    row, before = QHBoxLayout(host), items_known()
    for name in "abc":
        row.addWidget(QLabel(name))
    assert len(widgets_in(row)) == 3
    assert items_known() == before
    row.itemAt(0)
    assert items_known() == before + 1                  # what the studio must not do
    host.findChild(QLabel).deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert items_known() == before + 1, "PySide lets items go: laid_out can go as well"


def test_nothing_of_ours_asks_a_layout_for_its_items() -> None:
    sources = [path for folder in ("studio", "widgets", "tests") for path in (ROOT / folder).rglob("*.py")]
    asking = [str(path) for path in sources if "itemAt(" in path.read_text("utf-8") and path != Path(__file__)]
    assert not asking

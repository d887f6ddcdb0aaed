"""Who cannot see or does not use a mouse: each control has a name, and Tab reaches it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

PAGES = ("Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models", "Jobs")


def controls(window: QWidget) -> Iterator[QWidget]:
    """What can have the keyboard and is to be seen now."""
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window) and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield widget


def name_of(widget: QWidget) -> str:
    """As a screen reader gets it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def described(widget: QWidget) -> str:
    parents, parent = [], widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} in {', '.join(parents)}"


def is_part(widget: QWidget) -> bool:
    """The viewport and line edit inside another control, which speaks for them."""
    parent = widget.parentWidget()
    return isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget


def reached_by_tab(window: QWidget) -> set[QWidget]:
    """Every widget that has the focus while Tab goes once round."""
    found: set[QWidget] = set()
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        held = QApplication.focusWidget()
        if held is None or held in found:
            break
        found.add(held)
    return found


@pytest.fixture
def lived_in(window, analyst, finish):
    """The sample open, its model asked: every panel has something to show."""

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        exploration = analyst.desk.exploration
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()

    finish(story(), 60)
    return window


def nameless(window: QWidget) -> list[str]:
    return [described(widget) for widget in controls(window) if not is_part(widget) and not name_of(widget)]


def missed(window: QWidget) -> list[str]:
    """Controls that take Tab and are not reached by it."""
    reached = reached_by_tab(window)
    return [
        f"{described(widget)}: {name_of(widget)}"
        for widget in controls(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None and not is_part(widget) and widget not in reached
    ]


def test_before_anything_is_open_each_control_has_a_name(window):
    for page in PAGES:
        window.show_panel(page)
        assert not nameless(window), page


def test_each_control_has_a_name_and_tab_reaches_it(lived_in):
    for page in PAGES:
        lived_in.show_panel(page)
        lived_in.activateWindow()
        assert len(list(controls(lived_in))) > 5
        assert not nameless(lived_in), page
        assert not missed(lived_in), page

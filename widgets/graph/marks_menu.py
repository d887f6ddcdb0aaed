"""The menu that gives marks to a node, for the tool R and the right button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from widgets.graph import edits
from widgets.graph.tools import MARK_KEYS

if TYPE_CHECKING:
    from widgets.graph.canvas import GraphCanvas


def ask_marks(canvas: GraphCanvas, name: str) -> QMenu:
    """Open the menu under a node; it deletes itself when it closes."""
    canvas.select((name,))
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    marks = canvas.graph().node(name).marks
    for key, mark in MARK_KEYS.items():
        action = menu.addAction(f"{str(mark).capitalize()}\t{chr(key.value)}")
        action.setData(mark)
        action.setCheckable(True)
        action.setChecked(mark in marks)
    menu.triggered.connect(
        lambda action: canvas.wish(edits.toggle_mark(canvas.graph(), (name,), MARK_KEYS[_key(action.text())]))
    )
    menu.popup(canvas.viewport().mapToGlobal(canvas.box_on_screen(name).bottomLeft()))
    return menu


def _key(text: str) -> Qt.Key:
    return Qt.Key(ord(text.rpartition("\t")[2]))

"""What a layout holds, in its order, without touching the layout's items.

PySide keeps the wrapper that `itemAt` makes of an item after Qt has deleted the item; an object that is later made at
that address has two wrappers, and the process crashes when it goes (PySide 6.10).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def widgets_in(layout: QLayout | None) -> list[QWidget]:
    """The widgets of a layout and of the layouts inside it."""
    if layout is None:
        return []
    parent = layout.parentWidget()
    return _ordered(layout, direct_children(parent)) if parent is not None else []


def direct_children(widget: QWidget) -> list[QWidget]:
    """The widgets whose parent it is; what else is a child of it, such as a passing animation, gets no wrapper."""
    return widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)


def _ordered(layout: QLayout, widgets: list[QWidget]) -> list[QWidget]:
    here: list[tuple[int, QWidget | QLayout]] = [(at, w) for w in widgets if (at := layout.indexOf(w)) >= 0]
    here += [(layout.indexOf(inner), inner) for inner in layout.children() if isinstance(inner, QLayout)]
    found: list[QWidget] = []
    for _, one in sorted(here, key=lambda pair: pair[0]):
        found += _ordered(one, widgets) if isinstance(one, QLayout) else [one]
    return found

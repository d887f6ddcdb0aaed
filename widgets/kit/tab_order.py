"""The order in which Tab goes round a window: as it is laid out, not as its parts happened to be built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollArea,
    QSplitter,
    QWidget,
)

from widgets.kit.laid_out import direct_children, widgets_in


def tab_stops(root: QWidget) -> list[QWidget]:
    """What Tab stops at below `root`, in the order of the layouts; what is hidden or off is left out.

    A widget that hands the keyboard to one of its parts is no stop of its own; its parts are.
    """
    return list(_stops(root))


def go_on(window: QWidget, *, forward: bool, over: Sequence[QWidget] = ()) -> bool:
    """Give the keyboard to the next stop, or the one before, round the window; scroll it into view.

    Args:
        over: What lies over the rest, such as a drawer; where it is open, what it covers is no stop.

    Returns:
        Whether there was another one.
    """
    above = [widget for widget in over if widget.isVisible()]
    stops = [stop for stop in tab_stops(window) if not any(_covers(widget, stop) for widget in above)]
    held = QApplication.focusWidget()
    target = _next(stops, held, forward=forward)
    if target is None or target is held:
        return False
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    outer = target.parentWidget()
    while outer is not None and outer is not window:
        if isinstance(outer, QScrollArea):
            outer.ensureWidgetVisible(target, 8, 8)
        outer = outer.parentWidget()
    return True


def _covers(above: QWidget, stop: QWidget) -> bool:
    """Whether the middle of what is seen of a stop lies under `above`; what is scrolled away is not seen anywhere."""
    if stop is above or above.isAncestorOf(stop):
        return False
    seen, outer = QRect(stop.mapToGlobal(QPoint()), stop.size()), stop.parentWidget()
    while outer is not None:
        if isinstance(outer, QAbstractScrollArea):
            port = outer.viewport()
            place = QRect(port.mapToGlobal(QPoint()), port.size())
            if not seen.intersects(place):              # it will come to lie inside: count that
                seen = place
            seen = seen.intersected(place)
        outer = None if outer.isWindow() else outer.parentWidget()
    return QRect(above.mapToGlobal(QPoint()), above.size()).contains(seen.center())


def _next(stops: list[QWidget], held: QWidget | None, *, forward: bool) -> QWidget | None:
    """The stop after what has the keyboard; of a panel that has it itself, the first one inside."""
    if not stops:
        return None
    if held in stops:
        return stops[(stops.index(held) + (1 if forward else -1)) % len(stops)]
    inside = [stop for stop in stops if held is not None and held.isAncestorOf(stop)]
    if not inside:
        return stops[0 if forward else -1]
    return inside[0] if forward else stops[stops.index(inside[0]) - 1]


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if widget.isHidden() or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None and not widget.isWindow():
        yield widget
    for child in _children(widget):
        yield from _stops(child)


def _children(widget: QWidget) -> list[QWidget]:
    """Its parts in the order of its layout; those outside it after them, from the top and left."""
    match widget:
        case QScrollArea():
            content = widget.widget()
            return [content] if content is not None else []
        case QAbstractScrollArea() | QComboBox() | QAbstractSpinBox():
            return []           # their parts are no controls of their own
        case QSplitter():
            parts = [part for i in range(widget.count()) for part in (widget.handle(i), widget.widget(i))]
            return [part for part in parts if part is not None]
    placed = widgets_in(widget.layout())
    free = [child for child in direct_children(widget) if not child.isWindow() and child not in placed]
    return placed + sorted(free, key=lambda child: (child.y(), child.x()))

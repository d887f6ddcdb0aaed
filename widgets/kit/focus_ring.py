"""The focus ring: 2 px of ink at 1 px distance round whatever has the keyboard, above everything in its window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)
from shiboken6 import isValid

from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme

_REACH = 3              # distance 1 and width 2
_RINGED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_MOVING = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange}


class FocusRing(QObject):
    """Draws the ring for one application; create it once, after the theme is installed.

    Buttons and fields get a ring by themselves. A widget of another kind asks for one with the property `ringRadius`
    (its corner radius, px); a negative value declines. Large views show focus by their panel's border instead.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        application.focusChanged.connect(self._move)
        self._move(None, application.focusWidget())

    def _move(self, _old: QWidget | None, new: QWidget | None) -> None:
        for widget in filter(isValid, self._watched):       # what had the keyboard may be gone
            widget.removeEventFilter(self)
        self._watched = []
        self._target = new if new is not None and _radius(new) is not None else None
        if self._ring is not None:
            self._ring.hide()
        if self._target is None:
            return
        window = self._target.window()
        if self._ring is None:
            self._ring = _Ring(window)
            self._ring.destroyed.connect(self._forget)
        elif self._ring.parentWidget() is not window:
            self._ring.setParent(window)        # one ring goes from window to window, and with the last one
        step: QWidget | None = self._target
        while step is not None:
            step.installEventFilter(self)
            self._watched.append(step)
            step = None if step is window else step.parentWidget()
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVING and self._target is not None:
            self._place()
        return False

    def _place(self) -> None:
        target, ring = self._target, self._ring
        if target is None or ring is None:
            return
        window = target.window()
        if window is not ring.parentWidget() or not target.isVisible():
            ring.hide()
            return
        box = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        box = box.adjusted(-_REACH, -_REACH, _REACH, _REACH)
        ring.show_at(box, box & _seen(target, window), (_radius(target) or 0) + _REACH)

    def _forget(self) -> None:
        self._ring, self._target, self._watched = None, None, []


class _Ring(QWidget):
    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._radius = 0.0
        self._offset = QPoint()
        self._whole = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_at(self, box: QRect, seen: QRect, radius: float) -> None:
        """Ring round `box`, of which the part `seen` is not scrolled out of view; both in the window."""
        if seen.isEmpty():
            self.hide()
            return
        self._radius = radius
        self._whole = box.translated(-seen.topLeft())
        self.setGeometry(seen)
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        rounded(painter_on(self), QRectF(self._whole), self._radius, None, Theme.current().ink, 2)


def _radius(widget: QWidget) -> float | None:
    """Corner radius of a widget that gets a ring, None for one that does not."""
    asked = widget.property("ringRadius")
    if asked is not None:
        return float(asked) if float(asked) >= 0 else None
    return 6.0 if isinstance(widget, _RINGED) else None


def _seen(widget: QWidget, window: QWidget) -> QRect:
    """The part of the window in which a widget can be seen, given the scroll areas it lies in."""
    seen = window.rect()
    step = widget.parentWidget()
    while step is not None and step is not window:
        above = step.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is step:
            seen &= QRect(step.mapTo(window, QPoint(0, 0)), step.size())
        step = above
    return seen

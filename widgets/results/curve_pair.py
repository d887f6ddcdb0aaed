"""A curve before and after: both over each other, and below what lies between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engines.results import CurveResult, Line
from widgets.results.curve import CurveView, paint_curve
from widgets.theme import Theme

_SHARE = 0.6            # of the height for the curves themselves
_FIGURE = (643.0, 420.0)


class CurvePair(QWidget):
    """The factual grey and dashed, the counterfactual in accent; the difference below, by D on or off.

    While Space is held the factual stands alone. Curves without a factual stand alone, without a difference.
    """

    def __init__(self, result: CurveResult, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result = result
        self.overlay = CurveView(result)
        self.difference = CurveView(difference_of(result))
        self._wished = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.overlay, 3)
        column.addWidget(self.difference, 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(result.title)

    def result(self) -> CurveResult:
        return self._result

    def set_result(self, result: CurveResult) -> None:
        """Other curves; the same result again does nothing."""
        if result is self._result:
            return
        self._result = result
        self.overlay.set_result(result)
        self.difference.set_result(difference_of(result))
        self.difference.setVisible(self._wished and self.has_factual())
        self.setAccessibleName(result.title)

    def has_factual(self) -> bool:
        """Whether there is a line to compare with; without one there is no difference."""
        return any(line.role == "factual" for line in self._result.lines)

    def shows_difference(self) -> bool:
        return not self.difference.isHidden()

    def show_difference(self, shown: bool) -> None:
        self._wished = shown
        self.difference.setVisible(shown and self.has_factual())

    def show_factual(self, shown: bool) -> None:
        """The factual alone, as while Space is held."""
        lines = tuple(line for line in self._result.lines if line.role != "counterfactual")
        self.overlay.set_result(replace(self._result, lines=lines) if shown and self.has_factual() else self._result)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Both plots into any place, for exports."""
        if not self.shows_difference():
            paint_curve(self._result, painter, rect, theme)
            return
        upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() * _SHARE - 8)
        lower = QRectF(rect.left(), rect.top() + rect.height() * _SHARE, rect.width(), rect.height() * (1 - _SHARE))
        paint_curve(self._result, painter, upper, theme)
        paint_curve(self.difference.result(), painter, lower, theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        return _FIGURE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.show_factual(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.show_factual(False)
        else:
            super().keyReleaseEvent(event)


def difference_of(result: CurveResult) -> CurveResult:
    """Counterfactual minus factual, line by line in their order, where both are defined; zero is marked."""
    before = [line for line in result.lines if line.role == "factual"]
    after = [line for line in result.lines if line.role == "counterfactual"]
    lines = []
    for one, other in zip(before, after):
        good = np.isfinite(one.x) & np.isfinite(one.y)
        order = np.argsort(one.x[good], kind="stable")
        x, y = one.x[good][order], one.y[good][order]
        known = np.interp(other.x, x, y, left=np.nan, right=np.nan) if len(x) else np.full(len(other.x), np.nan)
        lines.append(Line(other.label, other.x, other.y - known, role="counterfactual"))
    if lines:
        every = np.concatenate([line.x for line in lines])
        ends = np.array([np.nanmin(every), np.nanmax(every)]) if len(every) else np.zeros(0)
        lines.insert(0, Line("", ends, np.zeros(len(ends)), role="reference"))
    label = f"Difference in {result.y_label}" if result.y_label else "Difference"
    return CurveResult(f"{result.name}_difference", label, tuple(lines), result.x_label, label, result.x_log)

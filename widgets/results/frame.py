"""What the plots among the results share: the frame of axes in a rectangle, and a view that is one drawing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.curves.axis import Axis
from widgets.curves.painting import DrawnLine, DrawnPlot, tick_gutter
from widgets.kit.painting import painter_on, text_in
from widgets.theme import Theme, font

Range = tuple[float, float]

MARGIN = 4


class PaintedView(QWidget):
    """A result as one drawing; the value under the pointer is told as a tooltip.

    A subclass gives `paint` and, where there is something to tell, `tell`.
    """

    def __init__(self, result: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: Any = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 4.0)
        self.set_result(result)

    def result(self) -> Any:
        return self._result

    def set_result(self, result: Any) -> None:
        """Another result of the same kind; the same one again does nothing."""
        if result is self._result:
            return
        self._result = result
        self.setAccessibleName(result.title)
        self.prepare()
        self.update()

    def prepare(self) -> None:
        """What depends on the result alone and is needed for painting."""

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Draw the result into a rectangle; a subclass does. The bare frame is empty."""

    def tell(self, _place: QPointF, _rect: QRectF) -> str:
        """What lies at a place of the drawing in `rect`, in words; empty for nothing."""
        return ""

    def figure_size(self) -> tuple[float, float]:
        """Width and height of the result as a figure, px."""
        return plot_size(self._result)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 140)

    def inner(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paint(painter_on(self), self.inner(), Theme.current())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tell(QPointF(event.pos()), self.inner()), self)
            return True
        return super().event(event)


def plot_size(_result: Any) -> tuple[float, float]:
    """Width and height of a plot as a figure, px: 85 mm wide."""
    return 321.0, 240.0


def framed(
    size: tuple[float, float], x: Range, y: Range, theme: Theme, *, title: str, x_label: str = "",
    x_log: bool = False, y_log: bool = False, right: float = 12, lines: tuple[DrawnLine, ...] = (),
) -> DrawnPlot:
    """Axes in a rectangle of a size whose corner is the origin: room for title, numbers and the name of x."""
    width, height = size
    top, bottom = theme.px(28), height - theme.px(22) - (theme.px(16) if x_label else 0)
    y_axis = Axis(*y, max(bottom, top + 16), top, y_log)
    gutter = tick_gutter([y_axis], theme) + 4
    x_axis = Axis(*x, gutter, max(width - right, gutter + 16), x_log)
    return DrawnPlot(title, x_axis, y_axis, lines, x_label)


def paint_x_label(painter: QPainter, plot: DrawnPlot, theme: Theme) -> None:
    """The name of the x axis under its numbers, at the right."""
    if plot.x_label:
        place = plot.place
        line = QRectF(0, place.bottom() + theme.px(20), place.right(), theme.px(16))
        face = font("caption", scale=theme.scale)
        text_in(painter, line, plot.x_label, face, theme.t2, Qt.AlignmentFlag.AlignRight)


def printed(theme: Theme) -> bool:
    """Whether this is the theme of figures on paper."""
    return theme.bg1 == theme.paper


def line_width(theme: Theme) -> float:
    """Width of lines: 2 px on a screen, 1.25 px in a figure of 85 mm."""
    return 1.25 if printed(theme) else 2.0

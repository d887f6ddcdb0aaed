"""A scatter matrix: points below the diagonal, rank correlations above it, distributions on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from engines.data.kinds import Table
from engines.data.pairs import Pairs, pairable, pairs_of
from engines.data.summary import ColumnSummary
from widgets.data.strip import strip_counts
from widgets.kit.follow import follow_theme
from widgets.kit.histogram import paint_histogram
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.numbers import format_number
from widgets.theme import Theme, diverging, faded, font

MOST = 8
_FIELD = 120            # px of a field in a figure
_MARGIN, _GAP = 16, 4


class PairsView(QWidget):
    """Shows up to eight columns of a Table two by two, the chosen one among them. A click or the arrows choose."""

    column_chosen = Signal(str)          # by the user's hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._summaries: dict[str, ColumnSummary] = {}
        self._pairs: Pairs | None = None
        self._column = ""
        self._drawn = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Pairs"))
        self.setMouseTracking(True)
        follow_theme(self._forget)

    def set_table(self, table: Table | None, summaries: Sequence[ColumnSummary]) -> None:
        """The columns that can be compared; points are made when the view is first painted."""
        self._table = table
        self._summaries = {summary.name: summary for summary in summaries}
        self._pairs = None
        self.setAccessibleName(self.tr("Pairs of {}").format(table.name) if table is not None else self.tr("Pairs"))
        self._forget()

    def column(self) -> str:
        return self._column

    def set_column(self, name: str) -> None:
        """The column with the ink outline; it is brought in if it is not among those shown."""
        if name == self._column:
            return
        self._column = name
        if self._pairs is not None and name not in self._pairs.names:
            self._pairs = None
        self._forget()

    def names(self) -> tuple[str, ...]:
        """The columns shown, in order: a run of at most eight that holds the chosen one."""
        if self._table is None:
            return ()
        every = pairable(self._table)
        if self._pairs is not None:
            return self._pairs.names
        at = every.index(self._column) if self._column in every else 0
        first = min(max(at - MOST // 2, 0), max(len(every) - MOST, 0))
        return every[first : first + MOST]

    def cell(self, row: int, column: int) -> QRectF:
        """Where a field of the matrix lies."""
        inner = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        return _cell(inner, max(len(self.names()), 1), row, column)

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The matrix into any place, for exports."""
        if self._table is not None and len(self.names()) > 1:
            self._paint_matrix(painter, rect, self._pairs or pairs_of(self._table, self.names()), theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        side = max(len(self.names()), 1) * _FIELD
        return float(side), float(side)

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        names = self.names()
        for row in range(len(names)):
            for column in range(len(names)):
                if self.cell(row, column).contains(event.position()):
                    self._choose(names[row] if row != column and names[column] == self._column else names[column])
                    return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        every = pairable(self._table) if self._table is not None else ()
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = keys.get(Qt.Key(event.key()))
        if step is None or not every:
            super().keyPressEvent(event)
            return
        at = every.index(self._column) + step if self._column in every else 0
        self._choose(every[min(max(at, 0), len(every) - 1)])

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._table is None:
            return
        theme = Theme.current()
        if len(self.names()) < 2:
            text = self.tr("Two columns that vary are needed")
            middle = Qt.AlignmentFlag.AlignHCenter
            text_in(painter_on(self), QRectF(self.rect()), text, font("second"), theme.t2, middle)
            return
        if self._pairs is None:
            self._pairs = pairs_of(self._table, self.names())
        if self._drawn.isNull():
            self._drawn = self._matrix(self._pairs, theme)
        painter = painter_on(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self._column in self._pairs.names:
            place = self._pairs.names.index(self._column)
            rounded(painter, self.cell(place, place), 0, None, theme.ink, 2)

    # --------------------------------------------------------------------------------------------------- private

    def _choose(self, name: str) -> None:
        if name != self._column:
            self.set_column(name)
            self.setAccessibleDescription(name)
            self.column_chosen.emit(name)

    def _matrix(self, pairs: Pairs, theme: Theme) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self._paint_matrix(painter, inner, pairs, theme)
        painter.end()
        return pixmap

    def _paint_matrix(self, painter: QPainter, rect: QRectF, pairs: Pairs, theme: Theme) -> None:
        count = len(pairs.names)
        for row in range(count):
            for column in range(count):
                box = _cell(rect, count, row, column)
                if row == column:
                    self._paint_name(painter, box, pairs, row, theme)
                elif row > column:
                    _paint_points(painter, box, pairs.points[column], pairs.points[row], theme)
                else:
                    _paint_correlation(painter, box, float(pairs.correlations[row, column]), theme)

    def _paint_name(self, painter: QPainter, box: QRectF, pairs: Pairs, place: int, theme: Theme) -> None:
        painter.fillRect(box, theme.bg2)
        name = pairs.names[place]
        if (summary := self._summaries.get(name)) is not None:
            bars = box.adjusted(6, theme.px(24), -6, 0)
            paint_histogram(painter, bars, strip_counts(summary), faded(theme.t3, 0.6), gap=0.5)
        middle = Qt.AlignmentFlag.AlignHCenter
        line = QRectF(box.left() + 4, box.top() + 3, box.width() - 8, theme.px(18))
        text_in(painter, line, name, font("second", weight=600, scale=theme.scale), theme.t1, middle)

    def _forget(self) -> None:
        self._drawn = QPixmap()
        self.update()


def _cell(rect: QRectF, count: int, row: int, column: int) -> QRectF:
    """A field of a matrix of `count` columns that fills a rectangle, on whole px."""
    across = (rect.width() - (count - 1) * _GAP) / count
    down = (rect.height() - (count - 1) * _GAP) / count
    left, top = rect.left() + column * (across + _GAP), rect.top() + row * (down + _GAP)
    return QRectF(round(left), round(top), round(across), round(down))


def _paint_points(painter: QPainter, box: QRectF, x: np.ndarray, y: np.ndarray, theme: Theme) -> None:
    """Points of 2 px; the fewer, the stronger."""
    painter.fillRect(box, faded(theme.bg2, 0.6))
    inner = box.adjusted(4, 4, -4, -4)
    strength = min(max(180 / max(len(x), 1), 0.16), 0.7)
    pen = painter.pen()
    pen.setColor(faded(theme.t1, strength))
    pen.setWidthF(2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    across, down = inner.left() + x * inner.width(), inner.bottom() - y * inner.height()
    painter.drawPoints(QPolygonF([QPointF(a, b) for a, b in zip(across.tolist(), down.tolist())]))


def _paint_correlation(painter: QPainter, box: QRectF, value: float, theme: Theme) -> None:
    """The number on the diverging map's colour, faint, so that it stays readable."""
    if np.isnan(value):
        painter.fillRect(box, faded(theme.bg2, 0.6))
        return
    lut = diverging(theme)
    red, green, blue = (int(v) for v in lut[round((value + 1) / 2 * (len(lut) - 1))][:3])
    painter.fillRect(box, faded(QColor(red, green, blue), 0.35))
    middle = Qt.AlignmentFlag.AlignHCenter
    text_in(painter, box, format_number(value, "", 2), font("second", weight=500, scale=theme.scale), theme.t1, middle)

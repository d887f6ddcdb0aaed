"""The head of a data table, 132 high: name, type, histogram and role of each column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from engines.data.kinds import Column
from engines.data.summary import ColumnSummary
from widgets.data.roles import role_word
from widgets.data.strip import paint_strip
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.numbers import format_count
from widgets.theme import Theme, draw_icon, faded, font, line_height

HEIGHT = 132
INSET = 10


class ColumnHead(QHeaderView):
    """Paints the head and tells what was clicked: a column, or its role chip."""

    column_clicked = Signal(int)
    role_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns: tuple[Column, ...] = ()
        self._summaries: tuple[ColumnSummary, ...] = ()
        self._selected = -1
        self._hovered = -1
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMinimumSectionSize(48)
        follow_theme(self._restyle)

    def set_columns(self, columns: Sequence[Column], summaries: Sequence[ColumnSummary]) -> None:
        """What the heads show; `summaries` may be empty while they are being computed."""
        self._columns, self._summaries = tuple(columns), tuple(summaries)
        self.viewport().update()

    def set_selected(self, section: int) -> None:
        """The column with the ink outline; -1 for none."""
        self._selected = section
        self.viewport().update()

    def chip(self, section: int) -> QRect:
        """Where the role chip of a column lies, in the head's coordinates."""
        theme = Theme.current()
        left = self.sectionViewportPosition(section)
        width = self.sectionSize(section) - 16
        if section < len(self._columns):
            width = min(width, round(chip_width(self._columns[section])))
        return QRect(left + 8, theme.px(96), width, theme.px(24))

    def sizeHint(self) -> QSize:
        return QSize(0, Theme.current().px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self.viewport())
        box = QRectF(self.viewport().rect())
        painter.fillRect(box, theme.bg2)
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.line)
        for section in range(len(self._columns)):
            place = QRectF(self.sectionViewportPosition(section), 0, self.sectionSize(section), box.height())
            if place.right() >= 0 and place.left() <= box.right():
                self._paint(painter, place, section, theme)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self._on_chip(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        point = event.position().toPoint()
        if event.button() is not Qt.MouseButton.LeftButton or self.cursor().shape() is Qt.CursorShape.SplitHCursor:
            return
        section = self.logicalIndexAt(point)
        if section < 0:
            return
        self.column_clicked.emit(section)
        if self._on_chip(point) == section:
            self.role_clicked.emit(section)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.logicalIndexAt(event.pos())
            QToolTip.showText(event.globalPos(), self._said(section), self)
            return True
        return super().viewportEvent(event)

    def _paint(self, painter: QPainter, place: QRectF, section: int, theme: Theme) -> None:
        column = self._columns[section]
        summary = self._summaries[section] if section < len(self._summaries) else None
        selected = section == self._selected
        if selected:
            painter.fillRect(place, faded(theme.bg3, 0.7))
        else:
            painter.fillRect(QRectF(place.right() - 1, 0, 1, place.height()), theme.line)
        painter.save()
        painter.setClipRect(place)
        left, width = place.left() + INSET, place.width() - 2 * INSET
        troubled = bool(warning_of(summary)) if summary is not None else False
        room = width - (18 if troubled else 0)
        text_in(painter, QRectF(left, theme.px(8), room, theme.px(20)), column.name, font("title"), theme.t1)
        if troubled:
            sign = QPointF(place.right() - INSET - 7, theme.px(18))
            draw_icon(painter, "triangle-alert", sign, theme.warn, 14)
        kind = str(column.type) if not column.unit else f"{column.type}, {column.unit}"
        text_in(painter, QRectF(left, theme.px(27), width, line_height("second")), kind, font("second"), theme.t2)
        strip = QRectF(left, theme.px(52), width, theme.px(35))
        paint_strip(painter, strip, summary, theme, selected)
        self._paint_chip(painter, section, column, theme)
        painter.restore()
        if selected:
            rounded(painter, place.adjusted(0, 0, 0, -1), 0, None, theme.ink, 2)

    def _paint_chip(self, painter: QPainter, section: int, column: Column, theme: Theme) -> None:
        box = QRectF(self.chip(section))
        ground = theme.bg3 if section == self._hovered else theme.bg1
        edge = theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
        rounded(painter, box, 5, ground, edge, theme.border)
        inner = box.adjusted(8, 0, -8 - 14 - 2, 0)
        text_in(painter, inner, role_word(column.role), font("second", weight=600), theme.t1)
        draw_icon(painter, "chevron-down", QPointF(box.right() - 8 - 5, box.center().y()), theme.t2, 12)

    def _said(self, section: int) -> str:
        if not 0 <= section < len(self._columns):
            return ""
        column = self._columns[section]
        summary = self._summaries[section] if section < len(self._summaries) else None
        warning = warning_of(summary) if summary is not None else ""
        return f"{column.name}\n{warning}" if warning else column.name

    def _on_chip(self, point: QPoint) -> int:
        section = self.logicalIndexAt(point)
        return section if section >= 0 and self.chip(section).contains(point) else -1

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def _restyle(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.viewport().update()


def chip_width(column: Column) -> float:
    """Room that the role chip of a column asks for."""
    return text_width(role_word(column.role), font("second", weight=600)) + 32


def warning_of(summary: ColumnSummary) -> str:
    """Why the head carries an amber sign; empty if it carries none."""
    if summary.missing == summary.rows:
        return _tr("No value in any row")
    if summary.constant:
        return _tr("One value in all rows")
    if summary.missing:
        return _tr("{} of {} values are missing").format(format_count(summary.missing), format_count(summary.rows))
    if summary.infinite:
        return _tr("{} values are infinite").format(format_count(summary.infinite))
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ColumnHead", text)

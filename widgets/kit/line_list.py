"""A list of lines to walk through and to act on: a sign, a text, a note under it, a figure at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets.kit.painting import rounded, text_in, text_width
from widgets.theme import Theme, draw_icon, font

_Index = QModelIndex | QPersistentModelIndex

_LINE, _NOTED = 28, 44              # px, without and with a note
_SIGN, _PADDING = 16, 8


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        text: What it says; elided in the middle, whole in the tooltip.
        note: A second line under it.
        figure: At its right end.
        sign: A Lucide icon before it, and the theme's name of its colour.
        strong: Whether the text is set in 600.
    """

    text: str
    note: str = ""
    figure: str = ""
    sign: str = ""
    colour: str = "t2"
    strong: bool = False

    def spoken(self) -> str:
        return ". ".join(part for part in (self.text, self.figure, self.note) if part)


class LineList(QListView):
    """Arrows and clicks look at a line, Enter and double clicks take it."""

    looked_at = Signal(int)             # the line that is current now, -1 for none
    taken = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        self.doubleClicked.connect(lambda index: self.taken.emit(index.row()))

    def lines(self) -> tuple[Line, ...]:
        return self._lines.lines

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these; the current line stays where its text is still there."""
        if tuple(lines) == self._lines.lines:
            return
        index = self.current()
        text = self._lines.lines[index].text if index >= 0 else None
        blocked = self.blockSignals(True)
        self._lines.set_lines(tuple(lines))
        self.blockSignals(blocked)
        again = next((i for i, line in enumerate(lines) if line.text == text), -1)
        if again >= 0:
            self.setCurrentIndex(self._lines.index(again, 0))
        elif index >= 0:
            self.looked_at.emit(-1)

    def current(self) -> int:
        """The line that is looked at, -1 for none."""
        return self.currentIndex().row()

    def look_at(self, row: int) -> None:
        self.setCurrentIndex(self._lines.index(row, 0))

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not previous.isValid():
            self.looked_at.emit(current.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() >= 0:
            self.taken.emit(self.current())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()                  # what holds the list may close
        else:
            super().keyPressEvent(event)


class _Lines(QAbstractListModel):
    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return line.spoken()
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        return QSize(80, Theme.current().px(_NOTED if line.note else _LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, line = Theme.current(), index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            rounded(painter, box.adjusted(2, 1, -2, -1), 6, theme.bg3)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box.adjusted(2, 1, -2, -1), 6, theme.bg2)
        inner = box.adjusted(theme.px(_PADDING), 0, -theme.px(_PADDING), 0)
        first = QRectF(inner.left(), inner.top() + (4 if line.note else 0), inner.width(), 0)
        first.setHeight(inner.height() / 2 if line.note else inner.height())
        if line.sign:
            middle = QPointF(inner.left() + theme.px(_SIGN) / 2, first.center().y())
            draw_icon(painter, line.sign, middle, theme.colour(line.colour))
            first.setLeft(first.left() + theme.px(_SIGN + 8))
        left = first.left()
        if line.figure:
            face = font("second")
            text_in(painter, first, line.figure, face, theme.t2, Qt.AlignmentFlag.AlignRight)
            first.setRight(first.right() - text_width(line.figure, face) - 12)
        face = font("body", weight=600 if line.strong else None)
        text_in(painter, first, line.text, face, theme.t1, elide=Qt.TextElideMode.ElideMiddle)
        if line.note:
            below = QRectF(left, first.bottom() - 2, inner.right() - left, inner.bottom() - first.bottom() - 2)
            text_in(painter, below, line.note, font("second"), theme.t2, elide=Qt.TextElideMode.ElideRight)

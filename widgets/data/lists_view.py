"""Lists of names side by side, as "Show both lists" asks for them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, QStringListModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.kit.label import Hairline, Label
from widgets.kit.laid_out import widgets_in
from widgets.kit.painting import hairline, text_in, text_width
from widgets.numbers import format_count
from widgets.theme import Theme, font

_MOST = 6
_HEAD, _NAME, _APART = 28, 24, 32          # px in a figure


class ListsView(QWidget):
    """Shows lists by their heading, at most six; Ctrl+A and Ctrl+C take names to the clipboard, one a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 12, 16, 12)
        self._row.setSpacing(16)
        self.setAccessibleName(self.tr("Lists"))

    def set_lists(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        """Such as `DataRefusal.lists`."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for heading, names in list(lists.items())[:_MOST]:
            self._row.addWidget(_OneList(heading, names))

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The lists with the names in sight into any place, for exports."""
        left = rect.left()
        for one in self._lists():
            width = one.whole_width()
            one.paint(painter, QRectF(left, rect.top(), width, rect.height()), theme)
            left += width + _APART

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: no name is cut."""
        lists = self._lists()
        width = sum(one.whole_width() for one in lists) + _APART * (len(lists) - 1)
        return max(width, 320.0), float(_HEAD + 6 + _NAME * max((len(one.in_sight()) for one in lists), default=0))

    def _lists(self) -> list[_OneList]:
        return [one for one in widgets_in(self._row) if isinstance(one, _OneList)]


class _OneList(QWidget):
    def __init__(self, heading: str, names: tuple[str, ...]) -> None:
        super().__init__()
        self._heading, self._names = heading, names
        names_view = self._view = _Names(names)
        names_view.setAccessibleName(f"{heading}, {format_count(len(names))}")
        head = QHBoxLayout()
        head.addWidget(Label(heading, "title", elide=True))
        head.addStretch(1)
        head.addWidget(Label(format_count(len(names)), "second", "t2"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(names_view, 1)

    def in_sight(self) -> tuple[str, ...]:
        """The names that are seen."""
        view = self._view.viewport()
        first, last = (self._view.indexAt(QPoint(1, y)).row() for y in (0, view.height() - 1))
        return self._names[max(first, 0) : (last if last >= 0 else len(self._names) - 1) + 1]

    def whole_width(self) -> float:
        """As wide as the heading with its count, and every name in sight, need."""
        head = text_width(self._heading, font("title")) + 16 + text_width(self._count(), font("second"))
        return math.ceil(max(head, *(text_width(name, font("second")) + 8 for name in self.in_sight()), 160.0))

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Heading, count and the names in sight."""
        head = QRectF(rect.left(), rect.top(), rect.width(), theme.px(_HEAD))
        face = font("second", scale=theme.scale)
        text_in(painter, head, self._heading, font("title", scale=theme.scale), theme.t1)
        text_in(painter, head, self._count(), face, theme.t2, Qt.AlignmentFlag.AlignRight)
        hairline(painter, head.left(), head.right(), head.bottom(), theme)
        line = QRectF(rect.left() + 4, head.bottom() + 6, rect.width() - 8, theme.px(_NAME))
        for name in self.in_sight():
            text_in(painter, line, name, face, theme.t1)
            line.translate(0, line.height())

    def _count(self) -> str:
        return format_count(len(self._names))


class _Line(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, Theme.current().px(_NAME))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, box = Theme.current(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.bg3)
        middle = Qt.TextElideMode.ElideMiddle
        text_in(painter, box.adjusted(4, 0, -4, 0), str(index.data()), font("second"), theme.t1, elide=middle)


class _Names(QListView):
    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.setModel(QStringListModel(list(names), self))
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Line(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
            names = [str(self.model().index(row, 0).data()) for row in rows]
            QGuiApplication.clipboard().setText("\n".join(names))
            return
        super().keyPressEvent(event)

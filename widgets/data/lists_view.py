"""Lists of names side by side, as "Show both lists" asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, QStringListModel, Qt
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
from widgets.kit.painting import text_in
from widgets.numbers import format_count
from widgets.theme import Theme, font

_MOST = 6


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


class _OneList(QWidget):
    def __init__(self, heading: str, names: tuple[str, ...]) -> None:
        super().__init__()
        names_view = _Names(names)
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


class _Line(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, Theme.current().px(24))

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

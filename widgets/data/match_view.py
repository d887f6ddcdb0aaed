"""Pictures beside their labels, one line each, with where the labels come from and what was prepared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
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

from engines.data.kinds import ColumnType, Images
from engines.data.labels import FILE
from engines.data.roles import Role
from widgets.data.cells import cell_text, decimals_of
from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline, Label
from widgets.kit.painting import text_in
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton
from widgets.pictures.pixels import draw_image, image_of
from widgets.theme import Theme, font

_ROW, _THUMB, _NAME = 44, 32, 220
_MOST_VALUES = 5
_VALUES = Qt.ItemDataRole.UserRole
_PICTURE = Qt.ItemDataRole.UserRole + 1


class MatchView(QWidget):
    """Shows how Images and labels belong together; every wish is told, nothing is changed here."""

    labels_asked = Signal()                  # by the user's hand, as are all below
    labels_left = Signal()                   # take the labels away
    order_chosen = Signal(bool)              # True: in order, False: by name
    step_left = Signal(int)                  # take back the step at this place

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Match"))
        self._sentence = Label("", "title", elide=True)
        self._order = Segmented((self.tr("By name"), self.tr("In order")), name=self.tr("How labels are matched"))
        self._order.chosen.connect(lambda index: self.order_chosen.emit(index == 1))
        self._choose = Button(self.tr("Choose labels"), "plain")
        self._choose.clicked.connect(self.labels_asked)
        self._leave = Button(self.tr("Take the labels away"), "ghost")
        self._leave.clicked.connect(self.labels_left)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sentence)
        head.addStretch(1)
        for widget in (self._order, self._choose, self._leave):
            head.addWidget(widget)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self._list = QListView()
        self._list.setAccessibleName(self.tr("Pictures and their labels"))
        self._model = _Rows(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Line(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._steps)
        column.addWidget(Hairline())
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)
        follow_theme(self._list.doItemsLayout)

    def set_images(self, images: Images | None) -> None:
        """One line for each picture."""
        self._model.set_images(images)

    def set_labels(self, sentence: str, *, given: bool, in_order: bool | None) -> None:
        """Where the labels come from; `given`: a table of its own, that can be taken away, and matched otherwise unless
        `in_order` is None.
        """
        self._sentence.setText(sentence)
        self._order.setVisible(given and in_order is not None)
        self._order.set_current(1 if in_order else 0)
        self._leave.setVisible(given)

    def set_steps(self, steps: Sequence[str]) -> None:
        """What was prepared, in words, each with a button that takes it back."""
        while (item := self._steps.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, words in enumerate(steps):
            self._steps.addWidget(self._step(place, words))

    def count(self) -> int:
        """Lines shown."""
        return self._model.rowCount()

    def line(self, place: int) -> str:
        """What a line says of its picture."""
        index = self._model.index(place)
        return f"{index.data()}: {index.data(_VALUES)}"

    def _step(self, place: int, words: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        back = ToolButton("x", self.tr("Take back: {}").format(words))
        back.clicked.connect(lambda: self.step_left.emit(place))
        row.addWidget(Label(words, "second", "t2", elide=True))
        row.addWidget(back)
        row.addStretch(1)
        return line


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._images: Images | None = None

    def set_images(self, images: Images | None) -> None:
        self.beginResetModel()
        self._images = images
        columns = () if images is None else images.attributes.columns
        shown = [c for c in columns if c.name != FILE and c.role is not Role.LEFT_OUT]
        shown.sort(key=lambda column: column.role is not Role.LABEL)
        self._shown = [
            (column, decimals_of(column) if column.type is ColumnType.NUMBER else 0) for column in shown[:_MOST_VALUES]
        ]
        self.endResetModel()

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own
        return 0 if self._images is None else len(self._images)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        images, place = self._images, index.row()
        if images is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            named = FILE in images.attributes
            text = images.attributes[FILE].label(place) if named else None
            return str(text) if text is not None else self.tr("image {}").format(int(images.row_ids[place]))
        if role == _VALUES:
            return ",  ".join(f"{column.name} {cell_text(column, place, digits)}" for column, digits in self._shown)
        if role == _PICTURE:
            return images.pixels[place]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{index.data()}, {index.data(_VALUES)}"
        return None


class _Line(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, Theme.current().px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, box = Theme.current(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.bg3)
        side = theme.px(_THUMB)
        frame = QRectF(box.left() + 8, box.center().y() - side / 2, side, side)
        draw_image(painter, frame, image_of(index.data(_PICTURE)))
        middle = Qt.TextElideMode.ElideMiddle
        name = QRectF(frame.right() + 12, box.top(), min(theme.px(_NAME), box.width() * 0.4), box.height())
        text_in(painter, name, str(index.data()), font("body"), theme.t1, elide=middle)
        rest = QRectF(name.right() + 16, box.top(), box.right() - name.right() - 24, box.height())
        words = str(index.data(_VALUES)) or self.tr("no label")
        text_in(painter, rest, words, font("second"), theme.t2, elide=Qt.TextElideMode.ElideRight)

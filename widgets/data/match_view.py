"""Pictures beside their labels, one line each, with where the labels come from and what was prepared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
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
from widgets.kit.painting import hairline, text_in, text_width
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton
from widgets.pictures.pixels import draw_image, image_of
from widgets.theme import Theme, font

_ROW, _THUMB, _NAME = 44, 32, 220
_TEXT = 24              # px of a line of text in a figure
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
        self._words: tuple[str, ...] = ()           # what was prepared
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
        self._words = tuple(steps)
        for place, words in enumerate(steps):
            self._steps.addWidget(self._step(place, words))

    def count(self) -> int:
        """Lines shown."""
        return self._model.rowCount()

    def line(self, place: int) -> str:
        """What a line says of its picture."""
        index = self._model.index(place)
        return f"{index.data()}: {index.data(_VALUES)}"

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Where the labels come from, what was prepared, and the lines in sight, into any place, for exports."""
        line = QRectF(rect.left(), rect.top(), rect.width(), theme.px(_TEXT))
        for place, text in enumerate((self._sentence.text(), *self._words)):
            face = font("second" if place else "title", scale=theme.scale)
            text_in(painter, line, text, face, theme.t2 if place else theme.t1)
            line.translate(0, line.height())
        hairline(painter, rect.left(), rect.right(), line.top(), theme)
        for place, row in enumerate(self._in_sight()):
            top = line.top() + 8 + place * theme.px(_ROW)
            box = QRectF(rect.left(), top, rect.width(), theme.px(_ROW))
            _paint_line(painter, box, self._model.index(row), theme, self._name_width())

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: no name and no value is cut."""
        words = ((self._sentence.text(), font("title")), *((text, font("second")) for text in self._words))
        values = [self._model.index(row).data(_VALUES) for row in self._in_sight()]
        line = _THUMB + 44 + self._name_width() + max((text_width(text, font("second")) for text in values), default=0)
        width = max(line, *(text_width(text, face) for text, face in words), 320.0)
        return math.ceil(width), float(_TEXT * len(words) + 8 + _ROW * len(self._in_sight()))

    def _in_sight(self) -> range:
        """The lines that are seen."""
        view = self._list.viewport()
        first, last = (self._list.indexAt(QPoint(1, y)).row() for y in (0, view.height() - 1))
        return range(max(first, 0), (last if last >= 0 else self.count() - 1) + 1)

    def _name_width(self) -> float:
        """What the names in sight need, px."""
        names = [str(self._model.index(row).data()) for row in self._in_sight()]
        return max((text_width(name, font("body")) for name in names), default=0)

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
        _paint_line(painter, box, index, theme, min(theme.px(_NAME), box.width() * 0.4))


def _paint_line(
    painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, theme: Theme, name_width: float
) -> None:
    """The picture, its name over `name_width` px, and its labels."""
    side = theme.px(_THUMB)
    frame = QRectF(box.left() + 8, box.center().y() - side / 2, side, side)
    draw_image(painter, frame, image_of(index.data(_PICTURE)))
    name = QRectF(frame.right() + 12, box.top(), name_width, box.height())
    face = font("body", scale=theme.scale)
    text_in(painter, name, str(index.data()), face, theme.t1, elide=Qt.TextElideMode.ElideMiddle)
    rest = QRectF(name.right() + 16, box.top(), box.right() - name.right() - 24, box.height())
    words = str(index.data(_VALUES)) or QCoreApplication.translate("MatchView", "no label")
    text_in(painter, rest, words, font("second", scale=theme.scale), theme.t2, elide=Qt.TextElideMode.ElideRight)

"""One line a column: name, type, histogram, figures and role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engines.data.kinds import Table
from engines.data.roles import Role
from engines.data.summary import ColumnSummary
from widgets.data.cells import decimals_of
from widgets.data.column_head import warning_of
from widgets.data.roles import is_type_key, role_for_key, role_menu, role_word, type_after
from widgets.data.strip import paint_strip
from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.numbers import format_count, format_number, format_range
from widgets.theme import Theme, draw_icon, faded, font

LINE = 48
_HEAD = 32
_FIGURE = 720            # px, as wide as all figures of a column need
_RIGHT = Qt.AlignmentFlag.AlignRight
_NONE = QModelIndex()


class ColumnsView(QWidget):
    """Shows the columns of a Table with their summaries. Up and down move, digits give the role, T the next type."""

    column_chosen = Signal(str)              # by the user's hand, as are all below
    role_chosen = Signal(str, object)        # name, Role
    type_chosen = Signal(str, object)        # name, ColumnType

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Columns(self)
        self._list = _List(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Line(self._list, self._model))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = _Head()
        column.addWidget(self._head)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)
        self._quiet = False
        self._list.selectionModel().currentChanged.connect(self._moved)
        self._list.role_key.connect(self._give_role)
        self._list.type_key.connect(self._next_type)
        self._list.chip_clicked.connect(self._open_roles)

    def set_table(self, table: Table | None, summaries: Sequence[ColumnSummary]) -> None:
        """The columns, with one summary each."""
        name = self.column()
        self._quiet = True
        self._model.set_table(table, tuple(summaries))
        self._quiet = False
        self.set_column(name)
        self._list.setAccessibleName(self.tr("Columns of {}").format(table.name) if table is not None else "")

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """All columns into any place, for exports."""
        head, line = theme.px(_HEAD), theme.px(LINE)
        _paint_head(painter, QRectF(rect.left(), rect.top(), rect.width(), head), self._head.words(), theme)
        for row in range(self._model.rowCount()):
            box = QRectF(rect.left(), rect.top() + head + row * line, rect.width(), line)
            _paint_line(painter, box, self._model, row, theme, on_screen=False)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        return _FIGURE, _HEAD + LINE * self._model.rowCount()

    def column(self) -> str:
        """The selected column's name; empty if none."""
        index = self._list.currentIndex()
        return self._model.name(index.row()) if index.isValid() else ""

    def set_column(self, name: str) -> None:
        table = self._model.table
        if table is None or name not in table or name == self.column():
            return
        self._quiet = True
        self._list.setCurrentIndex(self._model.index(table.names.index(name)))
        self._quiet = False

    def _moved(self, current: QModelIndex) -> None:
        if not self._quiet and current.isValid():
            self.column_chosen.emit(self._model.name(current.row()))

    def _give_role(self, role: Role) -> None:
        table, name = self._model.table, self.column()
        if table is not None and name and table[name].role is not role:
            self.role_chosen.emit(name, role)

    def _next_type(self) -> None:
        table, name = self._model.table, self.column()
        if table is not None and name:
            self.type_chosen.emit(name, type_after(table[name].type))

    def _open_roles(self, point: QPoint) -> None:
        table, name = self._model.table, self.column()
        if table is not None and name:
            menu = role_menu(table[name].role, self._give_role, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(point)


class _Columns(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.summaries: tuple[ColumnSummary, ...] = ()
        self.decimals: tuple[int, ...] = ()

    def set_table(self, table: Table | None, summaries: tuple[ColumnSummary, ...]) -> None:
        self.beginResetModel()
        self.table, self.summaries = table, summaries
        self.decimals = tuple(decimals_of(column) for column in table.columns) if table is not None else ()
        self.endResetModel()

    def name(self, row: int) -> str:
        return self.table.columns[row].name if self.table is not None else ""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.table is None or not index.isValid():
            return None
        column = self.table.columns[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join((column.name, str(column.type), str(column.role), *self.figures(index.row())))
        if role == Qt.ItemDataRole.ToolTipRole:
            return warning_of(self.summaries[index.row()]) or None
        return None

    def figures(self, row: int) -> tuple[str, str, str, str]:
        """Median or commonest level, range, distinct, missing, as text."""
        assert self.table is not None
        column, summary = self.table.columns[row], self.summaries[row]
        distinct, missing = format_count(summary.distinct), format_count(summary.missing)
        if summary.linear is None:
            repeated = summary.levels and summary.levels[0][1] > 1
            return (summary.levels[0][0] if repeated else "", "", distinct, missing)
        decimals = self.decimals[row]
        middle = format_number(summary.median, column.unit, decimals)
        return (middle, format_range(summary.low, summary.high, "", decimals), distinct, missing)


class _List(QListView):
    role_key = Signal(object)
    type_key = Signal()
    chip_clicked = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        follow_theme(self._restyle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (role := role_for_key(event)) is not None:
            self.role_key.emit(role)
        elif is_type_key(event):
            self.type_key.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid():
            chip = fields(QRectF(self.visualRect(index)))["role"].toRect()
            if chip.contains(point):
                self.chip_clicked.emit(self.viewport().mapToGlobal(chip.bottomLeft()))

    def _restyle(self) -> None:
        self.scheduleDelayedItemsLayout()


class _Line(QStyledItemDelegate):
    def __init__(self, view: QListView, model: _Columns) -> None:
        super().__init__(view)
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(320, Theme.current().px(LINE))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        table = self._model.table
        if table is None:
            return
        view = self.parent()
        assert isinstance(view, QListView)
        chosen = index == view.currentIndex()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_line(
            painter, QRectF(option.rect), self._model, index.row(), Theme.current(), chosen, chosen and view.hasFocus()
        )


def _paint_line(
    painter: QPainter, box: QRectF, model: _Columns, row: int, theme: Theme, chosen: bool = False,
    focused: bool = False, on_screen: bool = True,
) -> None:
    """One column: name and type, distribution, figures, role; on paper the role opens nothing."""
    assert model.table is not None
    column, summary = model.table.columns[row], model.summaries[row]
    if chosen:
        painter.fillRect(box, faded(theme.bg3, 0.7))
    painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.line)
    if focused:
        rounded(painter, box.adjusted(0, 0, 0, -1), 0, None, theme.ink, 2)
    place = fields(box, theme)
    name = place["name"]
    if warning_of(summary):
        sign = QPointF(name.right() - 8, name.center().y())
        draw_icon(painter, "triangle-alert", sign, theme.warn, 14)
        name = name.adjusted(0, 0, -20, 0)
    half, middle = theme.px(18), name.center().y()
    kind = str(column.type) if not column.unit else f"{column.type}, {column.unit}"
    upper = QRectF(name.left(), middle - half - 1, name.width(), half)
    text_in(painter, upper, column.name, font("title", scale=theme.scale), theme.t1)
    text_in(painter, upper.translated(0, half + 1), kind, font("second", scale=theme.scale), theme.t2)
    paint_strip(painter, place["strip"], summary, theme, chosen)
    for key, text in zip(("middle", "range", "distinct", "missing"), model.figures(row)):
        if (field := place.get(key)) is not None:
            warned = key == "missing" and summary.missing
            text_in(painter, field, text, font("second", scale=theme.scale), theme.warn if warned else theme.t1, _RIGHT)
    chip = place["role"]
    edge = theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
    rounded(painter, chip, 5, theme.bg1, edge, theme.border)
    face = font("second", weight=600, scale=theme.scale)
    text_in(painter, chip.adjusted(8, 0, -22, 0), role_word(column.role), face, theme.t1)
    if on_screen:
        draw_icon(painter, "chevron-down", QPointF(chip.right() - 12, chip.center().y()), theme.t2, 12)


def _paint_head(painter: QPainter, box: QRectF, words: Mapping[str, str], theme: Theme) -> None:
    """The words over the figures."""
    painter.fillRect(box, theme.bg2)
    painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.line)
    for key, field in fields(box, theme).items():
        right = key in ("middle", "range", "distinct", "missing")
        line = QRectF(field.left(), box.top(), field.width(), box.height())
        text_in(
            painter, line, words[key], font("second", scale=theme.scale), theme.t2,
            _RIGHT if right else Qt.AlignmentFlag.AlignLeft,
        )


class _Head(QWidget):
    """The words over the figures."""

    def __init__(self) -> None:
        super().__init__()
        follow_theme(self._restyle)

    def words(self) -> dict[str, str]:
        """By field."""
        return {
            "name": self.tr("column"), "strip": self.tr("distribution"), "middle": self.tr("typical"),
            "range": self.tr("range"), "distinct": self.tr("distinct"), "missing": self.tr("missing"),
            "role": self.tr("role"),
        }

    def paintEvent(self, _event: QPaintEvent) -> None:
        _paint_head(painter_on(self), QRectF(self.rect()), self.words(), Theme.current())

    def _restyle(self) -> None:
        self.setFixedHeight(Theme.current().px(_HEAD))


def fields(line: QRectF, theme: Theme | None = None) -> dict[str, QRectF]:
    """Where each field of a line lies; the range goes first when room is short, then the count of distinct values."""
    theme = theme or Theme.current()
    px, face = theme.px, font("second", weight=600, scale=theme.scale)
    chip = max(px(96), round(text_width(role_word(Role.SENSITIVE), face) * 0.75 + 32))
    widths = {"strip": px(132), "middle": px(80), "range": px(132), "distinct": px(64), "missing": px(64), "role": chip}
    gap = 16
    spare = line.width() - 2 * gap - sum(widths.values()) - gap * len(widths)
    for key in ("range", "distinct", "middle"):
        if spare < px(140):
            spare += widths.pop(key) + gap
    found = {"name": QRectF(line.left() + gap, line.top(), max(spare, px(80)), line.height())}
    x = found["name"].right() + gap
    for key, width in widths.items():
        tall = {"strip": 28, "role": 24}.get(key)
        height = px(tall) if tall else line.height()
        found[key] = QRectF(x, line.center().y() - height / 2, width, height)
        x += width + gap
    return found

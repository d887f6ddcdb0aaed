"""One column in full: distribution, figures, role, type, unit."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from engines.data.kinds import Column, ColumnType
from engines.data.roles import Role
from engines.data.summary import ColumnSummary
from widgets.data.cells import decimals_of
from widgets.data.distribution import DistributionView
from widgets.data.roles import QUICK_ROLES, is_type_key, role_for_key, role_menu, role_word, type_after, type_menu
from widgets.kit.button import Button
from widgets.kit.control import Control
from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline, Label
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.switch import Switch
from widgets.numbers import format_count, format_number, format_range, natural_precision
from widgets.theme import Theme, faded, font

INSPECTOR_BINS = 48
_SIDE = 20


class ColumnInspector(QWidget):
    """Shows a Column and its summary. Digits 1 to 6 give the role, T the next type.

    Linear and Log change the view only. `heading` and `note` are what the panel's header says: "PKA", "column 8 of 11".
    """

    role_chosen = Signal(str, object)        # name, Role; by the user's hand, as are all below
    type_chosen = Signal(str, object)        # name, ColumnType
    unit_chosen = Signal(str, str)           # name, unit
    whole_chosen = Signal(str, bool)         # name, only whole numbers

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column: Column | None = None
        self._summary: ColumnSummary | None = None
        self._place = (0, 0)
        self._log = False
        self._scale = Segmented((self.tr("Linear"), self.tr("Log")), self, name=self.tr("Scale of the axis"))
        self._distribution = DistributionView()
        self._figures = _Figures()
        self._roles = {role: _RoleButton(role, str(i)) for i, role in enumerate(QUICK_ROLES, start=1)}
        self._other = Button("", "ghost", parent=self, menu=True)
        self._type = Button("", "ghost", parent=self, menu=True)
        self._unit = QLineEdit(self)
        self._whole = Switch(self.tr("Whole numbers only"), self)
        self._lay_out()
        self._scale.chosen.connect(self._choose_scale)
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        for place, button in enumerate(self._roles.values()):
            self._group.addButton(button, place)
        self._group.idClicked.connect(self._click_role)
        self._other.clicked.connect(self._open_roles)
        self._type.clicked.connect(self._open_types)
        self._unit.editingFinished.connect(self._give_unit)
        self._whole.clicked.connect(self._give_whole)
        follow_theme(self._restyle)
        self.set_column(None, None)

    def column(self) -> Column | None:
        return self._column

    def heading(self) -> str:
        return self._column.name if self._column is not None else ""

    def note(self) -> str:
        """Such as "column 8 of 11"."""
        return self.tr("column {} of {}").format(*self._place) if self._column is not None else ""

    def set_column(self, column: Column | None, summary: ColumnSummary | None, place: int = 0, count: int = 0) -> None:
        """Show a column, the `place`-th (from 1) of `count`. Ask `column_summary` for 48 bins."""
        fresh = column is None or self._column is None or column.name != self._column.name
        self._column, self._summary, self._place = column, summary, (place, count)
        self.setAccessibleName(self.tr("Column {}").format(column.name) if column is not None else self.tr("Column"))
        self._scroll.setVisible(column is not None)
        if column is None:
            return
        if fresh:
            self._log = bool(summary is not None and summary.long_tailed and summary.logarithmic is not None)
        self._show_distribution()
        self._figures.set_lines(self._lines())
        for role, button in self._roles.items():
            button.setChecked(role is column.role)
        quick = column.role in QUICK_ROLES
        self._other.set_text(self.tr("Other roles") if quick else role_word(column.role))
        self._type.set_text(str(column.type))
        self._type.setAccessibleName(self.tr("Type: {}").format(column.type))
        number = column.type is ColumnType.NUMBER
        with QSignalBlocker(self._unit):
            self._unit.setText(column.unit)
        self._unit_row.setVisible(number)
        self._whole_row.setVisible(number)
        with QSignalBlocker(self._whole):
            self._whole.setChecked(column.whole)
        self._whole.setEnabled(column.whole or _all_whole(column))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._column is not None and (role := role_for_key(event)) is not None:
            self._give_role(role)
        elif self._column is not None and is_type_key(event):
            self._give_type(type_after(self._column.type))
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self._scroll = ScrollColumn(margins=(0, 12, 0, 16))
        column = self._scroll.column
        head = _row(Label(self.tr("Distribution"), "second", weight=600), self._scale)
        column.addLayout(head)
        column.addSpacing(8)
        column.addLayout(_inset(self._distribution))
        column.addSpacing(14)
        column.addLayout(_inset(self._figures))
        column.addSpacing(14)
        keys = Label(self.tr("keys 1 to 6"), "second", "t3")
        column.addLayout(_row(Label(self.tr("Role"), "second", weight=600), keys))
        column.addSpacing(10)
        grid = QGridLayout()
        grid.setContentsMargins(_SIDE, 0, _SIDE, 0)
        grid.setSpacing(8)
        for i, button in enumerate(self._roles.values()):
            grid.addWidget(button, i // 2, i % 2)
        column.addLayout(grid)
        column.addSpacing(4)
        other = QHBoxLayout()
        other.setContentsMargins(_SIDE - 8, 0, _SIDE, 0)
        other.addWidget(self._other)
        other.addStretch(1)
        column.addLayout(other)
        column.addSpacing(8)
        column.addWidget(Hairline())
        column.addSpacing(8)
        self._type_row = _line(self.tr("Type"), self._type, right=_SIDE - 8)
        self._unit_row = _line(self.tr("Unit"), self._unit)
        self._whole_row = _line(self.tr("Whole numbers only"), self._whole)
        for line in (self._type_row, self._unit_row, self._whole_row):
            column.addWidget(line)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self._unit.setProperty("bare", True)
        self._unit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._unit.setPlaceholderText(self.tr("not given"))
        self._unit.setAccessibleName(self.tr("Unit"))

    def _show_distribution(self) -> None:
        summary = self._summary
        can = summary is not None and summary.logarithmic is not None
        self._scale.setVisible(summary is not None and summary.linear is not None)
        self._scale.setEnabled(can)
        self._scale.set_current(1 if self._log and can else 0)
        self._distribution.set_summary(summary, self._log)

    def _lines(self) -> list[tuple[str, str]]:
        summary, column = self._summary, self._column
        if summary is None or column is None:
            return []
        counts = [
            (self.tr("Distinct values"), format_count(summary.distinct)),
            (self.tr("Missing"), format_count(summary.missing)),
        ]
        if summary.infinite:
            counts.append((self.tr("Infinite"), format_count(summary.infinite)))
        if summary.linear is None:
            repeated = summary.levels and summary.levels[0][1] > 1
            return [*([(self.tr("Most frequent"), summary.levels[0][0])] if repeated else []), *counts]
        unit = column.unit
        decimals = min(decimals_of(column), max(natural_precision(summary.median), 0))
        return [
            (self.tr("Median"), format_number(summary.median, unit, decimals)),
            (self.tr("Middle half"), format_range(summary.lower, summary.upper, unit, decimals)),
            (self.tr("Range"), format_range(summary.low, summary.high, unit, decimals)),
            *counts,
        ]

    def _choose_scale(self, index: int) -> None:
        self._log = index == 1
        self._distribution.set_summary(self._summary, self._log)

    def _give_role(self, role: Role) -> None:
        column = self._column
        if column is None:
            return
        for other, button in self._roles.items():
            button.setChecked(other is column.role)          # the role shows when the panel has set it
        if role is not column.role:
            self.role_chosen.emit(column.name, role)

    def _click_role(self, place: int) -> None:
        self._give_role(QUICK_ROLES[place])

    def _open_roles(self) -> None:
        if self._column is not None:
            menu = role_menu(self._column.role, self._give_role, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup_under(self._other)

    def _open_types(self) -> None:
        if self._column is not None:
            menu = type_menu(self._column.type, self._give_type, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup_under(self._type)

    def _give_type(self, kind: ColumnType) -> None:
        if self._column is not None and kind is not self._column.type:
            self.type_chosen.emit(self._column.name, kind)

    def _give_unit(self) -> None:
        if self._column is not None and self._unit.text().strip() != self._column.unit:
            self.unit_chosen.emit(self._column.name, self._unit.text().strip())

    def _give_whole(self, on: bool) -> None:
        if self._column is not None:
            self.whole_chosen.emit(self._column.name, on)

    def _restyle(self) -> None:
        self._unit.setFont(font("second"))


class _Figures(QWidget):
    """Names left, figures right, a hairline under each."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self.updateGeometry)

    def set_lines(self, lines: list[tuple[str, str]]) -> None:
        self._lines = lines
        self.setAccessibleName("; ".join(f"{name} {value}" for name, value in lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, Theme.current().px(27) * len(self._lines))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        line = theme.px(27)
        for i, (name, value) in enumerate(self._lines):
            box = QRectF(0, i * line, self.width(), line)
            text_in(painter, box, name, font("second"), theme.t2)
            rest = box.adjusted(text_width(name, font("second")) + 12, 0, 0, 0)
            text_in(painter, rest, value, font("second", weight=600), theme.t1, Qt.AlignmentFlag.AlignRight)
            painter.fillRect(QRectF(0, box.bottom() - 1, self.width(), 1), theme.line)


class _RoleButton(Control):
    """A role with its digit; the one that is on has an ink border."""

    def __init__(self, role: Role, key: str) -> None:
        super().__init__(role_word(role), None)
        self._key = key
        self.setCheckable(True)
        self.setToolTip(f"{self.text()}  {key}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, Theme.current().px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box()
        on = self.isChecked()
        ground = self.ground(theme, theme.bg1, on=theme.bg3 if theme.dark else theme.bg2)
        edge = theme.ink if on else theme.strong if theme.high_contrast else faded(theme.strong, 0.55)
        rounded(painter, box, 6, ground, edge, 2 if on else theme.border)
        text_in(painter, box.adjusted(12, 0, -32, 0), self.text(), font("second", weight=600), theme.t1)
        side = theme.px(18)
        key = QRectF(box.right() - 8 - side, box.center().y() - side / 2, side, side)
        if not on:
            rounded(painter, key, 4, theme.bg3 if theme.dark else theme.bg2)
        text_in(painter, key, self._key, font("strong_caption"), theme.t2, Qt.AlignmentFlag.AlignHCenter)


def _row(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(_SIDE, 0, _SIDE, 0)
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row


def _inset(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(_SIDE, 0, _SIDE, 0)
    row.addWidget(widget)
    return row


def _line(name: str, field: QWidget, right: int = _SIDE) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(_SIDE, 2, right, 2)
    row.addWidget(Label(name, "second", weight=600))
    row.addStretch(1)
    row.addWidget(field)
    line.setMinimumHeight(32)
    return line


def _all_whole(column: Column) -> bool:
    if column.type is not ColumnType.NUMBER:
        return False
    finite = column.values[np.isfinite(column.values)]
    return bool(len(finite)) and bool(np.all(finite == np.rint(finite)))

"""The list of methods: those that fit, the recommended one first; below, folded, the others with why not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio.catalogue import Announced, Misfit, WayOut
from studio.panels.check_badge import check_words
from widgets.kit.action import Action
from widgets.kit.control import Control
from widgets.kit.fold_header import FoldHeader
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.painting import painter_on, rounded, text_in
from widgets.kit.pill import PillKind
from widgets.kit.scroll_column import ScrollColumn
from widgets.theme import Theme, draw_icon, font

_ROW = 72
_SIGNS = {"ok": "circle-check", "warn": "triangle-alert", "err": "circle-alert"}


class MethodList(QWidget):
    """A click or the arrow keys choose one that fits."""

    chosen = Signal(str)            # id of the method; only by the user's hand
    way_wished = Signal(object)     # Misfit: what helps there

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, MethodRow] = {}
        self._known: object = None
        self._unfit: tuple[Misfit, ...] = ()
        self._current = ""
        self._fold = FoldHeader("", opened=False)
        self._others = QWidget()
        self._why = QVBoxLayout(self._others)
        self._why.setContentsMargins(8, 0, 4, 8)
        self._why.setSpacing(0)
        self._fold.fold(self._others)
        self._scroll = ScrollColumn(margins=(8, 8, 2, 8))
        self._scroll.column.addWidget(self._fold)
        self._scroll.column.addWidget(self._others)
        self._scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.addWidget(self._scroll)
        self.setAccessibleName(self.tr("Methods that fit"))

    def methods(self) -> list[str]:
        """Ids of those that fit, from top to bottom."""
        return list(self._rows)

    def row(self, method: str) -> MethodRow:
        return self._rows[method]

    def fold(self) -> FoldHeader:
        """The heading of those that do not fit."""
        return self._fold

    def reasons(self) -> list[str]:
        """What is written under the fold: title and why, one after the other."""
        return [text for misfit in self._unfit for text in (misfit.method.title, misfit.why)]

    def set_methods(self, fitting: Sequence[Announced], others: Sequence[Misfit]) -> None:
        """New methods; the first that fits is the recommended one. Those that are there already are kept."""
        known = ([(a.id, check_words(a)) for a in fitting], [(misfit.method.id, misfit.why) for misfit in others])
        if known == self._known:
            return
        self._known = known
        self._unfit = tuple(others)
        before, self._rows = self._rows, {}
        for place, announced in enumerate(fitting):
            row = before.pop(announced.id) if announced.id in before else self._new_row(announced.id)
            self._rows[announced.id] = row
            note = self.tr("Recommended") if place == 0 and len(fitting) > 1 else announced.sentence
            row.show_method(announced, note)
            self._scroll.column.insertWidget(place, row)
        for row in before.values():
            row.hide()
            row.deleteLater()
        while (item := self._why.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for misfit in others:
            self._why.addWidget(Label(misfit.method.title, "second", weight=600, wrap=True))
            self._why.addWidget(Label(misfit.why, "second", "t2", wrap=True))
            help_out = Action(way_text(misfit.way), partial(self.way_wished.emit, misfit))
            button = help_out.button(height=24)
            button.setAccessibleDescription(misfit.method.title)
            self._why.addSpacing(4)
            self._why.addWidget(button)
            self._why.addSpacing(8)
        text = self.tr("{} does not fit") if len(others) == 1 else self.tr("{} do not fit")
        self._fold.set_title(text.format(len(others)))
        self._fold.setVisible(bool(others))
        self._fold.setChecked(not fitting)
        self._others.setVisible(bool(others) and self._fold.isChecked())
        self.set_current(self._current)

    def fill(self, menu: Menu) -> None:
        """The same as a menu, for where there is no room: those that do not fit are off and say why."""
        menu.clear()
        for method, row in self._rows.items():
            menu.add(row.text(), partial(self.chosen.emit, method), on=method == self._current)
        for misfit in self._unfit:
            menu.add(misfit.method.title, off_because=misfit.why)

    def set_current(self, method: str) -> None:
        """Which one is chosen."""
        self._current = method
        for other, row in self._rows.items():
            row.setChecked(other == method)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other == method else Qt.FocusPolicy.ClickFocus)

    def take_focus(self) -> None:
        """Give the keyboard to the chosen one."""
        if (row := self._rows.get(self._current)) is not None:
            row.setFocus(Qt.FocusReason.TabFocusReason)

    def step(self, by: int) -> None:
        """Choose the one after or before."""
        ids = list(self._rows)
        if ids:
            place = ids.index(self._current) + by if self._current in ids else 0
            method = ids[min(max(place, 0), len(ids) - 1)]
            self._rows[method].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(method)

    def _new_row(self, method: str) -> MethodRow:
        row = MethodRow()
        row.clicked.connect(lambda: self.chosen.emit(method))
        row.stepped.connect(self.step)
        return row

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter_on(self).fillRect(QRectF(self.width() - 1, 0, 1, self.height()), Theme.current().line)


def way_text(way: WayOut) -> str:
    """The verb of what helps."""
    said = {
        WayOut.DATA: "Choose data", WayOut.COLUMNS: "Show the columns", WayOut.INSTALL: "Copy the line that installs it"
    }
    return QCoreApplication.translate("MethodList", said[way])


class MethodRow(Control):
    """Title, one line about it, which data it takes and how its check stands; checked means chosen. 72 high."""

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, ring_radius=6)
        self._note = self._caption = ""
        self._kind: PillKind = "grey"
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_method(self, announced: Announced, note: str) -> None:
        """A method; `note` is the line about it."""
        checked, self._kind = check_words(announced)
        self._note, self._caption = note, f"{checked}, {announced.accepts.kind}"
        self.setText(announced.title)
        self.setAccessibleName(announced.title)
        self.setAccessibleDescription(f"{announced.sentence} {self._caption}.")
        self.setToolTip(announced.sentence)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, Theme.current().px(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def nextCheckState(self) -> None:
        """A click chooses; it never unchooses."""
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers():
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box().adjusted(0, 2, 0, -2)
        rounded(painter, box, 6, self.ground(theme, on=theme.bg3))
        if self.isChecked():
            rounded(painter, QRectF(0, box.top() + 8, 3, box.height() - 16), 1.5, theme.ink)
        left, width, line = 12.0, box.width() - 20, (box.height() - 8) / 3
        lines = (
            (self.text(), font("title"), theme.t1), (self._note, font("second"), theme.t2),
            (self._caption, font("caption"), theme.t2),
        )
        for place, (text, face, ink) in enumerate(lines):
            row = QRectF(left, box.top() + 4 + place * line, width, line)
            sign = _SIGNS.get(self._kind, "")
            if place == 2 and sign:
                draw_icon(painter, sign, QPointF(left + 6, row.center().y()), theme.colour(self._kind), 12)
                row.setLeft(left + 16)
            text_in(painter, row, text, face, ink)

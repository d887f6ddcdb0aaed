"""The row of constraints: folded to a summary, unfolded to one line for each column and target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.controls.constraint_line import ConstrainedColumn, ConstraintLine
from widgets.controls.row import LEAST, ControlRow, RowState
from widgets.kit.fold_header import FoldHeader
from widgets.kit.label import Label
from widgets.theme import Theme

_STACKED = 640          # px of a row below which the lines break in two


@dataclass(frozen=True, kw_only=True)
class ConstraintsState(RowState):
    """What can be constrained, and what is said of each column that is not free."""

    columns: tuple[ConstrainedColumn, ...] = ()
    value: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class ConstraintsRow(ControlRow):
    """A heading with a summary; a click or Space unfolds it. Targets come first, then the columns that may change."""

    changed = Signal(object)      # the whole mapping; only by the user's hand, when a gesture is done

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ConstraintsState(name="")
        self._lines: dict[str, ConstraintLine] = {}
        self._tool.hide()
        self._head = FoldHeader("", opened=False, parent=self)
        self._body = QWidget(self)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(24, 0, 0, 8)
        self._column.setSpacing(4)
        self._head.fold(self._body)
        self._head.toggled.connect(self._restyle)
        self.setFocusProxy(self._head)
        self._follow_theme()

    def state(self) -> ConstraintsState:
        return self._state

    def set_state(self, state: ConstraintsState) -> None:
        """Show what is constrained; lines that are there stay, with the hand that is in them."""
        if state == self._state:
            return
        before, self._state = self._state, state
        if state.columns != before.columns:
            self._rebuild()
        for name, line in self._lines.items():
            line.set_value(state.value.get(name, {}))
        self._head.set_title(state.name[:1].upper() + state.name[1:])
        self._head.set_note(self.summary())
        self.setAccessibleName(f"{state.name}, {self.summary()}")
        self._restyle()

    def set_open(self, opened: bool) -> None:
        """Unfold or fold the lines."""
        self._head.setChecked(opened)

    def line(self, name: str) -> ConstraintLine:
        """The line of a column."""
        return self._lines[name]

    def head(self) -> FoldHeader:
        """Folds the lines."""
        return self._head

    def summary(self) -> str:
        """Such as "1 target, 3 locked, 2 ranges"."""
        counts = dict.fromkeys(("target", "locked", "range", "direction"), 0)
        targets = {column.name for column in self._state.columns if column.target}
        for name, said in self._state.value.items():
            if name in targets:
                counts["target"] += 1
                continue
            counts["locked"] += bool(said.get("lock"))
            counts["range"] += bool({"low", "high", "allowed"} & said.keys())
            counts["direction"] += "direction" in said
        words = {
            "target": (self.tr("{} target"), self.tr("{} targets")), "locked": (self.tr("{} locked"),) * 2,
            "range": (self.tr("{} range"), self.tr("{} ranges")),
            "direction": (self.tr("{} direction"), self.tr("{} directions")),
        }
        parts = [words[kind][count > 1].format(count) for kind, count in counts.items() if count]
        return ", ".join(parts) or self.tr("everything is free")

    # Qt

    def minimumSizeHint(self) -> QSize:
        theme = Theme.current()
        lines = max((line.minimumSizeHint().width() for line in self._lines.values()), default=0)
        return QSize(max(theme.px(LEAST), lines + 24 if self._head.isChecked() else 0), self._row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        stacked = self.width() < Theme.current().px(_STACKED)
        for line in self._lines.values():
            line.set_stacked(stacked)
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The heading and the lines paint themselves."""

    # private

    def _rebuild(self) -> None:
        for old in self._body.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = {}
        groups = ((self.tr("Targets"), True), (self.tr("What may change"), False))
        for title, target in groups:
            found = [column for column in self._state.columns if column.target is target]
            if found:
                self._column.addWidget(Label(title, "caption", "t2"))
            for column in found:
                line = ConstraintLine(column)
                line.changed.connect(lambda said, name=column.name: self._tell(name, said))
                self._lines[column.name] = line
                self._column.addWidget(line)

    def _tell(self, name: str, said: Mapping[str, Any]) -> None:
        value = {column: dict(other) for column, other in self._state.value.items() if column != name}
        self.changed.emit({**value, name: dict(said)} if said else value)

    def _row_height(self) -> int:
        head = self._head.sizeHint().height()
        return head + (self._body.sizeHint().height() if self._head.isChecked() else 0)

    def _place(self) -> None:
        head = self._head.sizeHint().height()
        self._head.setGeometry(0, 0, self.width(), head)
        self._body.setGeometry(0, head, self.width(), self._body.sizeHint().height())

    def _restyle(self, *_: object) -> None:
        self._place()
        super()._restyle()

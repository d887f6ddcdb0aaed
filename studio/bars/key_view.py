"""The table of keys: sections by panel, each line the keys and what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.bars.key_table import KEYS, KeySection
from widgets.kit.key_hint import KeyHint
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn


class KeyView(ScrollColumn):
    """To read only; `go_to` puts the keys of a panel first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 12, 12, 0))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self.setAccessibleName(self.tr("Keys"))
        self._made: dict[str, QWidget] = {}

    def go_to(self, place: str) -> None:
        """The keys of a panel first, then the others in their order."""
        sections = self._sections()
        for row, title in enumerate(sorted(sections, key=lambda title: title != place)):
            self.column.insertWidget(row, sections[title])
        self.verticalScrollBar().setValue(0)

    def first(self) -> str:
        """The section that stands first."""
        sections = self._sections()
        return min(sections, key=lambda title: self.column.indexOf(sections[title]))

    def showEvent(self, event: QShowEvent) -> None:
        self._sections()
        super().showEvent(event)

    def _sections(self) -> dict[str, QWidget]:
        """By title. They are made when they are first wanted: hundreds of labels that few starts need."""
        if not self._made:
            self._made = {found.title: self._section(found) for found in KEYS}
            for section in self._made.values():
                self.column.addWidget(section)
            self.column.addStretch(1)
        return self._made

    def _section(self, found: KeySection) -> QWidget:
        section = QWidget()
        section.setAccessibleName(self.tr(found.title))
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(0)
        column.addWidget(Label(self.tr(found.title), "title"))
        column.addSpacing(4)
        for keys, what in found.rows:
            column.addWidget(_line(keys, self.tr(what)))
        return section


def _line(keys: str, what: str) -> QWidget:
    line = QWidget()
    line.setAccessibleName(f"{keys}: {what}")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 3, 0, 3)
    row.setSpacing(12)
    left = QWidget()
    left.setMinimumWidth(136)
    inner = QHBoxLayout(left)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addWidget(KeyHint(keys))
    inner.addStretch(1)
    row.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(what, "second", wrap=True), 1)
    return line

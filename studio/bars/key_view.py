"""The table of keys: sections by panel, each line the keys and what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.key_table import KEYS
from widgets.kit.key_hint import KeyHint
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn


class KeyView(ScrollColumn):
    """To read only; `go_to` scrolls to the keys of a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=(16, 12, 12, 16))
        self._heads: dict[str, Label] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", -1)
        self.setAccessibleName(self.tr("Keys"))
        for place, found in enumerate(KEYS):
            if place:
                self.column.addSpacing(16)
            head = self._heads[found.title] = Label(self.tr(found.title), "title")
            self.column.addWidget(head)
            self.column.addSpacing(4)
            for keys, what in found.rows:
                self.column.addWidget(_line(keys, self.tr(what)))
        self.column.addStretch(1)

    def go_to(self, place: str) -> None:
        """Scroll so that the keys of a panel stand at the top."""
        head = self._heads.get(place)
        if head is not None:
            content = self.widget()
            assert content is not None
            content.adjustSize()
            self.verticalScrollBar().setValue(max(head.y() - 12, 0))

    def top(self) -> str:
        """The section that stands at the top."""
        seen = self.verticalScrollBar().value()
        above = [name for name, head in self._heads.items() if head.y() - 12 <= seen]
        return above[-1] if above else next(iter(self._heads))


def _line(keys: str, what: str) -> QWidget:
    line = QWidget()
    line.setAccessibleName(f"{keys}: {what}")
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 3, 0, 3)
    row.setSpacing(12)
    left = QWidget()
    left.setFixedWidth(136)
    inner = QHBoxLayout(left)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addWidget(KeyHint(keys))
    inner.addStretch(1)
    row.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(what, "second", wrap=True), 1)
    return line

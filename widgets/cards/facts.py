"""Names with their values, one a line: the figures and settings of a thing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import hairline, painter_on, text_in, text_width
from widgets.theme import Theme, font

_LINE = 28


class Facts(QWidget):
    """Name left, value right, a hairline under each. A value too long for its half is cut in the middle."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str], ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self.updateGeometry)

    def rows(self) -> tuple[tuple[str, str], ...]:
        return self._rows

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """(name, value) in the order in which they are read."""
        self._rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{name}: {value}" for name, value in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, Theme.current().px(_LINE) * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        line = theme.px(_LINE)
        for i, (name, value) in enumerate(self._rows):
            top = i * line
            room = self.width() - min(text_width(name, font("second")), self.width() * 0.55) - 16
            value_box = QRectF(self.width() - room, top, room, line)
            text_in(painter, QRectF(0, top, self.width() - room - 12, line), name, font("second"), theme.t2)
            text_in(
                painter, value_box, value, font("second", weight=600), theme.t1, Qt.AlignmentFlag.AlignRight,
                Qt.TextElideMode.ElideMiddle,
            )
            if i + 1 < len(self._rows):
                hairline(painter, 0, self.width(), top + line - 1, theme)

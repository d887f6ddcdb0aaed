"""Things side by side, one a column: what differs stands in ink behind a dot, what is the same recedes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import hairline, painter_on, text_in, text_width
from widgets.theme import Theme, font

_LINE, _HEAD, _SECTION = 28, 32, 40
_NAMES = 0.28                   # share of the width that the names take
_DOT = 14                       # room before a name


@dataclass(frozen=True)
class CompareRow:
    """One property and its value in each column; empty where a thing has none.

    `difference`: in words, for two columns; it stands after them.
    """

    name: str
    values: tuple[str, ...]
    difference: str = ""

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class CompareSection:
    """Rows under a heading."""

    title: str
    rows: tuple[CompareRow, ...]

    @property
    def differing(self) -> tuple[CompareRow, ...]:
        return tuple(row for row in self.rows if row.differs)


class CompareTable(QWidget):
    """Names at the left, one column a thing. Can be cut down to the rows that differ."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads: tuple[str, ...] = ()
        self._sections: tuple[CompareSection, ...] = ()
        self._only_differing = False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_theme(self._restyle)

    def heads(self) -> tuple[str, ...]:
        return self._heads

    def sections(self) -> tuple[CompareSection, ...]:
        """What is to be seen now."""
        if not self._only_differing:
            return self._sections
        cut = (CompareSection(section.title, section.differing) for section in self._sections)
        return tuple(section for section in cut if section.rows)

    def set_content(self, heads: Sequence[str], sections: Sequence[CompareSection]) -> None:
        """The things by name, and what is compared."""
        self._heads, self._sections = tuple(heads), tuple(sections)
        self._tell()

    def set_only_differing(self, on: bool) -> None:
        """Show nothing that is the same everywhere."""
        self._only_differing = on
        self._tell()

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        sections = self.sections()
        rows = sum(len(section.rows) for section in sections)
        return QSize(480, px(_HEAD) + px(_SECTION) * len(sections) + px(_LINE) * rows)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, self.width(), Theme.current())

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """What is to be seen now into any place, for exports."""
        painter.save()
        painter.translate(rect.topLeft())
        self._paint(painter, rect.width(), theme)
        painter.restore()

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px: no name and no value is cut."""
        rows = [row for section in self.sections() for row in section.rows]
        face = font("second", weight=600, scale=1)
        names = _DOT + 8 + max((text_width(row.name, face) for row in rows), default=0)
        cells = [*self._heads, *(text for row in rows for text in (*row.values, row.difference))]
        columns = len(self._heads) + self._has_difference()
        column = max((text_width(text, face) for text in cells), default=0) + 12
        width = max(names / _NAMES, column * columns / (1 - _NAMES), 480.0)
        return math.ceil(width), float(_HEAD + _SECTION * len(self.sections()) + _LINE * len(rows))

    def _paint(self, painter: QPainter, width: float, theme: Theme) -> None:
        """Heads, sections and rows over a width."""
        face = font("second", weight=600, scale=theme.scale)
        for place, head in enumerate(self._heads):
            text_in(painter, self._box(place, 0, theme.px(_HEAD), width), head, face, theme.t1)
        if self._has_difference():
            box = self._box(len(self._heads), 0, theme.px(_HEAD), width)
            text_in(painter, box, self.tr("Difference"), face, theme.t2)
        hairline(painter, 0, width, theme.px(_HEAD) - 1, theme)
        y = float(theme.px(_HEAD))
        for section in self.sections():
            title = QRectF(0, y + theme.px(12), width, theme.px(_SECTION - 12))
            text_in(painter, title, section.title, font("title", scale=theme.scale), theme.t1)
            y += theme.px(_SECTION)
            for row in section.rows:
                self._paint_row(row, y, painter, width, theme)
                y += theme.px(_LINE)

    def _paint_row(self, row: CompareRow, y: float, painter: QPainter, width: float, theme: Theme) -> None:
        line, plain = theme.px(_LINE), font("second", scale=theme.scale)
        if row.differs:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.ink)
            painter.drawEllipse(QPointF(4, y + line / 2), 3, 3)
        name = QRectF(_DOT, y, width * _NAMES - _DOT - 8, line)
        text_in(painter, name, row.name, plain, theme.t1 if row.differs else theme.t2)
        face = font("second", weight=600 if row.differs else 400, scale=theme.scale)
        for place, value in enumerate(row.values):
            text = value or "\N{EN DASH}"
            box = self._box(place, y, line, width)
            text_in(painter, box, text, face, theme.t1 if row.differs else theme.t3, elide=Qt.TextElideMode.ElideMiddle)
        if row.difference:
            text_in(painter, self._box(len(row.values), y, line, width), row.difference, plain, theme.t2)
        hairline(painter, 0, width, y + line - 1, theme)

    def _box(self, place: int, y: float, height: float, whole: float) -> QRectF:
        count = max(len(self._heads) + self._has_difference(), 1)
        left = whole * _NAMES
        width = (whole - left) / count
        return QRectF(left + place * width, y, width - 12, height)

    def _has_difference(self) -> bool:
        return any(row.difference for section in self._sections for row in section.rows)

    def _tell(self) -> None:
        said = [
            f"{row.name}: {', '.join(value or '–' for value in row.values)}"
            for section in self.sections() for row in section.rows
        ]
        self.setAccessibleDescription("; ".join(said))
        self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

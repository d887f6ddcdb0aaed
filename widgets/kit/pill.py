"""Small badges: a count, a state, the do tag."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, font

PillKind = Literal["grey", "ink", "do", "change", "ok", "warn", "err", "info"]


class Pill(QWidget):
    """A word or number on a small ground. `do` is the tag of an intervention, `change` a signed change on an edge."""

    def __init__(self, text: str, kind: PillKind = "grey", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: PillKind = kind
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        follow_theme(self._restyle)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self._restyle()

    def set_kind(self, kind: PillKind) -> None:
        self._kind = kind
        self.update()

    def sizeHint(self) -> QSize:
        theme = Theme.current()
        padding = 12 if self._kind == "do" else 16
        return QSize(round(text_width(self._text, font("strong_caption", weight=600)) + padding), theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_pill(painter_on(self), QRectF(self.rect()), self._text, self._kind, Theme.current())

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def paint_pill(painter: QPainter, box: QRectF, text: str, kind: PillKind, theme: Theme) -> None:
    """The same for painters, as on the canvas."""
    if kind == "do":
        rounded(painter, box, 4, theme.acc)
        ink = theme.on_acc
    elif kind == "change":
        rounded(painter, box, box.height() / 2, theme.bg1, theme.acc, 1.5)
        ink = theme.acc
    elif kind == "ink":
        rounded(painter, box, box.height() / 2, theme.ink)
        ink = theme.on_ink
    elif kind == "grey":
        rounded(painter, box, box.height() / 2, theme.bg3)
        ink = theme.t2
    else:
        border = theme.colour(kind) if theme.high_contrast else None
        rounded(painter, box, box.height() / 2, theme.colour(f"{kind}t"), border)
        ink = theme.colour(kind)
    face = font("strong_caption", weight=600 if kind in ("do", "change") else 500)
    text_in(painter, box, text, face, ink, Qt.AlignmentFlag.AlignHCenter)

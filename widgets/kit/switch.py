"""On or off: a switch of 28 x 16."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.kit.control import OFF_OPACITY, Control, mixed
from widgets.kit.painting import painter_on, rounded
from widgets.theme import Theme

_WIDTH, _HEIGHT = 28, 16


class Switch(Control):
    """A toggle without text; `name` is its accessible name. `clicked(bool)` is the user's gesture."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent, ring_radius=8)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self._slide = QVariantAnimation(self)
        self._slide.setStartValue(0.0)
        self._slide.setEndValue(1.0)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self.update)
        self.toggled.connect(self._go)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        painter.setOpacity(1 if self.isEnabled() else OFF_OPACITY)
        sliding = self._slide.state() == QVariantAnimation.State.Running
        share = float(self._slide.currentValue()) if sliding else float(self.isChecked())
        track = QRectF(0, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        ground = mixed(theme.bg3 if self.is_hovered() else theme.bg2, theme.ink, share)
        rounded(painter, track, _HEIGHT / 2, ground, mixed(theme.strong, theme.ink, share), 1)
        knob = QPointF(track.left() + 8 + (_WIDTH - 16) * share, track.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(theme.strong, theme.on_ink, share))
        painter.drawEllipse(knob, 4.5 + share, 4.5 + share)

    def _go(self, on: bool) -> None:
        way = QVariantAnimation.Direction
        self._slide.stop()
        self._slide.setDirection(way.Forward if on else way.Backward)
        self._slide.setDuration(Theme.current().duration(120) if self.isVisible() else 0)
        self._slide.start()

"""A bar 6 px high that fills; where the total is not known, a third of it moves."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QVariantAnimation
from PySide6.QtGui import QColor, QHideEvent, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from widgets.kit.painting import painter_on
from widgets.theme import Theme

_STEPS = 1000
_ROUND = 1600           # ms that the moving third needs from end to end


class ProgressBar(QProgressBar):
    """How far something has come, in the colour of its run (ink without one)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._fraction: float | None = 0.0
        self._colour: QColor | None = None
        self._round = QVariantAnimation(self)
        self._round.setStartValue(0.0)
        self._round.setEndValue(1.0)
        self._round.setDuration(_ROUND)
        self._round.setLoopCount(-1)
        self._round.valueChanged.connect(self.update)

    def fraction(self) -> float | None:
        return self._fraction

    def set_fraction(self, fraction: float | None) -> None:
        """Share that is done, in [0, 1]; None where the total is not known."""
        fraction = None if fraction is None else min(max(fraction, 0.0), 1.0)
        if fraction == self._fraction:
            return
        self._fraction = fraction
        self.setRange(0, 0 if self._fraction is None else _STEPS)
        if self._fraction is not None:
            self.setUpdatesEnabled(False)       # else Qt paints all that waits in the window, here and now
            self.setValue(round(self._fraction * _STEPS))
            self.setUpdatesEnabled(True)
        self._run()
        self.update()

    def set_colour(self, colour: QColor | None) -> None:
        """The run's colour; None for ink."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 6)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._round.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        box = QRectF(self.rect())
        groove = QPainterPath()
        groove.addRoundedRect(box, 3, 3)
        painter.fillPath(groove, theme.bg4)
        filled = QRectF(box)
        if self._fraction is None:
            third = box.width() / 3
            share = float(self._round.currentValue() or 0.0) if theme.motion else 0.5
            filled = QRectF((box.width() + third) * share - third, 0, third, box.height())
        else:
            filled.setWidth(box.width() * self._fraction)
        painter.setClipPath(groove)
        bar = QPainterPath()
        bar.addRoundedRect(filled, 3, 3)
        painter.fillPath(bar, self._colour or theme.ink)

    def _run(self) -> None:
        moving = self._fraction is None and self.isVisible() and Theme.current().motion
        if not moving:
            self._round.stop()
        elif self._round.state() != QVariantAnimation.State.Running:
            self._round.start()

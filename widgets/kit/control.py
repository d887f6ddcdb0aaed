"""What all controls that are clicked have in common: hover and press, a height that grows with the text, a name."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.theme import Theme, faded

OFF_OPACITY = 0.6


class Control(QAbstractButton):
    """Base of the kit's buttons. `clicked` is the user's gesture; Space and Enter click.

    A subclass gives `sizeHint` and `paintEvent`, and asks `ground` for its background. `ring_radius` is the radius
    that the focus ring takes over.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, ring_radius: float = 6) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setProperty("ringRadius", ring_radius)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._hover = QVariantAnimation(self)
        self._hover.setStartValue(0.0)
        self._hover.setEndValue(1.0)
        self._hover.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._hover.valueChanged.connect(self.update)
        self._hovered = False
        follow_theme(self._restyle)

    def ground(self, theme: Theme, rest: QColor | None = None, *, on: QColor | None = None) -> QColor:
        """The background now: at rest `rest` (nothing, if None), hovered bg3, pressed bg4, switched on `on`."""
        if self.isDown():
            return theme.bg4
        if self.isChecked() and on is not None:
            return on
        if not self.isEnabled():
            return rest or faded(theme.bg3, 0)
        share = self._hover.currentValue() if self._hover.state() == QVariantAnimation.State.Running else self._hovered
        return mixed(rest or faded(theme.bg3, 0), theme.bg3, float(share))

    def is_hovered(self) -> bool:
        return self._hovered and self.isEnabled()

    def box(self) -> QRectF:
        return QRectF(self.rect())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._turn(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._turn(False)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)

    def _turn(self, hovered: bool) -> None:
        self._hovered = hovered
        self._hover.stop()
        self._hover.setDirection(
            QVariantAnimation.Direction.Forward if hovered else QVariantAnimation.Direction.Backward
        )
        self._hover.setDuration(Theme.current().duration(80))
        self._hover.start()
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def mixed(low: QColor, high: QColor, share: float) -> QColor:
    """The colour between two, channel by channel; `share` 0 gives `low`."""
    return QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
        low.alphaF() + (high.alphaF() - low.alphaF()) * share,
    )

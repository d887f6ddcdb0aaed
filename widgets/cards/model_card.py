"""The card of a trained model: its graph, its name, the data, the date, three figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.cards.drawings import Drawing
from widgets.cards.result_card import WIDTH, card_ground
from widgets.kit.control import Control
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.theme import Theme, draw_icon, font, line_height

_DRAWING, _PAD = 96, 14
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class ModelCard(Control):
    """Checked means chosen. A click chooses, Enter or a double click asks (`asked`), arrows step (`stepped`).

    A click with Ctrl, or Space, picks it to be compared (`picked`); the owner says by `set_picked` whether it is.
    """

    asked = Signal()
    picked = Signal()
    stepped = Signal(int)

    def __init__(
        self, title: str, note: str, drawing: Drawing | None, figures: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent, ring_radius=10)
        self._note, self._drawing, self._figures = note, drawing, tuple(figures[:3])
        self._picked = self._low = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription("; ".join((note, *self._figures)))

    def set_title(self, title: str) -> None:
        self.setText(title)
        self.setAccessibleName(title)
        self.update()

    def set_low(self, low: bool) -> None:
        """Without its drawing, where cards have little height."""
        if low is not self._low:
            self._low = low
            self.updateGeometry()
            self.update()

    def is_picked(self) -> bool:
        """Whether it is one of those that are compared."""
        return self._picked

    def set_picked(self, picked: bool) -> None:
        self._picked = picked
        words = (self.tr("picked to compare") if picked else "", self._note, *self._figures)
        self.setAccessibleDescription("; ".join(word for word in words if word))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picked.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def sizeHint(self) -> QSize:
        lines = line_height("title") + line_height("second") * (1 + bool(self._figures))
        return QSize(WIDTH, self._text_top() + lines + 12)

    def _text_top(self) -> int:
        return _PAD if self._low else _PAD + _DRAWING + 10

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def nextCheckState(self) -> None:
        """A click chooses; it never unchooses."""
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            self.asked.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.picked.emit()
        elif (step := _STEPS.get(Qt.Key(event.key()))) is not None and not event.modifiers():
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.asked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box()
        card_ground(painter, box, theme, chosen=self.isChecked(), awake=self.is_hovered())
        width = box.width() - 2 * _PAD
        if not self._low:
            self._paint_drawing(painter, QRectF(_PAD, _PAD, width, _DRAWING), theme)
        if self._picked:
            corner = QRectF(box.right() - 34, 8, 24, 24)
            rounded(painter, corner, 6, theme.ink)
            draw_icon(painter, "columns-2", corner.center(), theme.on_ink, 14)
        y = self._text_top()
        text_in(painter, QRectF(_PAD, y, width, line_height("title")), self.text(), font("title"), theme.t1)
        y += line_height("title")
        text_in(painter, QRectF(_PAD, y, width, line_height("second")), self._note, font("second"), theme.t2)
        y += line_height("second")
        x = float(_PAD)
        for figure in self._figures:
            face = font("second", weight=500)
            room = text_width(figure, face)
            if x > _PAD and x + room > box.width() - _PAD:
                break
            room = min(room, box.width() - _PAD - x)
            text_in(painter, QRectF(x, y, room + 1, line_height("second")), figure, face, theme.t1)
            x += room + 14

    def _paint_drawing(self, painter: QPainter, place: QRectF, theme: Theme) -> None:
        if self._drawing is not None:
            painter.save()
            self._drawing(painter, place, theme)
            painter.restore()
        else:
            rounded(painter, place, 6, theme.bg2)
            draw_icon(painter, "box", place.center(), theme.t2, 24)

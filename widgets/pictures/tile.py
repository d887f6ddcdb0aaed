"""One picture with a caption above and what is measured in it below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.kit.follow import follow_theme
from widgets.kit.painting import painter_on, rounded, text_in, text_width
from widgets.kit.state_view import State, StateView
from widgets.pictures.pixels import Picture, draw_image, draw_sign, image_of
from widgets.theme import Theme, faded, font

Frame = Literal["none", "counterfactual"]
Verdict = Literal["", "ok", "off"]

MARGIN = 4
"""Room round the picture for frame and ring, px on every side of the tile's picture."""
CAPTION = 24
MEASURED = 32
_FADE = 80


@dataclass(frozen=True)
class Measured:
    """The line under a tile: what is measured, whether it is what was asked for, by which predictor (tooltip)."""

    text: str
    verdict: Verdict = ""
    tip: str = ""


class PictureTile(QWidget):
    """A square picture at a whole multiple of its pixels, never rounded, tinted or blurred.

    The counterfactual's tile wears the accent frame, whose top edge is the progress of a refinement. Holding Space
    shows the factual in its place. The last picture stays until the next one is there.
    """

    def __init__(self, title: str = "", frame: Frame = "none", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._note, self._frame = title, "", frame
        self._side = 280
        self._beside = 0
        self._picture: Picture | None = None
        self._image: QImage | None = None
        self._old: QImage | None = None
        self._factual: QImage | None = None
        self._shows_factual = False
        self._measured = Measured("")
        self._progress: float | None = None
        self._states = StateView(parent=self)
        self._states.hide()
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.valueChanged.connect(self.update)
        self._fade.finished.connect(self._settle)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 4.0)
        self.setAccessibleName(title)
        follow_theme(self._restyle)

    def picture(self) -> Picture | None:
        return self._picture

    def set_picture(self, picture: Picture | None, *, fade: bool = False) -> None:
        """Another picture, (h, w, c) uint8; `fade` crosses over from a preview to its refinement. Ends an error."""
        self._states.hide()
        same = picture is self._picture or (
            picture is not None and self._picture is not None and np.array_equal(picture, self._picture)
        )
        if same:
            self.update()
            return
        self._old = self._image if fade else None
        self._picture = picture
        self._image = None if picture is None else image_of(picture)
        self._fade.stop()
        duration = Theme.current().duration(_FADE)
        if self._old is not None and duration:
            self._fade.setDuration(duration)
            self._fade.start()
        self.update()

    def set_factual(self, picture: Picture | None) -> None:
        """What is shown while Space is held."""
        self._factual = None if picture is None else image_of(picture)

    def set_caption(self, title: str, note: str = "") -> None:
        """Left and right above the picture."""
        self._title, self._note = title, note
        self.update()

    def set_measured(self, measured: Measured) -> None:
        self._measured = measured
        self.setAccessibleDescription(measured.text)
        self.update()

    def set_progress(self, fraction: float | None) -> None:
        """How far the refinement is, in [0, 1]; None when none is under way."""
        self._progress = fraction
        self.update()

    def set_description(self, text: str) -> None:
        """The name for screen readers, such as "Counterfactual: image 4,021 if thickness were 3.40 px"."""
        self.setAccessibleName(text)

    def show_state(self, state: State) -> None:
        """A sentence where the picture would be, until the next picture."""
        self._states.set_state(state)
        self._place()
        self._states.show()
        self.update()

    def show_factual(self, shown: bool) -> None:
        """Show the factual in this one's place, as while Space is held."""
        if self._factual is not None and shown != self._shows_factual:
            self._shows_factual = shown
            self.update()

    def shows_factual(self) -> bool:
        return self._shows_factual

    def side(self) -> int:
        return self._side

    def set_side(self, side: int) -> None:
        """Side of the square, px; the picture takes the largest whole multiple in it."""
        if side != self._side:
            self._side = side
            self._restyle()

    def set_beside(self, px: int) -> None:
        """Room right of the square that the measurement may take."""
        if px != self._beside:
            self._beside = px
            self._restyle()

    def square(self) -> QRectF:
        """Where the picture's square lies in the tile."""
        return QRectF(MARGIN, Theme.current().px(CAPTION), self._side, self._side)

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        return QSize(self._side + 2 * MARGIN + self._beside, px(CAPTION) + self._side + px(MEASURED))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._factual is not None:
            self.show_factual(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.show_factual(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.show_factual(False)
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._words_at(event.pos().y()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = painter_on(self)
        if self._states.isHidden():
            self.paint_square(painter, self.square(), theme)
            return
        self._paint_caption(painter, self.square(), theme)
        rounded(painter, self.square().adjusted(-1, -1, 1, 1), 0, theme.bg1, theme.line)
        self.paint_foot(painter, self.square(), theme)

    def paint_square(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        """Picture in a square, caption above and measurement below it, in any place."""
        self._paint_caption(painter, square, theme)
        place = self._paint_picture(painter, square, theme)
        if self._frame == "counterfactual" and self._image is not None:
            self._paint_frame(painter, theme, place)
        self.paint_foot(painter, square, theme)

    def paint_foot(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        """What stands under the picture."""
        if not self._measured.text:
            return
        line = QRectF(square.left(), square.bottom() + theme.px(8), square.width() + self._beside, theme.px(20))
        sign = {"ok": ("circle-check", theme.ok), "off": ("triangle-alert", theme.warn)}.get(self._measured.verdict)
        if sign is not None:
            draw_sign(painter, sign[0], QPointF(line.left() + 7, line.center().y()), sign[1], 14)
            line.setLeft(line.left() + 20)
        text_in(painter, line, self._measured.text, font("second", scale=theme.scale), theme.t2)

    def _paint_caption(self, painter: QPainter, square: QRectF, theme: Theme) -> None:
        factual = self._shows_factual
        title = self.tr("Factual") if factual else self._title
        colour = theme.acc if self._frame == "counterfactual" and not factual else theme.t1
        face = font("title", scale=theme.scale)
        wide = min(max(square.width(), text_width(title, face) + 1), square.width() + self._beside)
        line = QRectF(square.left(), square.top() - theme.px(CAPTION), wide, theme.px(20))
        text_in(painter, line, title, face, colour)
        note = self.tr("while Space is held") if factual else self._note
        room = line.adjusted(text_width(title, face) + 12, 0, 0, 0)
        second = font("second", scale=theme.scale)
        wide = text_width(note, second)
        room.setRight(max(room.right(), min(room.left() + wide + 1, square.right() + self._beside)))
        if wide <= room.width():                            # whole or not at all; it is in the tooltip too
            text_in(painter, room, note, second, theme.t2, Qt.AlignmentFlag.AlignRight)

    def _paint_picture(self, painter: QPainter, square: QRectF, theme: Theme) -> QRectF:
        image = self._factual if self._shows_factual else self._image
        if image is None:
            rounded(painter, square, 0, theme.bg2)
            return square
        if self._old is not None and self._fade.state() == QVariantAnimation.State.Running:
            draw_image(painter, square, self._old)
            painter.setOpacity(float(self._fade.currentValue()))
        place = draw_image(painter, square, image)
        painter.setOpacity(1)
        rounded(painter, place.adjusted(-1, -1, 1, 1), 0, None, theme.line)
        return place

    def _paint_frame(self, painter: QPainter, theme: Theme, place: QRectF) -> None:
        colour = theme.strong if self._shows_factual else theme.acc
        paint_frame(painter, place, colour)
        if self._progress is None or self._shows_factual:
            return
        top = QRectF(place.left() - 1, place.top() - 3, place.width() + 2, 2)
        painter.fillRect(top, theme.bg1)
        painter.fillRect(top, faded(theme.acc, 0.3))
        painter.fillRect(QRectF(top.left(), top.top(), top.width() * self._progress, 2), theme.acc)

    def _words_at(self, y: float) -> str:
        """What stands above or below the picture, whole; with where it comes from."""
        if y < self.square().top():
            return self._note
        if y <= self.square().bottom():
            return ""
        return f"{self._measured.text}. {self._measured.tip}".strip(". ")

    def _settle(self) -> None:
        self._old = None
        self.update()

    def _place(self) -> None:
        self._states.setGeometry(self.square().toRect())

    def _restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self._place()
        self.update()


def paint_frame(painter: QPainter, place: QRectF, colour: QColor, width: float = 2) -> None:
    """A frame round a picture, 1 px away from its pixels."""
    reach = 1 + width
    rounded(painter, place.adjusted(-reach, -reach, reach, reach), 3, None, colour, width)

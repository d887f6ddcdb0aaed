"""Factual, counterfactual and difference side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.kit.follow import follow_theme
from widgets.numbers import format_number
from widgets.pictures.difference import DifferenceTile
from widgets.pictures.pixels import Picture, difference, fitted, mean_change
from widgets.pictures.tile import CAPTION, MARGIN, MEASURED, PictureTile
from widgets.theme import Theme

LEAST_GAP = 16
_FIGURE_SIDE = 252


class Triptych(QWidget):
    """Three equal squares: the largest whole multiple that fits the width, the gaps are what is left.

    Keys: comma and full stop ask for the previous and next factual, D turns the difference on and off, holding Space
    shows the factual in the counterfactual's place. The outer tiles reach `MARGIN` px beyond their pictures: place the
    triptych that much further left and right than the text round it.
    """

    stepped = Signal(int)         # -1 or +1: another factual is wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.factual = PictureTile(self.tr("Factual"), parent=self)
        self.counterfactual = PictureTile(self.tr("Counterfactual"), "counterfactual", self)
        self.difference = DifferenceTile(parent=self)
        self._most = 10_000
        self._pixels = (28, 28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.counterfactual)
        follow_theme(self._place)

    def set_factual(self, picture: Picture | None) -> None:
        self.factual.set_picture(picture)
        self.counterfactual.set_factual(picture)
        self._take_size(picture)
        self._compare()

    def set_counterfactual(self, picture: Picture | None, *, fade: bool = False) -> None:
        """The answer so far; the difference follows by itself."""
        self.counterfactual.set_picture(picture, fade=fade)
        self._take_size(picture)
        self._compare()

    def set_most_side(self, side: int) -> None:
        """The largest square, px, where height is scarce."""
        self._most = side
        self._place()

    def shows_difference(self) -> bool:
        return not self.difference.isHidden()

    def show_difference(self, shown: bool) -> None:
        self.difference.setVisible(shown)

    def side(self) -> int:
        return self.factual.side()

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The three tiles into any place, for exports."""
        tiles = [tile for tile in (self.factual, self.counterfactual, self.difference) if not tile.isHidden()]
        room = rect.adjusted(MARGIN, theme.px(CAPTION), -MARGIN, -theme.px(MEASURED))
        side = min((room.width() - (len(tiles) - 1) * LEAST_GAP) / len(tiles), room.height())
        for index, tile in enumerate(tiles):
            tile.paint_square(painter, QRectF(room.left() + index * (side + LEAST_GAP), room.top(), side, side), theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        shown = 3 if self.shows_difference() else 2
        square = fitted(self._pixels, _FIGURE_SIDE)
        side = max(square.width(), square.height())
        return 2 * MARGIN + shown * side + (shown - 1) * LEAST_GAP, CAPTION + side + MEASURED

    def sizeHint(self) -> QSize:
        px = Theme.current().px
        width = 3 * self.side() + 2 * LEAST_GAP + 2 * MARGIN
        return QSize(width, px(CAPTION) + self.side() + px(MEASURED))

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * 84, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Comma:
                self.stepped.emit(-1)
            case Qt.Key.Key_Period:
                self.stepped.emit(1)
            case Qt.Key.Key_D if not event.modifiers():
                self.show_difference(not self.shows_difference())
            case Qt.Key.Key_Space:
                self.counterfactual.show_factual(True)
            case _:
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.counterfactual.show_factual(False)
        else:
            super().keyReleaseEvent(event)

    def _compare(self) -> None:
        one, other = self.factual.picture(), self.counterfactual.picture()
        if one is None or other is None or one.shape != other.shape:
            self.difference.set_difference(None)
            self.difference.set_caption(self.tr("Difference"))
            return
        change = format_number(mean_change(one, other), "", 0)
        self.difference.set_difference(difference(one, other))
        self.difference.set_caption(self.tr("Difference"), self.tr("mean change {} of 255").format(change))
        self.difference.set_description(self.tr("Difference: mean change {} of 255").format(change))

    def _take_size(self, picture: Picture | None) -> None:
        if picture is not None and picture.shape[:2] != self._pixels:
            self._pixels = (int(np.shape(picture)[0]), int(np.shape(picture)[1]))
            self._place()

    def _place(self) -> None:
        inner = self.width() - 2 * MARGIN
        room = min((inner - 2 * LEAST_GAP) // 3, self._most)
        shown = fitted(self._pixels, max(room, 28), self.devicePixelRatioF())
        side = round(max(shown.width(), shown.height()))
        gap = (inner - 3 * side) / 2
        for index, tile in enumerate((self.factual, self.counterfactual, self.difference)):
            tile.set_side(side)
            tile.set_beside(max(int(gap) - LEAST_GAP, 0) if index < 2 else 0)
            tile.move(round(index * (side + gap)), 0)
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()

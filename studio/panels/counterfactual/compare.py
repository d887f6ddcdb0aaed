"""Models side by side on one factual: its picture, each model's counterfactual, and what lies between them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.contract import Answer
from engines.data.kinds import Images
from studio.exploration.cells import AsksAndTells
from studio.exploration.comparison import Comparison
from studio.exploration.exploration import Exploration
from studio.panels.counterfactual.checks import PictureChecks
from studio.panels.counterfactual.tile_words import is_done, measured_line, progress_note
from studio.panels.node_states import picture_of
from widgets.kit.chip import Chip
from widgets.kit.label import Label
from widgets.kit.state_view import State
from widgets.numbers import format_number
from widgets.pictures import DifferenceTile, PictureTile
from widgets.pictures.pixels import difference, fitted, mean_change
from widgets.pictures.tile import CAPTION, MARGIN, MEASURED
from widgets.theme import Theme

_GAP = 16
_CHECKS = 120           # px that the checks under the tiles need to be worth their room


class ComparisonView(QWidget):
    """A bar that names the models, a row of tiles, and the checks of each where there is room."""

    removed = Signal(str)           # model, by the user's hand

    def __init__(
        self, engine: AsksAndTells, exploration: Exploration, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._exploration, self._comparison = exploration, comparison
        self._chips = QHBoxLayout()
        self._chips.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._chips.setSpacing(8)
        self.tiles = ModelTiles()
        self.checks = PictureChecks(engine, exploration, comparison, "comparison checks")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._chips)
        column.addWidget(self.tiles)
        column.addWidget(self.checks, 100)
        column.addStretch(1)
        self.removed.connect(comparison.remove)
        comparison.changed.connect(self._rebuild)
        comparison.answered.connect(self._take_answer)
        exploration.answered.connect(self._take_own)
        exploration.wish_changed.connect(self._take_factual)

    def set_room(self, width: int, height: int) -> None:
        """The tiles take the largest whole multiple that fits."""
        rest = height - self._chips.sizeHint().height() - 12
        self.tiles.set_room(width, rest)
        self.checks.setVisible(rest - self.tiles.height() > Theme.current().px(_CHECKS))

    def _rebuild(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        subject = self._exploration.subject
        titles = [] if subject is None else [subject.title]
        self._chips.addWidget(Label(self.tr("Compared with"), "second", "t2"))
        for rival in self._comparison.rivals:
            chip = Chip(rival.title, "grey", icon="x", removable=True)
            chip.setAccessibleName(self.tr("Compare without {}").format(rival.title))
            chip.setToolTip(self.tr("Compare without {}").format(rival.title))
            chip.clicked.connect(lambda *_, model=rival.model: self.removed.emit(model))
            chip.removed.connect(lambda model=rival.model: self.removed.emit(model))
            self._chips.addWidget(chip)
            titles.append(rival.title)
        self._chips.addStretch(1)
        self.tiles.set_titles(titles)
        self._take_factual()
        if self._exploration.answer is not None:
            self._take_own(self._exploration.answer, 0.0)
        for rival in self._comparison.rivals:
            self._take_answer(rival.model)

    def _take_factual(self, *_: object) -> None:
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is not None and wish.item is not None and isinstance(subject.data, Images):
            self.tiles.set_factual(subject.data.pixels[subject.position(wish.item)])

    def _take_own(self, answer: Answer, _seconds: float) -> None:
        self._show(0, answer)

    def _take_answer(self, model: str) -> None:
        for place, rival in enumerate(self._comparison.rivals, 1):
            if rival.model != model:
                continue
            if rival.trouble is not None:
                self.tiles.counterfactuals[place].show_state(
                    State(rival.trouble.sentence, rival.trouble.cause, kind="refused")
                )
            elif rival.answer is not None:
                self._show(place, rival.answer)

    def _show(self, place: int, answer: Answer) -> None:
        picture, subject = picture_of(answer), self._exploration.subject
        if picture is None or subject is None or place >= len(self.tiles.counterfactuals):
            return
        self.tiles.set_counterfactual(place, picture)
        tile = self.tiles.counterfactuals[place]
        tile.set_caption(self.tiles.titles[place], "" if is_done(answer) else progress_note(answer, 0.0))
        if answer.measured:
            tile.set_measured(measured_line(answer, subject))


class ModelTiles(QWidget):
    """Factual, one counterfactual a model, and what lies between the last and the first of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self.factual = PictureTile(self.tr("Factual"), parent=self)
        self.between = DifferenceTile(self.tr("Difference"), self)
        self.counterfactuals: list[PictureTile] = []
        self._pixels = (28, 28)
        self._gap = _GAP
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_titles(self, titles: list[str]) -> None:
        """One tile a model."""
        self.titles = titles
        for tile in self.counterfactuals:
            tile.hide()
            tile.deleteLater()
        self.counterfactuals = [PictureTile(title, "counterfactual", self) for title in titles]
        for tile in self.counterfactuals:
            tile.show()

    def set_factual(self, picture: np.ndarray) -> None:
        self._pixels = (int(picture.shape[0]), int(picture.shape[1]))
        self.factual.set_picture(picture)
        for tile in self.counterfactuals:
            tile.set_factual(picture)

    def set_counterfactual(self, place: int, picture: np.ndarray) -> None:
        """A model's answer; the difference follows."""
        self.counterfactuals[place].set_picture(picture)
        shown = [tile.picture() for tile in self.counterfactuals]
        first, last = shown[0], shown[-1]
        if first is not None and last is not None and first.shape == last.shape:
            self.between.set_difference(difference(first, last))
            change = self.tr("{} of 255").format(format_number(mean_change(first, last), "", 1))
            self.between.set_caption(self.tr("Last minus first"), change)
            self.between.set_description(self.tr("Last minus first: mean change {}").format(change))

    def set_room(self, width: int, height: int) -> None:
        """Place the tiles in so much room, px."""
        tiles = self._tiles()
        px = Theme.current().px
        across = (width - 2 * MARGIN - (len(tiles) - 1) * _GAP) // len(tiles)
        down = height - px(CAPTION) - px(MEASURED)
        shown = fitted(self._pixels, max(min(across, down), 28), self.devicePixelRatioF())
        side = round(max(shown.width(), shown.height()))
        pitch = (width - 2 * MARGIN - side) / (len(tiles) - 1)
        self._gap = max(round(pitch) - side, _GAP)
        for column, tile in enumerate(tiles):
            tile.set_side(side)
            tile.set_beside(self._gap - _GAP if column < len(tiles) - 1 else 0)
            tile.move(round(column * pitch), 0)
        self.setFixedHeight(px(CAPTION) + side + px(MEASURED))

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The tiles into any place, for exports."""
        side = rect.height() - theme.px(CAPTION) - theme.px(MEASURED)
        for column, tile in enumerate(self._tiles()):
            left = rect.left() + MARGIN + column * (side + self._gap)
            tile.paint_square(painter, QRectF(left, rect.top() + theme.px(CAPTION), side, side), theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        side, count = float(self.factual.side()), len(self._tiles())
        return 2 * MARGIN + count * side + (count - 1) * self._gap, CAPTION + side + MEASURED

    def sizeHint(self) -> QSize:
        return QSize(640, max(self.height(), 160))

    def _tiles(self) -> list[PictureTile]:
        return [self.factual, *self.counterfactuals, self.between]

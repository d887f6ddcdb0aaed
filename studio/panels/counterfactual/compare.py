"""Models side by side on one factual: its picture, each model's counterfactual, and below what each one changed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.contract import Answer
from engines.data.kinds import Images
from studio.comparison import Comparison
from studio.exploration import Exploration
from studio.panels.counterfactual.tile_words import measured_line, progress_note
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
_FIGURE_SIDE = 168


class ComparisonView(QWidget):
    """A bar that names the models, and two rows of tiles."""

    removed = Signal(str)           # model, by the user's hand

    def __init__(self, exploration: Exploration, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exploration, self._comparison = exploration, comparison
        self._chips = QHBoxLayout()
        self._chips.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._chips.setSpacing(8)
        self.tiles = ModelTiles()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._chips)
        column.addWidget(self.tiles)
        column.addStretch(1)
        self.removed.connect(comparison.remove)
        comparison.changed.connect(self._rebuild)
        comparison.answered.connect(self._take_answer)
        exploration.answered.connect(self._take_own)
        exploration.wish_changed.connect(self._take_factual)

    def set_room(self, width: int, height: int) -> None:
        """The tiles take the largest whole multiple that fits."""
        self.tiles.set_room(width, height - self._chips.sizeHint().height() - 6)

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

    def _take_own(self, answer: Answer, seconds: float) -> None:
        self._show(0, answer, seconds)

    def _take_answer(self, model: str) -> None:
        for place, rival in enumerate(self._comparison.rivals, 1):
            if rival.model != model:
                continue
            if rival.trouble is not None:
                self.tiles.counterfactuals[place].show_state(
                    State(rival.trouble.sentence, rival.trouble.cause, kind="refused")
                )
            elif rival.answer is not None:
                self._show(place, rival.answer, 0.0)

    def _show(self, place: int, answer: Answer, seconds: float) -> None:
        picture, subject = picture_of(answer), self._exploration.subject
        if picture is None or subject is None or place >= len(self.tiles.counterfactuals):
            return
        self.tiles.set_counterfactual(place, picture)
        tile = self.tiles.counterfactuals[place]
        tile.set_caption(self.tiles.titles[place], progress_note(answer, seconds))
        if answer.measured:
            tile.set_measured(measured_line(answer, subject))


class ModelTiles(QWidget):
    """Factual and counterfactuals in one row, below them what lies between the models and what each one changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles: list[str] = []
        self.factual = PictureTile(self.tr("Factual"), parent=self)
        self.between = DifferenceTile(self.tr("Between the models"), self)
        self.counterfactuals: list[PictureTile] = []
        self.changes: list[DifferenceTile] = []
        self._pixels = (28, 28)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_titles(self, titles: list[str]) -> None:
        """One column a model."""
        self.titles = titles
        for tile in (*self.counterfactuals, *self.changes):
            tile.hide()
            tile.deleteLater()
        self.counterfactuals = [PictureTile(title, "counterfactual", self) for title in titles]
        self.changes = [DifferenceTile(self.tr("What it changed"), self) for _ in titles]
        for tile in (*self.counterfactuals, *self.changes):
            tile.show()

    def set_factual(self, picture: np.ndarray) -> None:
        self._pixels = (int(picture.shape[0]), int(picture.shape[1]))
        self.factual.set_picture(picture)
        for tile in self.counterfactuals:
            tile.set_factual(picture)

    def set_counterfactual(self, place: int, picture: np.ndarray) -> None:
        """A model's answer; the differences follow."""
        self.counterfactuals[place].set_picture(picture)
        factual = self.factual.picture()
        if factual is not None and factual.shape == picture.shape:
            _compare(self.changes[place], self.tr("What it changed"), factual, picture)
        shown = [tile.picture() for tile in self.counterfactuals]
        first, last = (shown[0], shown[-1]) if shown else (None, None)
        if first is not None and last is not None and first.shape == last.shape and len(shown) > 1:
            _compare(self.between, self.tr("Last minus first"), first, last)

    def set_room(self, width: int, height: int) -> None:
        """Place the tiles in so much room, px."""
        columns = len(self.counterfactuals) + 1
        px = Theme.current().px
        row = px(CAPTION) + px(MEASURED)
        across = (width - 2 * MARGIN - (columns - 1) * _GAP) // max(columns, 1)
        room = max(min(across, height // 2 - row), 28)
        shown = fitted(self._pixels, room, self.devicePixelRatioF())
        side = round(max(shown.width(), shown.height()))
        pitch = (width - 2 * MARGIN - side) / max(columns - 1, 1)
        for line, tiles in enumerate(self._tiles()):
            for column, tile in enumerate(tiles):
                tile.set_side(side)
                tile.set_beside(max(round(pitch) - side - _GAP, 0) if column < columns - 1 else 0)
                tile.move(round(column * pitch), line * (side + row))
        self.setFixedHeight(2 * (side + row))

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Both rows into any place, for exports."""
        row = theme.px(CAPTION) + theme.px(MEASURED)
        lines = self._tiles()
        side = rect.height() / 2 - row
        for line, tiles in enumerate(lines):
            for column, tile in enumerate(tiles):
                left = rect.left() + MARGIN + column * (side + _GAP)
                top = rect.top() + line * (side + row) + theme.px(CAPTION)
                tile.paint_square(painter, QRectF(left, top, side, side), theme)

    def figure_size(self) -> tuple[float, float]:
        """Width and height as a figure, px."""
        shown = fitted(self._pixels, _FIGURE_SIDE)
        side = max(shown.width(), shown.height())
        columns = len(self.counterfactuals) + 1
        return 2 * MARGIN + columns * side + (columns - 1) * _GAP, 2 * (CAPTION + side + MEASURED)

    def sizeHint(self) -> QSize:
        return QSize(640, max(self.height(), 320))

    def _tiles(self) -> tuple[list[PictureTile], list[PictureTile]]:
        return [self.factual, *self.counterfactuals], [self.between, *self.changes]


def _compare(tile: DifferenceTile, title: str, one: np.ndarray, other: np.ndarray) -> None:
    tile.set_difference(difference(one, other))
    change = format_number(mean_change(one, other), "", 1)
    tile.set_caption(title, f"{change} of 255")
    tile.set_description(f"{title}: mean change {change} of 255")

"""What a panel has to export: a view as a figure, the frames of an animation, a table. Each says what made it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from studio.exports.atomic import write_bytes, write_text
from studio.exports.data_files import csv_text
from studio.exports.figures import export_view
from studio.recipes.files import beside_of, write_beside
from widgets.animation import FRAME_SECONDS, Frame, animation_bytes
from widgets.cards import CompareTable
from widgets.export import figure_bytes, figure_of


@dataclass(frozen=True, eq=False)
class Exhibit:
    """What can be exported.

    Attributes:
        view: Drawn as PNG, SVG or PDF.
        frames: Of the animation; empty for none.
        header, rows: Of the table; empty for none.
        sentence: What is asked here, when it is not what the question bar says.
        more: What the recipe says beyond the wish.
    """

    view: QWidget
    frames: tuple[Frame, ...] = ()
    header: tuple[str, ...] = ()
    rows: Sequence[Sequence[object]] = ()
    sentence: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def filters(self) -> tuple[str, ...]:
        """What the file dialog offers."""
        found = ["PNG picture (*.png)", "SVG drawing (*.svg)", "PDF (*.pdf)"]
        if self.frames:
            found.append(
                f"GIF animation, {len(self.frames)} frames of {FRAME_SECONDS:g} s, begins again for ever (*.gif)"
            )
        if self.header:
            found.append("CSV table (*.csv)")
        return tuple(found)

    def write(self, path: Path, sentence: str, recipe: Mapping[str, Any]) -> Path | None:
        """Write the file that the suffix names; a table has its recipe in a file beside it, which is returned.

        Raises:
            Refusal: for another suffix, or when something else lies where the recipe goes.
        """
        sentence, recipe = self.sentence or sentence, {**recipe, "sentence": self.sentence or sentence, **self.more}
        match path.suffix.lower():
            case ".gif" if self.frames:
                write_bytes(path, animation_bytes(self.frames, sentence, recipe))
            case ".csv" if self.header:
                beside_of(path)
                write_text(path, csv_text(self.header, self.rows))
                return write_beside(path, recipe)
            case _:
                export_view(self.view, path, sentence, recipe)
        return None

    def copy(self, sentence: str, recipe: Mapping[str, Any]) -> None:
        """Put the figure on the clipboard: as a PNG that holds its recipe, and sentence and recipe as text."""
        sentence, recipe = self.sentence or sentence, {**recipe, **self.more}
        png = figure_bytes(figure_of(self.view, sentence, recipe), "png")
        data = QMimeData()
        data.setData("image/png", png)
        data.setImageData(QImage.fromData(png))
        data.setText(f"{sentence}\n{json.dumps(dict(recipe), ensure_ascii=False, default=str)}")
        QGuiApplication.clipboard().setMimeData(data)


def exhibit_of(table: CompareTable, sentence: str) -> Exhibit:
    """Things side by side as a figure and as a table; `sentence`: what differs."""
    rows = [(section.title, row.name, *row.values) for section in table.sections() for row in section.rows]
    return Exhibit(table, header=("section", "name", *table.heads()), rows=rows, sentence=sentence)

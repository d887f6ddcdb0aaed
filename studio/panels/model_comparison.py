"""Two to four models side by side: what they were made of, their settings, figures and checks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.exports.exhibit import Exhibit, exhibit_of
from studio.models.shelf import ShelvedModel
from studio.runs.comparing import compare_models, difference_sentence
from widgets.cards import CompareTable
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton

MOST = 4


class ModelComparison(QWidget):
    """A table with what differs in ink; on wish with nothing else."""

    ended = Signal()
    pictures_wished = Signal(object)        # tuple of ShelvedModel
    export_wished = Signal(object)          # Exhibit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ShelvedModel, ...] = ()
        self._title = Label("", "card", elide=True)
        self._sentence = Label("", "second", "t2", elide=True)
        self.table = CompareTable(self.tr("Models side by side"))
        self._choice = Segmented((self.tr("All"), self.tr("Differences")), name=self.tr("Shown"))
        self.pictures = Button(self.tr("Compare their answers"), "plain", "images")
        self.export = ToolButton("download", self.tr("Export the comparison"))
        self.end = Button(self.tr("End the comparison"), "ghost", "x")
        self._choice.chosen.connect(lambda index: self.table.set_only_differing(index == 1))
        self.pictures.clicked.connect(lambda: self.pictures_wished.emit(self._models))
        self.export.clicked.connect(lambda: self.export_wished.emit(self.exhibit()))
        self.end.clicked.connect(self.ended)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.pictures)
        head.addWidget(self.export)
        head.addWidget(self.end)
        under = QHBoxLayout()
        under.setContentsMargins(0, 0, 12, 0)
        under.addWidget(self._sentence)
        under.addStretch(1)
        under.addWidget(self._choice)
        scroll = ScrollColumn(margins=(0, 0, 12, 16))
        scroll.column.addWidget(self.table)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 4, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(under)
        column.addWidget(scroll, 1)

    def models(self) -> tuple[ShelvedModel, ...]:
        """What is compared."""
        return self._models

    def exhibit(self) -> Exhibit:
        """The table as it is cut down now, as a figure and as a table."""
        sentence = f"{self._title.text()}: {self._sentence.text()[:1].lower()}{self._sentence.text()[1:]}"
        return exhibit_of(self.table, sentence)

    def set_models(self, models: Sequence[ShelvedModel]) -> None:
        """Two to four of them, the first being the one that the others are measured against."""
        self._models = tuple(models)
        sections = compare_models(self._models)
        self.table.set_content([f"{model.title}, {model.name}" for model in self._models], sections)
        one_question = len({model.question for model in self._models}) == 1
        self.pictures.setEnabled(one_question and self._models[0].announced is not None)
        why = self.tr("Only models that answer the same question can be asked the same.")
        self.pictures.setToolTip("" if one_question else why)
        self._title.setText(self.tr("{} models side by side").format(len(self._models)))
        self._sentence.setText(f"{difference_sentence(sections)}.")
        self.setAccessibleName(self._title.text())

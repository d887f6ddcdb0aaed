"""The row "Model to explain" of a method's form: the models that can be, or what to do when there is none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from studio.models.abilities import abilities_in_words
from studio.question.explaining import Explainable
from widgets.kit.button import Button
from widgets.kit.label import Label


class ModelRow(QWidget):
    """A list of models with what the chosen one can do under it; without any, the reason and two ways on."""

    chosen = Signal(object)                 # Path of the model, by the user's hand
    train_wished = Signal()                 # a model that can be explained is to be trained first
    open_wished = Signal()                  # a model is to be opened from a file

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[Explainable, ...] = ()
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Model to explain"))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setMinimumContentsLength(12)
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.activated.connect(self._tell)
        self.train = Button(self.tr("Train a predictor"), "plain", "box")
        self.open = Button(self.tr("Open a model file"), "ghost", "upload")
        self.train.clicked.connect(self.train_wished)
        self.open.clicked.connect(self.open_wished)
        self._said = Label("", "second", "t2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(4)
        column.addWidget(Label(self.tr("Model to explain"), "title"))
        column.addWidget(self.list)
        column.addWidget(self._said)
        for button in (self.train, self.open):          # one below the other: the form is narrow beside its list
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_models((), None, "")

    def set_models(self, models: Sequence[Explainable], chosen: Explainable | None, why_none: str) -> None:
        """The models that can be explained and the one that is; `why_none` says why there is none."""
        self._models = tuple(models)
        with QSignalBlocker(self.list):
            self.list.clear()
            self.list.addItems([model.title for model in models])
            if chosen is not None:
                self.list.setCurrentIndex(self._models.index(chosen))
        self._said.setText(abilities_in_words(chosen.carded) if chosen is not None else why_none)
        self.list.setVisible(bool(models))
        self.train.setVisible(not models)
        self.open.setVisible(not models)

    def said(self) -> str:
        """The line under the list."""
        return self._said.text()

    def _tell(self, place: int) -> None:
        self.chosen.emit(self._models[place].folder)

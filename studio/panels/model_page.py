"""The page of one model: the question, what it was made of, how well it did, and what to do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engines.data.kinds import ColumnType, DataSet
from engines.data.roles import Role
from studio.models.predictors import inputs_words, split_words
from studio.models.shelf import ShelvedModel
from studio.question.wording import size_text
from studio.runs.comparing import check_text, fingerprint_of, setting_rows
from widgets.cards import Facts, value_text
from widgets.dates import format_date
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count, format_duration, format_range, natural_precision


class ModelPage(QWidget):
    """Shows one model. `ask`, `export`, `compare` … are its buttons; what they do is the panel's."""

    renamed = Signal(str)                   # the name that was typed in the place of the title

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ask = Button(self.tr("Ask"), "plain", "circle-help")
        self.export = Button(self.tr("Export"), "plain", "download", menu=True)
        self.explain = Button(self.tr("Explain it"), "plain", "target")
        self.report = ToolButton("clipboard-list", self.tr("Add to report"), checkable=True)
        self.compare = Button(self.tr("Compare"), "plain", "columns-2", menu=True)
        self.more = ToolButton("ellipsis", self.tr("More"))
        self._title = Label("", "card", elide=True)
        self._name = NameField()
        self._name.setAccessibleName(self.tr("Name of the model"))
        self._name.typed.connect(self._take_name)
        self._name.left.connect(self._end_rename)
        self._name.hide()
        self._question = Label("", "second", "t2", wrap=True)
        self._facts = {
            name: Facts(name)
            for name in (self.tr("Made of"), self.tr("Settings"), self.tr("Figures"), self.tr("Versions"))
        }
        self._heads: dict[str, Label] = {}
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._name, 1)
        head.addStretch(1)
        head.addWidget(self.report)
        head.addWidget(self.more)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.ask, self.explain, self.compare, self.export):
            acts.addWidget(button)
        acts.addStretch(1)
        scroll = ScrollColumn(margins=(0, 0, 12, 16))
        for name, facts in self._facts.items():
            self._heads[name] = Label(name, "title")
            scroll.column.addSpacing(16)
            scroll.column.addWidget(self._heads[name])
            scroll.column.addSpacing(2)
            scroll.column.addWidget(facts)
        scroll.column.addSpacing(16)
        scroll.column.addWidget(Label(self.tr("Where it may not be used"), "title"))
        scroll.column.addSpacing(4)
        self._limits = Label("", "second", "t2", wrap=True)
        scroll.column.addWidget(self._limits)
        scroll.column.addSpacing(4)
        self._ranges = Facts(self.tr("Range of the data"))
        scroll.column.addWidget(self._ranges)
        scroll.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 4, 0)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 12, 0)
        top.addLayout(head)
        column.addLayout(top)
        column.addWidget(self._question)
        column.addSpacing(4)
        column.addLayout(acts)
        column.addSpacing(4)
        column.addWidget(scroll, 1)

    def facts(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What is written, by heading."""
        return {name: facts.rows() for name, facts in self._facts.items()}

    def begin_rename(self, name: str) -> None:
        """Type a name in the place of the title: Enter takes it, Escape leaves it."""
        self._title.hide()
        self._name.setText(name)
        self._name.show()
        self._name.selectAll()
        self._name.setFocus()

    def name_field(self) -> NameField:
        """Where a name is typed."""
        return self._name

    def _take_name(self, name: str) -> None:
        self._end_rename()
        self.renamed.emit(name)

    def _end_rename(self) -> None:
        self._name.hide()
        self._title.show()

    def set_reported(self, inside: bool) -> None:
        """Whether the card stands in the report."""
        self.report.setChecked(inside)
        self.report.set_tip(self.tr("Show it in the report") if inside else self.tr("Add to report"))

    def ranges(self) -> tuple[tuple[str, str], ...]:
        """The range of each column, as far as the data are at hand."""
        return self._ranges.rows()

    def set_model(self, model: ShelvedModel, data: DataSet | None = None) -> None:
        """Show the page of a model. `data`: what it was trained on, where that is open."""
        self._title.setText(f"{model.title}, {model.name}")
        question = model.question
        self.explain.setVisible(bool(model.can_do))
        sentence = model.announced.sentence if model.announced is not None else ""
        self._question.setText(" ".join(part for part in (question.sentence if question else "", sentence) if part))
        settings = setting_rows(model.card.get("parameters", {}), model.announced)
        rows = (self._made_of(model), settings, self._figures(model), _versions(model.card))
        for (name, facts), lines in zip(self._facts.items(), rows, strict=True):
            facts.set_rows(lines)
            facts.setVisible(bool(lines))
            self._heads[name].setVisible(bool(lines))
        self._limits.setText(self._limits_of(model))
        self._ranges.set_rows([] if data is None else _ranges(data))
        self._ranges.setVisible(data is not None)
        self.setAccessibleName(self.tr("Model {}, {}").format(model.title, model.name))

    def _made_of(self, model: ShelvedModel) -> list[tuple[str, str]]:
        card, rows = model.card, []
        if model.data_name:
            count = self.tr(", {} items").format(format_count(model.items)) if model.items is not None else ""
            rows.append((self.tr("Data"), model.data_name + count))
        if model.graph is not None:
            rows.append((self.tr("Graph"), size_text(model.graph)))
        if model.can_do:
            rows.append((self.tr("Can do"), model.can_do))
            kind = [model.carded.sort, inputs_words(model)]
            rows.append((self.tr("Kind"), ", ".join(word for word in kind if word)))
            if split := split_words(model):
                rows.append((self.tr("Judged by"), split))
        if model.explains:
            rows.append((self.tr("Explains"), model.explains))
        if (made := model.made) is not None:
            rows.append((self.tr("Made"), format_date(made.date())))
        if isinstance(seconds := card.get("seconds"), (int, float)):
            rows.append((self.tr("Training took"), format_duration(seconds)))
        for key, name in (("seed", self.tr("Seed")), ("device", self.tr("Device")), ("threads", self.tr("Threads"))):
            if key in card:
                rows.append((name, str(card[key])))
        if (fingerprint := fingerprint_of(card)) != "":
            rows.append((self.tr("Fingerprint of the data"), fingerprint))
        rows.append((self.tr("Check of the method"), check_text(model.announced)))
        rows.append((self.tr("Folder"), str(model.folder)))
        return rows

    def _figures(self, model: ShelvedModel) -> list[tuple[str, str]]:
        return [(name, value_text(value)) for name, value in model.figures.items()]

    def _limits_of(self, model: ShelvedModel) -> str:
        """Where it may not be used: what follows from what it was trained on."""
        parts = []
        if model.data_name:
            parts.append(self.tr("Beyond the range of {} its answers are guesses.").format(model.data_name))
        if model.can_do and not model.has_gradients:
            parts.append(self.tr("It has no gradients: methods that need them are not offered for it."))
        if model.graph is not None:
            parts.append(self.tr("They hold if the graph is right."))
        if model.announced is not None and model.announced.reconstruction:
            parts.append(self.tr("The method had to be reconstructed: {}").format(model.announced.reconstruction))
        if model.announced is None:
            parts.append(self.tr("Its method is not installed here, so it cannot be asked."))
        return " ".join(parts)


def _ranges(data: DataSet) -> list[tuple[str, str]]:
    """What the middle 99 % of each number factor holds, and the levels of each category."""
    rows = []
    for column in data.attributes.having(Role.FACTOR):
        if column.type is ColumnType.CATEGORY:
            rows.append((column.name, ", ".join(column.levels)))
        elif column.type is ColumnType.NUMBER and np.isfinite(column.values).any():
            low, high = np.nanpercentile(column.values[np.isfinite(column.values)], (0.5, 99.5))
            decimals = 0 if column.whole else natural_precision(max(abs(low), abs(high)))
            rows.append((column.name, format_range(float(low), float(high), column.unit, decimals)))
    return rows


class NameField(QLineEdit):
    """A name of a thing: Enter tells it, Escape and leaving the field do not."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Name"))
        self.returnPressed.connect(lambda: self.typed.emit(self.text().strip()))

    def event(self, event: QEvent) -> bool:
        """What is typed is no shortcut of the panel."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _versions(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(version)) for name, version in card.get("versions", {}).items()]

"""The Methods panel: the methods that fit the question and the data, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.catalogue import Announced, Catalogue
from studio.workspace import Workspace
from widgets.controls.form import ParameterForm
from widgets.kit.button import Button
from widgets.kit.fold_header import FoldHeader
from widgets.kit.label import Hairline, Label
from widgets.kit.message_bar import ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.pill import Pill
from widgets.kit.recent_row import RecentRow
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State


class MethodsPanel(PanelFrame):
    """Bound to the workspace: question and data decide what fits; the form changes the settings."""

    train_wished = Signal()
    question_wished = Signal()

    def __init__(self, workspace: Workspace, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__("Methods", parent)
        self._workspace, self._catalogue = workspace, catalogue
        self._list = ScrollColumn(margins=(4, 8, 4, 8))
        self._form = ParameterForm()
        self._title = Label("", "card")
        self._sentence = Label("", "second", "t2", wrap=True)
        self._badge = Pill("")
        self._presets = Segmented(name=self.tr("Presets"))
        self._error = ErrorBar()
        self._train = Button(self.tr("Train"), "plain", "play")
        self._source = Label("", "caption", "t2", wrap=True)
        right = QWidget()
        form = QVBoxLayout(right)
        form.setContentsMargins(16, 12, 16, 12)
        form.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._badge)
        form.addLayout(head)
        form.addWidget(self._sentence)
        form.addWidget(self._presets)
        form.addWidget(self._error)
        scroll = ScrollColumn()
        scroll.column.addWidget(self._form)
        scroll.column.addWidget(self._source)
        scroll.column.addStretch(1)
        form.addWidget(scroll, 1)
        form.addWidget(Hairline())
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._train)
        form.addLayout(foot)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._list.setFixedWidth(200)
        row.addWidget(self._list)
        row.addWidget(right, 1)
        self._pages = EmptyOr(content, State(self.tr("Pick a question first"), "", "circle-help"))
        self.set_body(self._pages)
        self._form.values_changed.connect(self._take_values)
        self._form.validity_changed.connect(self._take_validity)
        self._presets.chosen.connect(self._take_preset)
        self._train.clicked.connect(self.train_wished)
        workspace.question_changed.connect(self._refresh)
        workspace.data_changed.connect(self._refresh)
        workspace.graph_changed.connect(self._refresh)
        workspace.method_changed.connect(self._show_method)
        workspace.settings_changed.connect(lambda _method: self._show_method(workspace.method))
        self._refresh()

    def parameters(self) -> Mapping[str, Any]:
        """The settings of the chosen method: its first preset with the analyst's changes."""
        announced = self._catalogue.get(self._workspace.method)
        return {**announced.default, **self._workspace.settings(announced.id)}

    def _refresh(self, *_: object) -> None:
        while (item := self._list.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        question, opened = self._workspace.question, self._workspace.data
        if question is None:
            self._pages.show_state(State(self.tr("Pick a question first"), "", "circle-help"))
            return
        data = None if opened is None else opened.data
        fitting, others = self._catalogue.sorted(question, data, self._workspace.graph)
        for announced in fitting:
            row = RecentRow(announced.title, announced.sentence, "box")
            row.clicked.connect(lambda _=False, id=announced.id: self._workspace.set_method(id))
            self._list.column.addWidget(row)
        if others:
            head = FoldHeader(self.tr("{} do not fit").format(len(others)), opened=not fitting)
            self._list.column.addWidget(head)
            for announced, why in others:
                line = Label(f"{announced.title}: {why}", "second", "t2", wrap=True)
                line.setMargin(8)
                self._list.column.addWidget(line)
                head.fold(line)
        self._list.column.addStretch(1)
        chosen = self._workspace.method
        if fitting and chosen not in [a.id for a in fitting]:
            self._workspace.set_method(fitting[0].id)
        self._show_method(self._workspace.method)
        self._pages.show_content(bool(fitting or others))

    def _show_method(self, method: str) -> None:
        if not method:
            return
        announced = self._catalogue.get(method)
        self._title.setText(announced.title)
        self._sentence.setText(announced.sentence)
        self._source.setText(announced.source)
        self._badge.set_text(self._badge_text(announced))
        self._presets.set_options(list(announced.presets))
        self._presets.setVisible(len(announced.presets) > 1)
        self._form.set_schema(announced.parameters)
        self._form.set_values({**announced.default, **self._workspace.settings(method)})

    def _badge_text(self, announced: Announced) -> str:
        if announced.reconstruction:
            return self.tr("reconstructed")
        return self.tr("checked {}").format(announced.checked) if announced.checked else self.tr("not checked here")

    def _take_values(self, values: Mapping[str, Any]) -> None:
        announced = self._catalogue.get(self._workspace.method)
        changed = {name: value for name, value in values.items() if announced.default.get(name) != value}
        self._workspace.change_settings(announced.id, changed)

    def _take_preset(self, index: int) -> None:
        announced = self._catalogue.get(self._workspace.method)
        preset = list(announced.presets.values())[index]
        self._workspace.change_settings(
            announced.id, {name: value for name, value in preset.items() if announced.default.get(name) != value}
        )
        self._presets.set_current(index)

    def _take_validity(self, invalid: int) -> None:
        self._train.setEnabled(invalid == 0)
        self._train.set_text(self.tr("{} value to correct").format(invalid) if invalid else self.tr("Train"))

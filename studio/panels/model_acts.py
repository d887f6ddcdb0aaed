"""What can be done with the models beside asking and exporting: compare, name, remove, show where they lie."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from studio.models.changes import ModelChanges
from studio.models.shelf import ModelShelf, ShelvedModel
from studio.panels.model_comparison import MOST, ModelComparison
from studio.panels.model_page import ModelPage
from studio.runs.explained import listed
from widgets.kit.action import Action
from widgets.kit.menu import Menu
from widgets.kit.message_bar import AdviceBar

if TYPE_CHECKING:
    from studio.panels.models import ModelsPanel


class ModelActs(QObject):
    """Works on the chosen model of the panel, and on those that are picked to be compared.

    `pages` holds the page of a model and the comparison; `question` is the bar that asks before something is removed.
    """

    picked = Signal(object)                 # set of folders

    def __init__(self, panel: ModelsPanel, shelf: ModelShelf, page: ModelPage, changes: ModelChanges) -> None:
        super().__init__(panel)
        self._panel, self._shelf, self._page, self._changes = panel, shelf, page, changes
        self._picked: list[Path] = []
        self.comparison = ModelComparison()
        self.question = AdviceBar(closable=True)
        self.pages = QStackedWidget()
        self.pages.addWidget(page)
        self.pages.addWidget(self.comparison)
        self._menu = Menu("", panel)
        page.compare.clicked.connect(lambda: self.rivals().popup_under(page.compare))
        page.more.clicked.connect(lambda: self.more().popup_under(page.more))
        page.renamed.connect(self._rename)
        self.comparison.ended.connect(self.end_comparison)

    # comparing

    def pick(self, folder: Path) -> None:
        """Pick a model to be compared, or leave it out again; at most four."""
        if folder in self._picked:
            self._picked.remove(folder)
        elif len(self._picked) < MOST:
            self._picked.append(folder)
        self.picked.emit(set(self._picked))

    def compare(self) -> None:
        """Compare what is picked; with fewer than two, the chosen model with one that is asked for."""
        if self.pages.currentWidget() is self.comparison:
            self.end_comparison()
        elif len(models := self._models()) > 1:
            self._show(models)
        elif self._panel.chosen() is not None:
            self.rivals().popup_under(self._page.compare)

    def rivals(self) -> Menu:
        """The other models, each to be compared with the chosen one."""
        self._menu.clear()
        chosen = self._panel.chosen()
        others = [model for model in self._shelf.all() if chosen is not None and model.folder != chosen.folder]
        for model in others:
            self._menu.add(f"{model.title}, {model.name}", partial(self._compare_chosen_with, model.folder))
        if not others:
            self._menu.add(self.tr("There is no other model yet"), off_because=self.tr("Train or import another one."))
        if len(self._models()) > 1:
            self._menu.addSeparator()
            text = self.tr("The {} picked models").format(len(self._models()))
            self._menu.add(text, self.compare, keys="Ctrl+M")
        return self._menu

    def end_comparison(self) -> None:
        """Back to the page of the chosen model."""
        self._picked.clear()
        self.picked.emit(set())
        self.pages.setCurrentWidget(self._page)

    def show_page(self) -> None:
        """The page of the chosen model instead of a comparison."""
        if self.pages.currentWidget() is self.comparison:
            self.end_comparison()

    def _models(self) -> list[ShelvedModel]:
        return [model for folder in self._picked if (model := self._shelf.find(folder)) is not None]

    def _compare_chosen_with(self, folder: Path) -> None:
        chosen = self._panel.chosen()
        if chosen is not None:
            self._picked = [chosen.folder, folder]
            self.picked.emit(set(self._picked))
            self._show(self._models())

    def _show(self, models: list[ShelvedModel]) -> None:
        self.comparison.set_models(models)
        self.pages.setCurrentWidget(self.comparison)

    # one model

    def more(self) -> Menu:
        """Name, remove, show: for the chosen model."""
        self._menu.clear()
        model = self._panel.chosen()
        if model is None:
            return self._menu
        no_run = self.tr("Only models of this project's runs have a name of their own.")
        self._menu.add(
            self.tr("Rename"), self.begin_rename, sign="pencil", keys="F2", off_because="" if model.run else no_run
        )
        self._menu.add(self.tr("Copy the recipe"), partial(_copy_recipe, model), sign="copy")
        self._menu.add(self.tr("Show the folder"), partial(_open_folder, model.folder), sign="folder-open")
        self._menu.addSeparator()
        self._menu.add(self.tr("Remove"), self.ask_remove, sign="trash-2", keys="Delete")
        return self._menu

    def begin_rename(self) -> None:
        """Type another name in the place of the title."""
        model = self._panel.chosen()
        if model is not None and model.run:
            self._page.begin_rename(self._changes.given_name(model.run))

    def ask_remove(self) -> None:
        """Say what removing does; it is done by a second press."""
        model = self._panel.chosen()
        if model is None:
            return
        name = f"{model.title}, {model.name}"
        if model.run:
            help_ = self.tr("Its files are deleted when the project is closed; until then Undo brings it back.")
        else:
            help_ = self.tr("It only leaves this list; its files lie outside the project and stay.")
        if numbers := self._changes.explained_by(model.folder):
            one = self.tr("Run {} explains it: its answers stay, but it cannot be made again without this model.")
            more = self.tr("Runs {} explain it: their answers stay, but they cannot be made again without this model.")
            help_ = f"{(one if len(numbers) == 1 else more).format(listed(numbers))} {help_}"
        remove = Action(self.tr("Remove it"), partial(self._remove, model), "plain", "trash-2")
        self.question.show_message(self.tr("Remove {}?").format(name), help_, (remove,))

    def _rename(self, name: str) -> None:
        model = self._panel.chosen()
        if model is not None and model.run:
            self._changes.rename(model.run, name)

    def _remove(self, model: ShelvedModel) -> None:
        self.question.clear()
        self._changes.remove(model.folder, f"{model.title}, {model.name}")


def _copy_recipe(model: ShelvedModel) -> None:
    """The method and all that the card tells of how the model was made, as JSON on the clipboard."""
    made = {name: value for name, value in model.card.items() if name != "figures"}
    QGuiApplication.clipboard().setText(json.dumps({"method": model.method, **made}, indent=1, ensure_ascii=False))


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

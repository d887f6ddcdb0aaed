"""The window's side of reopening: what is shown when all is back, and what is offered when something is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.refusals import Refusal
from studio.dialogs import ask_files, ask_folder
from studio.panels.recipe_view import RecipeView
from studio.recipes.recipes import Recipe
from widgets.kit.action import Action

if TYPE_CHECKING:
    from studio.desk import Desk
    from studio.window import MainWindow


class Reopened(QObject):
    """Shows the view of a recipe; offers to give what it lacks."""

    def __init__(self, window: MainWindow, desk: Desk, show_view: Callable[[Recipe], None]) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self.view = RecipeView(window)
        desk.reopening.reopened.connect(show_view)
        desk.reopening.lacking.connect(self._offer)

    def _offer(self, recipe: Recipe, refusal: Refusal) -> None:
        """Over the panels or on Start: what is missing, and the ways on."""
        window, reopening = self._window, self._desk.reopening
        actions = [Action(self.tr("Show the recipe"), lambda: self.view.show_recipe(recipe), "plain", "clipboard-list")]
        here = reopening.has_data(recipe)
        if here and recipe.method and self._desk.catalogue.find(recipe.method) is not None:
            actions.insert(0, Action(self.tr("Train it again"), lambda: window.guarded(reopening.train_again), "plain"))
        elif recipe.data is not None and not here:
            actions.insert(0, Action(self.tr("Choose the data"), lambda: self._choose(recipe), "plain", "folder-open"))
        bar = window.start.error if window.page() == "Start" else window.notice
        bar.show_message(refusal.sentence, refusal.cause, actions)

    def _choose(self, recipe: Recipe) -> None:
        reopening = self._desk.reopening
        folder = recipe.data is not None and not Path(recipe.data.path).suffix
        ask = ask_folder if folder else ask_files
        ask(self._window, self.tr("Choose the data of the recipe"), lambda paths: reopening.take_data(paths[0]))

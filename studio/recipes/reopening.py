"""Reopening what made a figure or a model: its project where that is, else its data; then the model and what was asked.

A recipe leads only to what opens safely by itself: a project, a data file whose fingerprint is that of the recipe, a
model folder. What is missing is said, and the recipe is kept so that the analyst can give it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engines.data.reading import refer
from engines.data.reference import DataReference
from engines.models import MODEL
from engines.questions import Question
from engines.refusals import Refusal
from studio.exploration.exploration import Wish
from studio.project.keeping import Asked
from studio.project.project import DATABASE
from studio.recipes.files import recipe_in
from studio.recipes.recipes import Recipe
from studio.workspace import OpenData

if TYPE_CHECKING:
    from studio.desk import Desk

_MOST_FILES = 100_000       # in a folder of data that a recipe names


class Reopening(QObject):
    """Takes recipes; `recipe` is the one that was reopened last, or that waits for its data."""

    reopened = Signal(object)               # Recipe: all is there; its view can be shown
    lacking = Signal(object, object)        # Recipe, Refusal: what is missing and cannot be found

    def __init__(self, desk: Desk, start: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """`start`: goes on with a coroutine in the loop and tells of refusals."""
        super().__init__(desk)
        self._desk, self._start = desk, start
        self.recipe: Recipe | None = None
        self._coming = False
        desk.opened.connect(self._arrive)

    async def take(self, path: Path) -> None:
        """Reopen what made a file.

        Raises:
            Refusal: when its recipe is damaged or hostile.
        """
        recipe = await asyncio.to_thread(recipe_in, path)
        if recipe is None:
            raise Refusal(f"{path.name} carries no recipe.", "It was not made by Otherwise, or was changed since.")
        await self.reopen(recipe)

    async def reopen(self, recipe: Recipe) -> None:
        """Open the project of a recipe where it lies, else its data; then its model."""
        desk, self.recipe, self._coming = self._desk, recipe, False
        folder = Path(recipe.folder)
        here = desk.project is not None and desk.project.folder == folder
        if not here and recipe.folder.endswith(".otherwise") and (folder / DATABASE).is_file():
            self._coming = True
            desk.open_project(folder)
            return
        if recipe.data is None:
            self._lack(self.tr("This does not say which data it was made of."))
        elif (opened := self._open_data(recipe.data)) is not None:
            self._coming = True
            self._ask(opened)
        else:
            await self._from_data(recipe, recipe.data)

    def take_data(self, path: Path) -> None:
        """The data that the waiting recipe lacks, wherever they lie now; other data are refused."""
        self._start(self._take_data(path))

    async def _take_data(self, path: Path) -> None:
        recipe = self.recipe
        if recipe is None or recipe.data is None:
            return
        labels = path.with_name(Path(recipe.data.labels).name) if recipe.data.labels else None
        found = await asyncio.to_thread(refer, path, labels if labels is not None and labels.exists() else None)
        if found.fingerprint != recipe.data.fingerprint:
            raise Refusal(
                self.tr("{} holds other data than the recipe names.").format(path.name),
                self.tr("Its fingerprint is {}, that of the recipe {}.").format(
                    found.fingerprint[:8], recipe.data.fingerprint[:8]
                ),
            )
        data = replace(recipe.data, path=found.path, labels=found.labels)
        self.recipe = replace(recipe, data=data)
        await self._from_data(self.recipe, data)

    def lack_data(self, recipe: Recipe, why: Refusal) -> None:
        """A model cannot be asked, because its data are not where they were."""
        self.recipe = recipe
        self._lack(self.tr("The data {} that made this are not here.").format(recipe.data_name), str(why))

    def train_again(self) -> None:
        """Queue a run with the settings, graph and seed of the recipe, on its data."""
        recipe, desk = self.recipe, self._desk
        opened = None if recipe is None or recipe.data is None else self._open_data(recipe.data)
        if recipe is None or opened is None or not recipe.method:
            return
        desk.runs.start(
            recipe.method, desk.catalogue.get(recipe.method).title, opened.reference, recipe.parameters,
            seed=recipe.training_seed or 0, graph=recipe.graph, knowledge=recipe.knowledge,
            threads=recipe.threads or desk.threads(), model=recipe.explains,
        )

    def asked(self) -> Asked | None:
        """What is to be asked in a project that has just been read, where a recipe led there."""
        recipe = self.recipe
        if not self._coming or recipe is None or recipe.data is None or not self._has_model(recipe):
            return None
        opened = self._open_data(recipe.data)
        if opened is None:
            return None
        self._desk.workspace.choose_data(opened.name)
        wish = None
        if recipe.item is not None:
            wish = Wish(recipe.item, dict(recipe.do), dict(recipe.values), recipe.seed or 0)
        return Asked(Path(recipe.model), self._title(recipe), wish)

    def _ask(self, opened: OpenData) -> None:
        """Look at the data of the recipe, and ask its model again."""
        self._desk.workspace.choose_data(opened.name)
        if (asked := self.asked()) is None:
            self._desk.opened.emit()
        else:
            self._desk.answering.ask_again(asked, opened)

    async def _from_data(self, recipe: Recipe, reference: DataReference) -> None:
        """A project of its own from the data file alone."""
        try:
            await asyncio.to_thread(_check_place, reference)
            opened = await self._desk.intake.data_of(reference)
        except Refusal as refusal:
            named = replace(recipe, data_name=recipe.data_name or Path(reference.path).name)
            self.lack_data(named, refusal)
            return
        self._desk.projects.begin_for(recipe.project or opened.name, lambda: self._fill(recipe, opened))

    def _fill(self, recipe: Recipe, opened: OpenData) -> None:
        """Put what the recipe says into the project that was begun for it."""
        workspace = self._desk.workspace
        workspace.add_data(opened)
        if recipe.graph is not None:
            workspace.adopt_graph(recipe.graph)
        if recipe.question:
            workspace.set_question(Question(recipe.question))
        if recipe.method and self._desk.catalogue.find(recipe.method) is not None:
            workspace.set_method(recipe.method)
            workspace.change_settings(recipe.method, dict(recipe.parameters))
            if recipe.explains is not None and (folder := Path(recipe.explains.folder)).is_dir():
                self._desk.explaining.choose(folder)
        self._coming = True
        self._ask(opened)

    def _arrive(self) -> None:
        """The project is open, and its model where there is one."""
        recipe = self.recipe
        if not self._coming or recipe is None:
            return
        self._coming = False
        if recipe.data is not None and self._open_data(recipe.data) is None:
            self._lack(self.tr("The data {} that made this are not here.").format(recipe.data_name))
        elif recipe.model and not self._has_model(recipe):
            self._lack(
                self.tr("The model that made this is not here."),
                self.tr("It lay in {}. The data and the settings are back.").format(recipe.model),
            )
        elif recipe.item is not None and dict(self._desk.exploration.wish.do) != dict(recipe.do):
            self._lack(self.tr("What was asked does not fit the model that is here."))
        self.reopened.emit(recipe)

    def _lack(self, sentence: str, cause: str = "") -> None:
        assert self.recipe is not None
        self.lacking.emit(self.recipe, Refusal(sentence, cause))

    def has_data(self, recipe: Recipe) -> bool:
        """Whether the data of a recipe are open."""
        return recipe.data is not None and self._open_data(recipe.data) is not None

    def _open_data(self, wanted: DataReference) -> OpenData | None:
        """The data set that is open and has the very bytes and preparation of the recipe."""
        asked = (wanted.fingerprint, dict(wanted.types), [dict(step) for step in wanted.steps])
        for opened in self._desk.workspace.datasets:
            there = opened.reference
            if there.fingerprint and (there.fingerprint, dict(there.types), [dict(s) for s in there.steps]) == asked:
                return opened
        return None

    def _has_model(self, recipe: Recipe) -> bool:
        return bool(recipe.model) and (Path(recipe.model) / MODEL).is_file()

    def _title(self, recipe: Recipe) -> str:
        return self.tr("run {}").format(recipe.run) if recipe.run is not None else Path(recipe.model).name


def _check_place(reference: DataReference) -> None:
    """Refuse, before anything is read, what no recipe of ours names: no fingerprint, a device, an endless folder."""
    path = Path(reference.path)
    if not reference.fingerprint:
        raise Refusal("The recipe holds no fingerprint of them, so no file can be told to be them.")
    if not path.exists():
        raise Refusal(f"They were looked for in {path.parent}.")
    if path.is_dir():
        if any(i >= _MOST_FILES for i, _ in enumerate(path.rglob("*"))):
            raise Refusal(f"{path.name} holds too many files to look through.")
    elif not path.is_file():
        raise Refusal(f"{path.name} is no file.")

"""Names that the analyst gives to runs and their models, and models that are removed: undo steps of the project.

A removed model is off the shelf at once; its files go when the project is closed, so that undo can bring it back.
Models that lie outside the project only leave the shelf.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.catalogue import Catalogue
from studio.project import Kind, Project
from studio.project.history import History
from studio.runs.runs import Runs

_NAMES, _REMOVED = "names", "removed"


class ModelChanges(QObject):
    """Bound to the history; applies names to the runs and tells which models are away."""

    changed = Signal()                      # which models are removed

    def __init__(self, history: History, runs: Runs, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history, self._runs, self._catalogue = history, runs, catalogue
        self._project: Project | None = None
        self._given: dict[int, str] = {}
        self._removed: tuple[Path, ...] = ()
        history.register(Kind.MODEL, _NAMES, self._show_names)
        history.register(Kind.MODEL, _REMOVED, self._show_removed, self._why_not)

    def use(self, project: Project) -> None:
        """Another project; its names and removals come by `History.show_all`."""
        self._project, self._given, self._removed = project, {}, ()

    @property
    def removed(self) -> tuple[Path, ...]:
        """Folders of the models that are off the shelf."""
        return self._removed

    def given_name(self, run: int) -> str:
        """What the analyst calls a run; empty when it has no name of its own."""
        return self._given.get(run, "")

    def rename(self, run: int, name: str) -> None:
        """Give a run and its model a name; an empty one takes it back."""
        after = {number: given for number, given in {**self._given, run: name}.items() if given}
        if after != self._given:
            named = self.tr("Name run {} “{}”").format(run, name)
            text = named if name else self.tr("Take the name off run {}").format(run)
            self._history.change(text, Kind.MODEL, _NAMES, _plain_names(self._given), _plain_names(after))

    def explained_by(self, folder: Path) -> tuple[int, ...]:
        """The runs that explain this model, by number."""
        return tuple(
            info.number for info in self._runs.all()
            if info.request.model is not None and Path(info.request.model.folder) == folder
        )

    def remove(self, folder: Path, title: str) -> None:
        """Take a model off the shelf; files inside the project go when it is closed."""
        if folder not in self._removed:
            before = [str(path) for path in self._removed]
            after = [*before, str(folder)]
            self._history.change(self.tr("Remove {}").format(title), Kind.MODEL, _REMOVED, before or None, after)

    def purge(self) -> None:
        """Delete the files of removed models that lie in the project; called when it is closed."""
        if self._project is None or self._project.read_only:
            return
        for folder in self._removed:
            if folder.is_relative_to(self._project.folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _show_names(self, _name: str, plain: Any) -> None:
        given = {int(number): str(name) for number, name in (plain or {}).items()}
        known = {info.number: info for info in self._runs.all()}
        for number in given.keys() | self._given.keys():
            if (info := known.get(number)) is not None:
                announced = self._catalogue.find(info.request.method)
                own = announced.title if announced is not None else info.request.method
                self._runs.rename(number, given.get(number, own))
        self._given = given

    def _show_removed(self, _name: str, plain: Any) -> None:
        self._removed = tuple(Path(folder) for folder in plain or ())
        self.changed.emit()

    def _why_not(self, _name: str, plain: Any) -> str:
        back = set(self._removed) - {Path(folder) for folder in plain or ()}
        gone = next((folder for folder in sorted(back) if not folder.is_dir()), None)
        return "" if gone is None else self.tr("The files of {} are deleted.").format(gone.parent.name)


def _plain_names(given: dict[int, str]) -> dict[str, str] | None:
    return {str(number): name for number, name in sorted(given.items())} or None

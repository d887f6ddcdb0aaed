"""What is done with a project as a whole: another name, an earlier state, the lock of a machine that is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from engines.refusals import Refusal
from studio.project import Project
from studio.project.earlier import State, restore
from studio.recent import RecentProjects


class Holds(Protocol):
    """The part of the desk that this needs."""

    project: Project | None

    def busy(self) -> bool:
        """Whether a run works or waits."""

    def let_go(self) -> None:
        """Close the files of the project; nothing is kept until another is taken."""

    def take_project(self, project: Project) -> None:
        """Work on this project from now on, with all that it holds."""

    def leave(self, aim: str, go: Callable[[], object]) -> None:
        """Call `go` when nothing works any more."""


class ProjectCare:
    """Does it for the project that the desk has open, or for one that cannot be opened."""

    def __init__(self, desk: Holds, recent: RecentProjects) -> None:
        self._desk, self._recent = desk, recent

    def rename(self, name: str) -> None:
        """Another name for the open project and its folder.

        Raises:
            Refusal: when a run works, a folder cannot be named so, or it cannot be moved; all is then as before.
        """
        project = self._desk.project
        if project is None:
            return
        if project.read_only:
            raise Refusal(_tr("{} is open in another studio.").format(project.name), _tr("Rename it there."))
        before, target = project.folder, project.renamed(name)
        if target == before:
            return
        if self._desk.busy():
            raise Refusal(
                _tr("A run works in this project, and writes into its folder."),
                _tr("Rename it when the run has ended, or stop the run first."),
            )
        self._desk.let_go()
        try:
            project = project.moved_to(target)
            self._recent.forget(before)
        finally:
            self._desk.take_project(project)

    def open_earlier(self, folder: Path, state: State) -> None:
        """Open a state of a project in place of the one that is in use, which is kept.

        Raises:
            Refusal: when another studio has the project open, or it cannot be written; all is then as before.
        """

        def go() -> None:
            own = self._desk.project
            if own is not None and own.folder == folder:
                self._desk.let_go()
            try:
                if not state.in_use:
                    restore(folder, state.path)
            finally:
                self._desk.take_project(Project.open(folder))

        self._desk.leave(_tr("open an earlier state of {}").format(folder.stem), go)

    def take_over(self, folder: Path) -> None:
        """Open a project for writing although its lock says that another machine has it."""
        self._desk.let_go()
        self._desk.take_project(Project.open(folder, by_force=True))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ProjectCare", text)

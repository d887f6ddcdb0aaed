"""What is done with a project as a whole: another name, an earlier state, the lock of a machine that is gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from engines.refusals import Refusal
from studio.project import Project
from studio.project.earlier import State, restore
from studio.project.projects import Projects

if TYPE_CHECKING:
    from studio.desk import Desk

class ProjectCare:
    """Does it for the project that the desk has open, or for one that cannot be opened."""

    def __init__(self, desk: Desk, projects: Projects) -> None:
        self._desk, self._projects = desk, projects

    def rename(self, name: str) -> None:
        """Another name for the open project and its folder.

        Raises:
            Refusal: when a run works, a folder cannot be named so, or it cannot be moved; all is then as before.
        """
        project = self._projects.current
        if project is None:
            return
        if project.read_only:
            raise Refusal(_tr("{} is open in another studio.").format(project.name), _tr("Rename it there."))
        before, target = project.folder, project.renamed(name)
        if target == before:
            return
        if self._desk.runs.live():
            raise Refusal(
                _tr("A run works in this project, and writes into its folder."),
                _tr("Rename it when the run has ended, or stop the run first."),
            )
        self._projects.let_go()
        try:
            project = project.moved_to(target)
            self._projects.recent.forget(before)
        finally:
            self._projects.take(project)

    def open_earlier(self, folder: Path, state: State) -> None:
        """Open a state of a project in place of the one that is in use, which is kept.

        Raises:
            Refusal: when another studio has the project open, or it cannot be written; all is then as before.
        """

        def go() -> None:
            own = self._projects.current
            is_open = own is not None and own.folder == folder
            if is_open:
                self._projects.let_go()
            try:
                if not state.in_use:
                    restore(folder, state.path)
            except Refusal:
                if is_open:
                    self._projects.take(Project.open(folder))
                raise
            self._projects.take(Project.open(folder))

        self._desk.leaving.leave(_tr("open an earlier state of {}").format(folder.stem), go)

    def take_over(self, folder: Path) -> None:
        """Open a project for writing although its lock says that another machine has it."""

        def go() -> None:
            self._projects.let_go()
            self._projects.take(Project.open(folder, by_force=True))

        self._desk.leaving.leave(_tr("open {}").format(folder.stem), go)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ProjectCare", text)

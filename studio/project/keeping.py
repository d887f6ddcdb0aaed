"""What a project keeps beside its documents: the choice of question, method, data and model; and how it all comes back.

Documents that are edited (graph, knowledge, data, settings, wishes) are written by `studio.history`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.questions import Question
from engines.refusals import Refusal
from studio.exploration.exploration import Exploration, Wish
from studio.project import Kind, Project
from studio.project.history import History
from studio.workspace import OpenData, Workspace

_CHOICE, _ASKED = "choice", "asked"


@dataclass(frozen=True)
class Asked:
    """The model that was being asked when the project was last open, and what was asked of it."""

    folder: Path
    title: str
    wish: Wish | None


class Keeper(QObject):
    """Keeps what is looked at; `restore` brings a project back as it was."""

    def __init__(
        self, workspace: Workspace, exploration: Exploration, history: History, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._exploration, self._history = workspace, exploration, history
        self._restoring = False
        workspace.data_changed.connect(self._keep_choice)
        workspace.question_changed.connect(self._keep_choice)
        workspace.method_changed.connect(self._keep_choice)
        exploration.subject_changed.connect(self._keep_asked)

    def asks(self, project: Project) -> bool:
        """Whether a model was being asked when the project was last open."""
        return project.store.get(Kind.MODEL, _ASKED) is not None

    async def restore(
        self,
        project: Project,
        read: Callable[[DataReference], Awaitable[DataSet]],
        refuse: Callable[[str, DataReference, Refusal], None],
    ) -> Asked | None:
        """Everything of the project but its model, which is told; data that cannot be `read` go to `refuse`."""
        store, workspace = project.store, self._workspace
        choice = store.get(Kind.SETTING, _CHOICE) or {}
        self._history.show_all(Kind.GRAPH, Kind.SETTING, Kind.METHOD)
        self._restoring = True
        try:
            for name, reference in store.data().items():
                try:
                    data = await read(reference)
                except Refusal as refusal:
                    refuse(name, reference, refusal)
                else:
                    workspace.show_data(OpenData(reference, data))
            if choice.get("question"):
                workspace.set_question(Question(choice["question"]))
            if choice.get("data"):
                workspace.choose_data(choice["data"])
            workspace.set_method(choice.get("method", ""))
        finally:
            self._restoring = False
        self._history.show_all(Kind.ROWS, Kind.REPORT, Kind.MODEL)
        asked = store.get(Kind.MODEL, _ASKED)
        if asked is None:
            return None
        wish = store.get(Kind.WISH, asked["folder"])
        return Asked(Path(asked["folder"]), asked["title"], None if wish is None else Wish(**wish))

    def _keep_choice(self, *_: object) -> None:
        if self._restoring:
            return
        question, opened = self._workspace.question, self._workspace.data
        self._history.put(
            Kind.SETTING, _CHOICE,
            {
                "question": None if question is None else question.value, "method": self._workspace.method,
                "data": None if opened is None else opened.name,
            },
        )

    def _keep_asked(self, subject: Any) -> None:
        if subject is not None:
            self._history.put(Kind.MODEL, _ASKED, {"folder": subject.model, "title": subject.title})

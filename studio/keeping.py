"""Keeping the workspace in the project: each change is in the store before the next event is handled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime import wire
from studio.exploration import Exploration, Wish
from studio.project import Kind, Project
from studio.workspace import Truth, Workspace

_TRUTH = "truth"


class Keeper(QObject):
    """Writes what changes; `restore` gives it back when the project is opened again."""

    refused = Signal(object)                # Refusal: what changed could not be written

    def __init__(self, workspace: Workspace, exploration: Exploration, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._exploration = workspace, exploration
        self._project: Project | None = None
        workspace.graph_changed.connect(self._keep_graph)
        workspace.datasets_changed.connect(self._keep_data)
        workspace.data_changed.connect(self._keep_choice)
        workspace.truth_changed.connect(self._keep_truth)
        workspace.knowledge_changed.connect(self._keep_knowledge)
        workspace.question_changed.connect(self._keep_choice)
        workspace.method_changed.connect(self._keep_choice)
        workspace.settings_changed.connect(self._keep_settings)
        exploration.wish_changed.connect(self._keep_wish)
        exploration.subject_changed.connect(self._keep_wish)

    def use(self, project: Project | None) -> None:
        """Keep everything in this project from now on; None: nowhere."""
        self._project = None if project is None or project.read_only else project

    def references(self, project: Project) -> dict[str, DataReference]:
        """The data sets that the project had open."""
        return project.store.data()

    def restore(self, project: Project) -> None:
        """Graph, knowledge, truth, question, method and settings of the project; the data must be there already."""
        store, workspace = project.store, self._workspace
        if (graph := store.graph()) is not None:
            workspace.adopt_graph(graph)
        if (truth := store.get(Kind.GRAPH, _TRUTH)) is not None:
            workspace.set_truth(Truth(truth["name"], Graph.from_json(truth["graph"])))
        choice = store.get(Kind.SETTING, "choice") or {}
        for method, settings in (store.get(Kind.SETTING, "settings") or {}).items():
            workspace.change_settings(method, settings)
        if choice.get("question"):
            workspace.set_question(Question(choice["question"]))
        if choice.get("data"):
            workspace.choose_data(choice["data"])
        workspace.set_method(choice.get("method", ""))
        if (knowledge := store.get(Kind.SETTING, "knowledge")) is not None:
            kept = wire.from_plain(knowledge)
            assert isinstance(kept, Knowledge)
            workspace.set_knowledge(kept, self.tr("Open the project"))
        workspace.undo.clear()

    def wish(self, project: Project) -> tuple[str, str, Wish] | None:
        """The model that was being asked, the name it had, and what was asked of it."""
        plain = project.store.get(Kind.MODEL, "asked")
        if plain is None:
            return None
        return plain["folder"], plain["title"], Wish(**plain["wish"])

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            self.refused.emit(refusal)

    def _put(self, kind: Kind, name: str, plain: Any) -> None:
        if self._project is not None:
            with self._told():
                self._project.store.put(kind, name, plain)

    def _keep_graph(self, graph: Graph) -> None:
        if self._project is not None:
            with self._told():
                self._project.store.put_graph(graph)

    def _keep_data(self) -> None:
        if self._project is None:
            return
        store = self._project.store
        names = {opened.name for opened in self._workspace.datasets}
        with self._told():
            for name in store.data():
                if name not in names:
                    store.put(Kind.DATA, name, None)
            for opened in self._workspace.datasets:
                store.put_data(opened.name, opened.reference)

    def _keep_choice(self, *_: object) -> None:
        question, opened = self._workspace.question, self._workspace.data
        self._put(
            Kind.SETTING, "choice",
            {
                "question": None if question is None else question.value, "method": self._workspace.method,
                "data": None if opened is None else opened.name,
            },
        )

    def _keep_truth(self, truth: Truth | None) -> None:
        self._put(
            Kind.GRAPH, _TRUTH, None if truth is None else {"name": truth.name, "graph": truth.graph.to_json()}
        )

    def _keep_knowledge(self, knowledge: Knowledge) -> None:
        self._put(Kind.SETTING, "knowledge", wire.to_plain(knowledge))

    def _keep_settings(self, method: str) -> None:
        if self._project is not None:
            kept = self._project.store.get(Kind.SETTING, "settings") or {}
            self._put(Kind.SETTING, "settings", {**kept, method: dict(self._workspace.settings(method))})

    def _keep_wish(self, *_: object) -> None:
        subject = self._exploration.subject
        if subject is not None:
            wish = self._exploration.wish
            plain = {**asdict(wish), "do": dict(wish.do), "values": dict(wish.values)}
            self._put(Kind.MODEL, "asked", {"folder": subject.model, "title": subject.title, "wish": plain})

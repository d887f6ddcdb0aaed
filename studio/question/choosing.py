"""The question and the method that answers it, and the one thing that is missing before an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.questions import Question
from studio.catalogue import Announced

if TYPE_CHECKING:
    from studio.desk import Desk


@dataclass(frozen=True)
class Step:
    """The next step that is missing, as the primary button offers it."""

    id: str
    text: str
    icon: str = "play"
    enabled: bool = True
    why: str = ""
    estimate: str = ""
    cost: str = ""                          # the estimate in full, for the tooltip


class Choosing(QObject):
    """Chooses for the desk what is asked and by which method."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def choose_question(self, question: Question) -> None:
        """Ask this question from now on; the recommended method that fits is taken."""
        desk, workspace = self._desk, self._desk.workspace
        if desk.project is None:
            desk.projects.begin()
        workspace.set_question(question)
        opened = workspace.data
        fitting, _ = desk.catalogue.sorted(question, None if opened is None else opened.data, workspace.graph)
        workspace.set_method(fitting[0].id if fitting else "")

    def missing(self) -> dict[Question, str]:
        """By question, why it cannot be asked of what is open; empty where it can."""
        opened = self._desk.workspace.data
        data = None if opened is None else opened.data
        found = {}
        for question in Question:
            fitting, others = self._desk.catalogue.sorted(question, data)
            if not fitting:
                found[question] = others[0].why if others else self.tr("No method for it is installed")
        return found

    def announced(self) -> Announced | None:
        """The chosen method, as it announces itself; None also where its package is not installed here."""
        return self._desk.catalogue.find(self._desk.workspace.method)

    def next_step(self) -> Step:
        """The one thing that is missing before an answer."""
        desk, workspace = self._desk, self._desk.workspace
        announced = self.announced()
        if workspace.data is None:
            return Step("data", self.tr("Choose data"), "folder-open")
        if workspace.question is None:
            return Step("question", self.tr("Choose a question"), "circle-help")
        if announced is None:
            return Step(
                "question", self.tr("Choose a question"), "circle-help",
                why=self.tr("The method {} is not installed here.").format(workspace.method) if workspace.method
                else self.tr("No method answers this question with this data."),
            )
        needs_graph = announced.accepts.graph == "required"
        if needs_graph and not workspace.graph.nodes:
            return Step("graph", self.tr("Draw the graph"), "waypoints")
        busy = desk.runs.busy(desk.engine.device)
        learns = workspace.question is Question.CAUSES
        text = self.tr("Add to queue") if busy else self.tr("Learn graph") if learns else self.tr("Train")
        settings = {**announced.default, **workspace.settings(announced.id)}
        known, cost = desk.costs.short(announced.id, settings), desk.costs.words(announced.id, settings)
        return Step("train", text, "play", estimate=known, cost=cost)

"""The question and the method that answers it, and the one thing that is missing before an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines.questions import Question
from engines.refusals import Refusal
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

    def choose_predictor(self) -> None:
        """Choose a method whose models can be explained, for the data that are open.

        Raises:
            Refusal: when none fits them.
        """
        catalogue, workspace = self._desk.catalogue, self._desk.workspace
        data = None if workspace.data is None else workspace.data.data
        able = [announced for announced in catalogue.all() if announced.predicts]
        fitting = [announced for announced in able if announced.refusal(data) is None]
        if not fitting:
            raise Refusal(
                self.tr("No predictor can be trained on these data."),
                "; ".join(f"{announced.title}: {announced.refusal(data)}" for announced in able),
            )
        fitting.sort(key=lambda announced: announced.question is not workspace.question)
        workspace.set_question(fitting[0].question)
        workspace.set_method(fitting[0].id)

    def choose_explaining(self, folder: Path) -> None:
        """Choose a model, and a method that explains it.

        Raises:
            Refusal: when there is none.
        """
        desk, workspace = self._desk, self._desk.workspace
        data = None if workspace.data is None else workspace.data.data
        for announced in desk.catalogue.best(data, workspace.graph):
            asked = announced.accepts.model
            if asked is not None and any(one.folder == folder for one in desk.explaining.found(asked, data)):
                desk.explaining.choose(folder)
                workspace.set_question(announced.question)
                workspace.set_method(announced.id)
                return
        raise Refusal(
            self.tr("No method here explains this model with these data."),
            self.tr("Open the data that it was trained on."),
        )

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
        asked = announced.accepts.model
        if asked is not None and desk.explaining.chosen(asked, workspace.data.data) is None:
            return Step("predictor", self.tr("Train a predictor"), "box")
        busy = desk.runs.busy(desk.engine.device)
        learns = workspace.question is Question.CAUSES
        text = self.tr("Add to queue") if busy else self.tr("Learn graph") if learns else self.tr("Train")
        settings = {**announced.default, **workspace.settings(announced.id)}
        known, cost = desk.costs.short(announced.id, settings), desk.costs.words(announced.id, settings)
        return Step("train", text, "play", estimate=known, cost=cost)

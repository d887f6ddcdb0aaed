"""What is dropped or chosen, taken by what it is: data, a graph, a model, a recipe or a whole project."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engines import models
from engines.data.kinds import DataSet
from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.refusals import Refusal
from studio.intake.kinds import Incoming, kind_of, read_graph
from studio.recipes.recipes import of_model
from studio.workspace import OpenData, Truth

if TYPE_CHECKING:
    from studio.desk import Desk


class Arrivals(QObject):
    """Leads each thing to the room that takes it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def take(self, paths: Sequence[Path]) -> None:
        """Files or folders that were dropped or chosen; what cannot be taken is told by the desk."""
        self._desk.start(self._take(list(paths)))

    async def _take(self, paths: list[Path]) -> None:
        path = paths[0]
        match kind_of(path):
            case Incoming.PROJECT:
                self._desk.open_project(path)
            case Incoming.MODEL:
                await self._take_model(path.parent if path.name == "model.json" else path)
            case Incoming.PREDICTOR:
                await self._desk.onnx.take(path)
            case Incoming.RECIPE:
                await self._desk.reopening.take(path)
            case Incoming.GRAPH:
                self._take_graph(path, read_graph(path))
            case Incoming.DATA:
                await self._desk.intake.take(paths)

    def _take_graph(self, path: Path, graph: Graph) -> None:
        """The first graph becomes the project's; when there is one already, it is compared with."""
        workspace = self._desk.workspace
        if workspace.graph.edges:
            workspace.compare_with(Truth(path.stem, graph), self.tr("Compare with {}").format(path.name))
        else:
            graph.order()
            self._desk.projects.need()
            workspace.set_graph(graph, self.tr("Import {}").format(path.name))
        self._desk.graph_taken.emit()

    async def _take_model(self, path: Path) -> None:
        desk, document = self._desk, models.read_card(path)
        card = document.get("card", {})
        reference = models.trained_on(document)
        opened = self._open_data(reference)
        if opened is not None:
            desk.workspace.choose_data(opened.name)
        elif reference is None:
            raise Refusal(f"{path.name} does not say which data it was trained on.", "Open the data first.")
        else:
            try:
                opened = await desk.intake.data_of(reference)
            except Refusal as refusal:
                desk.reopening.lack_data(of_model(path, document), refusal)
                return
            desk.projects.need()
            desk.workspace.add_data(opened)
        if card.get("graph"):
            desk.workspace.adopt_graph(Graph.from_json(card["graph"]))
        desk.answering.open_model(path, path.name, opened.reference, opened.data)

    def data_of_model(self, folder: Path) -> DataSet | None:
        """What a model was trained on, where that is open."""
        with suppress(Refusal):
            reference = models.trained_on(models.read_card(folder))
            if reference is not None and (opened := self._open_data(reference)) is not None:
                return opened.data
        return None

    def _open_data(self, reference: DataReference | None) -> OpenData | None:
        """What a model is to be asked about, if it is open: the data it was trained on, wherever the file lies now.

        A model that does not say its data (a shipped one) is asked about the data that are looked at.
        """
        workspace = self._desk.workspace
        if reference is None:
            return workspace.data
        asked = (reference.fingerprint, reference.types, reference.steps)
        for opened in workspace.datasets:
            there = opened.reference
            if there.fingerprint and (there.fingerprint, there.types, there.steps) == asked:
                return opened
        return None

"""Runs of the chosen method: one or a sweep is queued, and what follows when one ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from engines.abilities import Carded
from engines.contract import Inputs
from engines.refusals import Refusal
from engines.results import GraphResult
from engines.runtime.messages import RunState
from studio.catalogue import Announced
from studio.runs.runs import RunInfo
from studio.runs.sweeps import Sweep
from studio.workspace import OpenData

if TYPE_CHECKING:
    from studio.desk import Desk


class Training(QObject):
    """Trains on what the desk holds; a run that ended well gives its graph and its model to the desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._swept: set[int] = set()           # runs of sweeps: they end without taking the graph or the view
        desk.runs.ended.connect(self._take_end)
        desk.runs.shown.connect(self._take_shown)

    def clear(self) -> None:
        """As in a new project."""
        self._swept.clear()

    def train(self) -> RunInfo:
        """Queue a run of the chosen method on the current data.

        Raises:
            Refusal: when something is missing.
        """
        announced, opened = self._trainable()
        return self._queueing(announced, opened)({}, 0, announced.title)

    def run(self, announced: Announced, settings: Mapping[str, Any], title: str) -> RunInfo:
        """Queue a run of a method, whichever is chosen, with settings that differ from its form.

        Raises:
            Refusal: when something is missing.
        """
        if (opened := self._desk.workspace.data) is None:
            raise Refusal(self.tr("There is no data to train on."), self.tr("Drop a file on the window."))
        return self._queueing(announced, opened)(settings, 0, title)

    def sweep(self, sweep: Sweep) -> None:
        """Queue the runs of a sweep over the chosen method; everything is checked before the first is queued.

        They are queued one after the other while the window goes on.

        Raises:
            Refusal: when something is missing or does not fit.
        """
        announced, opened = self._trainable()
        accepts = announced.accepts
        graph = self._desk.workspace.graph if accepts.graph != "no" else None
        accepts.check(Inputs(opened.data, graph, model=self._explained(announced, opened)))
        self._desk.start(self._queue_sweep(self._queueing(announced, opened), announced.title, sweep))

    async def _queue_sweep(
        self, queue: Callable[[Mapping[str, Any], int, str], RunInfo], title: str, sweep: Sweep
    ) -> None:
        for one in sweep.variants():
            self._swept.add(queue(one.settings, one.seed, f"{title}, {sweep.title(one)}").number)
            await asyncio.sleep(0)

    def _trainable(self) -> tuple[Announced, OpenData]:
        opened, chosen = self._desk.workspace.data, self._desk.workspace.method
        announced = self._desk.catalogue.get(chosen) if chosen else None
        if opened is None:
            raise Refusal(self.tr("There is no data to train on."), self.tr("Drop a file on the window."))
        if announced is None:
            raise Refusal(self.tr("No method is chosen."), self.tr("Pick a question first."))
        return announced, opened

    def _explained(self, announced: Announced, opened: OpenData) -> Carded | None:
        """What the card tells of the model that the method explains."""
        asked = announced.accepts.model
        chosen = None if asked is None else self._desk.explaining.chosen(asked, opened.data)
        return None if chosen is None else chosen.carded

    def _queueing(
        self, announced: Announced, opened: OpenData
    ) -> Callable[[Mapping[str, Any], int, str], RunInfo]:
        """What queues a run (settings that differ from the form, seed, title) on things as they are now."""
        accepts, workspace = announced.accepts, self._desk.workspace
        graph = workspace.graph if accepts.graph != "no" and workspace.graph.nodes else None
        truth = workspace.truth
        knowledge = workspace.knowledge if accepts.knowledge != "no" else type(workspace.knowledge)()
        form = {**announced.default, **workspace.settings(announced.id)}
        threads = self._desk.threads()
        asked = accepts.model
        model = None if asked is None else self._desk.explaining.reference(asked, opened.data)

        def queue(settings: Mapping[str, Any], seed: int, title: str) -> RunInfo:
            return self._desk.runs.start(
                announced.id, title, opened.reference, {**form, **settings}, seed=seed, graph=graph,
                knowledge=knowledge, truth=truth.graph if truth is not None and accepts.truth != "no" else None,
                threads=threads, model=model,
            )

        return queue

    @Slot(object, object)
    def _take_shown(self, info: RunInfo, result: object) -> None:
        if isinstance(result, GraphResult) and info is self._desk.runs.current:
            self._desk.workspace.show_learning(result.graph)

    @Slot(object)
    def _take_end(self, info: RunInfo) -> None:
        workspace = self._desk.workspace
        workspace.show_learning(None)
        if info.ended is None:
            return
        if info.state is RunState.DONE and info.number in self._swept:
            return
        if info.state is RunState.DONE:
            graphs = [result for result in info.results.values() if isinstance(result, GraphResult)]
            if graphs:
                workspace.set_graph(workspace.with_places(graphs[0].graph), self.tr("Learn the graph"))
            self._desk.start(self._open_trained(info))
        elif info.ended.refused:
            ended = info.ended
            self._desk.refused.emit(Refusal(ended.sentence, ended.cause, ended.offers, ended.about))

    async def _open_trained(self, info: RunInfo) -> None:
        desk = self._desk
        opened = next((d for d in desk.workspace.datasets if d.reference == info.request.data), None)
        data = (opened or await desk.intake.data_of(info.request.data)).data
        desk.answering.open_model(info.model, info.name, info.request.data, data, desk.exploration.wish.item)
        desk.trained.emit()

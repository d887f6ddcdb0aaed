"""Layouts of the project's graph, computed beside the window: it draws on, and nodes glide when places are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from engines.graph.arranging import Layout, arranged
from engines.graph.graph import Graph
from engines.graph.layout import Positions
from studio.workspace import Workspace
from widgets.graph import edits
from widgets.graph.aligning import Align, align
from widgets.graph.canvas import GraphCanvas
from widgets.kit.menu import Menu


class Layouts(QObject):
    """Only the newest wish counts. What was drawn, moved or pinned meanwhile stays as the hand left it."""

    began = Signal()
    done = Signal()

    def __init__(
        self, workspace: Workspace, canvas: GraphCanvas, start: Callable[[Coroutine[Any, Any, None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._canvas, self._start = workspace, canvas, start
        self._newest = 0

    def wish(self, how: Layout) -> None:
        """Lay the graph out; the step is done when its places are known."""
        self._newest += 1
        self.began.emit()
        self._start(self._lay_out(how, self._workspace.graph, self._newest))

    async def _lay_out(self, how: Layout, graph: Graph, number: int) -> None:
        tiers = self._workspace.knowledge.resolved(graph.names).tiers
        places = await asyncio.to_thread(arranged, how, graph, self._canvas.node_sizes(), tiers)
        if number == self._newest:
            now = self._workspace.graph
            self._workspace.set_graph(now.placed(_untouched(graph, now, places)), self._said(how))
            self.done.emit()

    def _said(self, how: Layout) -> str:
        said = {
            Layout.LAYERED: self.tr("Lay out in layers"), Layout.TIERS: self.tr("Lay out in tiers"),
            Layout.FORCE: self.tr("Lay out by forces"), Layout.CIRCLE: self.tr("Lay out on a circle"),
        }
        return said[how]

    def menu(self, parent: QWidget) -> Menu:
        """The layouts, then what brings selected nodes into line, and the pin. It deletes itself when it closes."""
        menu = Menu(parent=parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        no_tiers = "" if any(self._workspace.knowledge.tiers) else self.tr("No tiers are known.")
        empty = "" if self._workspace.graph.nodes else self.tr("The graph is empty.")
        for how, text in (
            (Layout.LAYERED, self.tr("In layers, causes left of effects")), (Layout.TIERS, self.tr("In tiers")),
            (Layout.FORCE, self.tr("By forces")), (Layout.CIRCLE, self.tr("On a circle")),
        ):
            why = empty or (no_tiers if how is Layout.TIERS else "")
            menu.add(text, partial(self.wish, how), off_because=why)
        menu.addSeparator()
        count = len(self._canvas.selection())
        few, fewer = (
            "" if count >= least else self.tr("Select {} nodes or more.").format(least) for least in (2, 3)
        )
        inner = menu.add_menu(self.tr("Bring into line"))
        for line, text, keys, why in (
            (Align.LEFT, self.tr("Left"), "Ctrl+Left", few), (Align.RIGHT, self.tr("Right"), "Ctrl+Right", few),
            (Align.TOP, self.tr("Top"), "Ctrl+Up", few), (Align.BOTTOM, self.tr("Bottom"), "Ctrl+Down", few),
            (Align.CENTRE, self.tr("Centre"), "C", few),
            (Align.ACROSS, self.tr("Spread across"), "Ctrl+Shift+Left", fewer),
            (Align.DOWN, self.tr("Spread down"), "Ctrl+Shift+Down", fewer),
        ):
            inner.add(text, partial(self._align, line), keys=keys, off_because=why)
        none = "" if count else self.tr("Select a node.")
        menu.add(self.tr("Pin, or let go"), self._pin, sign="pin", keys="P", off_because=none)
        menu.add(self.tr("Let all go"), self._let_go, sign="pin-off", off_because="" if any(
            node.pinned for node in self._workspace.graph.nodes
        ) else self.tr("No node is pinned."))
        return menu

    def _align(self, how: Align) -> None:
        canvas = self._canvas
        canvas.wish(align(canvas.graph(), canvas.geometry_of_graph().boxes, canvas.selection(), how))

    def _pin(self) -> None:
        self._canvas.wish(edits.toggle_pin(self._canvas.graph(), self._canvas.selection()))

    def _let_go(self) -> None:
        graph = self._canvas.graph()
        self._canvas.wish(edits.toggle_pin(graph, [node.name for node in graph.nodes if node.pinned]))


def _untouched(before: Graph, now: Graph, places: Positions) -> Positions:
    """The places of the nodes that are still where they were."""
    return {
        name: place for name, place in places.items()
        if name in now and not now.node(name).pinned and now.node(name).position == before.node(name).position
    }

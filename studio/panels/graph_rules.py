"""What may not be drawn: cycles, edges that do not belong into the sort of graph, names; each with its ways out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from engines.graph.graph import Edge, Graph
from engines.graph.sorts import Sort, broken
from engines.refusals import Refusal
from studio.workspace import Workspace
from widgets.graph.canvas import GraphCanvas
from widgets.graph.edits import Cycle, way_out
from widgets.graph.ruling import Unfit, Way, unfit
from widgets.kit.action import Action
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar


class GraphRules(QObject):
    """Says in the bar over the canvas what was refused there, and does what is chosen instead."""

    def __init__(
        self, workspace: Workspace, canvas: GraphCanvas, bar: ErrorBar, take: Callable[[Graph, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._canvas, self._bar, self._take = workspace, canvas, bar, take
        canvas.cycle_refused.connect(self._refuse_cycle)
        canvas.edit_refused.connect(self._refuse_edit)
        canvas.name_refused.connect(self._refuse_name)
        workspace.sort_changed.connect(canvas.set_sort)
        canvas.set_sort(workspace.sort)

    def add_to(self, menu: Menu) -> None:
        """A menu in which the sort of graph is settled; those that the graph is not say why."""
        sorts = menu.add_menu(self.tr("Kind of graph"))
        sorts.aboutToShow.connect(lambda: self.fill(sorts))
        self.fill(sorts)

    def fill(self, menu: Menu) -> None:
        """The lines of that menu as they are now."""
        menu.clear()
        graph, kept = self._workspace.graph, self._workspace.sort
        menu.add(self.tr("Any edge"), partial(self._workspace.keep_to, Sort.MIXED), on=kept is Sort.MIXED)
        for sort in Sort:
            if sort is not Sort.MIXED:
                breach = broken(sort, graph)
                why = "" if breach is None else f"{breach.sentence} {breach.rule}"
                text = self.tr("{} only").format(sort)
                menu.add(text, partial(self._workspace.keep_to, sort), on=kept is sort, off_because=why)

    def _refuse_name(self, refusal: Refusal) -> None:
        self._bar.show_message(refusal.sentence, refusal.cause)

    def _refuse_cycle(self, names: tuple[str, ...], edge: Edge) -> None:
        refusal = Cycle(tuple(names), edge).refusal()
        offers = [offer for offer in refusal.offers if self._may(edge, offer)]
        actions = [Action(offer, partial(self._resolve, edge, offer)) for offer in offers]
        self._bar.show_message(refusal.sentence, refusal.cause, actions)

    def _may(self, edge: Edge, offer: str) -> bool:
        """Whether a way out of a cycle leads to a graph of the sort that is kept to."""
        graph = self._canvas.graph()
        edit = way_out(graph, edge, offer)
        return edit is None or unfit(self._workspace.sort, graph, edit) is None

    def _resolve(self, edge: Edge, offer: str) -> None:
        self._bar.clear()
        self._canvas.set_cycle(())
        edit = way_out(self._canvas.graph(), edge, offer)
        if edit is not None:
            self._take(edit.graph, edit.sentence)

    def _refuse_edit(self, refused: Unfit) -> None:
        actions = [Action(way.text, partial(self._go, way)) for way in refused.ways]
        self._bar.show_message(refused.breach.sentence, refused.breach.rule, actions)

    def _go(self, way: Way) -> None:
        """A way out of an edit that was refused."""
        self._bar.clear()
        if way.sort is not None:
            self._workspace.keep_to(way.sort)
        if way.edit is not None:
            self._take(way.edit.graph, way.edit.sentence)

"""The Graph panel: draw the causal graph, see what a do cuts and what follows, compare and learn."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.contract import Answer, Slider
from engines.data.kinds import Images
from engines.data.roles import Role
from engines.graph import knowledge_edits
from engines.graph.compare import compare
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.separation import conditioned, paths
from engines.graph.sorts import Sort, recognised
from engines.results import GraphResult
from studio.exploration.exploration import Exploration, Subject
from studio.identifying.identifying import Identifying
from studio.panels.graph_against import Against
from studio.panels.graph_bar import GraphBar, marked
from studio.panels.graph_layouts import Layouts
from studio.panels.graph_pages import Around, pages
from studio.panels.graph_rules import GraphRules
from studio.panels.graph_tray import GraphTray, TrayHost
from studio.panels.node_states import node_states, picture_of, value_at
from studio.panels.ready_nodes import ReadyNodes
from studio.panels.start_row import StartRow
from studio.question.wording import size_text
from studio.runs.runs import Runs
from studio.workspace import PICTURE, Workspace, implied_picture, without_picture
from widgets.graph.canvas import GraphCanvas
from widgets.graph.toolbox import Toolbox
from widgets.graph.values import Lit
from widgets.kit.action import Action
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton

_PATIENCE = 0.05        # s, to find the paths that are lit
_LEAST = 280            # px; the home of the panel is no wider in small windows


class GraphPanel(PanelFrame):
    """Bound to the workspace (the project's graph) and to the exploration (what is set and what follows)."""

    learn_wished = Signal()
    estimate_wished = Signal()
    simulate_wished = Signal()
    import_wished = Signal()
    export_wished = Signal(object)          # Graph

    def __init__(
        self, workspace: Workspace, exploration: Exploration, runs: Runs, identifying: Identifying,
        start: Callable[[Coroutine[Any, Any, None]], None], parent: QWidget | None = None,
    ) -> None:
        super().__init__("Graph", parent)
        self._workspace = workspace
        self._exploration = exploration
        self._learning: Graph | None = None
        self._picture: np.ndarray | None = None
        self._before: Mapping[str, float | str] | None = None
        self._answered: Graph | None = None     # that the last answer came with
        self._ready = ReadyNodes()
        self._offered: tuple[str, ...] = ()
        self.canvas = GraphCanvas()
        self._toolbox = Toolbox()
        self.layouts = Layouts(workspace, self.canvas, start, self)
        self.against = Against(workspace, runs, self)
        self._bar = GraphBar(workspace, exploration, self.against, identifying)
        self._error = ErrorBar()
        self._layout_tool = ToolButton("layout-grid", self.tr("Lay out the graph"))
        self._fit_tool = ToolButton("maximize", self.tr("Fit"), keys="F")
        self._do_tool = ToolButton("scissors", self.tr("Do view: cut what is set"), checkable=True)
        self._do_tool.setChecked(True)
        for tool in (self._layout_tool, self._fit_tool):
            self.add_tool(tool)
        self.add_divider()
        self.add_tool(self._do_tool)
        self._paths_tool = ToolButton("route", self.tr("Light up the paths to the outcome"), checkable=True)
        self.add_tool(self._paths_tool)
        self._tray_tool = ToolButton("panel-bottom", self.tr("About the graph"), keys="T", checkable=True)
        self.add_tool(self._tray_tool)
        menu = Menu(parent=self)
        menu.addAction(self.tr("Import a graph"), self.import_wished.emit)
        menu.addAction(self.tr("Export the graph"), lambda: self.export_wished.emit(self._workspace.graph))
        menu.addAction(self.tr("Simulate data from this graph"), self.simulate_wished.emit)
        menu.addSeparator()
        self._rules = GraphRules(workspace, self.canvas, self._error, self._take_edit, self)
        self._rules.add_to(menu)
        menu.addAction(self.tr("Add all columns"), self._add_all)
        menu.addAction(self.tr("Stop comparing"), lambda: workspace.compare_with(None, self.tr("Stop comparing")))
        menu.addAction(self.tr("Empty the graph"), lambda: workspace.set_graph(Graph(), self.tr("Empty the graph")))
        self.header.add_menu(menu)
        self._content = QWidget()
        self._start = StartRow(
            self.tr("Draw the graph, or learn it"), self.tr("Click a column to add it"),
            (
                Action(self.tr("Add all"), self._add_all, "plain", "plus"),
                Action(self.tr("Learn from data"), self.learn_wished.emit, "ghost", "waypoints"),
                Action(self.tr("Import"), self.import_wished.emit, "ghost", "folder-open"),
            ),
        )
        canvas_row = QHBoxLayout()
        canvas_row.setContentsMargins(8, 8, 0, 0)
        canvas_row.setSpacing(4)
        canvas_row.addWidget(self._toolbox)
        drawing = QVBoxLayout()
        drawing.setSpacing(4)
        drawing.addWidget(self._start)
        drawing.addWidget(self.canvas, 1)
        canvas_row.addLayout(drawing, 1)
        drawn = QWidget()
        drawn.setLayout(canvas_row)
        self.tray = GraphTray(pages(), Around(workspace, exploration, self.canvas, self.against, identifying,
                                             self.estimate_wished.emit))
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bars = QVBoxLayout()
        bars.setContentsMargins(12, 0, 12, 0)
        bars.addWidget(self._error)
        column.addLayout(bars)
        column.addWidget(TrayHost(drawn, self.tray), 1)
        self._pages = EmptyOr(self._content, self._empty())
        self._pages.setMinimumWidth(_LEAST)
        self.set_body(self._pages)
        self.set_footer(self._bar)

        self._layout_tool.clicked.connect(lambda: self.layouts.menu(self).popup_under(self._layout_tool))
        self.layouts.began.connect(self._make_room)
        self.layouts.done.connect(self.canvas.fit)
        self._fit_tool.clicked.connect(self.canvas.fit)
        self._do_tool.clicked.connect(self.canvas.set_do_view)
        self._paths_tool.clicked.connect(self._light)
        self._tray_tool.clicked.connect(self.tray.toggle)
        self.tray.turned.connect(self._turn)
        self._bar.formula_wished.connect(lambda: self.tray.open("formula"))
        self._toolbox.tool_chosen.connect(self.canvas.set_tool)
        self.canvas.tool_changed.connect(self._toolbox.set_tool)
        self.canvas.edit_wished.connect(self._take_edit)
        self.canvas.take_up_wished.connect(self._take_up)
        self.canvas.knowledge_wished.connect(self._know)
        self.canvas.search_wished.connect(self._search)
        workspace.sort_changed.connect(self._take_sort)
        self.canvas.selection_changed.connect(self._take_selection)
        self.canvas.slider_moved.connect(self._drag)
        self.canvas.slider_released.connect(self._release)
        self.canvas.do_wished.connect(self._set_factual)
        self.canvas.freed.connect(exploration.free)
        workspace.graph_changed.connect(self._refresh)
        workspace.learning_changed.connect(self._take_learning)
        self.against.changed.connect(self._refresh)
        workspace.data_changed.connect(self._refresh)
        workspace.knowledge_changed.connect(self.canvas.set_knowledge)
        exploration.subject_changed.connect(self._take_subject)
        exploration.wish_changed.connect(self._show_states)
        exploration.answered.connect(self._take_answer)
        exploration.selected_changed.connect(self.canvas.set_selection)
        exploration.selected_changed.connect(self._light)
        self._refresh()

    def shown(self) -> Graph:
        """The graph that counts: that of a run while it learns, else the project's with the implied picture."""
        if self._learning is not None:
            return self._learning
        return implied_picture(self._workspace.graph, self._workspace.data)

    def _search(self) -> None:
        self.tray.open("list")
        self.tray.page("list").setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_T and not event.modifiers() and self._pages.shows_content():
            self.tray.toggle()
        elif event.matches(QKeySequence.StandardKey.Find) and self._pages.shows_content():
            self._search()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._pages.shows_content():                 # the keys of the graph are those of the canvas
            self.canvas.setFocus(event.reason())

    # workspace and exploration to canvas

    def _refresh(self, *_: object) -> None:
        graph = self.shown()
        opened, truth = self._workspace.data, self.against.current
        self._note_size(graph)
        self._offered = () if self._learning is not None else self._ready.names(self._workspace.graph, opened)
        drawn = self._ready.beside(graph, self._offered)
        self._start.setVisible(not graph.nodes)
        self._pages.show_content(bool(drawn.nodes))
        if not drawn.nodes:
            self._pages.show_state(self._empty())
        self.canvas.set_graph(drawn)
        self.canvas.set_offered(self._offered)
        self.canvas.set_comparison(compare(graph, truth.graph) if truth is not None and graph.nodes else None)
        self._show_states()

    def _note_size(self, graph: Graph) -> None:
        """Beside the title: how large the graph is, and of which sort."""
        kept = self._workspace.sort
        sort = str(recognised(graph)) if kept is Sort.MIXED else self.tr("{} rules").format(kept)
        self.set_note(f"{sort}, {size_text(graph)}" if graph.edges else size_text(graph) if graph.nodes else "")

    def _take_sort(self, _sort: Sort) -> None:
        self._note_size(self.shown())

    def _take_learning(self, graph: Graph | None) -> None:
        self._learning = graph
        self._refresh()

    def _take_subject(self, _subject: Subject | None) -> None:
        self._picture, self._answered = None, None
        self._refresh()

    def _show_states(self, *_: object) -> None:
        states = {} if self._learning is not None else node_states(self._exploration, self.shown(), self._picture)
        self.canvas.set_node_states(states)

    def _take_answer(self, answer: Answer, _seconds: float) -> None:
        picture = picture_of(answer)
        if picture is not None:
            self._picture = picture
        for result in answer.results:
            if isinstance(result, GraphResult) and self._learning is None and not _cut(result.graph):
                self._follow(result.graph)
        self._show_states()

    def _follow(self, graph: Graph) -> None:
        """Take over the graph of an answer, unless the analyst has drawn another one since the last answer."""
        last, self._answered = self._answered, graph
        own, subject = self._workspace.graph, self._exploration.subject
        first = subject.graph if subject is not None and subject.graph is not None else graph
        if not own.nodes or _drawn(own) in (_drawn(graph), _drawn(first if last is None else last)):
            self._workspace.adopt_graph(graph)
        elif last is not None and _drawn(last) != _drawn(graph):
            take = Action(self.tr("Take the learned graph"), partial(self._take_learned, graph))
            self._error.show_message(
                self.tr("The graph was edited by hand, so it stays as it is."),
                self.tr("The model draws another one now."), [take],
            )

    def _take_learned(self, graph: Graph) -> None:
        self._error.clear()
        self._workspace.set_graph(self._workspace.with_places(graph), self.tr("Take the learned graph"))

    # hand to workspace and exploration

    def _take_edit(self, graph: Graph, text: str) -> None:
        self._error.clear()
        kept = self._ready.without(without_picture(graph, self._workspace.data), self._offered)
        self._use_as_factors(kept.names)
        if kept == self._workspace.graph:
            self._refresh()                     # only what lies ready was touched
        self._workspace.set_graph(kept, text)

    def _turn(self, page: str) -> None:
        """What one page lit is not what the next one speaks of."""
        self._tray_tool.setChecked(bool(page))
        self._light()

    def _know(self, cause: str, effect: str) -> None:
        """What a stroke over two nodes says of the edge between them."""
        self._workspace.set_knowledge(*knowledge_edits.turned(self._workspace.knowledge, cause, effect))

    def _take_up(self, names: tuple[str, ...]) -> None:
        """Columns that lie ready become nodes, where they lie."""
        drawn, graph = self.canvas.graph(), self._workspace.graph
        for name in names:
            graph = graph.with_node(drawn.node(name))
        text = self.tr("Add {}").format(names[0]) if len(names) == 1 else self.tr("Add the columns as nodes")
        self._use_as_factors(names)
        self._workspace.set_graph(graph, text)
        self.canvas.setFocus()

    def _add_all(self) -> None:
        if self._offered:
            self._take_up(self._offered)

    def _use_as_factors(self, names: tuple[str, ...]) -> None:
        """A class that becomes a node is a factor from then on."""
        if (opened := self._workspace.data) is not None:
            for name in set(self._offered) & set(names):
                if opened.data.attributes[name].role is Role.LABEL:
                    self._workspace.set_role(name, Role.FACTOR)

    def _take_selection(self, name: str) -> None:
        subject = self._exploration.subject
        if subject is not None and any(control.name == name for control in subject.factors):
            self._exploration.select(name)

    def _slider(self, name: str) -> Slider | None:
        subject = self._exploration.subject
        control = subject.control(name) if subject is not None else None
        return control if isinstance(control, Slider) else None

    def _drag(self, name: str, fraction: float) -> None:
        if (slider := self._slider(name)) is not None:
            if self._before is None:
                self._before = dict(self._exploration.wish.do)
            self._exploration.drag(name, value_at(slider, fraction))

    def _release(self, name: str, fraction: float) -> None:
        before, self._before = self._before, None
        if (slider := self._slider(name)) is not None:
            self._exploration.set(name, value_at(slider, fraction), before)

    def _set_factual(self, name: str) -> None:
        subject = self._exploration.subject
        if subject is not None and name != PICTURE and any(control.name == name for control in subject.factors):
            self._exploration.hold(name)

    def _light(self, *_: object) -> None:
        """All paths from the exposure (or what is selected) to the outcome; blocked ones carry a bar."""
        graph = self.shown()
        exposure = marked(graph, Mark.EXPOSURE) or self._exploration.selected or next(iter(self.canvas.selection()), "")
        outcome = marked(graph, Mark.OUTCOME)
        if not self._paths_tool.isChecked() or exposure not in graph or not outcome or exposure == outcome:
            self.canvas.set_lit(None)
            return
        self.canvas.set_lit(Lit.of(paths(graph, exposure, outcome, conditioned(graph), fuse=Fuse(_PATIENCE))))

    def _make_room(self) -> None:
        self._ready = ReadyNodes()              # what lies ready gets another place beside the new layout

    def _add_first(self) -> None:
        self._pages.show_content(True)
        self.canvas.setFocus()

    def _empty(self) -> State:
        opened = self._workspace.data
        if opened is not None and isinstance(opened.data, Images) and not opened.data.attributes.columns:
            return State(
                self.tr("The images have no labels yet"),
                self.tr("Drop a table of their labels on the window: its columns become nodes."), "tags",
                (
                    Action(self.tr("Choose labels"), self.import_wished.emit, "plain", "tag"),
                    Action(self.tr("Add a node"), self._add_first, "plain", "plus"),
                ),
            )
        return State(
            self.tr("Draw the graph, or learn it"), self.tr("Columns of the data become nodes."), "waypoints",
            (
                Action(self.tr("Add a node"), self._add_first, "plain", "plus"),
                Action(self.tr("Learn from data"), self.learn_wished.emit, "plain", "waypoints"),
                Action(self.tr("Import"), self.import_wished.emit, "plain", "folder-open"),
            ),
        )


def _drawn(graph: Graph) -> set[tuple[str, str, str, str]]:
    """The edges as an analyst draws them, whatever their weight."""
    return {(edge.source, edge.target, edge.at_source, edge.at_target) for edge in graph.edges}


def _cut(graph: Graph) -> bool:
    """Whether it is the graph of another world, with edges cut by an intervention: no graph to draw on with."""
    return any(Mark.INTERVENED in node.marks for node in graph.nodes)

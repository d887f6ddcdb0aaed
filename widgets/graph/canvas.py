"""The graph canvas: the causal graph as a picture that can be drawn on.

Mouse: click selects, Shift or Ctrl adds, drag moves (snap 8, Alt off), drag on the ground bands, the middle button or
Space pans, the wheel zooms, double click renames, the right button gives marks; the mini slider of a node is dragged
in place. The tools N, E, B, U, K and O act where they click or drag; R gives marks.
Keys: arrows walk along edges, with Shift they add, with Alt they move; N adds a node, Enter renames, Delete removes;
X Y A L S mark; O turns the end under the pointer; Shift+E, B, U join the last two, Shift+K
says what is known of them; Ctrl+D sets, Backspace frees; F fits, + and - zoom, V E B U R K choose tools, Esc lets go.
P pins, C centres, Ctrl+arrows align, Ctrl+Shift+arrows spread; G adds the neighbours, Ctrl+A and Ctrl+I select all and
the others, Ctrl+C and Ctrl+V copy and paste, Ctrl+F searches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QToolTip,
    QWidget,
)

from engines.graph import layout
from engines.graph.compare import Comparison
from engines.graph.graph import Edge, Graph
from engines.graph.knowledge import Knowledge
from engines.graph.sorts import Sort
from engines.refusals import Refusal
from widgets.graph import clipboard, edits, speech
from widgets.graph.edges import EdgePainter
from widgets.graph.editor import Renaming
from widgets.graph.geometry import GRID, SNAP, Geometry, Point
from widgets.graph.gestures import Gesture, Move, Pan, gesture_for
from widgets.graph.keyboard import Keyboard
from widgets.graph.layers import Layers
from widgets.graph.marks_menu import ask_marks
from widgets.graph.nodes import NodePainter
from widgets.graph.paint import Level, graph_size, paint_graph, with_margin
from widgets.graph.ruling import unfit
from widgets.graph.tools import Tool
from widgets.graph.transitions import Cutting, Gliding
from widgets.graph.values import Lit, NodeState, Showing, cut_edges
from widgets.kit.follow import follow_theme
from widgets.kit.painting import text_in
from widgets.theme import Theme, font

LEAST_ZOOM, MOST_ZOOM = 0.02, 4.0
_GLIDES_UP_TO = 200                      # a larger graph is put in place at once


class GraphCanvas(QGraphicsView):
    """Shows one graph and hears what the hand wishes for it. It never changes the graph by itself.

    Every edit is told by `edit_wished`; the drawing follows when `set_graph` is called with it.
    """

    edit_wished = Signal(object, str)               # the wished Graph, the name of the step
    selection_changed = Signal(str)                 # the node selected last, empty for none
    slider_moved = Signal(str, float)               # node, fraction of its range, while dragging
    slider_released = Signal(str, float)
    knowledge_wished = Signal(str, str)             # cause, effect: K drew over them
    take_up_wished = Signal(object)                 # names of offered nodes, by click or Enter
    do_wished = Signal(str)                         # Ctrl+D
    freed = Signal(str)
    cycle_refused = Signal(object, object)          # names, Edge; edits.Cycle(names, edge) has the words
    edit_refused = Signal(object)                   # ruling.Unfit: it does not belong into this sort of graph
    name_refused = Signal(object)                   # Refusal
    search_wished = Signal()                        # Ctrl+F
    tool_changed = Signal(object)                   # Tool, when a key chose it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph()
        self._showing = Showing()
        self._knowledge = Knowledge()
        self._theme, self._text_scale = _unscaled(Theme.current())
        self._geometry = Geometry(self._graph, self._showing, self._theme)
        self._tool = Tool.SELECT
        self._gesture: Gesture | None = None
        self._layers: Layers | None = None
        self._painting: tuple[EdgePainter, NodePainter] | None = None     # kept while graph and state stay
        self._own_view = False                      # the analyst chose what to see: no refitting
        self._editable = True
        self._sort = Sort.MIXED
        self._wishing = False
        self._space = False
        self._pointer: QPointF | None = None
        self._keyboard = Keyboard(self)
        self._renaming = Renaming(self)
        self._cutting = Cutting(self, self._redraw)
        self._gliding = Gliding(self, self._glided)

        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)                  # files that hover belong to the window
        self.setProperty("ringRadius", -1)
        self.viewport().setMouseTracking(True)
        self._drawing = _Drawing(self)
        self.setScene(QGraphicsScene(self))
        self.scene().addItem(self._drawing)
        follow_theme(self._restyle)
        self._describe()

    # ------------------------------------------------------------------------------------------------------ content

    def graph(self) -> Graph:
        return self._graph

    def set_graph(self, graph: Graph) -> None:
        """Show a graph. Nodes without a position stay where their names are, or get a place; moved ones glide there.

        Where a node only lay ready is no place to keep: a graph that is learned is laid out anew.
        """
        known = self._graph
        for name in self._showing.offered & set(known.names):
            known = known.without_node(name)
        graph = layout.kept(graph, known, self.node_sizes())
        if graph == self._graph:
            self._rebuild()                         # back from what a drag showed, when its edit was not taken
            return
        was_empty = not known.nodes
        before = {name: self._geometry.centre(name) for name in self._geometry.boxes}
        self._end_gesture()
        self._graph = graph
        edge = self._showing.edge
        self._showing = self._showing.with_(
            selection=tuple(name for name in self._showing.selection if name in graph),
            edge=edge if edge is not None and graph.edge(*edge) is not None else None, cycle=(), wish=None,
            knowledge=self._knowledge.resolved(graph.names),
        )
        self._cutting.put(cut_edges(graph, self._showing))
        self._rebuild()
        if len(graph.nodes) <= _GLIDES_UP_TO:
            self._gliding.lead(before, {name: self._geometry.centre(name) for name in graph.names})
        self._describe()
        if was_empty:
            self.fit()
        else:
            self._keep_in_view()

    def node_sizes(self) -> dict[str, tuple[float, float]]:
        """Width and height of each node as it is drawn now, for layouts."""
        return {name: (box.width(), box.height()) for name, box in self._geometry.boxes.items()}

    def showing(self) -> Showing:
        """Everything that decides how the graph is drawn."""
        return self._showing

    def set_node_states(self, states: Mapping[str, NodeState]) -> None:
        """Show what a model says about the nodes, by name; names that are absent show their name only."""
        if states != self._showing.states:
            self._show(states=MappingProxyType(dict(states)))
            self._describe()

    def do_view(self) -> bool:
        return self._showing.do_view

    def set_do_view(self, on: bool) -> None:
        """Whether edges into nodes that are set are drawn cut, and noise marks are shown."""
        self._show(do_view=on)

    def set_comparison(self, comparison: Comparison | None) -> None:
        """Mark what is only here, only there and turned; None ends it."""
        self._show(comparison=comparison)

    def set_knowledge(self, knowledge: Knowledge) -> None:
        """Show required and forbidden edges, as they concern the nodes that there are."""
        self._knowledge = knowledge
        self._show(knowledge=knowledge.resolved(self._graph.names))

    def set_least_frequency(self, least: float) -> None:
        """Fade edges that came back less often in resampled fits."""
        self._show(least_frequency=least)

    def set_lit(self, lit: Lit | None) -> None:
        """Light up paths and fade the rest; None ends it."""
        if lit != self._showing.lit:
            self._show(lit=lit)
            self._describe()

    def set_doubted(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Pairs without an edge that the data tie together all the same: dotted, with a sign."""
        doubted = frozenset(pairs)
        if doubted != self._showing.doubted:
            self._show(doubted=doubted)

    def set_offered(self, names: Iterable[str]) -> None:
        """Nodes that lie ready but are not taken up yet: drawn at 60 %."""
        self._show(offered=frozenset(names))
        self._describe()

    def selection(self) -> tuple[str, ...]:
        """Selected nodes in the order of selecting."""
        return self._showing.selection

    def set_selection(self, name: str) -> None:
        """Select one node; an empty name selects nothing. A node that is the last of several stays so."""
        chosen = (name,) if name in self._graph else ()
        if self._showing.selection[-1:] != chosen:
            self._show(selection=chosen, edge=None)
            self._describe()

    def set_cycle(self, names: Sequence[str], wish: Edge | None = None) -> None:
        """Draw a cycle in the colour of errors, with the edge that would close it; no names end it."""
        self._show(cycle=tuple(names), wish=wish if names else None)

    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """The tool in hand."""
        self._tool = tool
        self._set_cursor()

    def editable(self) -> bool:
        return self._editable

    def set_editable(self, on: bool) -> None:
        """Whether the hand may change the graph; without, it selects, looks around and drags mini sliders."""
        self._editable = on

    # --------------------------------------------------------------------------------------------------------- view

    def zoom(self) -> float:
        """1.0 is 100 %; text that is set larger enlarges the whole drawing."""
        return self.transform().m11()

    def level(self) -> Level:
        return Level.at(self.zoom())

    def fit(self) -> None:
        """Show the whole graph, at most at the size of the text, and keep it whole when the window changes."""
        self._own_view = False
        whole = with_margin(self._geometry.bounds())
        room = self.viewport().size()
        if whole.isEmpty() or room.isEmpty():
            return
        factor = min(room.width() / whole.width(), room.height() / whole.height(), self._text_scale)
        self.setTransform(QTransform.fromScale(factor, factor))
        self._set_reach()
        self.centerOn(whole.center())
        self._repaint()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom about a point of the viewport, its middle if None."""
        around = around if around is not None else QRectF(self.viewport().rect()).center()
        factor = min(max(self.zoom() * factor, LEAST_ZOOM), MOST_ZOOM) / self.zoom()
        held = self.scene_point(around)
        self.scale(factor, factor)
        self._set_reach()
        moved = self.viewportTransform().map(held) - around
        self.pan(-moved.x(), -moved.y())

    def pan(self, x: float, y: float) -> None:
        """Shift the drawing by px of the viewport."""
        self._own_view = True
        for bar, by in ((self.horizontalScrollBar(), x), (self.verticalScrollBar(), y)):
            bar.setValue(bar.value() - round(by))
        self._repaint()

    def scene_point(self, at: QPointF) -> QPointF:
        """A point of the viewport in the scene, to a fraction of a px."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(at)

    def box_on_screen(self, name: str) -> QRect:
        """A node's box in the viewport."""
        return self.mapFromScene(self._geometry.boxes[name]).boundingRect()

    # --------------------------------------------------------------------------- what gestures and keys ask it to do

    def geometry_of_graph(self) -> Geometry:
        return self._geometry

    def pointer(self) -> QPointF | None:
        """Where the mouse is, in the scene; None while it is elsewhere."""
        return None if self._pointer is None else self.scene_point(self._pointer)

    def reach(self, px: float) -> float:
        """So many px of the screen in the scene, not growing beyond 100 %."""
        return px / min(self.zoom(), 1.0)

    def slider_at(self, at: QPointF) -> str | None:
        """The node whose mini slider is at a point of the scene."""
        name = self._geometry.node_at(at.x(), at.y())
        if name is None or self._showing.state(name).slider is None or self.level() is not Level.FULL:
            return None
        return name if self._geometry.groove(name).adjusted(-8, -8, 8, 10).contains(at) else None

    def selected_edge(self) -> int | None:
        """Index of the selected edge."""
        pair = self._showing.edge
        return next((i for i, e in enumerate(self._graph.edges) if pair in (e.pair, e.pair[::-1])), None)

    def set_sort(self, sort: Sort) -> None:
        """The sort of graph that edits must keep to; a mixed graph takes any."""
        self._sort = sort

    def wish(self, wished: edits.Edit | edits.Cycle | None) -> None:
        """Tell of an edit, or refuse the cycle that it closes."""
        if not self._editable:
            return
        match wished:
            case edits.Edit() if (refused := unfit(self._sort, self._graph, wished)) is not None:
                self.edit_refused.emit(refused)
            case edits.Edit(graph, sentence):
                self.set_cycle(())
                self._wishing = True                # what the hand just did must not slide away under it
                self.edit_wished.emit(graph, sentence)
                self._wishing = False
            case edits.Cycle(names, edge):
                self.set_cycle(names, edge)
                self.cycle_refused.emit(names, edge)

    def select(self, names: tuple[str, ...], edge: tuple[str, str] | None = None) -> None:
        """Select by the user's hand."""
        before = self._showing.selection[-1:]
        self._show(selection=names, edge=edge)
        if before != names[-1:]:
            self._describe()
            self.selection_changed.emit(names[-1] if names else "")

    def join(self, source: str, target: str, tool: Tool) -> None:
        """Wish for the edge that a tool draws from node to node."""
        if tool is not Tool.KNOW:
            self.wish(edits.join(self._graph, tool.edge(source, target)))
        elif self._editable:
            self.knowledge_wished.emit(source, target)

    def show_edge(self, source: str, target: str) -> None:
        """Ring an edge, whether the graph has it or not, and bring it into view."""
        if source in self._graph and target in self._graph:
            self.select((), (source, target))
            self._bring(self._geometry.boxes[source].united(self._geometry.boxes[target]))

    def show_node(self, name: str) -> None:
        """Select a node and bring it into view."""
        if name in self._graph:
            self.select((name,))
            self._bring(self._geometry.boxes[name])

    def drag_to(self, positions: dict[str, Point]) -> None:
        """Show nodes at other places while they are dragged."""
        changed = self._geometry.place(positions)
        if self._layers is None:
            self._layers = Layers(frozenset(positions), changed)
        self.viewport().update()

    def add_node_at(self, at: QPointF) -> None:
        """Wish for a node at a place and, once it is there, open its name."""
        edit = edits.add_node(self._graph, (round(at.x() / SNAP) * SNAP, round(at.y() / SNAP) * SNAP))
        name = edit.graph.names[-1]
        self.wish(edit)
        if name in self._graph:
            self.select((name,))
            self.rename(name)

    def copy_selection(self) -> None:
        """The selected nodes and what joins them go to the clipboard."""
        if self._showing.selection:
            QGuiApplication.clipboard().setText(clipboard.copied(self._graph, self._showing.selection))

    def paste(self) -> None:
        """Wish for the nodes of the graph that was copied, here or as text anywhere, and select them."""
        try:
            found = clipboard.pasted(self._graph, QGuiApplication.clipboard().text())
        except Refusal as refusal:
            self.name_refused.emit(refusal)
            return
        if found is not None:
            self.wish(found[0])
            self.select(tuple(name for name in found[1] if name in self._graph))

    def is_offered(self, name: str) -> bool:
        """Whether a node only lies ready."""
        return name in self._showing.offered

    def rename(self, name: str) -> None:
        """Open the name of a node for writing, in place."""
        if self._editable and not self.is_offered(name):
            self._renaming.open(name)

    def turn_end_at(self, at: QPointF) -> bool:
        """Turn the end nearest to a point; False where no edge is."""
        i = self._geometry.edge_at(at.x(), at.y(), self.reach(10))
        if i is None:
            return False
        route = self._geometry.routes[i]
        source, target = ((QPointF(*tip) - at).manhattanLength() for tip in (route.tip_source, route.tip_target))
        self.wish(edits.turn_end(self._graph, i, at_target=target <= source))
        return True

    def let_go(self) -> bool:
        """Close the nearest small thing: the gesture, the refused edge, the tool, the selection; False if none is."""
        if self._gesture is not None:
            self._end_gesture()
            self._rebuild()
        elif self._showing.cycle:
            self.set_cycle(())
        elif self._tool is not Tool.SELECT:
            self.set_tool(Tool.SELECT)
            self.tool_changed.emit(self._tool)
        elif self._showing.selection or self._showing.edge is not None:
            self.select(())
        else:
            return False
        return True

    def hold_space(self, on: bool) -> None:
        """While Space is down a drag pans."""
        self._space = on
        self._set_cursor()

    # ------------------------------------------------------------------------------------------------------ painting

    def paint_drawing(self, painter: QPainter) -> None:
        """Paint all nodes and edges; while nodes are dragged only what moves with them, over kept layers."""
        if self._layers is not None:
            self._layers.paint(painter, self)
            return
        self.paint_edges(painter, range(len(self._graph.edges)))
        self.paint_absent_edges(painter)
        self.paint_nodes(painter, self._graph.names)

    def paint_edges(self, painter: QPainter, indices: Iterable[int]) -> None:
        edges, _ = self._painters()
        if self.level() is Level.DOT:
            edges.paint_far(painter, indices, self.zoom())
        else:
            edges.paint(painter, indices, detail=self.level() is Level.FULL, visible=self._visible())

    def paint_absent_edges(self, painter: QPainter) -> None:
        edges, _ = self._painters()
        edges.paint_absent(painter, detail=self.level() is Level.FULL)

    def paint_nodes(self, painter: QPainter, names: Iterable[str]) -> None:
        _, nodes = self._painters()
        if self.level() is Level.DOT:
            nodes.paint_far(painter, names, self.zoom())
        else:
            nodes.paint(painter, names, detail=self.level() is Level.FULL, visible=self._visible())

    def _painters(self) -> tuple[EdgePainter, NodePainter]:
        if self._painting is None:
            self._painting = (
                EdgePainter(self._geometry, self._showing, self._theme, self._cutting.stages),
                NodePainter(self._geometry, self._showing, self._theme),
            )
        return self._painting

    def _visible(self) -> QRectF:
        return QRectF(self.mapToScene(self.viewport().rect()).boundingRect())

    # --------------------------------------------------------------------------------------------------- Qt overrides

    def paint(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The graph as a figure: as it is shown, without selection, in the colours of a theme."""
        showing = self._showing.with_(selection=(), edge=None)
        paint_graph(painter, self._graph, showing.states, theme, rect, showing=showing)

    def figure_size(self) -> tuple[float, float]:
        """Width and height of the figure, px."""
        return graph_size(self._graph, self._showing.states, self._theme)

    def sizeHint(self) -> QSize:
        return QSize(504, 294)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, self._theme.bg1)
        if isinstance(self._gesture, Move) and self._gesture.under_way and self.zoom() >= 0.5:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.bg4)
            for x in range(int(rect.left() // GRID) * GRID, int(rect.right()) + GRID, GRID):
                for y in range(int(rect.top() // GRID) * GRID, int(rect.bottom()) + GRID, GRID):
                    painter.drawRect(QRectF(x - 0.75, y - 0.75, 1.5, 1.5))

    def drawForeground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        if self._gesture is not None:
            self._gesture.paint(painter, self._theme)
        if not self._graph.nodes:
            self._paint_empty(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._renaming.close()
        self._gliding.stop()
        left = event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or (self._space and left):
            self._gesture = Pan(self, event.position())
        elif left:
            self._gesture = gesture_for(self, event)
        self._set_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._gesture is not None:
            self._gesture.moved(event)
            self.viewport().update()
        else:
            self._set_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        self._end_gesture()
        if gesture is not None:
            gesture.released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.scene_point(event.position())
        name = self._geometry.node_at(at.x(), at.y())
        left = event.button() is Qt.MouseButton.LeftButton
        if left and self._tool is Tool.SELECT and name is not None and self.slider_at(at) is None:
            self.rename(name)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._renaming.close()
        if event.angleDelta().y():
            self.zoom_by(1.2 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.mapToScene(event.pos())
        name = self._geometry.node_at(at.x(), at.y())
        if name is not None and self._editable:
            ask_marks(self, name)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and self._keyboard.claims(Qt.Key(event.key()), event.modifiers())
        ):
            event.accept()                          # a letter drawn with here is no shortcut of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._keyboard.press(Qt.Key(event.key()), event.modifiers()))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(event.key() == Qt.Key.Key_Space)
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_space(False)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hold_space(False)
        super().focusOutEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = self.mapToScene(event.pos())
            QToolTip.showText(event.globalPos(), speech.tip(self._geometry, self._showing, at), self.viewport())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refit()

    # -------------------------------------------------------------------------------------------------------- private

    def _show(self, **changes: object) -> None:
        showing = self._showing.with_(**changes)
        if showing == self._showing:
            return
        self._showing = showing
        if "states" in changes and not self._geometry.fits(showing, self._theme):
            self._rebuild()
            self._keep_in_view()
        if "states" in changes or "do_view" in changes:
            self._cutting.lead_to(cut_edges(self._graph, showing))
        self._redraw()

    def _rebuild(self) -> None:
        """Boxes and routes again, after graph, sizes or theme changed; what is being dragged stays in the hand."""
        held = {}
        if isinstance(self._gesture, Move) and self._gesture.under_way:
            held = {name: self._geometry.centre(name) for name in self._gesture.names}
        self._geometry = Geometry(self._graph, self._showing, self._theme)
        self._geometry.place(held)
        self._set_reach()
        self._redraw()

    def _redraw(self) -> None:
        """What is drawn, or how, has changed."""
        self._painting = None
        self._repaint()

    def _repaint(self) -> None:
        """The same is seen from elsewhere."""
        self._layers = None
        self.viewport().update()

    def _end_gesture(self) -> None:
        self._gesture = None
        self._set_cursor()
        self._repaint()

    def _set_reach(self) -> None:
        """Let the view be panned a window's width beyond the drawing, whatever the zoom."""
        whole = with_margin(self._geometry.bounds())
        aside, above = self.viewport().width() / self.zoom(), self.viewport().height() / self.zoom()
        self._drawing.set_bounds(whole)
        self.setSceneRect(whole.adjusted(-aside, -above, aside, above))

    def _restyle(self) -> None:
        self._theme, self._text_scale = _unscaled(Theme.current())
        self._rebuild()
        self._refit()

    def _refit(self) -> None:
        if not self._own_view:
            self.fit()
        else:
            self._repaint()

    def _bring(self, box: QRectF) -> None:
        """Let a part of the drawing be seen, in the middle if it is not."""
        if not self.mapToScene(self.viewport().rect()).boundingRect().contains(box):
            self._own_view = True
            self.centerOn(box.center())
            self._repaint()

    def _keep_in_view(self) -> None:
        """Fit again when the graph has outgrown the view, unless the analyst chose the view or is at work."""
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        if not (self._own_view or self._wishing or self._gesture) and not seen.contains(self._geometry.bounds()):
            self.fit()

    def _glided(self, places: dict[str, Point]) -> None:
        self._geometry.place(places)
        self._repaint()

    def _set_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        pointer = self.pointer()
        if isinstance(self._gesture, Pan):
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._tool in (Tool.NODE, Tool.END) or self._tool.draws_edges:
            shape = Qt.CursorShape.CrossCursor
        elif pointer is not None and self.slider_at(pointer) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)

    def _describe(self) -> None:
        """For screen readers: the name says what is selected, or what there is; the description lists all nodes."""
        whole, listed = speech.describe_graph(self._graph, self._showing)
        chosen = self._showing.selection
        self.setAccessibleName(speech.describe_node(self._graph, self._showing, chosen[-1]) if chosen else whole)
        self.setAccessibleDescription(f"{whole}\n{listed}")

    def _paint_empty(self, painter: QPainter) -> None:
        painter.save()
        painter.resetTransform()
        whole = QRectF(self.viewport().rect())
        centre = Qt.AlignmentFlag.AlignHCenter
        sentence, next_step = self.tr("Draw the graph, or learn it"), self.tr("Press N to add a node.")
        text_in(painter, whole.adjusted(0, -24, 0, 0), sentence, font("card"), self._theme.t1, centre)
        text_in(painter, whole.adjusted(0, 24, 0, 0), next_step, font("second"), self._theme.t2, centre)
        painter.restore()


def _unscaled(theme: Theme) -> tuple[Theme, float]:
    """The theme at 100 % text, and its text scale: the view enlarges all of the drawing, so that nothing overlaps."""
    return replace(theme, scale=1.0), theme.scale


class _Drawing(QGraphicsItem):
    """The one item of the scene: it paints every node and edge."""

    def __init__(self, canvas: GraphCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._bounds = QRectF()

    def set_bounds(self, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        self._canvas.paint_drawing(painter)

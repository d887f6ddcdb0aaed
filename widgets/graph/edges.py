"""Painting of edges: how each looks follows from its ends, the world that is shown, knowledge, comparison and paths."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from engines.graph.graph import Edge, End
from widgets.graph import marks
from widgets.graph.geometry import CIRCLE, HEAD, HEAD_LIT, Geometry, Route
from widgets.graph.values import Showing, cut_edges
from widgets.theme import Theme

FADED = 0.35
_LINE, _LIT = 1.5, 2.5


@dataclass(frozen=True)
class EdgeLook:
    """How one edge is drawn; `cut` is how far it is cut, 0 to 1."""

    colour: QColor
    width: float = _LINE
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    cut: float = 0.0
    pill: str = ""
    sign: str = ""
    long: float = HEAD
    above: bool = False


class EdgePainter:
    """Paints the edges of one geometry in one state. What holds for the whole graph is found once, here."""

    def __init__(self, geometry: Geometry, showing: Showing, theme: Theme, cut: dict[int, float] | None = None) -> None:
        self._geometry, self._showing, self._theme = geometry, showing, theme
        self._cut = dict.fromkeys(cut_edges(geometry.graph, showing), 1.0) if cut is None else cut
        graph = geometry.graph
        carriers: dict[str, int] = {}
        for edge in graph.edges:
            if showing.states and showing.carries(edge):
                carriers[edge.target] = carriers.get(edge.target, 0) + 1
        self._alone = {name for name, count in carriers.items() if count == 1}
        self._heaviest = max((abs(e.weight) for e in graph.edges if e.weight is not None), default=0.0)
        comparison = showing.comparison
        self._only_here = {_plain(e) for e in comparison.only_here} if comparison else set()
        self._turned = {_plain(e) for e in comparison.turned} if comparison else set()
        self._told = any(state.changed for state in showing.states.values())
        self._cycle = set(zip(showing.cycle, showing.cycle[1:]))

    def look(self, i: int) -> EdgeLook:
        """How the edge with index i is drawn."""
        showing, theme, edge = self._showing, self._theme, self._geometry.graph.edges[i]
        bidirected = edge.bidirected
        dash = (4.0, 3.0) if bidirected else ()
        if edge.directed and (edge.pair in self._cycle):
            return EdgeLook(theme.err, 2.0, dash, above=True)
        if showing.lit is not None:
            if showing.lit.has_edge(edge):
                return EdgeLook(theme.t1, _LIT, dash, long=HEAD_LIT, above=True)
            return EdgeLook(theme.t2, _LINE, dash, FADED)
        if showing.comparison is not None:
            if _plain(edge) in self._only_here:
                return EdgeLook(theme.series(0).colour, 2.0, dash, sign="+", above=True)
            if _plain(edge) in self._turned:
                return EdgeLook(theme.series(4).colour, 2.0, dash, sign="↻", above=True)
            return EdgeLook(theme.t2, _LINE, dash)
        cut = self._cut.get(i, 0.0)
        if cut:
            return EdgeLook(theme.t2, _LINE, (2.5, 2.5), 1 - 0.25 * cut, cut)
        if showing.states and showing.carries(edge):
            state = showing.state(edge.target)
            pill = state.change if edge.target in self._alone and state.picture is None else ""
            return EdgeLook(theme.acc, _LIT, dash, pill=pill, long=HEAD_LIT, above=True)
        if edge.pair in showing.knowledge.required:
            return EdgeLook(theme.t1, _LINE, dash, sign="■")
        if edge.frequency is not None:
            return EdgeLook(theme.t2, 1 + 3 * edge.frequency, dash, pill=f"{edge.frequency:.2f}")
        if edge.weight is not None and self._heaviest > 0:
            chosen = showing.edge in (edge.pair, edge.pair[::-1])
            pill = f"{edge.weight:+.3g}".replace("-", "−") if chosen else ""
            return EdgeLook(theme.t2, 1 + 3 * abs(edge.weight) / self._heaviest, dash, pill=pill)
        return EdgeLook(theme.t3 if self._told else theme.t2, _LINE, dash)

    def paint(self, painter: QPainter, indices: Iterable[int], *, detail: bool) -> None:
        """Paint edges; those that say something come over those that do not. `detail`: with pills and signs."""
        looks = [(i, self.look(i)) for i in indices]
        for above in (False, True):
            for i, look in looks:
                if look.above is above:
                    self._edge(painter, self._geometry.graph.edges[i], self._geometry.routes[i], look, detail)

    def paint_far(self, painter: QPainter, indices: Iterable[int], scale: float) -> None:
        """Paint edges as straight lines between dots, all of one look at once; for a zoom under 30 %."""
        groups: dict[tuple[int, bool], tuple[list[QLineF], list[QPointF]]] = {}
        radius = 6 / scale
        size = 5 / scale
        edges, boxes, showing, theme = self._geometry.graph.edges, self._geometry.boxes, self._showing, self._theme
        plain = not (
            showing.states or showing.lit or showing.comparison or showing.cycle or self._cut
        )
        ordinary = EdgeLook(theme.t3)
        centres = {name: (c.x(), c.y()) for name, c in ((n, b.center()) for n, b in boxes.items())}
        for i in indices:
            edge = edges[i]
            look = ordinary if plain else self.look(i)
            lines, heads = groups.setdefault((look.colour.rgba(), look.above), ([], []))
            (ax, ay), (bx, by) = centres[edge.source], centres[edge.target]
            dx, dy = bx - ax, by - ay
            length = math.hypot(dx, dy)
            if length <= 2 * radius:
                continue
            ux, uy = dx / length, dy / length
            ax, ay, bx, by = ax + radius * ux, ay + radius * uy, bx - radius * ux, by - radius * uy
            lines.append(QLineF(ax, ay, bx, by))
            for end, x, y, ix, iy in ((edge.at_target, bx, by, ux, uy), (edge.at_source, ax, ay, -ux, -uy)):
                if end is End.ARROW:
                    x0, y0 = x - size * ix, y - size * iy
                    heads += [
                        QPointF(x, y), QPointF(x0 - size * 0.4 * iy, y0 + size * 0.4 * ix),
                        QPointF(x0 + size * 0.4 * iy, y0 - size * 0.4 * ix),
                    ]
        for (rgba, _above), (lines, heads) in sorted(groups.items(), key=lambda group: group[0][1]):
            colour = QColor.fromRgba(rgba)
            painter.setPen(marks.thin(colour, 1))
            painter.drawLines(lines)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            path = QPainterPath()
            for k in range(0, len(heads), 3):
                path.addPolygon(QPolygonF(heads[k : k + 3]))
            path.setFillRule(Qt.FillRule.WindingFill)
            painter.drawPath(path)

    def paint_absent(self, painter: QPainter, *, detail: bool) -> None:
        """Paint what the graph has not: forbidden edges, edges only in the other graph, and the refused edge."""
        theme, showing = self._theme, self._showing
        for cause, effect in sorted(showing.knowledge.forbidden):
            self._ghost(painter, Edge(cause, effect), EdgeLook(theme.t2, _LINE, (1.5, 3.5), sign="×"), detail)
        for edge in showing.comparison.only_there if showing.comparison else ():
            self._ghost(painter, edge, EdgeLook(theme.series(1).colour, 2.0, (2.0, 3.0), sign="−"), detail)
        if showing.wish is not None:
            self._ghost(painter, showing.wish, EdgeLook(theme.err, 2.0, (4.0, 3.0)), detail)

    def _ghost(self, painter: QPainter, edge: Edge, look: EdgeLook, detail: bool) -> None:
        if edge.source in self._geometry.boxes and edge.target in self._geometry.boxes:
            self._edge(painter, edge, self._geometry.route_of(edge), look, detail)

    def _edge(self, painter: QPainter, edge: Edge, route: Route, look: EdgeLook, detail: bool) -> None:
        theme = self._theme
        if look.opacity != 1:
            painter.setOpacity(look.opacity)
        dash = look.dash
        if look.cut:
            gap = dash[1] * look.cut
            dash = (dash[0], gap) if gap > 0.1 else ()
        painter.setPen(marks.pen(look.colour, look.width, dash))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(route.path())
        hollow = theme.bg1 if look.cut > 0.5 else None
        long = look.long + max(0.0, look.width - _LIT)
        for end, tip, into in (
            (edge.at_source, route.tip_source, route.toward_source),
            (edge.at_target, route.tip_target, route.toward_target),
        ):
            if end is End.ARROW:
                marks.head(painter, tip, into, look.colour, hollow, long)
            elif end is End.CIRCLE:
                marks.open_circle(painter, tip, into, look.colour, theme.bg1, min(look.width, CIRCLE / 3))
        if detail:
            self._signs(painter, QPointF(*route.at(0.5)), look)
        if look.opacity != 1:
            painter.setOpacity(1)

    def _signs(self, painter: QPainter, middle: QPointF, look: EdgeLook) -> None:
        theme = self._theme
        if look.cut:
            painter.setOpacity(look.cut)
            marks.scissors(painter, middle, theme.acc, theme.bg1)
            painter.setOpacity(look.opacity)
        elif look.pill:
            lit = look.colour == theme.acc
            marks.pill(painter, middle, look.pill, theme.acc if lit else theme.t1, look.colour, theme.bg1, theme)
        elif look.sign == "■":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour)
            painter.drawRoundedRect(QRectF(middle.x() - 5, middle.y() - 5, 10, 10), 1.5, 1.5)
        elif look.sign == "×":
            marks.cross(painter, middle, theme.err)
        elif look.sign:
            marks.sign(painter, middle, look.sign, look.colour, theme.bg1)


def _plain(edge: Edge) -> tuple[str, str, str, str]:
    seen = edge.seen_from(min(edge.pair))
    return seen.source, seen.target, seen.at_source, seen.at_target

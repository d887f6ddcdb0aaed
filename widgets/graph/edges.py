"""Painting of edges: how each looks follows from its ends, the world that is shown, knowledge, comparison and paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from engines.graph.graph import Edge, End, undirected
from widgets.graph import marks
from widgets.graph.geometry import CIRCLE, HEAD, HEAD_LIT, Geometry, Route
from widgets.graph.stamps import stamp_heads
from widgets.graph.values import Showing, cut_edges, plain, told_by_edge
from widgets.theme import Theme

FADED = 0.35
_LINE, _LIT = 1.5, 2.5
_MOST_KNOWN = 60                 # known edges that the graph has not; of more only those at what is selected are drawn
_DOT_OFF, _DOT_HEAD = 6.0, 5.0   # px of the screen

_Far = tuple[QColor, PrimitiveArray, np.ndarray, np.ndarray]     # lines, tips of heads and where they look


@dataclass(frozen=True)
class EdgeLook:
    """How one edge is drawn; `cut` is how far it is cut, 0 to 1, `barred` the ends that carry a bar."""

    colour: QColor
    width: float = _LINE
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    cut: float = 0.0
    pill: str = ""
    sign: str = ""
    long: float = HEAD
    above: bool = False
    barred: frozenset[str] = frozenset()


class EdgePainter:
    """Paints the edges of one geometry in one state. What holds for the whole graph is found once, here."""

    def __init__(self, geometry: Geometry, showing: Showing, theme: Theme, cut: dict[int, float] | None = None) -> None:
        self._geometry, self._showing, self._theme = geometry, showing, theme
        self._cut = dict.fromkeys(cut_edges(geometry.graph, showing), 1.0) if cut is None else cut
        graph = geometry.graph
        self._told_by_edge = told_by_edge(graph, showing)
        self._heaviest = max((abs(e.weight) for e in graph.edges if e.weight is not None), default=0.0)
        comparison = showing.comparison
        self._only_here = {plain(e) for e in comparison.only_here} if comparison else set()
        self._turned = {plain(e) for e in comparison.turned} if comparison else set()
        self._told = any(state.changed for state in showing.states.values())
        self._cycle = set(pairwise(showing.cycle))
        self._known_absent = [
            (_few(showing.knowledge.forbidden, showing), "×"),
            (_few(showing.knowledge.required - {e.pair for e in graph.edges if e.directed}, showing), "■"),
        ]
        self._looks: dict[int, EdgeLook] = {}
        self._far_key: tuple[tuple[int, ...], float, int] | None = None
        self._far: list[_Far] = []

    def look(self, i: int) -> EdgeLook:
        """How the edge with index i is drawn."""
        showing, theme, edge = self._showing, self._theme, self._geometry.graph.edges[i]
        bidirected = edge.bidirected
        dash = (4.0, 3.0) if bidirected else ()
        if edge.directed and (edge.pair in self._cycle):
            return EdgeLook(theme.err, 2.0, dash, above=True)
        if showing.lit is not None:
            if showing.lit.has_edge(edge):
                barred = showing.lit.blocked & set(edge.pair)
                colour = theme.err if showing.lit.alarm else theme.t1
                return EdgeLook(colour, _LIT, dash, long=HEAD_LIT, above=True, barred=barred)
            return EdgeLook(theme.t2, _LINE, dash, FADED)
        cut = self._cut.get(i, 0.0)
        if cut:
            return EdgeLook(theme.t2, _LINE, (2.5, 2.5), 1 - 0.25 * cut, cut)
        if showing.states and showing.carries(edge):
            state = showing.state(edge.target)
            pill = state.change if edge.target in self._told_by_edge and state.picture is None else ""
            return EdgeLook(theme.acc, _LIT, dash, pill=pill, long=HEAD_LIT, above=True)
        if showing.comparison is not None:
            if plain(edge) in self._only_here:
                return EdgeLook(theme.series(0).colour, 2.0, dash, sign="+", above=True)
            if plain(edge) in self._turned:
                return EdgeLook(theme.series(4).colour, 2.0, dash, sign="↻", above=True)
            return EdgeLook(theme.t2, _LINE, dash)
        if edge.pair in showing.knowledge.required:
            return EdgeLook(theme.t1, _LINE, dash, sign="■")
        if edge.frequency is not None:
            rare = edge.frequency < showing.least_frequency
            opacity = FADED if rare else 1.0
            return EdgeLook(theme.t2, 1 + 3 * edge.frequency, dash, opacity, pill=f"{edge.frequency:.2f}")
        if edge.weight is not None and self._heaviest > 0:
            chosen = showing.edge in (edge.pair, edge.pair[::-1])
            pill = f"{edge.weight:+.3g}".replace("-", "−") if chosen else ""
            return EdgeLook(theme.t2, 1 + 3 * abs(edge.weight) / self._heaviest, dash, pill=pill)
        return EdgeLook(theme.t3 if self._told else theme.t2, _LINE, dash)

    def paint(
        self, painter: QPainter, indices: Iterable[int], *, detail: bool, visible: QRectF | None = None
    ) -> None:
        """Paint edges; those that say something come over those that do not.

        Args:
            painter: In scene coordinates.
            indices: Which edges.
            detail: With pills and signs.
            visible: The part of the scene that is seen; what lies outside is left out. All if None.
        """
        geometry = self._geometry
        shown = [i for i in indices if visible is None or _touches(geometry.routes[i], visible)]
        looks = [(i, self._kept(i)) for i in shown]
        for above in (False, True):
            for i, look in looks:
                if look.above is above:
                    self._edge(painter, geometry.graph.edges[i], geometry.routes[i], geometry.path(i), look, detail)

    def paint_far(self, painter: QPainter, indices: Iterable[int], scale: float) -> None:
        """Paint edges as straight lines between dots; for a zoom under 30 %. Every mark has its size on the screen."""
        asked = tuple(indices)
        key = (asked, scale, self._geometry.version)
        if self._far_key != key:
            self._far_key, self._far = key, self._far_groups(asked, scale)
        for colour, lines, tips, into in self._far:
            painter.setPen(marks.thin(colour, 1))
            painter.drawLines(*lines.drawargs())
            stamp_heads(painter, tips, into, colour, _DOT_HEAD)

    def _far_groups(self, indices: tuple[int, ...], scale: float) -> list[_Far]:
        """Lines and heads by colour, those that say something last."""
        groups: dict[tuple[bool, int], list[int]] = {}
        for i in indices:
            look = self._kept(i)
            plain = look.colour in (self._theme.t2, self._theme.t3)     # from afar hairlines, so that marks stand out
            groups.setdefault((look.above, (self._theme.strong if plain else look.colour).rgba()), []).append(i)
        return [
            (QColor.fromRgba(rgba), *self._far_lines(members, scale)) for (_, rgba), members in sorted(groups.items())
        ]

    def _far_lines(self, indices: list[int], scale: float) -> tuple[PrimitiveArray, np.ndarray, np.ndarray]:
        edges, centre = self._geometry.graph.edges, self._geometry.centre
        start = np.array([centre(edges[i].source) for i in indices])
        end = np.array([centre(edges[i].target) for i in indices])
        length = np.hypot(*(end - start).T)[:, None]
        into = (end - start) / np.maximum(length, 1e-9)
        off = np.minimum(_DOT_OFF / scale, length / 2)
        start, end = start + off * into, end - off * into
        lines = PrimitiveArray(QLineF, 4)
        lines.resize(len(indices))
        lines.ndarray()[:] = np.hstack([start, end])
        at_target = [edges[i].at_target is End.ARROW for i in indices]
        at_source = [edges[i].at_source is End.ARROW for i in indices]
        tips = np.concatenate([end[at_target], start[at_source]])
        return lines, tips, np.concatenate([into[at_target], -into[at_source]])

    def _kept(self, i: int) -> EdgeLook:
        look = self._looks.get(i)
        if look is None:
            look = self._looks[i] = self.look(i)
        return look

    def paint_absent(self, painter: QPainter, *, detail: bool) -> None:
        """Paint what the graph has not: forbidden edges, edges only in the other graph, and the refused edge."""
        theme, showing = self._theme, self._showing
        for pairs, sign in self._known_absent:
            for pair in pairs:
                self._ghost(painter, Edge(*pair), EdgeLook(theme.t2, _LINE, (1.5, 3.5), sign=sign), detail)
        for edge in showing.comparison.only_there if showing.comparison else ():
            self._ghost(painter, edge, EdgeLook(theme.series(1).colour, 2.0, (2.0, 3.0), sign="−"), detail)
        for pair in sorted(showing.doubted):
            self._ghost(painter, undirected(*pair), EdgeLook(theme.warn, 2.0, (2.0, 3.0), sign="!"), detail)
        if showing.wish is not None:
            self._ghost(painter, showing.wish, EdgeLook(theme.err, 2.0, (4.0, 3.0)), detail)

    def _ghost(self, painter: QPainter, edge: Edge, look: EdgeLook, detail: bool) -> None:
        if edge.source in self._geometry.boxes and edge.target in self._geometry.boxes:
            route = self._geometry.route_of(edge)
            self._edge(painter, edge, route, route.path(), look, detail)

    def _edge(
        self, painter: QPainter, edge: Edge, route: Route, path: QPainterPath, look: EdgeLook, detail: bool
    ) -> None:
        theme = self._theme
        if look.opacity != 1:
            painter.setOpacity(look.opacity)
        dash = look.dash
        if look.cut:
            gap = dash[1] * look.cut
            dash = (dash[0], gap) if gap > 0.1 else ()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._showing.edge in (edge.pair, edge.pair[::-1]):
            for colour, beside in ((theme.ink, 8.0), (theme.bg1, 4.0)):
                painter.setPen(marks.pen(colour, look.width + beside, round_cap=True))
                painter.drawPath(path)
        painter.setPen(marks.pen(look.colour, look.width, dash))
        painter.drawPath(path)
        hollow = theme.bg1 if look.cut > 0.5 else None
        long = look.long + max(0.0, look.width - _LIT)
        for name, end, tip, into in (
            (edge.source, edge.at_source, route.tip_source, route.toward_source),
            (edge.target, edge.at_target, route.tip_target, route.toward_target),
        ):
            if end is End.ARROW:
                marks.head(painter, tip, into, look.colour, hollow, long)
            elif end is End.CIRCLE:
                marks.open_circle(painter, tip, into, look.colour, theme.bg1, min(look.width, CIRCLE / 3))
            if name in look.barred:
                marks.bar(painter, tip, into, look.colour)
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


def _few(pairs: frozenset[tuple[str, str]], showing: Showing) -> list[tuple[str, str]]:
    """Pairs to draw: all, or where that would cover the drawing those of what is selected."""
    if len(pairs) <= _MOST_KNOWN:
        return sorted(pairs)
    chosen = {*showing.selection, *(showing.edge or ())}
    return sorted(pair for pair in pairs if chosen & set(pair))


def _touches(route: Route, visible: QRectF) -> bool:
    """Whether a route may be seen: its hull, with room for marks and pills, meets the rectangle."""
    xs = (route.tip_source[0], route.first[0], route.second[0], route.tip_target[0])
    ys = (route.tip_source[1], route.first[1], route.second[1], route.tip_target[1])
    return (
        max(xs) + 24 >= visible.left() and min(xs) - 24 <= visible.right()
        and max(ys) + 12 >= visible.top() and min(ys) - 12 <= visible.bottom()
    )


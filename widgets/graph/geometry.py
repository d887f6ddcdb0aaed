"""Where everything of a graph lies: boxes of nodes, routes of edges, and what is under a point.

Lengths are scene units: device-independent px at 100 % zoom. Nothing here paints.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from engines.graph.graph import Edge, End, Graph, Mark
from widgets.graph.lettering import width_of
from widgets.graph.values import NodeState, Showing
from widgets.theme import Theme

WIDTH, WIDEST = 140, 220
PADDING = 12
PICTURE, PICTURE_INSET, PICTURE_FOOT = 104, 4, 36
OFF = 4.0                       # between a node and the tip of an edge
HEAD, HEAD_LIT, CIRCLE = 9.0, 11.0, 7.0
GROOVE_OVER_EDGE = 10
SNAP, GRID = 8, 16              # where nodes land, and the dots that show it
ROUNDS_UP_TO = 80               # nodes; in larger graphs edges run behind the nodes in their way
APART = 28.0                    # least gap between nodes for an edge to run from side to side

Point = tuple[float, float]


class Route(NamedTuple):
    """A cubic, trimmed by its end marks; `tip_*` is where a mark's point lies, `toward_*` the unit vector into it."""

    start: Point
    first: Point
    second: Point
    end: Point
    tip_source: Point
    toward_source: Point
    tip_target: Point
    toward_target: Point

    def at(self, t: float) -> Point:
        """The point at t in [0, 1]."""
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        return (
            a * self.start[0] + b * self.first[0] + c * self.second[0] + d * self.end[0],
            a * self.start[1] + b * self.first[1] + c * self.second[1] + d * self.end[1],
        )

    def path(self) -> QPainterPath:
        path = QPainterPath(QPointF(*self.start))
        path.cubicTo(*self.first, *self.second, *self.end)
        return path

    def distance(self, x: float, y: float) -> float:
        """How far a point is from the curve and its tips."""
        way = [self.tip_source, *(self.at(i / 16) for i in range(17)), self.tip_target]
        return min(_to_segment(x, y, a, b) for a, b in pairwise(way))


class Size(NamedTuple):
    width: float
    height: float


def node_size(name: str, marks: frozenset[Mark], state: NodeState, theme: Theme) -> Size:
    """Size of a node: pictures square with a foot, 58 high with a mini slider, 46 with a value, 40 with a name only."""
    if state.picture is not None:
        side = picture_side(max(state.picture.width(), state.picture.height()))
        return Size(side + 2 * PICTURE_INSET, side + PICTURE_INSET + theme.px(PICTURE_FOOT))
    wanted = width_of(name, "title", theme.scale) + 2 * PADDING
    if state.changed and state.how == "set":
        wanted += theme.px(30)
    if marks & {Mark.EXPOSURE, Mark.OUTCOME}:
        wanted += 20
    if state.how == "follows" and state.slider is None:
        wanted += theme.px(40)
    height = 58 if state.slider is not None else 46 if state.value else 40
    return Size(min(max(WIDTH, math.ceil(wanted)), WIDEST), theme.px(height))


def picture_side(pixels: int) -> int:
    """Side of a picture on its node: the whole multiple of its pixels nearest to 104; a large one is shrunk to 104."""
    if pixels < 1 or pixels > 1.5 * PICTURE:
        return PICTURE
    return pixels * max(1, round(PICTURE / pixels))


class Geometry:
    """Boxes and routes of one graph in one state; moving nodes re-routes only what hangs on them."""

    def __init__(self, graph: Graph, showing: Showing, theme: Theme) -> None:
        self.graph = graph
        self.boxes: dict[str, QRectF] = {}
        self._centres: dict[str, Point] = {}
        for node in graph.nodes:
            width, height = node_size(node.name, node.marks, showing.state(node.name), theme)
            x, y = node.position or (0.0, 0.0)
            self.boxes[node.name] = QRectF(x - width / 2, y - height / 2, width, height)
            self._centres[node.name] = x, y
        self.incident: dict[str, list[int]] = {name: [] for name in graph.names}
        for i, edge in enumerate(graph.edges):
            self.incident[edge.source].append(i)
            self.incident[edge.target].append(i)
        self._sides: list[tuple[str, str]] = [("", "")] * len(graph.edges)
        self._port: dict[tuple[int, str], Point] = {}       # where an edge meets a node
        self.routes: list[Route] = [_NOWHERE] * len(graph.edges)
        self._paths: list[QPainterPath | None] = [None] * len(graph.edges)
        self._bounds: QRectF | None = None
        self.version = 0                           # grows with every change
        self._route(range(len(graph.edges)), graph.names)

    def fits(self, showing: Showing, theme: Theme) -> bool:
        """Whether every node has the size here that it has in another state."""
        return all(
            node_size(node.name, node.marks, showing.state(node.name), theme)
            == (self.boxes[node.name].width(), self.boxes[node.name].height())
            for node in self.graph.nodes
        )

    def bounds(self) -> QRectF:
        """The rectangle round all nodes and edges."""
        if self._bounds is None:
            points = [point for route in self.routes for point in (route.start, route.first, route.second, route.end)]
            for box in self.boxes.values():
                points += [(box.left(), box.top()), (box.right(), box.bottom())]
            xs, ys = zip(*points or [(0.0, 0.0)])
            self._bounds = QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))
        return self._bounds

    def centre(self, name: str) -> Point:
        return self._centres[name]

    def path(self, i: int) -> QPainterPath:
        """The curve of the edge with index i; kept until it changes."""
        path = self._paths[i]
        if path is None:
            path = self._paths[i] = self.routes[i].path()
        return path

    def place(self, positions: dict[str, Point]) -> frozenset[int]:
        """Move nodes to new centres; returns the edges whose routes changed."""
        for name, (x, y) in positions.items():
            self.boxes[name].moveCenter(QPointF(x, y))
            self._centres[name] = x, y
        hanging = {i for name in positions for i in self.incident[name]}
        near = {name for i in hanging for name in self.graph.edges[i].pair}
        changed = hanging | {i for name in near for i in self.incident[name]}
        self._route(sorted(changed), near.union(positions))
        return frozenset(changed)

    def node_at(self, x: float, y: float, slack: float = 0.0) -> str | None:
        """The topmost node under a point."""
        for name, box in reversed(self.boxes.items()):
            if box.adjusted(-slack, -slack, slack, slack).contains(x, y):
                return name
        return None

    def edge_at(self, x: float, y: float, reach: float = 5.0) -> int | None:
        """The edge nearest to a point, if within reach."""
        best, found = reach, None
        for i, route in enumerate(self.routes):
            xs = (route.tip_source[0], route.first[0], route.second[0], route.tip_target[0])
            ys = (route.tip_source[1], route.first[1], route.second[1], route.tip_target[1])
            if min(xs) - best <= x <= max(xs) + best and min(ys) - best <= y <= max(ys) + best:
                distance = route.distance(x, y)
                if distance <= best:
                    best, found = distance, i
        return found

    def route_of(self, edge: Edge) -> Route:
        """The route of an edge that the graph has not, between the middles of the sides."""
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        if edge.bidirected:
            return _bowed(edge, source, target)
        sides = _sides(source, target)
        direct = _curve(edge, _middle(source, sides[0]), _middle(target, sides[1]), sides)
        return self._round_nodes(edge, direct)

    def groove(self, name: str) -> QRectF:
        """The mini slider's line: its left end, its length; no height."""
        box = self.boxes[name]
        return QRectF(box.left() + PADDING, box.bottom() - GROOVE_OVER_EDGE, box.width() - 2 * PADDING, 0)

    def _route(self, indices: Iterable[int], nodes: Iterable[str]) -> None:
        """Choose sides for the given edges, then spread the ports of the given nodes, whose edges are all among them,
        and draw the curves. At their other ends the edges keep the ports that they have.
        """
        self.version += 1
        self._bounds = None
        indices = list(indices)
        edges = self.graph.edges
        for i in indices:
            edge = edges[i]
            self._sides[i] = _sides(self.boxes[edge.source], self.boxes[edge.target])
        ports = self._port
        for name in nodes:
            ports |= self._ports(name)
        for i in indices:
            edge = edges[i]
            self._paths[i] = None
            source, target = self.boxes[edge.source], self.boxes[edge.target]
            if edge.bidirected:
                self.routes[i] = _bowed(edge, source, target)
            else:
                direct = _curve(edge, ports[i, edge.source], ports[i, edge.target], self._sides[i])
                self.routes[i] = self._round_nodes(edge, direct)

    def _round_nodes(self, edge: Edge, direct: Route) -> Route:
        """The route itself, or a bow past the nodes that it would run through."""
        if len(self.boxes) > ROUNDS_UP_TO:
            return direct
        met = self._met(edge, direct)
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        for reach in _clear(source.center(), target.center(), met) if met else ():
            bow = _bowed(edge, source, target, reach)
            if not self._met(edge, bow):
                return bow
        return direct

    def _met(self, edge: Edge, route: Route) -> list[QRectF]:
        """Boxes of other nodes through which a route runs."""
        way = [route.at(i / 12) for i in range(1, 12)]
        low, high = min(y for _, y in way), max(y for _, y in way)
        left, right = min(x for x, _ in way), max(x for x, _ in way)
        return [
            box for name, box in self.boxes.items()
            if name not in edge.pair and box.left() < right and box.right() > left and box.top() < high + 1
            and box.bottom() > low - 1 and any(box.contains(x, y) for x, y in way)
        ]

    def _ports(self, name: str) -> dict[tuple[int, str], Point]:
        """Where each edge of a node meets it: spread along each side in the order of the other ends."""
        box = self.boxes[name]
        on_side: dict[str, list[int]] = {}
        for i in self.incident[name]:
            edge = self.graph.edges[i]
            if not edge.bidirected:
                on_side.setdefault(self._sides[i][0 if edge.source == name else 1], []).append(i)
        ports: dict[tuple[int, str], Point] = {}
        for side, hanging in on_side.items():
            level = side in "lr"
            far = sorted((self._along(self._other(i, name), level), i) for i in hanging)
            low, high = (box.top(), box.bottom()) if level else (box.left(), box.right())
            for place, (toward, i) in enumerate(far):
                even = low + (place + 1) / (len(far) + 1) * (high - low)
                if not level and self._elbow(i):
                    even += 0.36 * (low - even if toward > even else high - even)
                else:
                    even = (even + min(max(toward, low + 10), high - 10)) / 2
                across = {"l": box.left(), "r": box.right(), "t": box.top(), "b": box.bottom()}[side]
                ports[i, name] = (across, even) if level else (even, across)
        return ports

    def _along(self, name: str, level: bool) -> float:
        return self._centres[name][1 if level else 0]

    def _other(self, i: int, name: str) -> str:
        edge = self.graph.edges[i]
        return edge.target if edge.source == name else edge.source

    def _elbow(self, i: int) -> bool:
        here, there = self._sides[i]
        return (here in "tb") != (there in "tb")


_NOWHERE = Route((0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0))
_OUTWARD = {"l": (-1.0, 0.0), "r": (1.0, 0.0), "t": (0.0, -1.0), "b": (0.0, 1.0)}


def _sides(a: QRectF, b: QRectF) -> tuple[str, str]:
    """At which sides an edge from box a to box b leaves and enters: l, r, t or b."""
    if b.left() - a.right() >= APART:
        return "r", "l"
    if a.left() - b.right() >= APART:
        return "l", "r"
    if abs(b.center().y() - a.center().y()) < (a.height() + b.height()) / 2:
        return ("r", "l") if b.center().x() >= a.center().x() else ("l", "r")
    leave = "b" if b.center().y() > a.center().y() else "t"
    if b.left() - a.center().x() >= APART:
        return leave, "l"
    if a.center().x() - b.right() >= APART:
        return leave, "r"
    return leave, "t" if leave == "b" else "b"


def _middle(box: QRectF, side: str) -> Point:
    x = {"l": box.left(), "r": box.right()}.get(side, box.center().x())
    y = {"t": box.top(), "b": box.bottom()}.get(side, box.center().y())
    return x, y


def _length(end: End) -> float:
    """How much of the line an end mark takes."""
    return {End.ARROW: HEAD - 1, End.CIRCLE: CIRCLE, End.TAIL: 0.0}[end]


def _curve(edge: Edge, source: Point, target: Point, sides: tuple[str, str]) -> Route:
    """The cubic between two ports, leaving and entering at right angles."""
    (ax, ay), (bx, by) = _OUTWARD[sides[0]], _OUTWARD[sides[1]]
    tip_a = (source[0] + OFF * ax, source[1] + OFF * ay)
    tip_b = (target[0] + OFF * bx, target[1] + OFF * by)
    la, lb = _length(edge.at_source), _length(edge.at_target)
    start = (tip_a[0] + la * ax, tip_a[1] + la * ay)
    end = (tip_b[0] + lb * bx, tip_b[1] + lb * by)
    dx, dy = abs(end[0] - start[0]), abs(end[1] - start[1])
    if (sides[0] in "lr") == (sides[1] in "lr"):
        pull_a = pull_b = max(0.5 * (dx if sides[0] in "lr" else dy), 12.0)
    else:
        pull_a, pull_b = (0.75 * dy, 0.55 * dx) if sides[0] in "tb" else (0.75 * dx, 0.55 * dy)
    return Route(
        start, (start[0] + pull_a * ax, start[1] + pull_a * ay), (end[0] + pull_b * bx, end[1] + pull_b * by), end,
        tip_a, (-ax, -ay), tip_b, (-bx, -by),
    )


def _clear(start: QPointF, end: QPointF, boxes: list[QRectF]) -> list[float]:
    """How far a bow must reach past boxes on either side, the shorter first; negative to the right of the way."""
    dx, dy = end.x() - start.x(), end.y() - start.y()
    length = math.hypot(dx, dy) or 1.0
    aside = [
        (dy * (corner.x() - start.x()) - dx * (corner.y() - start.y())) / length
        for box in boxes
        for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
    ]
    return sorted((max(aside) + 16, min(aside) - 16), key=abs)


def _bowed(edge: Edge, a: QRectF, b: QRectF, reach: float = 0.0) -> Route:
    """A curve bowed to one side of its way, between the two outlines; upwards, or by `reach` (left of its way)."""
    ca, cb = a.center(), b.center()
    dx, dy = cb.x() - ca.x(), cb.y() - ca.y()
    length = math.hypot(dx, dy) or 1.0
    bow = 2 * reach if reach else (min(0.3 * length, 70.0) + 10.0) * (1.0 if dx >= 0 else -1.0)
    middle = ((ca.x() + cb.x()) / 2 + dy / length * bow, (ca.y() + cb.y()) / 2 - dx / length * bow)
    tip_a, into_a = _outline(a, middle)
    tip_b, into_b = _outline(b, middle)
    la, lb = _length(edge.at_source), _length(edge.at_target)
    start = (tip_a[0] - la * into_a[0], tip_a[1] - la * into_a[1])
    end = (tip_b[0] - lb * into_b[0], tip_b[1] - lb * into_b[1])
    first = (start[0] + 2 / 3 * (middle[0] - start[0]), start[1] + 2 / 3 * (middle[1] - start[1]))
    second = (end[0] + 2 / 3 * (middle[0] - end[0]), end[1] + 2 / 3 * (middle[1] - end[1]))
    return Route(start, first, second, end, tip_a, into_a, tip_b, into_b)


def _outline(box: QRectF, toward: Point) -> tuple[Point, Point]:
    """Where the line from the box's centre to a point is OFF px outside the box, and the direction inwards."""
    c = box.center()
    dx, dy = toward[0] - c.x(), toward[1] - c.y()
    length = math.hypot(dx, dy) or 1.0
    across = (box.width() / 2 + OFF) / abs(dx) if dx else math.inf
    along = (box.height() / 2 + OFF) / abs(dy) if dy else math.inf
    share = min(across, along) if dx or dy else 0.0
    return (c.x() + dx * share, c.y() + dy * share), (-dx / length, -dy / length)


def _to_segment(x: float, y: float, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    t = 0.0 if square == 0 else min(max(((x - a[0]) * dx + (y - a[1]) * dy) / square, 0.0), 1.0)
    return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)

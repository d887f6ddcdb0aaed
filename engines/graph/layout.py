"""Layouts: where the nodes of a graph go. Layered from left to right, in tiers, or on a circle.

The layered layout is the method of Sugiyama, Tagawa and Toda (1981) in five steps, each a function below: turn some
edges so that no cycle is left (Gansner et al. 1993, depth first), give each node a layer (longest path, then pulled
together), cut long edges into pieces of one layer, order each layer by medians (Gansner et al. 1993, section 3), and
align (Brandes and Köpf 2001). Positions are centres in px, on a grid of 8; x grows with the layer, y downwards.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
from statistics import median

from engines.graph.graph import End, Graph

Positions = dict[str, tuple[float, float]]
Sizes = Mapping[str, tuple[float, float]]

NODE = (140.0, 58.0)
GRID = 8
FAR = 1e6                       # px
_BETWEEN_LAYERS, _BETWEEN_NODES, _BETWEEN_PIECES = 96.0, 40.0, 14.0
_SWEEPS = 8
_TRANSPOSE_UP_TO = 400
_LOOSEST = 2.0                  # times the height of the fullest layer


def layered(graph: Graph, sizes: Sizes | None = None) -> Positions:
    """Causes left of effects. Bidirected edges do not decide a layer; cycles are laid out as if one edge were turned.

    Args:
        graph: Any graph.
        sizes: Width and height by name, px; 140 x 58 where absent.
    """
    return _stacked(graph, sizes or {}, _layers)


def tiered(graph: Graph, tiers: Sequence[Iterable[str]], sizes: Sizes | None = None) -> Positions:
    """Layers as given: tier by tier from left to right; nodes in no tier come after the last one."""
    given = {name: i for i, names in enumerate(tiers) for name in names}
    last = len(tiers)
    if not graph.nodes:
        return {}
    pieces = _Layered(graph, graph.names, {name: given.get(name, last) for name in graph.names})
    return on_grid(pieces.place(sizes or {}))


def circle(graph: Graph, sizes: Sizes | None = None) -> Positions:
    """All nodes on a circle in their order, the first on top, wide enough that none overlap."""
    names = graph.names
    if len(names) == 1:
        return {names[0]: (0.0, 0.0)}
    widest = max((_size(name, sizes or {})[0] for name in names), default=0.0) + _BETWEEN_NODES
    radius = max(widest / (2 * math.sin(math.pi / len(names))), widest * 0.75) if len(names) > 1 else 0.0
    turn = 2 * math.pi / max(len(names), 1)
    return on_grid({
        name: (radius * math.sin(i * turn), -radius * math.cos(i * turn)) for i, name in enumerate(names)
    })


def completed(graph: Graph, sizes: Sizes | None = None) -> Graph:
    """The graph with a position for every node; those that have one keep it.

    New nodes come where the layered layout has them relative to the known ones, and below what is there already.
    Positions further out than `FAR` are taken for none.
    """
    known = {
        node.name: node.position
        for node in graph.nodes
        if node.position is not None and max(map(abs, node.position)) <= FAR
    }
    missing = [name for name in graph.names if name not in known]
    if not missing:
        return graph
    wished = layered(graph, sizes)
    if not known:
        return graph.placed(wished)
    dx = median(place[0] - wished[name][0] for name, place in known.items())
    dy = median(place[1] - wished[name][1] for name, place in known.items())
    taken = dict(known)
    for name in missing:
        x, y = _nearest_grid(wished[name][0] + dx), _nearest_grid(wished[name][1] + dy)
        while any(abs(x - px) < NODE[0] + GRID and abs(y - py) < NODE[1] + GRID for px, py in taken.values()):
            y += NODE[1] + _BETWEEN_NODES
        taken[name] = (x, _nearest_grid(y))
    return graph.placed({name: taken[name] for name in missing})


def spread(graph: Graph, within: float = 20.0) -> Graph:
    """Positions in another unit, all within so many units, brought to px: as small as leaves no two nodes overlapping.

    DAGitty, for one, counts in units of its own. Positions that are wider apart are px already and stay.
    """
    known = {node.name: node.position for node in graph.nodes if node.position is not None}
    places = list(known.values())
    extent = max((max(v) - min(v) for v in zip(*places)), default=0.0)
    if not 0 < extent <= within:
        return graph
    apart_x, apart_y = NODE[0] + _BETWEEN_NODES, NODE[1] + _BETWEEN_NODES
    scale = max(
        min(apart_x / abs(a[0] - b[0]) if a[0] != b[0] else math.inf, apart_y / abs(a[1] - b[1]) if a[1] != b[1] else
            math.inf)
        for a, b in combinations(sorted(set(places)), 2)
    )
    scale = min(scale, 40 * apart_x / extent)
    return graph.placed(on_grid({name: (x * scale, y * scale) for name, (x, y) in known.items()}))


def kept(graph: Graph, before: Graph, sizes: Sizes | None = None) -> Graph:
    """The graph with its own positions, else those that its names had before, else new places."""
    known = {node.name: node.position for node in before.nodes if node.position is not None}
    lost = {node.name: known[node.name] for node in graph.nodes if node.position is None and node.name in known}
    return completed(graph.placed(lost) if lost else graph, sizes)


# ------------------------------------------------------------------------------------------------------------- layers


def _arcs(graph: Graph) -> list[tuple[str, str]]:
    """Edges as arcs in the direction that they ask for: into the arrowhead, else as stored."""
    arcs = []
    for edge in graph.edges:
        if edge.at_target is End.ARROW and edge.at_source is End.ARROW:
            continue
        turned = edge.at_source is End.ARROW
        arcs.append((edge.target, edge.source) if turned else edge.pair)
    return arcs


def _acyclic(names: Sequence[str], arcs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The arcs, those that lead back into the path of a depth-first walk turned."""
    out: dict[str, list[str]] = {name: [] for name in names}
    into = dict.fromkeys(names, 0)
    for a, b in arcs:
        out[a].append(b)
        into[b] += 1
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    for root in sorted(names, key=lambda n: into[n] > 0):
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(out[root]))]
        while stack:
            name, below = stack[-1]
            for child in below:
                if state.get(child) == 1:
                    back.add((name, child))
                elif child not in state:
                    state[child] = 1
                    stack.append((child, iter(out[child])))
                    break
            else:
                state[name] = 2
                stack.pop()
    return list(dict.fromkeys((b, a) if (a, b) in back else (a, b) for a, b in arcs))


def _layers(names: Sequence[str], arcs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Longest path from the roots, then every node pulled to where its edges are shortest, as far as it may move."""
    out: dict[str, list[str]] = {name: [] for name in names}
    into: dict[str, list[str]] = {name: [] for name in names}
    for a, b in arcs:
        out[a].append(b)
        into[b].append(a)
    waiting = {name: len(into[name]) for name in names}
    order = [name for name in names if not waiting[name]]
    layer = dict.fromkeys(names, 0)
    for name in order:
        for child in out[name]:
            layer[child] = max(layer[child], layer[name] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    for _ in range(3):
        for name in (*reversed(order), *order):
            low = max((layer[p] for p in into[name]), default=None)
            high = min((layer[c] for c in out[name]), default=None)
            if len(out[name]) > len(into[name]) and high is not None:
                layer[name] = high - 1
            elif len(out[name]) < len(into[name]) and low is not None:
                layer[name] = low + 1
    least = min(layer.values(), default=0)
    return {name: at - least for name, at in layer.items()}


def _stacked(
    graph: Graph, sizes: Sizes, layers: Callable[[Sequence[str], Sequence[tuple[str, str]]], dict[str, int]]
) -> Positions:
    """Each connected part laid out by itself, the largest on top; single nodes in rows at the bottom."""
    found = parts(graph)
    whole: Positions = {}
    bottom = 0.0
    widest = 0.0
    for names in (part for part in found if len(part) > 1):
        inside = set(names)
        arcs = _acyclic(names, [arc for arc in _arcs(graph) if arc[0] in inside])
        places = _Layered(graph, names, layers(names, arcs)).place(sizes)
        top = min(y - _size(n, sizes)[1] / 2 for n, (_, y) in places.items())
        left = min(x - _size(n, sizes)[0] / 2 for n, (x, _) in places.items())
        for name, (x, y) in places.items():
            whole[name] = (x - left, y - top + bottom)
        bottom = max(whole[n][1] + _size(n, sizes)[1] / 2 for n in names) + _BETWEEN_NODES
        widest = max(widest, *(whole[n][0] + _size(n, sizes)[0] / 2 for n in names))
    single = [part[0] for part in found if len(part) == 1]
    across = max(widest, (NODE[0] + _BETWEEN_NODES) * math.ceil(math.sqrt(len(single)) if len(single) > 3 else 1))
    x = row = 0.0
    for name in single:
        width, height = _size(name, sizes)
        if x > 0 and x + width > across:
            x, bottom, row = 0.0, bottom + row + _BETWEEN_NODES, 0.0
        whole[name] = (x + width / 2, bottom + height / 2)
        x, row = x + width + _BETWEEN_NODES, max(row, height)
    return on_grid({name: whole[name] for name in graph.names})


def parts(graph: Graph) -> list[list[str]]:
    """The connected parts, largest first, names in the order of nodes."""
    near: dict[str, list[str]] = {name: [] for name in graph.names}
    for edge in graph.edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    part: dict[str, int] = {}
    for i, root in enumerate(graph.names):
        waiting = [root] if root not in part else []
        while waiting:
            name = waiting.pop()
            if name not in part:
                part[name] = i
                waiting += near[name]
    groups: dict[int, list[str]] = {}
    for name in graph.names:
        groups.setdefault(part[name], []).append(name)
    return sorted(groups.values(), key=len, reverse=True)


# ------------------------------------------------------------------------------------- order and places within layers


@dataclass
class _Vertex:
    """A node, or a piece of a long edge (no name); `up` and `down` are its neighbours one layer left and right."""

    name: str | None
    layer: int
    up: list[int]
    down: list[int]
    at: int = 0


class _Layered:
    """One connected part with its layers: pieces of long edges, order within layers, and places."""

    def __init__(self, graph: Graph, names: Sequence[str], layer: Mapping[str, int]) -> None:
        self.vertices: list[_Vertex] = [_Vertex(name, layer[name], [], []) for name in names]
        number = {name: i for i, name in enumerate(names)}
        for a, b in dict.fromkeys(tuple(sorted(e.pair, key=lambda n: layer[n])) for e in graph.edges
                                  if e.source in number and not e.bidirected):
            self._chain(number[a], number[b])
        self._between_pieces = _BETWEEN_PIECES if len(self.vertices) <= 4 * len(names) else _BETWEEN_PIECES / 3
        used = sorted({v.layer for v in self.vertices})
        squeezed = {at: i for i, at in enumerate(used)}
        self.layers: list[list[int]] = [[] for _ in used]
        for i in self._walk():
            self.layers[squeezed[self.vertices[i].layer]].append(i)
        self._number()
        self._order()

    def _chain(self, a: int, b: int) -> None:
        """Join a and b by pieces, one a layer in between."""
        if self.vertices[a].layer == self.vertices[b].layer:
            return
        last = a
        for layer in range(self.vertices[a].layer + 1, self.vertices[b].layer):
            piece = len(self.vertices)
            self.vertices.append(_Vertex(None, layer, [], []))
            self._link(last, piece)
            last = piece
        self._link(last, b)

    def _link(self, a: int, b: int) -> None:
        self.vertices[a].down.append(b)
        self.vertices[b].up.append(a)

    def _walk(self) -> list[int]:
        """All vertices, depth first from the left, so that what hangs together starts together."""
        seen = [False] * len(self.vertices)
        order = []
        for root in sorted(range(len(self.vertices)), key=lambda i: self.vertices[i].layer):
            stack = [root]
            while stack:
                i = stack.pop()
                if not seen[i]:
                    seen[i] = True
                    order.append(i)
                    stack += reversed(self.vertices[i].down)
        return order

    def _number(self) -> None:
        for layer in self.layers:
            for at, i in enumerate(layer):
                self.vertices[i].at = at

    def _order(self) -> None:
        """Sweeps of medians to and fro; the order with the fewest crossings stays."""
        best, least = [list(layer) for layer in self.layers], self.crossings()
        for sweep in range(_SWEEPS):
            if not least:
                break
            down = sweep % 2 == 0
            for k in range(1, len(self.layers)) if down else range(len(self.layers) - 2, -1, -1):
                self._sort_by_median(k, from_left=down)
            if len(self.vertices) <= _TRANSPOSE_UP_TO:
                self._transpose()
            crossings = self.crossings()
            if crossings < least:
                best, least = [list(layer) for layer in self.layers], crossings
        self.layers = best
        self._number()

    def _sort_by_median(self, k: int, *, from_left: bool) -> None:
        """Order one layer by the medians of its neighbours; what has none stays where it is."""
        vertices = self.vertices
        layer = self.layers[k]
        keyed = []
        fixed = {}
        for i in layer:
            near = vertices[i].up if from_left else vertices[i].down
            if near:
                keyed.append((_middle(sorted(vertices[j].at for j in near)), vertices[i].at, i))
            else:
                fixed[vertices[i].at] = i
        keyed.sort()
        rest = iter(keyed)
        self.layers[k] = [fixed[at] if at in fixed else next(rest)[2] for at in range(len(layer))]
        for at, i in enumerate(self.layers[k]):
            vertices[i].at = at

    def _transpose(self) -> None:
        """Swap neighbours within layers while that takes crossings away."""
        vertices = self.vertices
        for _ in range(4):
            better = False
            for layer in self.layers:
                for at in range(len(layer) - 1):
                    a, b = layer[at], layer[at + 1]
                    gain = 0
                    for near_a, near_b in ((vertices[a].up, vertices[b].up), (vertices[a].down, vertices[b].down)):
                        for i in near_a:
                            for j in near_b:
                                gain += (vertices[i].at > vertices[j].at) - (vertices[i].at < vertices[j].at)
                    if gain > 0:
                        layer[at], layer[at + 1] = b, a
                        vertices[a].at, vertices[b].at = at + 1, at
                        better = True
            if not better:
                return

    def crossings(self) -> int:
        """How often edges cross between neighbouring layers."""
        vertices = self.vertices
        total = 0
        for layer in self.layers:
            ends: list[int] = []
            for i in layer:
                near = sorted(vertices[j].at for j in vertices[i].down)
                for at in near:
                    total += len(ends) - bisect_left(ends, at + 1)
                for at in near:
                    insort(ends, at)
        return total

    def place(self, sizes: Sizes) -> Positions:
        """Centres of the nodes."""
        across = self._across(sizes)
        x = 0.0
        places: Positions = {}
        for layer in self.layers:
            widest = max((_size(n, sizes)[0] for n in self._names(layer)), default=0.0)
            for i in layer:
                name = self.vertices[i].name
                if name is not None:
                    places[name] = (x + widest / 2, across[i])
            x += widest + _BETWEEN_LAYERS if widest else _BETWEEN_LAYERS / 2
        return places

    def _names(self, layer: Iterable[int]) -> Iterable[str]:
        return (name for i in layer if (name := self.vertices[i].name) is not None)

    def _across(self, sizes: Sizes) -> list[float]:
        """y of every vertex: straight where that leaves a drawing of some density, else drawn together."""
        heights = [_size(v.name, sizes)[1] if v.name is not None else 0.0 for v in self.vertices]
        straight = self._straight(heights)
        packed = max(sum(self._gap(i, j, heights) for i, j in pairwise(layer)) for layer in self.layers)
        if max(straight) - min(straight) <= _LOOSEST * packed:
            return straight
        return self._relaxed(heights)

    def _gap(self, i: int, j: int, heights: Sequence[float]) -> float:
        """Least distance of the centres of two neighbours in a layer."""
        both = self.vertices[i].name is not None and self.vertices[j].name is not None
        return (heights[i] + heights[j]) / 2 + (_BETWEEN_NODES if both else self._between_pieces)

    def _relaxed(self, heights: Sequence[float]) -> list[float]:
        """y of every vertex near the mean of its neighbours, layer by layer to and fro."""
        y = [0.0] * len(self.vertices)
        below: list[list[float]] = []
        for layer in self.layers:
            gaps = [0.0, *(self._gap(i, j, heights) for i, j in pairwise(layer))]
            below.append(list(accumulate(gaps)))
            for i, at in zip(layer, below[-1]):
                y[i] = at - below[-1][-1] / 2
        for sweep in range(_SWEEPS):
            for k in range(len(self.layers)) if sweep % 2 == 0 else range(len(self.layers) - 1, -1, -1):
                layer = self.layers[k]
                wishes = []
                for i in layer:
                    near = [*self.vertices[i].up, *self.vertices[i].down]
                    wishes.append(sum(y[j] for j in near) / len(near) if near else y[i])
                for i, at, place in zip(layer, below[k], _in_order([w - b for w, b in zip(wishes, below[k])])):
                    y[i] = place + at
        return y

    def _straight(self, heights: Sequence[float]) -> list[float]:
        """The mean of the middle two of four alignments (Brandes and Köpf 2001)."""
        crossed = self._crossed()
        runs = [
            self._aligned(heights, crossed, from_left=from_left, from_top=from_top)
            for from_left in (True, False)
            for from_top in (True, False)
        ]
        widths = [max(ys) - min(ys) for ys in runs]
        narrow = runs[widths.index(min(widths))]
        low, high = min(narrow), max(narrow)
        for k, ys in enumerate(runs):
            shift = low - min(ys) if k % 2 == 0 else high - max(ys)
            runs[k] = [y + shift for y in ys]
        return [sum(sorted(ys)[1:3]) / 2 for ys in zip(*runs)]

    def _crossed(self) -> set[tuple[int, int]]:
        """Edges of nodes that cross an inner piece of a long edge; they may not be straightened (algorithm 1)."""
        vertices = self.vertices
        found: set[tuple[int, int]] = set()
        for left, right in pairwise(self.layers):
            start = scanned = 0
            for at, i in enumerate(right):
                inner = next((j for j in vertices[i].up if vertices[j].name is None and vertices[i].name is None), None)
                if inner is None and at < len(right) - 1:
                    continue
                end = vertices[inner].at if inner is not None else len(left)
                for k in right[scanned : at + 1]:
                    for j in vertices[k].up:
                        if (vertices[j].at < start or vertices[j].at > end) and not (
                            vertices[j].name is None and vertices[k].name is None
                        ):
                            found.add((j, k))
                scanned, start = at + 1, end
        return found

    def _aligned(
        self, heights: Sequence[float], crossed: set[tuple[int, int]], *, from_left: bool, from_top: bool
    ) -> list[float]:
        """One of the four: align each vertex with a median neighbour, then push the chains together."""
        vertices = self.vertices
        sign = 1 if from_top else -1
        layers = [layer if from_top else layer[::-1] for layer in (self.layers if from_left else self.layers[::-1])]
        root = list(range(len(vertices)))
        for layer in layers:
            reached = -math.inf
            for i in layer:
                near = vertices[i].up if from_left else vertices[i].down
                if not near:
                    continue
                near = sorted(near, key=lambda j: sign * vertices[j].at)
                for j in dict.fromkeys((near[(len(near) - 1) // 2], near[len(near) // 2])):
                    edge = (j, i) if from_left else (i, j)
                    if root[i] == i and edge not in crossed and sign * vertices[j].at > reached:
                        root[i] = root[j]
                        reached = sign * vertices[j].at
        return self._packed(root, layers, heights, sign)

    def _packed(
        self, root: Sequence[int], layers: Sequence[Sequence[int]], heights: Sequence[float], sign: int
    ) -> list[float]:
        """Place the chains as near to the top as the gaps allow, then let those with room sink towards their right."""
        before: dict[int, dict[int, float]] = {r: {} for r in set(root)}
        after: dict[int, dict[int, float]] = {r: {} for r in before}
        for layer in layers:
            for i, j in pairwise(layer):
                gap = self._gap(i, j, heights)
                a, b = root[i], root[j]
                before[b][a] = after[a][b] = max(gap, before[b].get(a, 0.0))
        order = _topological(before, after)
        y = dict.fromkeys(order, 0.0)
        for chain in order:
            y[chain] = max((y[a] + gap for a, gap in before[chain].items()), default=0.0)
        for chain in reversed(order):
            room = min((y[b] - gap for b, gap in after[chain].items()), default=math.inf)
            if room < math.inf and room > y[chain] and not before[chain]:
                y[chain] = room
        return [sign * y[r] for r in root]


def _in_order(wishes: Sequence[float]) -> list[float]:
    """The ascending numbers nearest to the wishes by least squares: neighbours that clash take their mean."""
    blocks: list[tuple[float, int]] = []
    for wish in wishes:
        total, count = wish, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            more, members = blocks.pop()
            total, count = total + more, count + members
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]


def _topological(before: Mapping[int, Mapping[int, float]], after: Mapping[int, Mapping[int, float]]) -> list[int]:
    waiting = {chain: len(others) for chain, others in before.items()}
    order = [chain for chain, count in waiting.items() if not count]
    for chain in order:
        for other in after[chain]:
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order


def _middle(places: Sequence[int]) -> float:
    """Weighted median of sorted places (Gansner et al. 1993): leans to the side that is packed more densely."""
    half = len(places) // 2
    if len(places) % 2:
        return float(places[half])
    if len(places) == 2:
        return (places[0] + places[1]) / 2
    left, right = places[half - 1] - places[0], places[-1] - places[half]
    if left + right == 0:
        return (places[half - 1] + places[half]) / 2
    return (places[half - 1] * right + places[half] * left) / (left + right)


def _size(name: str, sizes: Sizes) -> tuple[float, float]:
    return sizes.get(name, NODE)


def _nearest_grid(value: float) -> float:
    return float(round(value / GRID) * GRID)


def on_grid(places: Mapping[str, tuple[float, float]]) -> Positions:
    return {name: (_nearest_grid(x), _nearest_grid(y)) for name, (x, y) in places.items()}

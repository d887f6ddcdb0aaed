"""What a classic search leaves: the graph with its open ends, how often each edge came back, and the effects it allows.

Symbols: d variables, b resampled tables; M (d, d) with M[i, j] the mark at j of the edge between i and j.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.contract import Answer, Budget, Choice, Control, Model, Query, Slider, Support
from engines.data.kinds import Column, ColumnType, Table, category_column, number_column, table_of
from engines.discovery.classic_search.effects import possible_effects
from engines.discovery.classic_search.searching import ARROW, CIRCLE, HIDDEN_CAUSES, NONE, TAIL, Array, Marks
from engines.graph.graph import Edge, End, Graph, Node
from engines.results import BarsResult, GraphResult, Result, TableResult

_ENDS = {TAIL: End.TAIL, ARROW: End.ARROW, CIRCLE: End.CIRCLE}
_SIGNS = {
    (End.TAIL, End.ARROW): "→", (End.ARROW, End.TAIL): "←", (End.ARROW, End.ARROW): "↔", (End.TAIL, End.TAIL): "—",
    (End.CIRCLE, End.ARROW): "o→", (End.ARROW, End.CIRCLE): "←o", (End.CIRCLE, End.CIRCLE): "o—o",
    (End.CIRCLE, End.TAIL): "o—", (End.TAIL, End.CIRCLE): "—o",
}


@dataclass(frozen=True, eq=False)
class SearchedGraph(Model):
    """The marks that the search found, and those of each resampled table.

    Attributes:
        names: Of the d variables.
        search: Its name.
        marks: (d, d) M of the whole table.
        samples: (b, d, d) M of the resampled tables; b may be zero.
        covariance: (d, d) raw units; (0, 0) where the columns are categories.
    """

    names: tuple[str, ...]
    search: str
    marks: Marks
    samples: Marks
    covariance: Array

    def frequencies(self) -> tuple[Array, Array] | None:
        """Share of the samples with an edge between the two, and with the same ends. Both (d, d); None for b = 0."""
        if not len(self.samples):
            return None
        same = (self.samples == self.marks) & (self.samples.swapaxes(1, 2) == self.marks.T)
        return (self.samples != NONE).mean(axis=0), same.mean(axis=0)

    def kept(self, least: float) -> Marks:
        """M without the edges that came back less often."""
        often = self.frequencies()
        return self.marks if often is None else np.where(often[0] >= least, self.marks, NONE).astype(np.int8)

    def graph(self, least: float = 0.0) -> Graph:
        """The graph; an edge's frequency is the share of samples with an edge between the two."""
        return graph_of(self.kept(least), self.names, self.frequencies())

    def controls(self) -> tuple[Control, ...]:
        often = self.frequencies()
        shares = [] if often is None else [float(share) for share in often[0][self.marks != NONE]]
        still = "" if shares and min(shares) < 1 else "Every edge came back in every sample."
        unlike = "" if self._tells_effects() and len(self.names) > 1 else self._no_effects()
        return (
            Slider(
                "frequency", 0.0, 1.0, (0.0, 1.0), do=False, default=0.0,
                help="Edges that came back in a smaller share of the resampled tables are left out.",
                neutral="There are no resampled tables." if often is None else still,
            ),
            Choice("cause", self.names, self.names[0], help="Whose possible effects are shown.", neutral=unlike),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        """The graph at a frequency, its edges as a table, and the effects of one cause that it allows."""
        least = float(query.values.get("frequency", 0.0))
        M = self.kept(least)
        results: list[Result] = [
            GraphResult("graph", "Graph at this frequency", self.graph(least)),
            TableResult("edges", "Edges", self.edges(least)),
        ]
        if not self._tells_effects():
            yield Answer(Budget.FINAL, tuple(results), support=Support.INSIDE, support_note=self._no_effects())
            return
        cause = str(query.values.get("cause", self.names[0]))
        x = self.names.index(cause)
        found = possible_effects(M, self.covariance, x)
        others = [j for j in range(len(self.names)) if j != x]
        sets = "one set" if len(found) == 1 else f"{len(found)} sets"
        results.append(BarsResult(
            "effects", f"Possible total effects of {cause}, for one unit of it ({sets} of causes possible)",
            tuple(self.names[j] for j in others), np.median(found, axis=0)[others],
            found.min(axis=0)[others], found.max(axis=0)[others],
        ))
        yield Answer(Budget.FINAL, tuple(results), support=Support.INSIDE)

    def causal_graph(self, values: Mapping[str, Any]) -> Graph | None:
        return self.graph(float(values.get("frequency", 0.0)))

    def edges(self, least: float = 0.0) -> Table:
        """One row an edge: the two, their ends, and how often it came back, with these ends and at all."""
        edges = self.graph(least).edges
        often, index = self.frequencies(), {name: j for j, name in enumerate(self.names)}

        def named(title: str, found: list[str]) -> Column:
            return Column(title, ColumnType.CATEGORY, np.array([index[n] for n in found], np.int32), levels=self.names)

        columns = [
            named("first", [edge.source for edge in edges]),
            category_column("ends", [_SIGNS[edge.at_source, edge.at_target] for edge in edges]),
            named("second", [edge.target for edge in edges]),
        ]
        if often is not None:
            for title, shares in zip(("joined in", "with these ends in"), often):
                columns.append(
                    number_column(title, [float(shares[index[e.source], index[e.target]]) for e in edges])
                )
        return table_of("edges", columns)

    def _tells_effects(self) -> bool:
        return bool(self.covariance.size) and self.search not in HIDDEN_CAUSES

    def _no_effects(self) -> str:
        if not self.covariance.size:
            return "Effects are told for columns of numbers only."
        if self.search in HIDDEN_CAUSES:
            return "Where causes may be hidden, no range of effects is told."
        return ""


def graph_of(M: Marks, names: tuple[str, ...], often: tuple[Array, Array] | None = None) -> Graph:
    """The graph that M stands for; each edge is drawn from its tail where it has one."""
    edges = []
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if M[i, j] == NONE:
                continue
            edge = Edge(
                names[i], names[j], _ENDS[M[j, i]], _ENDS[M[i, j]],
                frequency=None if often is None else float(often[0][i, j]),
            )
            turned = edge.at_target is not End.ARROW and edge.at_source is End.ARROW
            edges.append(edge.seen_from(names[j]) if turned else edge)
    return Graph(tuple(Node(name) for name in names), tuple(edges))

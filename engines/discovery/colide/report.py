"""What a run of CoLiDE tells: curves and pictures while it optimises, and its results at the end.

Symbols: d variables; W (d, d) in learning units; b bootstrap samples.
"""

from dataclasses import dataclass

import numpy as np

from engines.contract import Run
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.discovery.colide.bootstrap import frequencies
from engines.discovery.colide.mathematics import (
    Array,
    Mask,
    acyclic_edges,
    acyclicity,
    noise_levels,
    residual_variances,
)
from engines.discovery.colide.model import SPREAD, CausalTable
from engines.discovery.colide.solver import Problem, Schedule, State
from engines.graph.graph import Edge, Graph, Node
from engines.graph.knowledge import Knowledge
from engines.metrics.graphs import compare, equivalence_distance, intervention_distance
from engines.results import BarsResult, GraphResult, MatrixResult, TableResult


@dataclass(frozen=True)
class Report:
    """Speaks for one fit. scale: (d,) raw units a learning unit; required: (d, d)."""

    run: Run
    problem: Problem
    schedule: Schedule
    names: tuple[str, ...]
    scale: Array
    required: Mask
    threshold: float

    def tell(self, state: State) -> None:
        """Where the path is, and the graph as it stands."""
        stage, run = int(state.stage), self.run
        W, sigma, width = state.W[:1], state.sigma[:1], state.width[:1]
        mu = self.schedule.mu(stage)
        step = sum(self.schedule.iterations(k) for k in range(stage)) + int(state.iteration[0])
        edges = acyclic_edges(W[0], self.threshold, self.required)
        size = float(np.abs(W).sum())
        run.scalar("objective", self.problem.objective(W, sigma, mu, width)[0], step)
        run.scalar("score", self.problem.score(W, sigma)[0], step)
        run.scalar("L1", size, step)
        run.scalar("h", float(acyclicity(W[0])), step)
        run.scalar("sigma", float(sigma.mean()), step)
        run.scalar("edges", int(edges.sum()), step, "edges")
        run.scalar("stage", stage + 1, step)
        run.scalar("mu", mu, step)
        run.scalar("s", float(width[0]), step)
        run.scalar("lr", float(state.rate[0]), step)
        raw = W[0] * self.scale / self.scale[:, None]
        run.show(GraphResult("graph", "Learnt graph", self._graph(edges, raw)))
        run.show(self._strengths(raw))
        run.show(self._noise(np.broadcast_to(sigma[0], len(self.names)) * self.scale))

    def conclude(self, model: CausalTable, knowledge: Knowledge, truth: Graph | None) -> None:
        """The results of the run."""
        run, raw = self.run, model.W * self.scale / self.scale[:, None]
        graph = model.graph(self.threshold, refit=True)
        broken = knowledge.broken_by(graph)
        if broken or graph.cycle():
            raise RuntimeError(f"The result breaks what is known: {broken or graph.cycle()}.")
        run.show(GraphResult("graph", "Learnt graph", graph))
        run.show(self._strengths(raw))
        run.show(self._noise_with_spread(model))
        run.show(TableResult("edges", "Edges", self._edges(graph, raw)))
        if len(model.sample_W):
            often = frequencies(model.sample_W, self.threshold, self.required)
            title = "Share of the resampled fits with the edge"
            run.show(MatrixResult("frequencies", title, often, self.names, self.names))
        run.show(self._residuals(model))
        if truth is not None:
            run.show(self._scores(graph, truth))

    def _graph(self, edges: Mask, raw: Array) -> Graph:
        return Graph(
            tuple(Node(name) for name in self.names),
            tuple(
                Edge(self.names[i], self.names[j], weight=float(raw[i, j]))
                for i, j in zip(*np.nonzero(edges), strict=True)
            ),
        )

    def _strengths(self, raw: Array) -> MatrixResult:
        return MatrixResult("strengths", "Effect of each row's variable on each column's", raw, self.names, self.names,
                            diverging=True)

    def _noise(self, sigma: Array, low: Array | None = None, high: Array | None = None) -> BarsResult:
        return BarsResult("noise", "Noise of each variable (standard deviation)", self.names, sigma, low, high)

    def _noise_with_spread(self, model: CausalTable) -> BarsResult:
        def raw(sigma: Array) -> Array:
            return np.broadcast_to(sigma, (*sigma.shape[:-1], len(self.names))) * self.scale

        if not len(model.sample_W):
            return self._noise(raw(model.sigma))
        variances = residual_variances(model.sample_W, model.sample_covariance)
        samples = raw(noise_levels(variances, model.levels, self.problem.floor[0]))
        return self._noise(raw(model.sigma), *np.percentile(samples, SPREAD, axis=0))

    def _edges(self, graph: Graph, raw: Array) -> Table:
        index = {name: j for j, name in enumerate(self.names)}
        edges = sorted(graph.edges, key=lambda edge: -abs(raw[index[edge.source], index[edge.target]]))
        columns = [
            category_column("cause", [edge.source for edge in edges]),
            category_column("effect", [edge.target for edge in edges]),
            number_column("strength", [edge.weight or 0.0 for edge in edges]),
            number_column("with penalty", [raw[index[edge.source], index[edge.target]] for edge in edges]),
        ]
        if edges and edges[0].frequency is not None:
            columns.append(number_column("frequency", [edge.frequency or 0.0 for edge in edges]))
        return table_of("edges", columns)

    def _residuals(self, model: CausalTable) -> MatrixResult:
        D = np.eye(len(self.names)) - np.where(acyclic_edges(model.W, self.threshold, self.required), model.W, 0.0)
        left = D.T @ model.covariance @ D
        spread = np.sqrt(np.maximum(np.diagonal(left), np.finfo(float).tiny))
        return MatrixResult("residuals", "Correlation of what is left (near zero where the graph explains it)",
                            left / np.outer(spread, spread), self.names, self.names, diverging=True)

    def _scores(self, graph: Graph, truth: Graph) -> TableResult:
        true, learnt = _adjacency(truth, self.names), _adjacency(graph, self.names)
        graphs = {"learnt graph": learnt, "empty graph": np.zeros_like(learnt)}
        scores = [compare(true, edges) for edges in graphs.values()]
        return TableResult("scores", "Against the true graph", table_of("scores", [
            category_column("graph", list(graphs)),
            number_column("SHD", [score.shd for score in scores]),
            number_column("TPR", [score.tpr for score in scores]),
            number_column("FDR", [score.fdr for score in scores]),
            number_column("edges", [score.predicted for score in scores]),
            number_column("reversed", [score.reversed for score in scores]),
            number_column("SID", [intervention_distance(true, edges) for edges in graphs.values()]),
            number_column("SHD-C", [equivalence_distance(true, edges) for edges in graphs.values()]),
        ]))


def _adjacency(graph: Graph, names: tuple[str, ...]) -> Mask:
    """Directed edges among the names. Returns (d, d)."""
    edges = np.zeros((len(names), len(names)), dtype=bool)
    index = {name: j for j, name in enumerate(names)}
    for name in graph.names:
        for parent in graph.parents(name):
            edges[index[parent], index[name]] = True
    return edges

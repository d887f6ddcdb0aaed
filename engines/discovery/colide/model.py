"""What CoLiDE leaves: a linear SEM that can be asked. The threshold, and with it the graph, stays open.

Symbols: d variables, n rows asked about, b bootstrap samples. "Learning units" are raw units, or standard deviations
when the columns were standardised.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engines.contract import (
    Answer,
    Budget,
    Choice,
    Control,
    Exportable,
    FactorValue,
    How,
    Model,
    Query,
    Slider,
    Stepper,
    Support,
    Toggle,
)
from engines.data.kinds import DataSet, Table, number_column, table_of
from engines.discovery.colide.bootstrap import frequencies
from engines.discovery.colide.mathematics import Array, Levels, Mask, acyclic_edges, residual_variances
from engines.discovery.colide.sem import LinearSem, least_squares
from engines.discovery.colide.support import Seen, assess
from engines.graph.graph import Edge, Graph, Node
from engines.refusals import Refusal
from engines.results import BarsResult, GraphResult, Result, TableResult

ROWS, EVERYONE = "these rows", "everyone"
SPREAD = (5.0, 95.0)
NORMAL_95 = 1.6448536269514722
EXAMPLES = 64         # rows that an exported model is checked with


@dataclass(frozen=True, eq=False)
class CausalTable(Model):
    """W and what is needed to turn it into a graph and a structural equation model at any threshold.

    Attributes:
        names, units: Of the d variables.
        means, scale: (d,) raw; scale is one where columns were not standardised.
        covariance, W, sigma: (d, d), (d, d), (1,) or (d,), in learning units, as the path left them.
        levels: Kind of noise levels.
        threshold: With which the run ended.
        required: (d, d) edges that stay at any threshold.
        sample_W, sample_covariance: (b, d, d) of the bootstrap samples, b may be zero.
        low, high, least, most, rows: What is remembered of the data, see `support.Seen`.
        stages, iterations: How far the path got.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    means: Array
    scale: Array
    covariance: Array
    W: Array
    sigma: Array
    levels: Levels
    threshold: float
    required: Mask
    sample_W: Array
    sample_covariance: Array
    low: Array
    high: Array
    least: Array
    most: Array
    rows: Array
    stages: int
    iterations: int

    @property
    def seen(self) -> Seen:
        """What is remembered of the data."""
        return Seen(self.low, self.high, self.least, self.most, self.rows)

    def sem(self, threshold: float, refit: bool) -> LinearSem:
        """The structural equation model in raw units at a threshold."""
        return self._sem(self.W, self.covariance, threshold, refit)

    def graph(self, threshold: float, refit: bool) -> Graph:
        """The graph at a threshold; weights in raw units, frequencies where there were bootstrap samples."""
        W = self.sem(threshold, refit).W
        edges = acyclic_edges(self.W, threshold, self.required)
        often = frequencies(self.sample_W, threshold, self.required) if len(self.sample_W) else None
        return Graph(
            tuple(Node(name) for name in self.names),
            tuple(
                Edge(
                    self.names[i],
                    self.names[j],
                    weight=float(W[i, j]),
                    frequency=None if often is None else float(often[i, j]),
                )
                for i, j in zip(*np.nonzero(edges), strict=True)
            ),
        )

    def controls(self) -> tuple[Control, ...]:
        """A slider for each variable, then threshold, strengths, and whom the question is about."""
        factors = tuple(
            Slider(
                name,
                float(self.low[j]),
                float(self.high[j]),
                _wide(self.least[j], self.most[j]),
                unit=self.units[j],
                decimals=_decimals(self.high[j] - self.low[j]),
            )
            for j, name in enumerate(self.names)
        )
        top = max(float(np.ceil(np.abs(self.W).max() * 100) / 100), self.threshold)
        return (
            *factors,
            Slider(
                "threshold", 0.0, top, (0.0, top), do=False, default=self.threshold,
                help="Edges weaker than this are left out.",
            ),
            Toggle(
                "refit", True, help="Take the strengths from a second fit without penalty on the edges that remain.",
                neutral="" if acyclic_edges(self.W, self.threshold, self.required).any() else "There is no edge.",
            ),
            Choice(
                "ask", (ROWS, EVERYONE), ROWS,
                help="What these very rows would have been, or how the variables would spread over everyone.",
            ),
            Stepper(
                "simulated rows", 0, 10_000, 100, unit="rows", help="New rows drawn when everyone is asked about.",
                neutral="It acts only when everyone is asked about.",
            ),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        """Either the rows' counterfactuals or everyone's distribution under `do`; the graph with it."""
        threshold, refit = self._wished(query.values)
        do = {self.names.index(name): float(value) for name, value in query.do.items()}
        sem, samples, graph = _at(self, threshold, refit)
        shown = GraphResult("graph", "Graph at this threshold", graph)
        if query.values.get("ask", ROWS) == EVERYONE:
            yield self._everyone(query, sem, samples, do, shown)
        else:
            yield self._these_rows(query, sem, samples, do, shown)

    def causal_graph(self, values: Mapping[str, Any]) -> Graph | None:
        return self.graph(*self._wished(values))

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The model at the threshold with which the run ended, as one part."""
        from engines.discovery.colide.exports import mechanism  # torch is needed for nothing else here

        sem = self.sem(self.threshold, refit=True)
        rows = sem.simulate(EXAMPLES, np.random.default_rng(0))
        if factual is not None:
            found = factual.attributes.numbers(self.names)
            rows = found[~np.isnan(found).any(axis=1)][:EXAMPLES]
            if not len(rows):
                raise Refusal(f"No row of {factual.attributes.name} is complete.", "Choose other data.")
        return (mechanism(sem, self.names, rows, np.roll(rows, 1, axis=0)),)

    def _wished(self, values: Mapping[str, Any]) -> tuple[float, bool]:
        """Threshold and refit as a query sets them."""
        return float(values.get("threshold", self.threshold)), bool(values.get("refit", True))

    def claims_identity(self) -> float | None:
        """An empty `do` changes no bit."""
        return 0.0

    def _sem(self, W: Array, C: Array, threshold: float, refit: bool) -> LinearSem:
        edges = acyclic_edges(W, threshold, self.required)
        kept = least_squares(edges, C) if refit else np.where(edges, W, 0.0)
        variances = np.maximum(residual_variances(kept, C), 0.0)              # a perfect fit rounds to less
        if self.levels != "separate":
            variances = np.full(len(variances), variances.mean())
        return LinearSem(kept * self.scale / self.scale[:, None], np.sqrt(variances) * self.scale, self.means)

    def _these_rows(
        self, query: Query, sem: LinearSem, samples: list[LinearSem], do: Mapping[int, float], graph: GraphResult
    ) -> Answer:
        table = query.factual.attributes
        X = table.numbers(self.names)
        for row_id, row in zip(table.row_ids, X, strict=True):
            if np.isnan(row).any():
                column = self.names[int(np.argmax(np.isnan(row)))]
                raise Refusal(
                    f"Row {row_id} has no value in {column}.",
                    "Choose a complete row, or fill the gap.",
                    about=(column,),
                )
        changed = sem.counterfactual(X, do)
        often = np.array([sample.counterfactual(X, do) for sample in samples])
        span = np.percentile(often, SPREAD, axis=0) if samples else None
        follows = sem.downstream(do)
        factual, rows = self._table(table.name, X, table.row_ids), self._table(table.name, changed, table.row_ids)
        shift = BarsResult(
            "effects", "Change of each variable, mean over the rows", self.names, (changed - X).mean(axis=0),
            *((None, None) if span is None else np.percentile((often - X).mean(axis=1), SPREAD, axis=0)),
        )
        support, note = assess(self.seen, self.names, sem, do, changed[0])
        results: tuple[Result, ...] = (
            TableResult("rows", "Rows as they would have been", rows, changed != X, factual, of_data=True),
            shift, graph,
        )
        factors = tuple(
            FactorValue(
                name, float(X[0, j]), float(changed[0, j]), self._how(j, do, follows),
                (float(span[0, 0, j]), float(span[1, 0, j])) if span is not None and follows[j] else None,
            )
            for j, name in enumerate(self.names)
        )
        return Answer(Budget.FINAL, results, factors, support=support, support_note=note)

    def _everyone(
        self, query: Query, sem: LinearSem, samples: list[LinearSem], do: Mapping[int, float], graph: GraphResult
    ) -> Answer:
        mean, deviation = sem.moments(do)
        count = int(query.values.get("simulated rows", 100))
        drawn = sem.simulate(count, np.random.default_rng(query.seed), do)
        results: tuple[Result, ...] = (
            BarsResult(
                "distribution", "Mean and 90 % range of each variable under the intervention", self.names, mean,
                mean - NORMAL_95 * deviation, mean + NORMAL_95 * deviation,
            ),
            self._simulated(drawn),
            graph,
        )
        means = np.array([sample.moments(do)[0] for sample in samples])
        span = np.percentile(means, SPREAD, axis=0) if samples else None
        follows = sem.downstream(do)
        support, note = assess(self.seen, self.names, sem, do, mean) if do else (Support.INSIDE, "")
        factors = tuple(
            FactorValue(
                name, float(self.means[j]), float(mean[j]), self._how(j, do, follows),
                (float(span[0, j]), float(span[1, j])) if span is not None and follows[j] else None,
            )
            for j, name in enumerate(self.names)
        )
        return Answer(Budget.FINAL, results, factors, support=support, support_note=note)

    def _how(self, j: int, do: Mapping[int, float], follows: Mask) -> How:
        if j in do:
            return How.SET
        return How.FOLLOWS if follows[j] else How.UNAFFECTED

    def _table(self, name: str, X: Array, row_ids: np.ndarray) -> Table:
        columns = tuple(number_column(n, X[:, j], unit) for j, (n, unit) in enumerate(zip(self.names, self.units)))
        return Table(name, columns, row_ids)

    def _simulated(self, X: Array) -> TableResult:
        columns = (number_column(n, X[:, j], unit) for j, (n, unit) in enumerate(zip(self.names, self.units)))
        return TableResult("simulated", "Rows drawn from the model", table_of("simulated", columns))


@lru_cache(maxsize=4)
def _at(model: CausalTable, threshold: float, refit: bool) -> tuple[LinearSem, list[LinearSem], Graph]:
    """The model, its resampled kin and the graph; kept, because a do-slider asks again and again at one threshold."""
    samples = [
        model._sem(W, C, threshold, refit) for W, C in zip(model.sample_W, model.sample_covariance, strict=True)
    ]
    return model.sem(threshold, refit), samples, model.graph(threshold, refit)


def _wide(least: float, most: float) -> tuple[float, float]:
    """How far a slider may go at all: half the data's span beyond its ends."""
    beyond = (most - least) / 2
    return float(least - beyond), float(most + beyond)


def _decimals(span: float) -> int:
    """So many that a slider of this span has about a thousand steps."""
    return int(np.clip(3 - np.floor(np.log10(span)), 0, 8)) if span > 0 else 2

"""Rows drawn from a causal graph by mechanisms that are known: linear, quadratic, or random smooth functions.

Each variable is f(causes) + noise of variance one. Latent nodes and bidirected edges become hidden variables that take
part and are left out of the table. Sources: linear strengths as in `linear_sem`; random networks as mechanisms as in
Zheng et al., "Learning sparse nonparametric DAGs", AISTATS 2020. Symbols: n rows, d variables, hidden ones included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from engines.data.kinds import Table, number_column, table_of
from engines.graph.graph import Edge, Graph, Mark, Node
from engines.refusals import Refusal
from engines.simulators.linear_sem import Noise, standard_noise, strengths

Array = NDArray[np.float64]
Kind = Literal["linear", "quadratic", "smooth"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NOISES: tuple[Noise, ...] = get_args(Noise)
UNITS = 10
REFERENCE = 2000
"""Rows by which a nonlinear mechanism is brought to the spread of a linear one."""


@dataclass(frozen=True, eq=False)
class _Mechanism:
    """f of one variable: a sum over its causes, or a random network of them, centred and scaled."""

    kind: Kind
    weights: Array
    inner: Array
    bias: Array
    outer: Array
    centre: float = 0.0
    scale: float = 1.0

    def __call__(self, causes: Array) -> Array:
        """causes (n, p) -> (n,)."""
        match self.kind:
            case "linear":
                told = causes @ self.weights
            case "quadratic":
                told = (causes + 0.5 * causes**2) @ self.weights
            case "smooth":
                told = np.tanh(causes @ self.inner + self.bias) @ self.outer
        return np.asarray((told - self.centre) / self.scale, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Simulation:
    """Rows with the noise that made them.

    Attributes:
        graph: With a node for each hidden variable, directed edges only.
        observed: Names that stand in the table, in the order of the drawn graph.
        noise: (n, d) in the order of `graph`.
    """

    graph: Graph
    observed: tuple[str, ...]
    noise: Array
    _mechanisms: Mapping[str, _Mechanism]

    def values(self, do: Mapping[str, float | Array] | None = None) -> dict[str, Array]:
        """Each variable (n,) with the same noise; with some of them set, to one value or one a row: the exact
        counterfactuals.
        """
        return _computed(self.graph, self._mechanisms, self.noise, do or {})

    @property
    def table(self) -> Table:
        """The observed variables."""
        values = self.values()
        return table_of("simulated", [number_column(name, values[name]) for name in self.observed])

    def effect(self, exposure: str, outcome: str) -> float:
        """Mean change of the outcome when the exposure is raised by one from where it is, noise kept."""
        at = self.values()
        raised = self.values({exposure: at[exposure] + 1.0})
        return float((raised[outcome] - at[outcome]).mean())

    @property
    def weighted(self) -> Graph:
        """The observed part of the graph; edges bear their strength where mechanisms are linear."""
        graph = self.graph
        for name, one in self._mechanisms.items():
            if one.kind == "linear":
                for cause, weight in zip(graph.parents(name), one.weights, strict=True):
                    edge = graph.edge(cause, name)
                    assert edge is not None
                    graph = graph.with_edge(replace(edge, weight=float(weight)))
        return graph


def simulate(graph: Graph, rows: int, kind: Kind = "linear", noise: Noise = "normal", seed: int = 0) -> Simulation:
    """Rows by random mechanisms of one kind; the same seed gives the same mechanisms and rows.

    Raises:
        Refusal: when the graph has no variable to observe, a cycle, or an edge without direction.
    """
    whole = _with_hidden(graph)
    hidden = {node.name for node in whole.nodes if Mark.LATENT in node.marks}
    observed = tuple(name for name in graph.names if name not in hidden)
    if not observed:
        raise Refusal("The graph has no node to simulate.", "Add a node that is not hidden.")
    drawn = np.random.default_rng(seed)
    mechanisms: dict[str, _Mechanism] = {}
    reference = standard_noise((REFERENCE, len(whole.nodes)), noise, drawn)
    for name in whole.order():
        p = len(whole.parents(name))
        weights = strengths(np.ones((1, p), dtype=bool), 0.5, 1.5, drawn)[0]
        one = _Mechanism(kind, weights, drawn.normal(size=(p, UNITS)) * 1.5 / np.sqrt(max(1, p)),
                         drawn.normal(size=UNITS), drawn.normal(size=UNITS))
        if kind != "linear" and p:
            known = _computed(whole, mechanisms, reference, {})
            told = one(np.column_stack([known[cause] for cause in whole.parents(name)]))
            one = replace(one, centre=float(told.mean()), scale=float(told.std()) / 1.5 or 1.0)
        mechanisms[name] = one
    return Simulation(whole, observed, standard_noise((rows, len(whole.nodes)), noise, drawn), mechanisms)


def _computed(graph: Graph, mechanisms: Mapping[str, _Mechanism], noise: Array, do: Mapping[str, float | Array]
              ) -> dict[str, Array]:
    """Variables that have a mechanism so far, causes first."""
    values: dict[str, Array] = {}
    for name in graph.order():
        if name in do:
            values[name] = np.broadcast_to(np.asarray(do[name], dtype=np.float64), len(noise)).copy()
        elif name in mechanisms:
            own = noise[:, graph.names.index(name)]
            causes = graph.parents(name)
            values[name] = own + mechanisms[name](np.column_stack([values[c] for c in causes])) if causes else own
    return values


def _with_hidden(graph: Graph) -> Graph:
    """Each bidirected edge as a hidden variable with two arrows."""
    nodes, edges = list(graph.nodes), []
    for edge in graph.edges:
        a, b = edge.pair
        if edge.bidirected:
            name = f"hidden cause of {a} and {b}"
            nodes.append(Node(name, frozenset({Mark.LATENT})))
            edges += [Edge(name, a), Edge(name, b)]
        elif a in graph.parents(b):
            edges.append(Edge(a, b))
        elif b in graph.parents(a):
            edges.append(Edge(b, a))
        else:
            raise Refusal(
                f"The edge between {a} and {b} has no direction, so nothing can be drawn by it.",
                "Turn it into an arrow, or into a hidden common cause.", about=(a, b),
            )
    found = Graph(tuple(nodes), tuple(edges))
    found.order()
    return found

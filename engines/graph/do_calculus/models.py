"""Random discrete models over a drawn graph, with every latent node and every hidden cause as a variable of its own."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from engines.graph.do_calculus.expressions import Names
from engines.graph.do_calculus.tables import MOST, Table, TooLarge, eliminated, times
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph

if TYPE_CHECKING:
    import numpy as np

_LEAST = 0.02                   # the least chance of a value, so that nothing is divided by nearly nothing
_SHAPE = 0.5                    # of the Dirichlet draw: strong effects, so that an error shows over long paths


@dataclass(frozen=True)
class DiscreteModel:
    """The distribution of each variable given its causes; the last axis of each table is the variable itself."""

    mechanisms: dict[str, Table]

    def under(self, do: Names) -> tuple[Table, ...]:
        """What is left when some variables are set: their own mechanisms are gone, they stay as arguments."""
        return tuple(table for name, table in self.mechanisms.items() if name not in do)

    def truth(self, outcomes: Names, do: Names, given: Names, fuse: Fuse) -> Table:
        """P(outcomes | do(do), given) for all values, from the model itself.

        Raises:
            TooLarge, Burnt: as `eliminated`.
        """
        left = self.under(do)
        names = frozenset(name for table in left for name in table.names)
        both = eliminated(left, names - outcomes - given - do, fuse)
        alone = both.summed(outcomes)
        return times([both, Table(alone.names, 1 / alone.values)])


def drawn(graph: Graph, kept: Names, seed: int, *, largest: int = 3) -> DiscreteModel:
    """A random model of the part of a graph that some nodes have as causes.

    Args:
        kept: Nodes to be in it, with all that causes them.
        largest: Each variable has from 2 up to as many values.

    Raises:
        TooLarge: when a node has so many causes that its table is too large.
        Refusal: when the graph has a cycle.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    inside = frozenset(graph.ancestors(*kept)) | kept
    causes: dict[str, list[str]] = {name: list(graph.parents(name)) for name in graph.order() if name in inside}
    hidden: list[str] = []
    for place, edge in enumerate(graph.edges):
        if edge.bidirected and frozenset(edge.pair) <= inside:
            name = _unused(f"hidden {place}", graph)
            hidden.append(name)
            for end in edge.pair:
                causes[end].append(name)
    causes = {**{name: [] for name in hidden}, **causes}
    sizes = {name: int(rng.integers(2, largest + 1)) for name in causes}
    mechanisms = {}
    for name, above in causes.items():
        if prod(sizes[other] for other in (*above, name)) > MOST or len(above) > 60:
            raise TooLarge
        mechanisms[name] = Table((*above, name), _chances(rng, [sizes[other] for other in above], sizes[name]))
    return DiscreteModel(mechanisms)


def _chances(rng: np.random.Generator, shape: list[int], size: int) -> np.ndarray:
    import numpy as np

    return _LEAST + (1 - size * _LEAST) * rng.dirichlet(np.full(size, _SHAPE), shape)


def _unused(name: str, graph: Graph) -> str:
    while name in graph:
        name += "′"
    return name

"""Is a formula right? It is computed in random models in which everything is known, and compared with the truth."""

from __future__ import annotations

from dataclasses import dataclass

from engines.graph.do_calculus.expressions import Expression, Names, spoken_of
from engines.graph.do_calculus.models import DiscreteModel, drawn
from engines.graph.do_calculus.tables import Observed, TooLarge
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Graph

MODELS = 3
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Verification:
    """What came of it.

    Attributes:
        models: How many random models it was compared in.
        error: The largest difference from the truth over all values of all variables and all models.
        why_not: Why there was no comparison; empty where there was.
    """

    models: int = 0
    error: float = float("inf")
    why_not: str = ""

    @property
    def passed(self) -> bool:
        return self.models > 0 and self.error < TOLERANCE

    def sentence(self) -> str:
        """The outcome in words."""
        if self.why_not:
            return f"The formula could not be verified: {self.why_not}. It is not shown."
        if not self.passed:
            return f"The formula failed its verification by {self.error:.1e} and is not shown."
        return f"Verified on {self.models} random models, largest error {self.error:.0e}."


def verify(
    graph: Graph,
    formula: Expression,
    outcomes: Names,
    do: Names,
    given: Names = frozenset(),
    selected: Names = frozenset(),
    fuse: Fuse | None = None,
    *,
    models: int = MODELS,
) -> Verification:
    """Compare a formula for P(outcomes | do(do), given) with the truth in random discrete models over the drawn graph.

    Every latent node and every bidirected edge of the graph is a variable of the model. The formula sees the
    distribution of the observed nodes alone; the truth is computed from the model in which `do` is set. Variables on
    which the effect does not depend although the formula speaks of them are gone through as well.

    Args:
        graph: As it was drawn.
        selected: Nodes that select the rows that are seen: the formula sees those with one value of them.
        models: How many, with seeds from 0 on.
    """
    fuse = fuse or Fuse()
    names = spoken_of(formula) | outcomes | do | given | selected
    largest = 3 if len(names) <= 8 and len(graph.nodes) <= 20 else 2
    worst = 0.0
    for seed in range(models):
        try:
            model = drawn(graph, names, seed, largest=largest)
            error = difference(model, formula, outcomes, do, given, selected, fuse)
        except TooLarge:
            return Verification(why_not="its tables are too large")
        except Burnt:
            return Verification(why_not="the time was up")
        if not error < TOLERANCE:                   # also where it is no number
            return Verification(seed + 1, error)
        worst = max(worst, error)
    return Verification(models, worst)


def difference(
    model: DiscreteModel, formula: Expression, outcomes: Names, do: Names, given: Names, selected: Names, fuse: Fuse
) -> float:
    """The largest difference between formula and truth over all values of all variables."""
    import numpy as np

    observed = Observed(model.under(frozenset()), fuse, selected)
    told = observed.value(formula)
    truth = model.truth(outcomes, do, given, fuse)
    names = tuple(sorted({*told.names, *truth.names}))
    return float(np.abs(told.laid_out(names) - truth.laid_out(names)).max(initial=0.0))

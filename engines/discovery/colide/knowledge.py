"""Background knowledge as masks on W. Symbols: d variables; allowed, required (d, d)."""

from collections.abc import Sequence

import numpy as np

from engines.discovery.colide.mathematics import Mask
from engines.graph.knowledge import Knowledge


def masks(names: Sequence[str], knowledge: Knowledge) -> tuple[Mask, Mask]:
    """Where W may differ from zero, and which edges must be there.

    Not allowed are forbidden edges, those against the tiers, and those that would close a cycle with required ones.
    The diagonal is left free while optimising, as in the authors' code; it is never an edge.
    """
    d, index = len(names), {name: j for j, name in enumerate(names)}
    required, forbidden = np.zeros((d, d), dtype=bool), np.zeros((d, d), dtype=bool)
    for statement in knowledge.statements(names):
        causes, effects = ([index[name] for name in side] for side in (statement.causes, statement.effects))
        (required if statement.required else forbidden)[np.ix_(causes, effects)] = True
    np.fill_diagonal(required, False)                       # nothing causes itself
    leads_to = required.copy()
    for middle in range(d):
        leads_to |= np.outer(leads_to[:, middle], leads_to[middle])
    allowed = ~(forbidden | leads_to.T)
    np.fill_diagonal(allowed, True)
    return allowed, required

"""Abduct, act, predict: rows as they would have been under an intervention.

Symbols: n rows, d variables, s draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism, gumbel, ordered

GUMBEL, ORDERED = "each level its own", "one number for ordered levels"
"""What the noise of a category is taken for."""


def counterfactual(
    mechanisms: Sequence[Mechanism], order: Sequence[int], rows: Array, do: Mapping[int, float], *, draws: int,
    seed: int, noise: str = GUMBEL,
) -> Array:
    """Rows (n, d) with the variables `do` set, the rest by the mechanisms and each row's own noise: (s, n, d).

    s is 1 as long as every noise that matters is found exactly. What no intervention reaches stays as it is, bit by
    bit. `order`: places of the variables, causes first.
    """
    worlds, changed = rows[None].copy(), set(do)
    for place in order:
        mechanism = mechanisms[place]
        if place in do:
            worlds[..., place] = do[place]
        elif changed & set(mechanism.causes):
            changed.add(place)
            if not mechanism.exact and len(worlds) == 1:
                worlds = np.repeat(worlds, draws, axis=0)
            worlds[..., place] = _predicted(mechanism, rows, worlds, seed, noise)
    return worlds


def reached(mechanisms: Sequence[Mechanism], order: Sequence[int], do: Mapping[int, float]) -> tuple[int, ...]:
    """Places of what the intervention can change, without what is set itself."""
    changed = set(do)
    for place in order:
        if place not in do and changed & set(mechanisms[place].causes):
            changed.add(place)
    return tuple(place for place in order if place in changed and place not in do)


def _predicted(mechanism: Mechanism, rows: Array, worlds: Array, seed: int, noise: str) -> Array:
    """(s, n): the variable in the other worlds."""
    s, n, d = worlds.shape
    before, after = mechanism.expected(rows), mechanism.expected(worlds.reshape(s * n, d))
    if not mechanism.variable.levels:
        return rows[:, mechanism.place] + (after.reshape(s, n) - before)
    abduct = gumbel if noise == GUMBEL else ordered
    level = np.tile(rows[:, mechanism.place].astype(int), s)
    generator = np.random.default_rng([seed, mechanism.place])
    return abduct(np.tile(before, (s, 1)), after, level, generator).reshape(s, n).astype(np.float64)

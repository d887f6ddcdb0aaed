"""What should not change the estimate, or should make it vanish: tried by drawing anew.

Source: the refutation tests as DoWhy has them (Sharma and Kiciman 2020): a placebo treatment, a random common cause,
subsets of the rows. Symbols as in `estimators`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engines.counterfactual_tables.average_effect.estimators import Estimate, Given
from engines.counterfactual_tables.average_effect.table import Array

PLACEBO, RANDOM_CAUSE, SUBSETS = "placebo treatment", "random common cause", "subsets of rows"
KINDS = (PLACEBO, RANDOM_CAUSE, SUBSETS)
SHARE = 0.8             # of the rows in a subset

Drawn = Callable[[Given], Given]


@dataclass(frozen=True)
class Refutation:
    """What a kind of refutation gave.

    Attributes:
        kind: One of `KINDS`.
        expected: What the mean should be.
        effects: (k,) of the draws.
        passed: Whether they agree with what is expected.
    """

    kind: str
    expected: float
    effects: Array
    passed: bool

    def sentence(self) -> str:
        """What it means that it passed, or did not."""
        if self.kind == PLACEBO:
            return "With treatments dealt out by chance the effect vanishes." if self.passed else (
                "Even treatments dealt out by chance seem to have an effect: the estimator is not to be trusted here."
            )
        if self.kind == RANDOM_CAUSE:
            return "One more covariate made of chance changes nothing." if self.passed else (
                "One more covariate made of chance moves the estimate: it hangs on the learners, not on the data."
            )
        return "Four fifths of the rows tell the same." if self.passed else (
            "Four fifths of the rows tell something else: some rows decide the estimate."
        )


def drawn(kind: str, given: Given, generator: np.random.Generator) -> Given:
    """One draw of a refutation."""
    n = len(given.y)
    if kind == PLACEBO:
        order = generator.permutation(n)
        return replace(given, t=given.t[order], z=None if given.z is None else given.z[order])
    if kind == RANDOM_CAUSE:
        return replace(given, X=np.column_stack([given.X, generator.normal(size=n)]))
    rows = np.sort(generator.permutation(n)[: int(SHARE * n)])
    place = np.full(n, -1)
    place[rows] = np.arange(len(rows))
    folds = tuple(tuple(place[part][place[part] >= 0] for part in cut) for cut in given.folds)
    return Given(
        given.t[rows], given.y[rows], given.X[rows], None if given.z is None else given.z[rows], given.binary,
        given.parameters, folds,
    )


def judged(kind: str, found: Estimate, effects: Array) -> Refutation:
    """A placebo's mean must be zero within chance; others must stay within the estimate's own interval."""
    expected = 0.0 if kind == PLACEBO else found.effect
    if kind == PLACEBO:
        # the mean over k permutations of the same rows: their own spread, which few draws tell badly, and not less
        # than the estimate's own error
        error = max(float(effects.std(ddof=1)) if len(effects) > 1 else 0.0, found.error, 1e-300)
        passed = abs(float(effects.mean())) <= 3 * error / np.sqrt(len(effects))
    else:
        passed = abs(float(effects.mean()) - expected) <= max(found.error, 1e-12)
    return Refutation(kind, expected, effects, bool(passed))

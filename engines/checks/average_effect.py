"""The check of the average effect: it is found where the plain difference is far off, and intervals hold it.

Data: two causes of treatment and outcome act through curves; a collider and a mediator lie ready to mislead; a hidden
cause and an instrument in a second sort of data. True mean effects are known from both outcomes of every row.
Symbols as in `engines.counterfactual_tables.average_effect.estimators`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engines.checks import Check, Criterion, Evidence, Figures
from engines.contract import Run
from engines.counterfactual_tables.average_effect.estimators import (
    NORMAL_975,
    REGRESSION,
    ROBUST,
    WEIGHTING,
    Estimate,
    Given,
    difference,
    estimators,
    fitted_interactive,
    two_stage,
)
from engines.counterfactual_tables.average_effect.parameters import Parameters
from engines.counterfactual_tables.average_effect.refuting import KINDS, drawn, judged
from engines.counterfactual_tables.average_effect.sensitivity import sensitivity
from engines.counterfactual_tables.average_effect.table import Array

ROWS, DRAWS = 1000, 60
SEEDS = (0, 1, 2, 3, 4)
COVARIATES, COLLIDER, MEDIATOR, HIDDEN = slice(0, 4), 4, 5, 6


@dataclass(frozen=True, eq=False)
class Simulated:
    """V (n, 7): four covariates, collider, mediator, hidden cause; t, y, an instrument z, and the true mean effect."""

    V: Array
    t: Array
    y: Array
    z: Array
    truth: float


def simulate(seed: int, *, curved: bool, hidden: float = 0.0, rows: int = ROWS) -> Simulated:
    """One table. `hidden`: how strongly the hidden cause acts on both."""
    generator = np.random.default_rng(seed)
    x, u, z = generator.normal(size=(rows, 4)), generator.normal(size=rows), generator.normal(size=rows)
    shape = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 if curved else x[:, 0] + 0.5 * x[:, 1]
    t = (generator.random(rows) < 1 / (1 + np.exp(-(1.2 * shape - 0.4 + hidden * u + z * (hidden > 0))))).astype(float)
    effect = 1.0 + 0.5 * x[:, 1]
    noise = generator.normal(size=rows)
    through = 0.5 * effect

    def outcome(arm: Array) -> Array:
        return 2 * shape + effect * arm + x[:, 2] + 2 * hidden * u + noise

    y = outcome(t)
    mediator = through * t + 0.3 * generator.normal(size=rows)
    collider = t + y + 0.3 * generator.normal(size=rows)
    return Simulated(
        np.column_stack([x, collider, mediator, u]), t, y, z,
        float(np.mean(outcome(np.ones(rows)) - outcome(np.zeros(rows)))),
    )


@dataclass(frozen=True)
class Candidate:
    """What is done with a table; as it stands, rightly.

    Attributes:
        columns: Further columns that are adjusted for.
        blind: No covariate is adjusted for.
        width, sign: What standard errors and effects are multiplied with.
        shuffled: Covariates are dealt out anew among the rows before the learners see them.
        shift, jump: Added to each effect, and the size of what chance adds to it.
    """

    columns: tuple[int, ...] = ()
    blind: bool = False
    width: float = 1.0
    sign: float = 1.0
    shuffled: bool = False
    shift: float = 0.0
    jump: float = 0.0

    def given(self, one: Simulated, learner: str) -> Given:
        generator = np.random.default_rng(7)
        X = one.V[:, COVARIATES]
        X = X[:, :1] * 0 + generator.normal(size=(len(X), 1)) if self.blind else X
        X = np.column_stack([X, *(one.V[:, j] for j in self.columns)])
        X = X[generator.permutation(len(X))] if self.shuffled else X
        order = generator.permutation(len(X))
        order = order[np.argsort(one.t[order], kind="stable")]
        folds = (tuple(np.sort(order[k::3]) for k in range(3)),)
        return Given(one.t, one.y, X, None, True, Parameters(learner=learner, folds=3), folds)

    def told(self, found: Estimate) -> Estimate:
        chance = np.random.default_rng(int(abs(found.effect) * 1e9)).normal()
        return Estimate(self.sign * found.effect + self.shift + self.jump * chance, self.width * found.error)


FAKES = {
    "nothing adjusted for": Candidate(blind=True),
    "a collider adjusted for": Candidate(columns=(COLLIDER,)),
    "covariates dealt out anew": Candidate(shuffled=True),
    "standard errors a third": Candidate(width=1 / 3),
    "sign flipped": Candidate(sign=-1.0),
    "half a unit added": Candidate(shift=0.5),
    "chance added": Candidate(jump=1.0),
}


def figures(run: Run, candidate: Candidate, name: str) -> Figures:
    """Error on curved truth, coverage on straight truth, instrument, refutations and the bound on a hidden cause."""
    curved = [simulate(seed, curved=True) for seed in SEEDS]
    result: dict[str, float] = {}
    robust, plain = [], []
    for one in run.steps(curved, f"{name}: curved"):
        given = candidate.given(one, "boosting")
        robust.append(candidate.told(estimators(given)[ROBUST](given)).effect - one.truth)
        plain.append(difference(given).effect - one.truth)
    result["error, doubly robust"] = float(np.mean(np.abs(robust)))
    result["error, plain difference"] = float(np.mean(np.abs(plain)))
    held: dict[str, list[bool]] = {}
    for seed in run.steps(range(DRAWS), f"{name}: intervals"):
        one = simulate(100 + seed, curved=False, rows=400)
        given = candidate.given(one, "linear")
        for kind, estimate in estimators(given).items():
            found = candidate.told(estimate(given))
            held.setdefault(kind, []).append(found.low <= one.truth <= found.high)
    result |= {f"coverage, {kind}": float(np.mean(one)) for kind, one in held.items()}
    result |= instrumented(candidate)
    one = curved[0]
    given = candidate.given(one, "linear")
    found = estimators(given)[REGRESSION](given)
    for kind in KINDS:
        effects = np.array([
            candidate.told(estimators(given)[REGRESSION](drawn(kind, given, np.random.default_rng(k)))).effect
            for k in range(20)
        ])
        refuted = judged(kind, candidate.told(found), effects)
        result[f"refuted by {kind}"] = float(not refuted.passed)
    return result


def instrumented(candidate: Candidate) -> Figures:
    """With a hidden cause: by the instrument, by adjustment, and whether the bound of the hidden cause holds."""
    by_tool, adjusted, bounds = [], [], []
    for seed in SEEDS:
        one = simulate(200 + seed, curved=False, hidden=1.0, rows=4000)
        given = candidate.given(one, "linear")
        with_tool = replace(given, z=one.z)
        by_tool.append(candidate.told(two_stage(with_tool)).effect - one.truth)
        found = estimators(given)[ROBUST](given)
        adjusted.append(candidate.told(found).effect - one.truth)
        seen = sensitivity(fitted_interactive(given), found)
        bounds.append(abs(adjusted[-1]) <= float(seen.bias(*_shares(one, candidate))) + NORMAL_975 * found.error)
    return {
        "error by the instrument": float(np.mean(np.abs(by_tool))),
        "error by adjustment, one hidden": float(np.mean(np.abs(adjusted))),
        "bound of the hidden cause holds": float(np.mean(bounds)),
    }


def _shares(one: Simulated, candidate: Candidate) -> tuple[float, float]:
    """What the hidden cause explains of what is left of the outcome and of the treatment's representer."""
    given = candidate.given(one, "linear")
    knowing = replace(given, X=np.column_stack([given.X, one.V[:, HIDDEN]]))
    without, with_it = (fitted_interactive(g).sensitivity_elements for g in (given, knowing))
    of_outcome = 1 - float(np.median(with_it["sigma2"])) / float(np.median(without["sigma2"]))
    of_treatment = 1 - float(np.median(without["nu2"])) / float(np.median(with_it["nu2"]))
    return max(of_outcome, 0.0), min(max(of_treatment, 0.0), 0.99)


def measure(run: Run) -> Evidence:
    """Ours, the plain difference as the baseline, and ours done wrongly."""
    ours = figures(run, Candidate(), "average effect")
    return Evidence(
        ours, {"plain difference": {"error": ours["error, plain difference"]}},
        {name: figures(run, fake, name) for name, fake in FAKES.items()}, seeds=SEEDS,
    )


def _covers(kind: str) -> Criterion:
    def holds(ours: Figures, _: Mapping[str, Figures]) -> bool:
        return ours.get(f"coverage, {kind}", 0.0) >= 0.85

    said = f"95 % intervals of {kind} hold the truth in at least 85 % of the draws."
    return Criterion(f"intervals, {kind}", said, holds)


def _unrefuted(kind: str) -> Criterion:
    def holds(ours: Figures, _: Mapping[str, Figures]) -> bool:
        return ours[f"refuted by {kind}"] == 0.0

    return Criterion(f"not refuted, {kind}", f"The refutation by {kind} does not speak against it.", holds)


check = Check(
    claim="The mean effect is found where the plain difference is far off, intervals hold it, an instrument finds it "
    "behind a hidden cause, and the bound on what a hidden cause can do is kept.",
    calibrated="2026-11-25",
    criteria=(
        Criterion(
            "error", "The doubly robust error is at most a quarter of the plain difference's.",
            lambda ours, baselines: ours["error, doubly robust"] <= 0.25 * baselines["plain difference"]["error"],
        ),
        *(_covers(kind) for kind in (REGRESSION, WEIGHTING, ROBUST)),
        Criterion(
            "instrument", "With a hidden cause the instrument's error is at most half of that by adjustment.",
            lambda ours, _: ours["error by the instrument"] <= 0.5 * ours["error by adjustment, one hidden"],
        ),
        Criterion(
            "bound", "A hidden cause biases no more than its shares allow, up to the interval.",
            lambda ours, _: ours["bound of the hidden cause holds"] == 1.0,
        ),
        *(_unrefuted(kind) for kind in KINDS),
    ),
    measure=measure,
    minutes=2.0,
)

"""The plain predictor's check: each kind comes close to what can be known at all, and its probabilities hold.

Data: eight numbers of which three matter, and a category; the truth is known, so that the least loss any model can have
is known as well: the noise of the number, the entropy of the class. A straight truth for the linear kind, a bent one
for the others. Textbook methods: the thresholds are our own, set before the first run of this module.
Symbols: n rows, d features.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.abilities import Feature, Target
from engines.checks import Check, Criterion, Evidence, Figures
from engines.contract import Run
from engines.counterfactual_tables.plain_predictor.parameters import BOOSTING, LINEAR, NETWORK
from engines.predictors.learning import learn
from engines.predictors.stored import Kind, Learning
from engines.training.within import Within

ROWS, JUDGED, SEEDS = 2000, 20_000, (0, 1, 2)
NUMBERS, LEVELS, NOISE = 8, ("a", "b", "c"), 0.5
FEATURES = (*(Feature(f"x{j + 1}") for j in range(NUMBERS)), Feature("kind", LEVELS))
TARGETS = (Target("number"), Target("class", ("no", "yes")))
KINDS: dict[Kind, Learning] = {
    "network": NETWORK.learning(), "boosting": BOOSTING.learning(), "linear": LINEAR.learning(),
}


def straight(x: np.ndarray) -> np.ndarray:
    """A truth that a linear model can tell, (n,)."""
    return 1.2 * x[:, 0] - 0.8 * x[:, 1] + 0.6 * x[:, 2] + (x[:, NUMBERS] == 1)


def bent(x: np.ndarray) -> np.ndarray:
    """One that it cannot, (n,)."""
    return 1.5 * np.sin(1.5 * x[:, 0]) + x[:, 1] * (2.0 * (x[:, NUMBERS] == 1) - 1) + 0.5 * x[:, 2] ** 2 - 0.5


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows (n, d), the number, the class (0, 1) and its true probability, (n,) each."""

    rows: np.ndarray
    number: np.ndarray
    label: np.ndarray
    chance: np.ndarray

    @staticmethod
    def of(truth: Callable[[np.ndarray], np.ndarray], n: int, generator: np.random.Generator) -> Drawn:
        rows = np.column_stack([generator.normal(size=(n, NUMBERS)), generator.integers(len(LEVELS), size=n)])
        signal = truth(rows)
        chance = 1 / (1 + np.exp(-2 * signal))
        return Drawn(
            rows, signal + NOISE * generator.normal(size=n), (generator.random(n) < chance).astype(float), chance
        )


def cross_entropy(true: np.ndarray, told: np.ndarray) -> float:
    """Mean over rows of the expected surprise, nats; with told = true it is the least that can be had."""
    kept = np.clip(told, 1e-9, 1 - 1e-9)
    return float(-(true * np.log(kept) + (1 - true) * np.log(1 - kept)).mean())


def miscalibration(true: np.ndarray, told: np.ndarray) -> float:
    """Mean distance of told and true probabilities over ten bins of equal size."""
    bins = np.array_split(np.argsort(told, kind="stable"), 10)
    return float(np.mean([abs(told[b].mean() - true[b].mean()) for b in bins]))


def figures(judged: Drawn, number: np.ndarray, chance: np.ndarray, kind: Kind) -> Figures:
    """What one candidate gets on rows that nobody trained on."""
    least = cross_entropy(judged.chance, judged.chance)
    return {
        f"excess cross-entropy, {kind}": cross_entropy(judged.chance, chance) - least,
        f"miscalibration, {kind}": miscalibration(judged.chance, chance),
        f"error over the noise, {kind}": float(np.sqrt(np.square(number - judged.number).mean())) / NOISE,
    }


def measure(run: Run) -> Evidence:
    """Every kind on its truth, what knows no features, and broken predictors."""
    told: dict[str, list[Figures]] = {}
    for seed in SEEDS:
        for kind, how in KINDS.items():
            generator = np.random.default_rng(seed)
            truth = straight if kind == "linear" else bent
            seen, judged = (Drawn.of(truth, n, generator) for n in (ROWS, JUDGED))
            wanted = {"number": seen.number, "class": seen.label}
            ours = learn(how, FEATURES, TARGETS, seen.rows, wanted, Within(run, seed)).predict(judged.rows)
            dealt = {name: values[generator.permutation(ROWS)] for name, values in wanted.items()}
            other = learn(how, FEATURES, TARGETS, seen.rows, dealt, Within(run, seed)).predict(judged.rows)
            number, chance = ours["number"], ours["class"][:, 1]
            odds = np.log(chance / (1 - chance))
            blind = judged.rows.copy()
            blind[:, 0] = 0.0
            shut = learn(how, FEATURES, TARGETS, seen.rows * _without_first(), wanted, Within(run, seed))
            unseen = shut.predict(blind)
            candidates = {
                "ours": (number, chance),
                "always the same guess": (np.full(JUDGED, seen.number.mean()), np.full(JUDGED, seen.label.mean())),
                "targets dealt out anew": (other["number"], other["class"][:, 1]),
                "probabilities sharpened": (number, 1 / (1 + np.exp(-3 * odds))),
                "probabilities blunted": (number, 1 / (1 + np.exp(-odds / 3))),
                "classes turned round": (-number, 1 - chance),
                "blind to the first feature": (unseen["number"], unseen["class"][:, 1]),
            }
            for name, (numbers, chances) in candidates.items():
                told.setdefault(f"{name} {seed}", []).append(figures(judged, numbers, chances, kind))
    names = list(dict.fromkeys(name.rpartition(" ")[0] for name in told))
    means = {name: _over_seeds([told[f"{name} {seed}"] for seed in SEEDS], np.mean) for name in names}
    spread = _over_seeds([told[f"ours {seed}"] for seed in SEEDS], np.std)
    guess = means.pop("always the same guess")
    return Evidence(
        means.pop("ours"), {"always the same guess": guess}, {"always the same guess": guess, **means}, {}, spread,
        SEEDS,
    )


def _without_first() -> np.ndarray:
    return np.array([0.0, *np.ones(NUMBERS)])


def _over_seeds(seeds: list[list[Figures]], how: Callable[[list[float]], float]) -> Figures:
    each = [{name: value for one in kinds for name, value in one.items()} for kinds in seeds]
    return {name: float(how([one[name] for one in each])) for name in each[0]}


def _all(figures: Figures, what: str, **most: float) -> bool:
    return all(figures[f"{what}, {kind}"] <= limit for kind, limit in most.items())


check = Check(
    claim="A linear model of a straight truth, and a network and boosted trees of a bent one, come close to the least "
    "loss that any model can have, and their probabilities can be taken at their word.",
    calibrated="2026-11-24",
    criteria=(
        Criterion(
            "class", "The cross-entropy exceeds the least by at most 0.01 nats (linear) and 0.06 (the others).",
            lambda ours, _: _all(ours, "excess cross-entropy", linear=0.01, network=0.06, boosting=0.06),
        ),
        Criterion(
            "number", "The error is at most 1.02 (linear) and 1.3 (the others) times the noise.",
            lambda ours, _: _all(ours, "error over the noise", linear=1.02, network=1.3, boosting=1.3),
        ),
        Criterion(
            "calibration", "Told and true probabilities lie at most 0.02 (linear) and 0.05 (the others) apart.",
            lambda ours, _: _all(ours, "miscalibration", linear=0.02, network=0.05, boosting=0.05),
        ),
    ),
    measure=measure,
    minutes=1.0,
)

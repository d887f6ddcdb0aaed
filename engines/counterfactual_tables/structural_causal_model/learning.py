"""Training the mechanism of one variable: each kind is judged on rows held out, the chosen one is trained on all.

Symbols: n rows, d variables, m held-out rows, k levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.abilities import Feature, Target
from engines.contract import Run
from engines.counterfactual_tables.structural_causal_model.judging import (
    dependence,
    log_density,
    log_probability,
    miscalibrated,
)
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.predictors import restored
from engines.predictors.learning import learn
from engines.predictors.stored import Kind
from engines.training.within import Within


@dataclass(frozen=True, eq=False)
class Data:
    """The rows to learn from: variables in the graph's order, values (n, d), and which rows are held out (n,)."""

    variables: tuple[Feature, ...]
    values: Array
    held_out: Array


class _Told(Within):
    """A training whose curves bear the name of the variable."""

    def __init__(self, run: Run, seed: int, name: str) -> None:
        super().__init__(run, seed)
        self._name, self._outer = name, run

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:  # noqa: ARG002 - the unit is one's own
        """Losses only."""
        if name.startswith("loss"):
            self._outer.scalar(f"loss, {self._name}", value, step)


def trained(
    data: Data, place: int, causes: Sequence[int], kind: Kind, rows: Array, parameters: Parameters, run: Run
) -> dict[str, Any]:
    """The state of a predictor of one variable from its causes, trained on those rows (places)."""
    variable = data.variables[place]
    features = [data.variables[cause] for cause in causes]
    target = Target(variable.name, variable.levels, variable.unit)
    wanted = {variable.name: data.values[rows, place]}
    how = parameters.learning(kind, bool(variable.levels))
    return learn(how, features, (target,), data.values[rows][:, list(causes)], wanted, run).state()


def learned(data: Data, place: int, causes: tuple[int, ...], parameters: Parameters, run: Run, seed: int,
            resampling: int, permutations: int) -> dict[str, Any]:
    """All that is kept of a variable: `states` of its predictors (that of all rows, then resampled fits), how the
    chosen kind was judged, and its noise on held-out rows. `resampling`: the seed of the resampled rows.
    """
    variable, held = data.variables[place], np.flatnonzero(data.held_out)
    fresh, x = np.flatnonzero(~data.held_out), data.values[:, place]
    marginal = _marginal(variable, x, fresh, held)
    if not causes:
        noise = np.sort(x - x.mean()) if not variable.levels else np.empty(0)
        return {"causes": (), "kind": "root", "states": (), "noise": noise, "mean": float(x.mean()),
                "judged": {"baseline": marginal}}
    best: dict[str, Any] = {}
    for number, kind in enumerate(parameters.kinds()):
        inner = _Told(run, seed + number, variable.name)
        one = Mechanism(variable, place, causes, restored(trained(data, place, causes, kind, fresh, parameters, inner)))
        told, noise = _judged(one, data, held)
        gain = told - best["told"] if best else told
        # The plainer kind stays unless the other is better by more than one standard error.
        if not best or gain.mean() > gain.std() / np.sqrt(len(gain)):
            best = {"kind": kind, "told": told, "noise": noise}
    generator = np.random.default_rng(seed)
    everything = np.arange(len(x))
    states = [trained(data, place, causes, best["kind"], everything, parameters, Within(run, seed))]
    for sample in range(parameters.bootstraps):
        # The same rows for every variable: the causes of one are resampled with it.
        rows = np.random.default_rng([resampling, sample]).integers(len(x), size=len(x))
        if variable.levels and len(np.unique(x[rows])) < len(variable.levels):
            rows = everything
        states.append(trained(data, place, causes, best["kind"], rows, parameters, Within(run, seed + 101 + sample)))
    tests = {}
    for cause in causes:
        test = miscalibrated if variable.levels else dependence
        tests[str(cause)] = test(best["noise"], data.values[held, cause], bool(data.variables[cause].levels),
                                 permutations, generator)
    gain = best["told"] - marginal
    return {
        "causes": causes, "kind": best["kind"], "states": tuple(states),
        "noise": best["noise"] if variable.levels else np.asarray(best["noise"], dtype=np.float64),
        "judged": {"told": float(best["told"].mean()), "baseline": marginal,
                   "gain": float(gain.mean()), "error": float(gain.std() / np.sqrt(len(gain))), "tests": tests},
    }


def mechanisms_of(variables: Sequence[Feature], kept: Sequence[Mapping[str, Any]], member: int
                  ) -> tuple[Mechanism, ...]:
    """The mechanisms of one fit: 0 of all rows, 1 and on of resampled ones."""
    return tuple(
        Mechanism(variable, place, tuple(one["causes"]), restored(one["states"][member]) if one["states"] else None)
        for place, (variable, one) in enumerate(zip(variables, kept, strict=True))
    )


def _judged(one: Mechanism, data: Data, held: Array) -> tuple[Array, Array]:
    """(m,) log likelihood of held-out rows, and their noise: (m,), or (m, k) indicator less probability."""
    rows = data.values[held]
    if one.variable.levels:
        told, level = one.expected(rows), rows[:, one.place]
        return log_probability(told, level), (level[:, None] == np.arange(told.shape[1])) - told
    noise = one.noise(rows)
    return log_density(noise), noise


def _marginal(variable: Feature, x: Array, fresh: Array, held: Array) -> float:
    """Mean log likelihood of held-out rows when the causes are not looked at."""
    if not variable.levels:
        return float(log_density(x[held]).mean())
    shares = (np.bincount(x[fresh].astype(int), minlength=len(variable.levels)) + 0.5)
    return float(log_probability(np.tile(shares / shares.sum(), (len(held), 1)), x[held]).mean())

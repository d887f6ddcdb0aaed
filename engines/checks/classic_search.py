"""The check of the classic searches: nearer to what data can tell than no graph, than correlations, than chance.

Data: linear models on ER1 graphs of 10 variables, 1,000 rows, standardised, so that variances tell no direction;
Gaussian noise, Laplace noise for DirectLiNGAM; for hidden causes, the variable with most children is taken away.
Truth: the equivalence class of the graph (for DirectLiNGAM the graph itself). Symbols: M (d, d) marks, see `searching`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engines.checks import Check, Criterion, Evidence, Figures
from engines.contract import Run
from engines.discovery.classic_search.effects import possible_effects
from engines.discovery.classic_search.parameters import Parameters, Search
from engines.discovery.classic_search.report import against, marks_of
from engines.discovery.classic_search.searching import ARROW, NONE, TAIL, Array, Marks, search
from engines.graph.knowledge import Knowledge
from engines.metrics.graphs import Mask, ancestors, equivalence_class
from engines.simulators.linear_sem import random_sem

VARIABLES, DENSITY, ROWS, SEEDS = 10, 1, 1000, (0, 1, 2, 3, 4)
CLASSES: tuple[Search, ...] = ("PC", "GES", "BOSS")
NEAR = 0.1              # how far a true effect may lie from the span of the possible ones, standard deviations


@dataclass(frozen=True)
class Simulated:
    """A standardised table X (n, d), the strengths W (d, d) in its units, and the hidden-cause version of it."""

    X: Array
    W: Array
    laplace: Array
    kept: Mask

    @property
    def edges(self) -> Mask:
        return np.asarray(self.W != 0)


def simulate() -> list[Simulated]:
    """The check's data, the same every time."""
    made = []
    for seed in SEEDS:
        generator = np.random.default_rng(seed)
        W = random_sem(VARIABLES, DENSITY, generator, variance=1.0).W
        through = np.linalg.inv(np.eye(VARIABLES) - W)
        X, laplace = (noise @ through for noise in (
            generator.normal(size=(ROWS, VARIABLES)), generator.laplace(size=(ROWS, VARIABLES)),
        ))
        spread = X.std(axis=0)
        kept = np.arange(VARIABLES) != int(np.argmax((W != 0).sum(axis=1)))
        made.append(Simulated(
            (X - X.mean(axis=0)) / spread, W * spread[:, None] / spread,
            (laplace - laplace.mean(axis=0)) / laplace.std(axis=0), kept,
        ))
    return made


Told = Callable[[Marks, np.random.Generator], Marks]
FAKES: dict[str, Told] = {
    "marks read the other way round": lambda M, _: M.T.copy(),
    "no direction told": lambda M, _: np.where(M != NONE, TAIL, NONE).astype(np.int8),
    "variables shuffled": lambda M, generator: _shuffled(M, generator),
    "every pair joined": lambda M, _: marks_of(np.triu(np.ones(M.shape, dtype=bool), 1)),
}


def _shuffled(M: Marks, generator: np.random.Generator) -> Marks:
    order = generator.permutation(len(M))
    return M[np.ix_(order, order)]


def found_in(X: Array, name: Search) -> Marks:
    """What a search finds with its settings as they come."""
    names = tuple(f"x{j}" for j in range(X.shape[1]))
    return search(X, Parameters(search=name), categories=False, knowledge=Knowledge(), names=names, seed=0)


def found_all(run: Run, data: list[Simulated]) -> list[dict[str, Marks]]:
    """The marks of every search on every table."""
    found = []
    for one in run.steps(data, "searching"):
        marks: dict[str, Marks] = {name: found_in(one.X, name) for name in CLASSES}
        marks["DirectLiNGAM"] = found_in(one.laplace, "DirectLiNGAM")
        marks["FCI, a cause hidden"] = found_in(one.X[:, one.kept], "FCI")
        marks["PC, a cause hidden"] = found_in(one.X[:, one.kept], "PC")
        found.append(marks)
    return found


def figures(data: list[Simulated], found: list[dict[str, Marks]], told: Told = lambda M, _: M) -> Figures:
    """All figures, tables averaged, of marks as they are told."""
    generator = np.random.default_rng(0)
    said = [{name: told(M, generator) for name, M in marks.items()} for marks in found]
    result: dict[str, float] = {}
    for name in (*CLASSES, "DirectLiNGAM"):
        scores = [
            against(marks_of(one.edges if name == "DirectLiNGAM" else equivalence_class(one.edges)), marks[name])
            for one, marks in zip(data, said)
        ]
        result[f"SHD, {name}"] = float(np.mean([score[0] for score in scores]))
        result[f"arrowhead recall, {name}"] = float(np.nanmean([score[4] for score in scores]))
    result["effects in the span"] = float(np.mean([in_span(one, marks["BOSS"]) for one, marks in zip(data, said)]))
    for name in ("FCI", "PC"):
        key = f"{name}, a cause hidden"
        result[f"false causes, {key}"] = float(np.mean([false_causes(one, m[key]) for one, m in zip(data, said)]))
    return result


def in_span(one: Simulated, M: Marks) -> float:
    """Share of the pairs whose true total effect lies in the span of the possible ones."""
    total = np.linalg.inv(np.eye(len(one.W)) - one.W)
    hits: list[bool] = []
    C = np.cov(one.X, rowvar=False)
    for x in range(len(M)):
        effects = possible_effects(M, C, x)
        low, high = effects.min(axis=0) - NEAR, effects.max(axis=0) + NEAR
        hits += [bool(low[y] <= total[x, y] <= high[y]) for y in range(len(M)) if y != x]
    return float(np.mean(hits))


def false_causes(one: Simulated, M: Marks) -> float:
    """Directed edges whose source is no ancestor of the target."""
    leads = ancestors(one.edges)[np.ix_(one.kept, one.kept)]
    return float(((M == ARROW) & (M.T == TAIL) & ~leads).sum())


def by_correlation(data: Iterable[Simulated]) -> list[dict[str, Marks]]:
    """Pairs whose correlation is significant at 1 %, without directions."""
    found = []
    for one in data:
        strong = np.abs(np.arctanh(np.corrcoef(one.X, rowvar=False) * (1 - 1e-12))) * np.sqrt(ROWS - 3) > 2.576
        M = np.where(strong & ~np.eye(VARIABLES, dtype=bool), TAIL, NONE).astype(np.int8)
        few = M[np.ix_(one.kept, one.kept)]
        wholes: dict[str, Marks] = dict.fromkeys((*CLASSES, "DirectLiNGAM"), M)
        found.append({**wholes, "FCI, a cause hidden": few, "PC, a cause hidden": few})
    return found


def measure(run: Run) -> Evidence:
    """Ours, two baselines, and ours told wrongly."""
    data = simulate()
    found = found_all(run, data)
    nothing = [{name: np.zeros_like(M) for name, M in marks.items()} for marks in found]
    each = [figures([one], [marks]) for one, marks in zip(data, found)]
    return Evidence(
        figures(data, found),
        {"graph without edges": figures(data, nothing), "correlations": figures(data, by_correlation(data))},
        {name: figures(data, found, told) for name, told in FAKES.items()},
        spread={name: float(np.std([one[name] for one in each])) for name in each[0]},
        seeds=SEEDS,
    )


def _near(name: str) -> Criterion:
    def holds(ours: Figures, baselines: Mapping[str, Figures]) -> bool:
        return all(ours[f"SHD, {name}"] <= 0.6 * one[f"SHD, {name}"] for one in baselines.values())

    return Criterion(f"near, {name}", f"Mean SHD of {name} is at most 0.6 of that of each baseline.", holds)


def _directs(name: str) -> Criterion:
    def holds(ours: Figures, _: Mapping[str, Figures]) -> bool:
        return ours[f"arrowhead recall, {name}"] >= 0.5

    return Criterion(f"directions, {name}", f"{name} finds at least half of the arrowheads that can be found.", holds)


check = Check(
    claim="Each search comes near to what data can tell of the graph, without reading it off variances; the effects "
    "that the open ends allow hold the true ones; FCI names fewer false causes where a cause is hidden.",
    calibrated="2026-11-24",
    criteria=(
        *(_near(name) for name in (*CLASSES, "DirectLiNGAM")),
        *(_directs(name) for name in (*CLASSES, "DirectLiNGAM")),
        Criterion(
            "effects", "At least 85 % of the true total effects lie in the span of the possible ones.",
            lambda ours, _: ours["effects in the span"] >= 0.85,
        ),
        Criterion(
            "hidden causes", "With a cause hidden, FCI names fewer false causes than PC.",
            lambda ours, _: ours["false causes, FCI, a cause hidden"] < ours["false causes, PC, a cause hidden"],
        ),
    ),
    measure=measure,
    minutes=1.0,
)

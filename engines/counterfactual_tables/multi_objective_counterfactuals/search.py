"""The search: NSGA-II over the free columns, with the repair that lets values go back to the query's.

All candidates are kept. Population and history are plain arrays, so that a search can be stopped, kept and resumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from engines.counterfactual_tables.multi_objective_counterfactuals.approach import approached
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem
from engines.counterfactual_tables.multi_objective_counterfactuals.sorting import Front, hypervolume, survivors
from engines.counterfactual_tables.multi_objective_counterfactuals.space import offspring, reverted

REFERENCE = np.full(3, 1.1)
"""Of the hypervolume: distance, share of changed features, distance from the data."""

TRIES = 20
"""Batches of children that are made until enough are new."""


class Search:
    """A search that goes on generation by generation.

    Args:
        known: Candidates to begin with, within the space or not; those outside are left out. Their predictions are
            not asked for again.
        size: Of the population.
        repair: Whether values go back to the query's (step 6 of the method); off only to show what it does.
    """

    def __init__(
        self, problem: Problem, known: Candidates, size: int, generator: np.random.Generator, repair: bool = True
    ) -> None:
        self.problem, self.size, self.generator, self.repair = problem, size, generator, repair
        space = problem.space
        first = problem.evaluated(space.start[None])
        known = known.at(space.valid(known.rows))
        if repair:
            known = Candidates.joined([known, approached(problem, known, size)])
        if len(known) < size:
            drawn = problem.evaluated(space.drawn(size - 1 - min(len(known), size - 1), generator))
            known = Candidates.joined([known, drawn])
        self.generation = 0
        self.history = [known, first]
        self.population = self._survived(Candidates.joined([known, first]).distinct())
        self._front, self._feasible, self._best = Front(), 0, np.full(3, np.nan)
        for part in self.history:
            self._tell(part)

    def step(self) -> None:
        """One generation."""
        children = self._children()
        self.generation += 1
        if not len(children):
            return
        evaluated = self.problem.evaluated(children)
        self.history.append(evaluated)
        self._tell(evaluated)
        self.population = self._survived(Candidates.joined([self.population, evaluated]))

    @property
    def pool(self) -> Candidates:
        """Everything that was evaluated, each row once."""
        return Candidates.joined(self.history).distinct()

    def figures(self) -> dict[str, float]:
        """What the search has reached; not a number where nothing is feasible yet."""
        distance, share, unreal = self._best
        return {
            "feasible candidates": float(self._feasible), "smallest distance": float(distance),
            "smallest share changed": float(share), "smallest distance from data": float(unreal),
            "hypervolume": hypervolume(self._front.points, REFERENCE),
        }

    @property
    def front(self) -> np.ndarray:
        """(k, 3) the non-dominated feasible candidates: distance, share changed, distance from the data."""
        return self._front.points

    def state(self) -> dict[str, Any]:
        """Everything to go on from, but the generator."""
        whole = Candidates.joined(self.history)
        return {
            "generation": self.generation, "lengths": [len(part) for part in self.history],
            "history": vars(whole), "population": vars(self.population),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """The inverse of `state`."""
        self.generation = int(state["generation"])
        whole = Candidates(**{name: np.asarray(values) for name, values in state["history"].items()})
        ends = np.cumsum([0, *state["lengths"]])
        self.history = [whole.at(np.arange(a, b)) for a, b in pairwise(ends)]
        self.population = Candidates(**{name: np.asarray(values) for name, values in state["population"].items()})
        self._front, self._feasible, self._best = Front(), 0, np.full(3, np.nan)
        for part in self.history:
            self._tell(part)

    # --------------------------------------------------------------------------------------------------------- pieces

    def _survived(self, some: Candidates) -> Candidates:
        """The best, best first."""
        places = survivors(self.problem.objectives(some), self.problem.violation(some), self.size)
        return some.at(places)

    def _children(self) -> np.ndarray:
        """New rows (at most `size`, d), none of them in the population, each once."""
        space, generator, rows = self.problem.space, self.generator, self.population.rows
        seen = {row.tobytes() for row in rows}
        found: list[np.ndarray] = []
        if not space.free.any():
            return np.empty((0, rows.shape[1]))
        for _ in range(TRIES):
            pairs = -(-(self.size - len(found)) // 2)
            parents = generator.integers(len(rows), size=(2, pairs, 2)).min(axis=2)     # the better stands before
            made = offspring(space, rows[parents[0]], rows[parents[1]], generator)
            if self.repair:
                made = reverted(space, made, generator)
            made = made + 0.0                               # minus zero and zero are one value
            for row in made:
                key = row.tobytes()
                if key not in seen and len(found) < self.size:
                    seen.add(key)
                    found.append(row)
            if len(found) >= self.size:
                break
        return np.array(found).reshape(-1, rows.shape[1])

    def _tell(self, some: Candidates) -> None:
        """Count what is feasible, and keep the front."""
        good = self.problem.objectives(some)[self.problem.met(some)][:, -3:]
        self._feasible += len(good)
        if len(good):
            self._best = np.fmin(self._best, good.min(axis=0))
        self._front.add(good)

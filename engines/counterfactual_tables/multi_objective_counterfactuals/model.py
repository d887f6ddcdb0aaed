"""What a search leaves: every candidate that was evaluated, and the explained model itself, to choose and search again.

Other weights choose anew among what is known. Other limits or targets, or another row, are first answered with what is
known, then searched, beginning there; what was searched is remembered while the model is open.
Symbols: n rows, d features, o columns of predictions.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from engines.abilities import Predictor
from engines.contract import (
    Answer,
    Budget,
    Choice,
    Constraints,
    Control,
    FactorValue,
    How,
    Limits,
    Model,
    Query,
    Slider,
    Stepper,
    Support,
    Toggle,
)
from engines.counterfactual_tables.multi_objective_counterfactuals import views
from engines.counterfactual_tables.multi_objective_counterfactuals.blocking import Blocked, blocked
from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower
from engines.counterfactual_tables.multi_objective_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Candidates, Problem, asked, columns
from engines.counterfactual_tables.multi_objective_counterfactuals.search import Search
from engines.counterfactual_tables.multi_objective_counterfactuals.selection import (
    Selection,
    Weights,
    design_targets,
    scores,
    select,
)
from engines.counterfactual_tables.multi_objective_counterfactuals.several import few_enough, together
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import (
    Bonus,
    Like,
    Wishes,
    wishes_from,
)
from engines.predictors import restored
from engines.results import Result

GAPS, DETERMINANT = "largest gaps", "determinant"
REMEMBERED, PARTS = 8, 8
"""Searches of a model that are remembered, and answers on the way of one."""

FURTHER = 200
MOST_WEIGHT, MOST_DIVERSITY, MOST_COUNT = 10.0, 3.0, 50

_searched: WeakKeyDictionary[Model, OrderedDict[str, Candidates]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Counterfactuals(Model):
    """See the module.

    Attributes:
        explained: State of the predictor that is explained.
        rows: (n, d) the data; `spread`: lows and spans (2, o) of its predictions.
        factual: (d,) the row that was searched for; row_id: its id.
        value: What was wished, as the value of the control; beside: the objectives beside, as plain values.
        pool_rows, pool_outputs, pool_unreal: All that was evaluated, see `Candidates`.
        references: (r, p) encoded rows that realism is measured to.
        usual: Distances from the data below which 95 % and 99.5 % of its own rows lie.
        alike: The objectives of likeness, as plain values.
    """

    parameters: Parameters
    explained: Mapping[str, Any]
    rows: np.ndarray
    spread: np.ndarray
    factual: np.ndarray
    row_id: int
    value: Mapping[str, Any]
    beside: tuple[Mapping[str, Any], ...]
    pool_rows: np.ndarray
    pool_outputs: np.ndarray
    pool_unreal: np.ndarray
    references: np.ndarray
    usual: tuple[float, float]
    alike: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def known(self) -> Predictor:
        """The predictor that is explained."""
        return restored(self.explained)

    @cached_property
    def wishes(self) -> Wishes:
        """What was searched."""
        bonuses = tuple(Bonus(**plain) for plain in self.beside)
        alike = tuple(Like(**{**plain, "distances": tuple(plain["distances"])}) for plain in self.alike)
        return wishes_from(self.value, self.known.features, self.known.targets, bonuses, alike)

    @property
    def pool(self) -> Candidates:
        """All that was evaluated."""
        return Candidates(self.pool_rows, self.pool_outputs, self.pool_unreal)

    def problem(self, query: np.ndarray, wishes: Wishes) -> Problem:
        """The question for one row (d,)."""
        span = self.rows.min(axis=0), self.rows.max(axis=0)
        space = Space.of(self.known.features, query, span, wishes.limits)
        return Problem(space, wishes, self.known.targets, self.spread[0], self.spread[1],
                       Gower.of(self.known.features, self.rows), self.references, asked(self.known))

    # ------------------------------------------------------------------------------------------------------ questions

    def controls(self) -> tuple[Control, ...]:
        """Weights, how many, how they are chosen and seen; what must be kept to; how to go on."""
        weights = Weights()

        def slider(name: str, top: float, default: float, says: str) -> Slider:
            return Slider(name, 0.0, top, (0.0, top), do=False, default=default, help=says)

        bonuses = self.wishes.bonuses
        objectives = (*self.wishes.beside, views.DISTANCE, views.SHARE, views.UNREAL)
        scored = (Toggle("score beside", False, help="Count what is minimised or maximised by its goal."),)
        return (
            Stepper("count", 1, MOST_COUNT, weights.count, live=True, help="Counterfactuals that are shown."),
            slider("closeness", MOST_WEIGHT, weights.closeness, "Weight of a small distance from the row."),
            slider("few changes", MOST_WEIGHT, weights.few_changes, "Weight of few changed features."),
            slider("realism", MOST_WEIGHT, weights.realism, "Weight of a small distance from rows of the data."),
            slider("diversity", MOST_DIVERSITY, weights.diversity, "How different the shown ones are to be; 0: not."),
            *(slider(f"weight of {name}", MOST_WEIGHT, 1.0, f"Weight of {name}.") for name in self.wishes.beside),
            *(scored if bonuses and all(bonus.goal is not None for bonus in bonuses) else ()),
            Choice("chosen by", (GAPS, DETERMINANT), GAPS, help="How a diverse set is chosen."),
            Choice("across", objectives, views.DISTANCE, help="What the trade-off shows across."),
            Choice("upward", objectives, views.UNREAL, help="What the trade-off shows upward."),
            Constraints("constraints", self._limits(), self.wishes.value(),
                        help="What each column must keep to, and what each prediction is to reach."),
            Toggle("relax what blocks", False,
                   help="When nothing meets all targets, drop what stands in the way and show what is found then.",
                   neutral="It acts only when nothing meets all targets."),
            Stepper("further generations", 0, FURTHER, 0, help="Go on searching for so many generations."),
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        """From what is known at once; then searched, where that may find better. Several rows: one after the other."""
        table = query.factual.attributes
        few_enough(len(table))
        rows, found = self.known.rows(table), list[Answer]()
        if len(rows) == 1:
            yield from self._asked(rows[0], query)
            return
        for row in rows:
            *_, last = self._asked(row, query, previews=False)
            found.append(last)
            yield together([int(row_id) for row_id in table.row_ids[:len(found)]], found, len(rows), rows.shape[1])

    # --------------------------------------------------------------------------------------------------------- pieces

    def _asked(self, row: np.ndarray, query: Query, previews: bool = True) -> Iterator[Answer]:
        """About one row (d,): better and better, or the last alone."""
        notes: list[str] = []
        value = query.values.get("constraints")
        wishes = self.wishes if value is None else wishes_from(
            value, self.known.features, self.known.targets, self.wishes.bonuses, self.wishes.likes)
        further = int(query.values.get("further generations", 0))
        problem = self.problem(row, wishes)
        relaxing = bool(query.values.get("relax what blocks", False))
        last: Candidates | None = None
        for step, total, pool in self._pools(problem, further, query.seed):
            last, final = pool, step == total and not relaxing
            if final or (previews and step < total):
                yield self._told(problem, pool, query, notes, Budget.FINAL if final else Budget.PREVIEW, step, total)
        if not relaxing or last is None:
            return
        if not problem.met(last).any():
            found = blocked(problem, last)
            said = f"Nothing met all targets; {found.constraint} stood in the way and is relaxed: {found.remedy}."
            notes = [*notes, said]
            problem = self.problem(row, found.relaxed)
            for step, total, pool in self._pools(problem, further, query.seed, last):
                stage = Budget.FINAL if step == total else Budget.PREVIEW
                if previews or stage is Budget.FINAL:
                    yield self._told(problem, pool, query, notes, stage, step, total)
            return
        yield self._told(problem, last, query, notes, Budget.FINAL, 1, 1)

    def _pools(
        self, problem: Problem, further: int, seed: int, more: Candidates | None = None
    ) -> Iterator[tuple[int, int, Candidates]]:
        """Step, total and all candidates known then. The search draws from the seed and depends on nothing else."""
        known = self.pool if more is None else Candidates.joined([self.pool, more]).distinct()
        generations = further + (self.parameters.generations if self._must_search(problem, known) else 0)
        if not generations:
            yield 1, 1, known
            return
        kept = _searched.setdefault(self, OrderedDict())
        key = json.dumps([problem.space.query.tolist(), problem.wishes.value(), generations, seed, len(known)])
        if key in kept:
            kept.move_to_end(key)
            yield 1, 1, kept[key]
            return
        total = min(PARTS, generations) + 1
        yield 1, total, known
        search = Search(problem, known, self.parameters.population, np.random.default_rng(seed))
        for part in range(1, total):
            while search.generation < part * generations // (total - 1):
                search.step()
            whole = Candidates.joined([known, search.pool]).distinct()
            if part + 1 == total:
                kept[key] = whole
                while len(kept) > REMEMBERED:
                    kept.popitem(last=False)
            yield part + 1, total, whole

    def _must_search(self, problem: Problem, known: Candidates) -> bool:
        """Another row, wishes that allow more than was searched, or too few of the known that meet them."""
        return (
            not np.array_equal(problem.space.query, self.factual) or not problem.wishes.within(self.wishes)
            or (problem.wishes != self.wishes and int(problem.met(known).sum()) < self.parameters.population)
        )

    def _told(
        self, problem: Problem, pool: Candidates, query: Query, notes: list[str], stage: Budget, step: int, total: int
    ) -> Answer:
        """One complete answer."""
        met = problem.met(pool)
        said = list(notes)
        done = not problem.violation(problem.evaluated(problem.space.query[None]))[0] > 0
        if done:
            said.append("The row already satisfies every target.")
        if met.any():
            some, selection = self.chosen(problem, pool.at(met), query.values)
            said = [*said, f"{len(some):,} candidates meet every target; {len(selection.places)} are shown.",
                    *selection.notes]
        else:
            found = blocked(problem, pool)
            some, selection = pool, Selection(np.array([found.nearest]), np.zeros(len(pool)))
            said += _in_the_way(problem, pool, found)
        objectives = views.names(problem)
        axes = tuple(objectives.index(str(query.values.get(name, default))) if query.values.get(name, default)
                     in objectives else 0 for name, default in (("across", views.DISTANCE), ("upward", views.UNREAL)))
        shown = views.chosen_table(problem, some, selection)
        results: tuple[Result, ...] = (
            views.text(said), shown, views.differences(problem, some, selection),
            views.pareto(problem, some, selection, (axes[0], axes[1])), views.parallel(problem, some, selection),
            views.radars(shown, len(problem.space.features)),
        )
        best = some.at(selection.places[:1])
        support, note = self._support(best)
        if done and not note:
            note = "This row already satisfies every target: choose another row, or other targets in the constraints."
        return Answer(stage, results, _factors(problem, best), support=support, support_note=note, step=step,
                      total=total)

    def chosen(self, problem: Problem, good: Candidates, values: Mapping[str, Any]) -> tuple[Candidates, Selection]:
        """The candidates, and which of them are shown at these values of the controls."""
        bonuses = problem.wishes.bonuses
        plain = Weights()
        weights = replace(
            plain, count=int(values.get("count", plain.count)),
            closeness=float(values.get("closeness", plain.closeness)),
            few_changes=float(values.get("few changes", plain.few_changes)),
            realism=float(values.get("realism", plain.realism)),
            diversity=float(values.get("diversity", plain.diversity)),
            beside=tuple(float(values.get(f"weight of {name}", 1.0)) for name in problem.wishes.beside),
            determinant=values.get("chosen by", GAPS) == DETERMINANT, most=self.parameters.compared,
        )
        beyond, objectives = None, problem.objectives(good)
        if bonuses and values.get("score beside", False):
            at = [columns(problem.targets)[bonus.name].start for bonus in bonuses]
            beyond, objectives = design_targets(good.outputs[:, at], bonuses), objectives[:, len(bonuses):]
            weights = replace(weights, beside=weights.beside[len(bonuses):])
        score = scores(objectives, weights, beyond)
        return good, select(problem.gower.encode(good.rows), score, weights)

    def _limits(self) -> tuple[Limits, ...]:
        """The rows of the control: features, then predictions."""
        low, high = self.rows.min(axis=0), self.rows.max(axis=0)
        found = [
            Limits(f.name, None if f.levels else float(low[j]), None if f.levels else float(high[j]), f.levels, f.unit,
                   f.whole) for j, f in enumerate(self.known.features)
        ]
        for target in self.known.targets:
            at = columns(self.known.targets)[target.name].start
            start, end = float(self.spread[0, at]), float(self.spread[:, at].sum())
            found.append(Limits(target.name, None if target.levels else start, None if target.levels else end,
                                target.levels, target.unit, target=True))
        return tuple(found)

    def _support(self, best: Candidates) -> tuple[Support, str]:
        """By the distance of the first counterfactual from the data, beside that of the data's own rows."""
        far = float(best.unreal[0])
        if far <= self.usual[0]:
            return Support.INSIDE, ""
        said = "The first counterfactual is farther from the data than"
        if far <= self.usual[1]:
            return Support.EDGE, f"{said} 95 % of its rows are from one another."
        return Support.OUTSIDE, f"{said} nearly all of its rows are from one another: the model guesses there."


def _in_the_way(problem: Problem, pool: Candidates, found: Blocked) -> list[str]:
    """The nearest miss and what blocks, in sentences."""
    short, broken = problem.shortfalls(pool)[found.nearest], problem.space.broken(pool.rows)[found.nearest]
    told = []
    for k, (name, aim) in enumerate(problem.wishes.aims.items()):
        if short[k] > 0:
            part = pool.outputs[found.nearest, columns(problem.targets)[name]]
            target = next(target for target in problem.targets if target.name == name)
            is_ = target.levels[int(part.argmax())] if target.levels else f"{part[0]:.6g}"
            told.append(f"{name} is {is_}, and is to be {aim.said()}")
    told += [f"{feature.name} leaves its limit" for feature, out in zip(problem.space.features, broken, strict=True)
             if out]
    wished = json.dumps(found.relaxed.value(), ensure_ascii=False)
    way_out = f"Turn on “relax what blocks” to have {found.remedy}, or set the constraints to {wished}."
    return [
        f"Nothing meets every target within the limits. The nearest miss is shown: {'; '.join(told)}.",
        f"In the way: {found.constraint}. {way_out}",
    ]


def _factors(problem: Problem, best: Candidates) -> tuple[FactorValue, ...]:
    """The first counterfactual beside the row, and its predictions."""
    space = problem.space
    found = []
    for j, feature in enumerate(space.features):
        before, after = (
            (feature.levels[int(v)] if feature.levels else float(v)) for v in (space.query[j], best.rows[0, j]))
        found.append(FactorValue(feature.name, before, after, How.SET if before != after else How.UNAFFECTED))
    now = problem.evaluated(space.query[None]).outputs[0]
    for target in problem.targets:
        parts = [told[columns(problem.targets)[target.name]] for told in (now, best.outputs[0])]
        before, after = (target.levels[int(p.argmax())] if target.levels else float(p[0]) for p in parts)
        found.append(FactorValue(target.name, before, after, How.FOLLOWS))
    return tuple(found)

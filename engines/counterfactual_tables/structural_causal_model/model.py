"""What a structural causal model leaves: mechanisms that tell rows, and all rows, as they would have been.

Symbols: n rows asked about, d variables in the graph's order, q kept rows, s draws, b resampled fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engines.abilities import Feature, Predictor, numbers_of
from engines.contract import (
    Answer,
    Budget,
    Choice,
    Control,
    FactorValue,
    How,
    Model,
    Query,
    Slider,
)
from engines.counterfactual_tables.structural_causal_model.learning import mechanisms_of
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.counterfactual_tables.structural_causal_model.support import where
from engines.counterfactual_tables.structural_causal_model.views import (
    before_and_after,
    effect_bars,
    effects_table,
    noise_table,
    rows_table,
    world_graph,
)
from engines.counterfactual_tables.structural_causal_model.words import guesswork
from engines.counterfactual_tables.structural_causal_model.worlds import GUMBEL, ORDERED, counterfactual, reached
from engines.data.kinds import Column
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.refusals import Refusal

LEVEL = 0.9
"""Of the intervals."""
FEW = 8
"""Draws where the mean of many rows is asked for."""
NOISE, SHOWN = "noise of a category", "before and after of"


@dataclass(frozen=True, eq=False)
class StructuralModel(Model):
    """The fitted model.

    Attributes:
        columns: Of the variables, without rows.
        kept: Of each variable, see `learning.learned`.
        order: Places of the variables, causes first.
        rows: (q, d) kept rows.
        low, high, least, most: (d,) 0.5 % and 99.5 % of each variable, and all that was seen.
        usual: (d,) see `support.reach`.
    """

    parameters: Parameters
    graph: Graph
    columns: tuple[Column, ...]
    kept: tuple[Mapping[str, Any], ...]
    order: tuple[int, ...]
    rows: Array
    low: Array
    high: Array
    least: Array
    most: Array
    usual: Array

    @cached_property
    def variables(self) -> tuple[Feature, ...]:
        """What the mechanisms compute, in the graph's order."""
        return tuple(Feature.of(column) for column in self.columns)

    @cached_property
    def members(self) -> tuple[tuple[Mechanism, ...], ...]:
        """The mechanisms of all rows, then of each resampled fit."""
        return tuple(mechanisms_of(self.variables, self.kept, k) for k in range(1 + self.parameters.bootstraps))

    @property
    def guessed(self) -> bool:
        """Whether some category's noise is only known as a distribution."""
        return any(not one.exact for one in self.members[0])

    def controls(self) -> tuple[Control, ...]:
        """Each variable, then what is looked at, and what a category's noise is taken for."""
        found: list[Control] = []
        for place, variable in enumerate(self.variables):
            if variable.levels:
                found.append(Choice(variable.name, variable.levels, do=True))
                continue
            least, most = float(self.least[place]), float(self.most[place])
            width = most - least
            found.append(Slider(
                variable.name, float(self.low[place]), float(self.high[place]), (least - width, most + width),
                unit=variable.unit, decimals=_decimals(width, variable.whole),
            ))
        numbers = [variable.name for variable in self.variables if not variable.levels]
        if numbers:
            found.append(Choice(SHOWN, tuple(numbers), numbers[-1], neutral="It chooses what is looked at.",
                                help="The variable whose values are drawn before and after, over many rows."))
        if self.guessed:
            found.append(Choice(
                NOISE, (GUMBEL, ORDERED), GUMBEL, neutral="Both may lead to one level.",
                help="The data cannot tell which: where the two disagree, the answer rests on an assumption.",
            ))
        return tuple(found)

    def claims_identity(self) -> float | None:
        """Without an intervention a row is what it was."""
        return 0.0

    def causal_graph(self, values: Mapping[str, Any]) -> Graph:  # noqa: ARG002 - it is given, whatever is set
        """The drawn graph."""
        return self.graph

    def predictor(self) -> Predictor | None:
        """The mechanism of the outcome, from its causes; of the last variable where no column is an outcome."""
        with_causes = [place for place in self.order if self.kept[place]["causes"]]
        outcomes = [place for place in with_causes if self.columns[place].role is Role.OUTCOME]
        return self.members[0][(outcomes or with_causes)[-1]].predictor

    def answer(self, query: Query) -> Iterator[Answer]:
        """The values at once; then the rows with their noise, and what the intervention does to all rows."""
        table = query.factual.attributes
        rows = numbers_of(self.variables, table)
        do = {self._place(name): self._value(name, value) for name, value in query.do.items()}
        noise = str(query.values.get(NOISE, GUMBEL))
        worlds = self.world(rows, do, seed=query.seed, noise=noise)
        follow = reached(self.members[0], self.order, do)
        support, note = where(self.variables, self.kept, self.rows, self.usual, np.stack([self.least, self.most]),
                              self._middle(worlds)[0], follow, tuple(do))
        note = " ".join(filter(None, (note, guesswork(self.members[0], rows[0], worlds[:, 0], follow))))
        yield Answer(Budget.VALUES, (), self._factors(rows, worlds, None, do, follow), support=support,
                     support_note=note)
        spread = self._spread(rows[:1], do, worlds, query.seed, noise)
        shown = str(query.values.get(SHOWN, next(
            (v.name for v in reversed(self.variables) if not v.levels), "")))
        yield Answer(
            Budget.FINAL, self._results(query, rows, worlds, do, follow, noise, shown),
            self._factors(rows, worlds, spread, do, follow), support=support, support_note=note,
        )

    def world(self, rows: Array, do: Mapping[int, float], *, seed: int = 0, noise: str = GUMBEL, member: int = 0,
              draws: int = 0) -> Array:
        """Rows (n, d) in the other world (s, n, d), by one of the members."""
        many = draws or int(np.clip(20_000 // max(1, len(rows)), FEW, self.parameters.draws))
        return counterfactual(self.members[member], self.order, rows, do, draws=many, seed=seed, noise=noise)

    def _results(self, query: Query, rows: Array, worlds: Array, do: Mapping[int, float], follow: tuple[int, ...],
                 noise: str, shown: str) -> tuple[Any, ...]:
        table = query.factual.attributes
        everyone = rows if len(rows) > 1 else self.rows
        fits = [self.world(everyone, do, seed=query.seed, noise=noise, member=k, draws=FEW)
                for k in range(len(self.members))]
        told = effects_table(self.variables, everyone, fits, (*do, *follow), LEVEL)
        found: list[Any] = [
            rows_table(self.columns, table, self._middle(worlds), rows),
            noise_table(self.members[0], self.kept, rows[0], do), told,
            effect_bars(self.variables, everyone, fits, follow, LEVEL),
        ]
        if shown:
            place = self._place(shown)
            found.append(before_and_after(self.variables[place], everyone[:, place], fits[0][..., place]))
        return (*found, world_graph(self.graph, [self.variables[place].name for place in do]))

    def _middle(self, worlds: Array) -> Array:
        """(n, d): the mean of numbers, the likeliest level of categories."""
        found = worlds.mean(axis=0) if len(worlds) > 1 else worlds[0].copy()
        for place, variable in enumerate(self.variables):
            if len(worlds) > 1 and variable.levels:
                counts = [(worlds[..., place] == level).sum(axis=0) for level in range(len(variable.levels))]
                found[:, place] = np.argmax(counts, axis=0)
            elif (worlds[..., place] == worlds[0, :, place]).all():
                found[:, place] = worlds[0, :, place]         # a mean of equal numbers may round
        return found

    def _spread(self, row: Array, do: Mapping[int, float], worlds: Array, seed: int, noise: str) -> Array | None:
        """(2, d) of the first row's world, over resampled fits and draws; None where there is one world only."""
        refits = [self.world(row, do, seed=seed, noise=noise, member=k, draws=FEW)[:, 0]
                  for k in range(1, len(self.members))]
        found = np.concatenate([worlds[:, 0], *refits])
        tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
        return None if len(found) == 1 else np.asarray(np.quantile(found, tails, axis=0))

    def _factors(self, rows: Array, worlds: Array, spread: Array | None, do: Mapping[int, float],
                 follow: tuple[int, ...]) -> tuple[FactorValue, ...]:
        after, found = self._middle(worlds)[0], []
        for place, variable in enumerate(self.variables):
            old, new = rows[0, place], after[place]
            how = How.SET if place in do else How.FOLLOWS if place in follow else How.UNAFFECTED
            between = None
            if spread is not None and how is How.FOLLOWS and not variable.levels:
                between = (float(spread[0, place]), float(spread[1, place]))
            if variable.levels:
                found.append(FactorValue(variable.name, variable.levels[int(old)], variable.levels[int(new)], how))
            else:
                found.append(FactorValue(variable.name, float(old), float(new), how, between))
        return tuple(found)

    def _place(self, name: str) -> int:
        for place, variable in enumerate(self.variables):
            if variable.name == name:
                return place
        known = ", ".join(variable.name for variable in self.variables)
        raise Refusal(f"{name} is no variable of the graph.", f"Its variables are {known}.", about=(name,))

    def _value(self, name: str, value: float | str) -> float:
        variable = self.variables[self._place(name)]
        if variable.levels:
            if value in variable.levels:
                return float(variable.levels.index(str(value)))
            raise Refusal(f"{name} cannot be set to {value}.", f"It is {' or '.join(variable.levels)}.", about=(name,))
        try:
            number = float(value)
        except ValueError as error:
            raise Refusal(f"{name} cannot be set to {value}.", "It is a number.", about=(name,)) from error
        if not np.isfinite(number):
            raise Refusal(f"{name} cannot be set to {value}.", "It is a finite number.", about=(name,))
        return number


def _decimals(width: float, whole: bool) -> int:
    """As many as make a hundredth of the range visible."""
    return 0 if whole and width > 20 else int(np.clip(2 - np.floor(np.log10(width or 1.0)), 0, 6))

"""What T-Rex leaves: the model it explained, the retrained ones, and the rows of the data; it answers any row.

Symbols: b rows asked about, n rows that were trained on, d features.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engines.contract import (
    Answer,
    Budget,
    Choice,
    Constraints,
    Control,
    Exportable,
    FactorValue,
    How,
    Limits,
    Model,
    Query,
    Slider,
    Stepper,
    Support,
)
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.rows import Pool, asked
from engines.counterfactual_tables.robust_counterfactuals.searching import (
    CLIMB,
    CLOSEST,
    ROW,
    STABLE_ROW,
    TYPICAL,
    Found,
    World,
    as_seen_by,
    joined,
    search,
    search_rows,
)
from engines.counterfactual_tables.robust_counterfactuals.space import Array, Space
from engines.counterfactual_tables.robust_counterfactuals.support import INSIDE, Outliers
from engines.counterfactual_tables.robust_counterfactuals.views import results
from engines.data.kinds import DataSet, Table
from engines.predictors import restored
from engines.predictors.stored import Stored
from engines.refusals import Refusal

EVERY_WAY = "every way"
CONSTRAINED = "columns"
TYPICAL_OF = 20
AT_A_TIME = 16
"""Rows that are searched for between two answers."""


@dataclass(frozen=True, eq=False)
class TRex(Model):
    """See the module.

    Attributes:
        state, bank: The model and the retrained ones, as `engines.predictors.restored` reads them.
        changed_by: How each of the bank differs.
        target, wanted: The column and the class.
        rows, row_ids, accepted: (n, d) raw units, with their ids and whether the model gives them the class.
        known: R-hat of the accepted ones.
        noise_seed: Of the noise that stability is measured with.
    """

    parameters: Parameters
    state: Mapping[str, Any]
    bank: tuple[Mapping[str, Any], ...]
    changed_by: tuple[str, ...]
    target: str
    wanted: str
    rows: Array
    row_ids: Array
    accepted: Array
    known: Array
    noise_seed: int

    @cached_property
    def explained(self) -> Explained:
        """The class that is wanted, as the model sees it."""
        predictor = restored(self.state)
        place = predictor.target(self.target).levels.index(self.wanted)
        return Explained(predictor, self.target, place, Space.fitted(predictor.features, self.rows))

    @cached_property
    def world(self) -> World:
        """What the searches search in."""
        explained, parameters = self.explained, self.parameters
        space = explained.space
        scaled = space.inside(self.rows)
        typical = Outliers.fitted(space, scaled, TYPICAL_OF).own <= INSIDE
        pool = Pool(scaled[self.accepted], self.row_ids[self.accepted], typical[self.accepted], self.known,
                    asked(parameters, space.sampled(parameters.shake), self.noise_seed))
        members = [restored(state) for state in self.bank]
        return World(explained, pool, Outliers.fitted(space, scaled, parameters.neighbours),
                     as_seen_by(explained, members), self.noise_seed)

    def predictor(self) -> Stored:
        """The model that was explained."""
        return self.explained.predictor  # type: ignore[return-value]

    def controls(self) -> tuple[Control, ...]:
        """How to search, how far, how stable, which retrained models count, and what each column keeps to."""
        explained, settings = self.explained, self.parameters
        searches = (CLIMB, STABLE_ROW, CLOSEST, ROW, TYPICAL)
        able = searches if explained.predictor.differentiable else searches[1:]
        controls: list[Control] = [
            Choice("search", able, settings.search, help="What is taken for the counterfactual; all are compared."),
            Slider("τ", 0.5, 0.99, (0.01, 0.999), do=False, default=settings.tau, decimals=2,
                   help="The stability R̂ that the counterfactual is to reach."),
            Slider("σ", 0.02, 0.3, (0.001, 1.0), do=False, default=settings.sigma, decimals=3, live=False,
                   help="How far around a row stability looks, in shares of each column's range."),
            Stepper("k", 100, 5000, settings.k, unit="samples", help="Rows drawn around each row."),
            Choice("norm", ("L2", "L1"), settings.norm, help="How the cost of a change is measured."),
        ]
        ways = tuple(dict.fromkeys(self.changed_by))
        if len(ways) > 1:
            controls.append(Choice("retrained by", (EVERY_WAY, *ways), EVERY_WAY,
                                   help="Which of the retrained models the counterfactual is tested with."))
        if (whole := explained.space.whole).any() and (explained.space.numbers & ~whole).any():
            controls.append(Choice("sampled", ("all numbers", "continuous only"), settings.shake,
                                   help="Whether whole numbers are sampled around a row as well."))
        controls.append(Constraints(CONSTRAINED, self._limits(), help="What each column must keep to."))
        return tuple(controls)

    def _limits(self) -> tuple[Limits, ...]:
        low, high = self.rows.min(axis=0), self.rows.max(axis=0)
        return tuple(
            Limits(f.name, levels=f.levels) if f.levels
            else Limits(f.name, float(low[j]), float(high[j]), unit=f.unit, whole=f.whole)
            for j, f in enumerate(self.explained.predictor.features)
        )

    def answer(self, query: Query) -> Iterator[Answer]:
        """Rows of the data at once, then what the searches find.

        Raises:
            Refusal: when every row that is asked about is accepted as it is.
        """
        table, parameters, world = query.factual.attributes, self._settings(query), self._tested_by(query)
        constraints = query.values.get(CONSTRAINED) or {}
        x = world.explained.space.inside(self.predictor().rows(table))
        refused = np.flatnonzero(~world.explained.accepted(x))
        if not len(refused):
            who = f"Row {table.row_ids[0]} is" if len(table) == 1 else f"All {len(table)} rows are"
            raise Refusal(f"{who} already predicted {self.target} = {self.wanted}: nothing has to change.",
                          "Choose a row of another class.")
        note = "" if len(refused) == len(x) else f"{len(x) - len(refused)} rows already have {self.wanted}. "
        table, x = table.rows(refused), x[refused]
        shown = str(query.values.get("search", parameters.search))
        parts = [x[start : start + AT_A_TIME] for start in range(0, len(x), AT_A_TIME)]
        quick = search_rows(world, x, parameters, constraints)
        if shown in quick or shown == CLIMB:
            yield self._answer(Budget.PREVIEW, world, table, x, quick, shown if shown in quick else STABLE_ROW,
                               parameters, f"{note}Rows of the data, while the other searches work. ")
        found = []
        for i, part in enumerate(parts):
            found.append(search(world, part, parameters, constraints, query.seed, _counted))
            if i < len(parts) - 1:
                yield self._answer(Budget.PREVIEW, world, table, x, quick, STABLE_ROW, parameters,
                                   f"{note}{(i + 1) * AT_A_TIME} of {len(x)} rows searched. ")
        yield self._answer(Budget.FINAL, world, table, x, joined(found), shown, parameters, note)

    def _settings(self, query: Query) -> Parameters:
        """The parameters as the controls set them."""
        named = {"search": "search", "τ": "tau", "σ": "sigma", "k": "k", "norm": "norm", "sampled": "shake"}
        wished = {field: query.values[name] for name, field in named.items() if name in query.values}
        return self.parameters.model_copy(update=wished)

    def _tested_by(self, query: Query) -> World:
        """The world with the retrained models that count."""
        way = query.values.get("retrained by", EVERY_WAY)
        if way == EVERY_WAY:
            return self.world
        bank = [one for one, by in zip(self.world.bank, self.changed_by, strict=True) if by == way]
        return replace(self.world, bank=bank)

    def _answer(
        self, stage: Budget, world: World, table: Table, x: Array, found: Mapping[str, Found], shown: str,
        parameters: Parameters, note: str,
    ) -> Answer:
        best = found[shown]
        support, said = self._support(best, parameters)
        return Answer(
            stage, results(world, table, x, found, shown, parameters, self.wanted), self._factors(x, best), (),
            support, (note + said).strip(),
        )

    def _factors(self, x: Array, best: Found) -> tuple[FactorValue, ...]:
        """Of the first row: the class first, then its columns."""
        explained, there = self.explained, bool(best.there[0])
        features, levels = explained.predictor.features, explained.predictor.target(self.target).levels
        before = explained.space.raw(x[:1])[0]
        after = explained.space.raw(best.points[:1])[0] if there else before
        said = levels[int(explained.chances(x[:1])[0].argmax())]
        factors = [FactorValue(self.target, said, self.wanted if there else said, How.FOLLOWS)]
        for j, feature in enumerate(features):
            one, other = ((feature.levels[int(v[j])] if feature.levels else float(v[j])) for v in (before, after))
            same = one == other if feature.levels else abs(after[j] - before[j]) < 1e-12
            factors.append(FactorValue(feature.name, one, one if same else other,
                                       How.UNAFFECTED if same else How.FOLLOWS))
        return tuple(factors)

    def _support(self, best: Found, parameters: Parameters) -> tuple[Support, str]:
        """Of the first row: whether τ was reached, and whether the counterfactual lies inside the data."""
        if not best.there[0]:
            return Support.OUTSIDE, (f"{best.search} found nothing with {self.target} = {self.wanted} within these "
                                     "constraints. Loosen one, or try another search.")
        held = f"{int(best.holds[0].sum())} of {best.holds.shape[1]} retrained models agree."
        said = "" if best.reached[0] else (
            f"R̂ {best.stability[0]:.2f} does not reach τ {parameters.tau:.2f}; {held} ")
        if best.inside[0]:
            return Support.INSIDE, said
        return Support.OUTSIDE, said + "No row of the data lies as near to it as rows lie to each other."

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The model and the retrained ones in one network, where they have gradients."""
        from engines.counterfactual_tables.robust_counterfactuals.exports import bank_part  # only when exported

        return bank_part(self, factual)


def _counted(total: int, _: str) -> range:
    """The steps of a search that nobody waits for."""
    return range(total)

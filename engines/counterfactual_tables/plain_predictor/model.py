"""What a trained predictor leaves: predictions for rows, with features set.

Symbols: n rows, d features.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.abilities import Feature, as_columns
from engines.contract import (
    Answer,
    Budget,
    Choice,
    Control,
    Exportable,
    FactorValue,
    How,
    Model,
    Query,
    Slider,
    Support,
)
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.data.kinds import Column, DataSet, Table, number_column
from engines.data.kinds import ColumnType as Type
from engines.data.roles import Role
from engines.predictors import restored
from engines.predictors.stored import Stored
from engines.refusals import Refusal
from engines.results import TableResult


@dataclass(frozen=True, eq=False)
class PlainPredictor(Model):
    """A predictor with the range of each feature.

    Attributes:
        kept: The predictor's state, see `engines.predictors`.
        low, high: (d,) 0.5 % to 99.5 % of the numbers, raw units.
        least, most: (d,) all that was seen.
    """

    parameters: Parameters
    kept: Mapping[str, Any]
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray

    def predictor(self) -> Stored:
        """What other methods can explain of it."""
        return restored(self.kept)

    def controls(self) -> tuple[Control, ...]:
        """The features."""
        found: list[Control] = []
        for feature, low, high, least, most in zip(
            self.predictor().features, self.low, self.high, self.least, self.most, strict=True
        ):
            unseen = "The model may not use this feature."
            if feature.levels:
                found.append(Choice(feature.name, feature.levels, do=True, neutral=unseen))
            else:
                reach = float(most - least)
                found.append(Slider(
                    feature.name, float(low), float(high), (float(least) - reach, float(most) + reach),
                    unit=feature.unit, decimals=0 if feature.whole else 2, neutral=unseen,
                ))
        return tuple(found)

    def answer(self, query: Query) -> Iterator[Answer]:
        """The predictions for the rows as they are, and with the features that are set."""
        predictor = self.predictor()
        factual = predictor.rows(query.factual.attributes)
        rows = factual.copy()
        for name, value in query.do.items():
            rows[:, _place(predictor.features, name)] = _number(predictor, name, value)
        ids = query.factual.row_ids
        before, after = (_told(predictor, x, ids, query.factual.attributes.name) for x in (factual, rows))
        changed = np.column_stack([a.values != b.values for a, b in zip(before.columns, after.columns, strict=True)])
        result = TableResult("rows", "Rows as they would be predicted", after, changed, before)
        yield Answer(
            Budget.FINAL, (result,), self._factors(predictor, before, after, set(query.do)),
            support=self._support(predictor, rows[0])[0], support_note=self._support(predictor, rows[0])[1],
        )

    def _factors(
        self, predictor: Stored, before: Table, after: Table, chosen: set[str]
    ) -> tuple[FactorValue, ...]:
        found = []
        for name in (*(t.name for t in predictor.targets), *(f.name for f in predictor.features)):
            old, new = before[name].label(0), after[name].label(0)
            assert old is not None
            assert new is not None
            target = any(t.name == name for t in predictor.targets)
            how = How.SET if name in chosen else How.FOLLOWS if target and old != new else How.UNAFFECTED
            found.append(FactorValue(name, old, new, how))
        return tuple(found)

    def _support(self, predictor: Stored, row: np.ndarray) -> tuple[Support, str]:
        """Of the first row: whether each number lies within what was seen."""
        for j, feature in enumerate(predictor.features):
            if not feature.levels and not self.least[j] <= row[j] <= self.most[j]:
                seen = f"{self.least[j]:.4g} to {self.most[j]:.4g} {feature.unit}".strip()
                return Support.OUTSIDE, f"{feature.name} was only ever seen from {seen}."
        return Support.INSIDE, ""

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The network or linear model; boosted trees have none that other programs run."""
        from engines.counterfactual_tables.plain_predictor.exports import prediction_part

        return prediction_part(self, factual)


def _place(features: tuple[Feature, ...], name: str) -> int:
    for place, feature in enumerate(features):
        if feature.name == name:
            return place
    known = ", ".join(f.name for f in features)
    raise Refusal(f"The model reads no column {name}.", f"It reads {known}.", about=(name,))


def _number(predictor: Stored, name: str, value: float | str) -> float:
    feature = predictor.features[_place(predictor.features, name)]
    if not feature.levels:
        try:
            return float(value)
        except ValueError as error:
            raise Refusal(f"{name} cannot be set to {value}.", "It is a number.", about=(name,)) from error
    if value not in feature.levels:
        raise Refusal(f"{name} cannot be set to {value}.", f"It is {' or '.join(feature.levels)}.", about=(name,))
    return float(feature.levels.index(str(value)))


def _told(predictor: Stored, rows: np.ndarray, ids: np.ndarray, name: str) -> Table:
    """Features, predicted targets, and of a category the probability of each level."""
    columns: list[Column] = list(as_columns(predictor.features, rows))
    for target, told in zip(predictor.targets, predictor.predict(rows).values(), strict=True):
        if target.levels:
            columns.append(Column(
                target.name, Type.CATEGORY, told.argmax(axis=1).astype(np.int32), target.levels, role=Role.OBJECTIVE))
            columns += [number_column(f"P({target.name} = {level})", told[:, k], role=Role.OBJECTIVE)
                        for k, level in enumerate(target.levels)]
        else:
            columns.append(number_column(target.name, told, target.unit, Role.OBJECTIVE))
    return Table(name, tuple(columns), ids)

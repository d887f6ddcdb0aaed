"""The question put to the search: which candidates there may be, what is minimised, and what must hold.

Symbols: n candidates, d features, o columns of predictions (one a number, one a level of a category), a aims,
m objectives: those beside, then distance, share of changed features, distance from the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.abilities import Predictor, Target
from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower, changed, realism
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Aim, Wishes
from engines.refusals import Refusal

Predict = Callable[[np.ndarray], np.ndarray]
"""Rows (n, d) to predictions (n, o)."""

TIE = 1e-12
"""By how much a tie of probabilities misses: it does not count as reached."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Rows that were evaluated: rows (n, d), predictions (n, o), distance from the data (n,)."""

    rows: np.ndarray
    outputs: np.ndarray
    unreal: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, places: np.ndarray) -> Candidates:
        """Those at the places, or where a mask is true."""
        return Candidates(self.rows[places], self.outputs[places], self.unreal[places])

    @staticmethod
    def joined(parts: Sequence[Candidates]) -> Candidates:
        """One after the other."""
        names = ("rows", "outputs", "unreal")
        return Candidates(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def distinct(self) -> Candidates:
        """Each row once, in the order in which it first came."""
        _, first = np.unique(np.ascontiguousarray(self.rows).view(f"V{8 * self.rows.shape[1]}"), return_index=True)
        return self.at(np.sort(first))


@dataclass(frozen=True, eq=False)
class Problem:
    """One query with its wishes.

    Attributes:
        space: Where candidates may lie, with the query in it.
        wishes: Aims and objectives beside.
        targets: What the predictor tells, in the order of the predictions' columns.
        lows, spans: (o,) of the predictions over the data: scales of violations and of objectives beside.
        references: (r, p) encoded rows that realism is measured to.
        predict: The black box.
    """

    space: Space
    wishes: Wishes
    targets: tuple[Target, ...]
    lows: np.ndarray
    spans: np.ndarray
    gower: Gower
    references: np.ndarray
    predict: Predict

    def evaluated(self, rows: np.ndarray) -> Candidates:
        """Rows (n, d) with their predictions and realism, in one call of the predictor."""
        return Candidates(rows, self.predict(rows), realism(self.gower.encode(rows), self.references))

    def objectives(self, some: Candidates) -> np.ndarray:
        """(n, m), all minimised; those beside in units of the data's span."""
        places = columns(self.targets)
        beside = []
        for bonus in self.wishes.bonuses:
            at = places[bonus.name].start
            low, span = self.lows[at], self.spans[at]
            scaled = (some.outputs[:, at] - low) / span
            beside.append(scaled if bonus.sign > 0 else 1.0 - scaled)
        for like, told in zip(self.wishes.likes, self.unlikeness(some.rows).T, strict=True):
            beside.append((told - min(like.distances)) / (float(np.ptp(like.distances)) or 1.0))
        query = self.space.query
        return np.column_stack(
            [*beside, self.gower.to(some.rows, query), changed(some.rows, query), some.unreal])

    def unlikeness(self, rows: np.ndarray) -> np.ndarray:
        """(n, l) cosine distance of rows (n, d) to each of the l wishes of likeness."""
        at = {feature.name: j for j, feature in enumerate(self.space.features)}
        told = [np.array(like.distances)[rows[:, at[like.column]].astype(int)] for like in self.wishes.likes]
        return np.array(told).reshape(len(told), len(rows)).T

    def shortfalls(self, some: Candidates) -> np.ndarray:
        """(n, a) by how much each aim is missed, in units of the data's span or of probability; 0 where it is met."""
        places = columns(self.targets)
        by_name = {target.name: target for target in self.targets}
        return np.column_stack([
            missed(aim, by_name[name], some.outputs[:, places[name]], float(self.spans[places[name].start]))
            for name, aim in self.wishes.aims.items()
        ])

    def violation(self, some: Candidates) -> np.ndarray:
        """(n,) all shortfalls together; 0 exactly where every aim is met."""
        total: np.ndarray = self.shortfalls(some).sum(axis=1)
        return total

    def met(self, some: Candidates) -> np.ndarray:
        """(n,) every aim is met and every limit kept."""
        return (self.violation(some) <= 0) & self.space.valid(some.rows)

    def asking(self, space: Space, wishes: Wishes) -> Problem:
        """The same data and predictor under other wishes."""
        return replace(self, space=space, wishes=wishes)


def columns(targets: Sequence[Target]) -> dict[str, slice]:
    """Where each target's predictions stand."""
    found, start = {}, 0
    for target in targets:
        width = max(1, len(target.levels))
        found[target.name] = slice(start, start + width)
        start += width
    return found


def missed(aim: Aim, target: Target, outputs: np.ndarray, span: float) -> np.ndarray:
    """(n,) by how much predictions (n, width) miss an aim; 0 where they meet it.

    Of levels: by how much the likeliest wrong one is likelier than the likeliest right one. A tie counts as missed
    where levels are preferred; where levels are accepted, the first of equally likely ones is the predicted one.
    """
    if not target.levels:
        values = outputs[:, 0]
        below = 0.0 if aim.low is None else aim.low - values
        above = 0.0 if aim.high is None else values - aim.high
        return np.maximum(np.maximum(below, above), 0.0) / span
    wanted = aim.preferred or aim.allowed
    right = np.array([level in wanted for level in target.levels])
    if right.all():
        return np.zeros(len(outputs))
    short = outputs[:, ~right].max(axis=1) - outputs[:, right].max(axis=1)
    met = short < 0 if aim.preferred else right[outputs.argmax(axis=1)]
    return np.where(met, 0.0, np.maximum(short, TIE))


def asked(predictor: Predictor) -> Predict:
    """The predictor as a function to one matrix; what it gives is looked at.

    Raises:
        Refusal: when it gives another number of rows or columns, or no number.
    """
    widths = {target.name: max(1, len(target.levels)) for target in predictor.targets}

    def predict(rows: np.ndarray) -> np.ndarray:
        told: Mapping[str, np.ndarray] = predictor.predict(rows)
        parts = []
        for name, width in widths.items():
            part = np.asarray(told[name], dtype=np.float64) if name in told else np.empty((0, 0))
            part = part[:, None] if part.ndim == 1 else part
            if part.shape != (len(rows), width):
                raise Refusal(
                    f"The model answers {len(rows)} rows with {' x '.join(map(str, part.shape))} values of {name}; "
                    f"{len(rows)} x {width} are expected.", "Choose another model.", about=(name,))
            if not np.isfinite(part).all():
                at = int(np.argmax(~np.isfinite(part).all(axis=1)))
                said = ", ".join(f"{f.name} {_said(f.levels, rows[at, j])}" for j, f in enumerate(predictor.features))
                raise Refusal(f"The model gives no number for {name}.", f"So it is at {said}.", about=(name,))
            parts.append(part)
        return np.concatenate(parts, axis=1)

    return predict


def _said(levels: Sequence[str], value: float) -> str:
    return levels[int(value)] if levels else f"{value:g}"

"""What is measured in counterfactual pictures: the plan, the figures a picture, and what they come to over a set.

Figures a picture travel as a long table: one row a picture and figure, columns `COLUMNS`. `summarised` makes one line
of each figure. Checks and their sources: see `engines.metrics.soundness`, which does the measuring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engines.contract import Answer, Choice, Control, Model, Query, Slider
from engines.data.kinds import ColumnType, DataSet, Table
from engines.data.reference import DataReference
from engines.data.splits import parts

COMPOSITION = "composition"
EFFECTIVENESS = "effectiveness"
MINIMALITY = "minimality"
TRUTH = "truth"
REVERSIBILITY = "reversibility"
CHECKS = (COMPOSITION, EFFECTIVENESS, MINIMALITY, TRUTH, REVERSIBILITY)

COLUMNS = ("item", "set", "check", "factor", "value", "factual", "wanted", "read", "tolerance", "unit", "predictor",
           "independent")
"""`value` is a distance (pixels: mean absolute grey levels of 255; numbers: raw units), or 1 and 0 for a choice that
was read rightly and one that was not; `tolerance` is NaN where none is known.
"""

PICTURES = 48
"""How many pictures a set is measured on, unless said otherwise."""
AT_ONCE = 4
"""Pictures in one query: few, so that a slider overtakes soon."""
CHOICE = "rightly read"
"""The unit of a choice: its value is 1 or 0."""
HELD_OUT, SEEN = "held-out pictures", "pictures; no part of the data is marked as held out"


class Measures(Protocol):
    """What can be measured in the answers of one model about one data set."""

    def of(self, query: Query) -> Iterator[Answer]:
        """Answers without results while it works; the last holds the table of figures.

        Raises:
            Refusal: when the model gives no pictures.
        """


def measures_of(model: Model, data: DataSet | None, reference: DataReference | None) -> Measures:
    """The measures for a model; `data` calibrate those that need it, `reference` says where the data lie."""
    from engines.metrics.soundness import PictureMeasures

    return PictureMeasures(model, data, reference)


@dataclass(frozen=True)
class Figure:
    """One check over a set of pictures.

    Attributes:
        set: The factors that were set, as words; empty for none.
        factor: What is read; empty where pixels are compared.
        mean, spread: Over the pictures: mean and standard deviation; for a choice the share that was read rightly.
        count: How many pictures.
        within: Share of the pictures within the tolerance; None without one.
        choice: `mean` is a share.
    """

    set: str
    check: str
    factor: str
    mean: float
    spread: float
    count: int
    tolerance: float
    within: float | None
    unit: str
    predictor: str
    independent: bool
    choice: bool


def summarised(tables: Iterable[Table]) -> tuple[Figure, ...]:
    """One figure for each check, factor and intervention, in the order of the checks; a picture counts once."""
    rows: dict[tuple[str, str, str], dict[float, tuple[float, ...]]] = {}
    words: dict[tuple[str, str, str], tuple[str, str, bool]] = {}
    for table in tables:
        for i in range(len(table)):
            said = [str(table[name].label(i) or "") for name in ("set", "check", "factor")]
            key = ("" if said[1] == COMPOSITION else said[0], said[1], said[2])
            item, value, tolerance, independent = (
                float(table[name].values[i]) for name in ("item", "value", "tolerance", "independent")
            )
            rows.setdefault(key, {})[item] = (value, tolerance)
            words[key] = (str(table["unit"].label(i) or ""), str(table["predictor"].label(i) or ""), bool(independent))
    figures = []
    for (was_set, check, factor), found in rows.items():
        values, tolerances = np.array(list(found.values()), dtype=float).T
        unit, predictor, independent = words[was_set, check, factor]
        choice = unit == CHOICE
        known = np.isfinite(tolerances).all() and not choice
        figures.append(Figure(
            was_set, check, factor, float(values.mean()), float(values.std()), len(values), float(tolerances.mean()),
            float((values <= tolerances).mean()) if known else None, "" if choice else unit, predictor,
            bool(independent), choice,
        ))
    return tuple(sorted(figures, key=lambda figure: CHECKS.index(figure.check)))


@dataclass(frozen=True)
class Batch:
    """A few pictures under one intervention."""

    items: tuple[int, ...]
    do: Mapping[str, float | str]


def held_out(data: DataSet, reference: DataReference | None) -> tuple[np.ndarray, str]:
    """Row ids of the pictures that training did not see, and what they are, in words."""
    part = parts(data.attributes, reference.split if reference is not None else {})
    if part is not None and (part == "test").any():
        return data.row_ids[part == "test"], HELD_OUT
    return data.row_ids, SEEN


def spread_over(ids: np.ndarray, count: int) -> tuple[int, ...]:
    """`count` of the row ids, evenly spread."""
    places = np.unique(np.linspace(0, max(len(ids) - 1, 0), min(count, len(ids))).astype(int))
    return tuple(int(ids[place]) for place in places)


def planned(items: Sequence[int], do: Mapping[str, float | str]) -> tuple[Batch, ...]:
    """One intervention on all items."""
    return tuple(Batch(tuple(items[at:at + AT_ONCE]), do) for at in range(0, len(items), AT_ONCE))


def in_turn(items: Sequence[int], controls: Sequence[Control], data: DataSet, *, seed: int) -> tuple[Batch, ...]:
    """Each factor in turn on all items, set to values drawn from the data, as Monteiro et al. (2023) do."""
    generator = np.random.default_rng(seed)
    batches: list[Batch] = []
    for control in controls:
        if not control.do or not isinstance(control, (Slider, Choice)):
            continue
        batches += [Batch(some.items, {control.name: _drawn(control, data, generator)}) for some in planned(items, {})]
    return tuple(batches)


def _drawn(control: Slider | Choice, data: DataSet, generator: np.random.Generator) -> float | str:
    """A value of the factor that occurs in the data, within the control's range."""
    column = data.attributes[control.name]
    if isinstance(control, Choice) or column.type is not ColumnType.NUMBER:
        options = control.options if isinstance(control, Choice) else column.levels
        return str(options[generator.integers(len(options))])
    values = column.values[~column.missing]
    inside = values[(values >= control.low) & (values <= control.high)]
    return float(inside[generator.integers(len(inside))])

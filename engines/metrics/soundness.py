"""How sound counterfactual pictures are, picture by picture, through the public contract of any model.

Composition, effectiveness, reversibility: Monteiro et al. (2023), "Measuring axiomatic soundness of counterfactual
image models". Minimality as what changed although nothing leads there, in the spirit of Melistas et al. (2024),
"Benchmarking counterfactual image generation". Where the generator of the data is known, the true counterfactual
stands beside. Distances of pixels are mean absolute grey levels of 255, those of factors raw units.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.contract import Answer, Budget, How, Model, Query, Reading
from engines.data.kinds import Column, ColumnType, DataSet, Images, Table, number_column
from engines.data.reference import DataReference
from engines.metrics.gauges import Gauges, calibrated
from engines.metrics.known_truth import GENERATOR, KnownDigits, known_truth
from engines.refusals import Refusal
from engines.results import ImageGridResult, TableResult
from engines.runtime.local import answers
from engines.runtime.measuring import CHOICE, COLUMNS, COMPOSITION, EFFECTIVENESS, MINIMALITY, REVERSIBILITY, TRUTH

BETWEEN = Answer(Budget.VALUES, ())
"""Said between parts of the work, so that other queries can overtake."""
GREY_LEVELS = "of 255"
PIXELS = "the pixels themselves"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Done:
    """Counterfactual pictures (n, h, w, c), what the model says of their factors, and how they came about."""

    pixels: Pixels
    factors: Table | None
    how: Mapping[str, How]


@dataclass(eq=False)
class Rows:
    """The table of figures while it grows; all columns are (n,) or one value for all pictures."""

    items: NDArray[np.int64]
    was_set: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, check: str, factor: str, values: Any, *, factual: Any = "", wanted: Any = "", read: Any = "",
            tolerance: float = np.nan, unit: str, predictor: str, independent: bool) -> None:
        for i, item in enumerate(self.items):
            said = [str(_at(column, i)) for column in (factual, wanted, read)]
            self.rows.append((float(item), self.was_set, check, factor, float(values[i]), *said, tolerance, unit,
                              predictor, float(independent)))

    def table(self) -> Table:
        columns = tuple(
            number_column(name, values) if isinstance(values[0], float)
            else Column(name, ColumnType.TEXT, np.array(values, dtype=object))
            for name, values in zip(COLUMNS, zip(*self.rows, strict=True), strict=True))
        return Table("checks", columns, np.arange(1, len(self.rows) + 1))


class PictureMeasures:
    """The measures of one model about one set of pictures."""

    def __init__(self, model: Model, data: DataSet | None, reference: DataReference | None) -> None:
        self._model, self._data, self._reference = model, data, reference
        self._gauges: Gauges | None = None

    def of(self, query: Query) -> Iterator[Answer]:
        """The table of figures of one intervention on some pictures.

        Raises:
            Refusal: when there are no pictures to measure.
        """
        factual = query.factual
        if not isinstance(factual, Images):
            raise Refusal(f"Nothing is measured in {factual.name}: it holds no pictures.", "Choose images.")
        if self._gauges is None:
            self._gauges = yield from _between(calibrated(self._data if isinstance(self._data, Images) else factual))
        query = replace(query, budget=Budget.FINAL)
        same = yield from self._done(replace(query, do={}))
        then = same if not query.do else (yield from self._done(query))
        rows = Rows(factual.row_ids, ", ".join(query.do))
        rows.add(COMPOSITION, "", apart(factual.pixels, same.pixels), unit=GREY_LEVELS, predictor=PIXELS,
                 independent=True)
        if query.do:
            true = self._truth.counterfactual(factual.row_ids, query.do) if self._truth is not None else None
            self._read(rows, factual, then, query.do, {} if true is None else true[1])
            if true is not None:
                rows.add(TRUTH, "", apart(true[0], then.pixels), unit=GREY_LEVELS, predictor=GENERATOR,
                         independent=True)
            if then.factors is not None:
                back = yield from self._back(query, factual, then)
                rows.add(REVERSIBILITY, "", apart(factual.pixels, back), unit=GREY_LEVELS, predictor=PIXELS,
                         independent=True)
        yield Answer(Budget.FINAL, (TableResult("checks", "Checks", rows.table()),))

    @cached_property
    def _truth(self) -> KnownDigits | None:
        return known_truth(self._data, self._reference) if isinstance(self._data, Images) else None

    def _done(self, query: Query) -> Generator[Answer, None, Done]:
        """The final answer to a query, for all its pictures."""
        last = BETWEEN
        for answer in answers(self._model, query):
            last = answer
            yield BETWEEN
        pictures = next((r.pictures for r in last.results if isinstance(r, ImageGridResult)), None)
        if pictures is None or len(pictures) != len(query.factual):
            raise Refusal("Nothing is measured in the answers of this model: they hold no pictures.")
        told = next((r.table for r in last.results if isinstance(r, TableResult) and r.factual is not None), None)
        return Done(pictures, told, {factor.name: factor.how for factor in last.factors})

    def _read(self, rows: Rows, factual: Images, then: Done, do: Mapping[str, float | str],
              true: Mapping[str, NDArray[np.float64]]) -> None:
        """Effectiveness of what was set and what follows, minimality of the rest."""
        before, after = self._readings(factual.pixels), self._readings(then.pixels)
        for was, now in zip(before, after, strict=True):
            name = now.factor
            how = How.SET if name in do else then.how.get(name, How.UNAFFECTED)
            how_read = {"tolerance": now.tolerance, "predictor": now.predictor, "independent": now.independent}
            if how is How.UNAFFECTED:
                _compare(rows, MINIMALITY, was, was.values, now, how_read)
                continue
            wanted = do.get(name, true.get(name, _told(then.factors, name)))
            if wanted is not None:
                _compare(rows, EFFECTIVENESS, was, wanted, now, how_read)

    def _readings(self, pixels: Pixels) -> tuple[Reading, ...]:
        """Each factor once: by geometry where it can be read so, else by the model's own reader."""
        assert self._gauges is not None
        independent = {reading.factor: reading for reading in self._gauges.readings(pixels)}
        own = self._model.readings(pixels)
        others = [reading for name, reading in independent.items() if name not in {r.factor for r in own}]
        return (*(independent.get(reading.factor, reading) for reading in own), *others)

    def _back(self, query: Query, factual: Images, then: Done) -> Generator[Answer, None, Pixels]:
        """Pictures after the intervention was taken back: each factor set to what it was, one picture at a time."""
        assert then.factors is not None
        table = factual.attributes
        for column in then.factors.columns:
            if column.name in table:
                table = table.with_column(replace(column, role=table[column.name].role))
        asked = Images(factual.name, then.pixels, replace(table, row_ids=factual.row_ids.copy()))
        pictures = []
        for i in range(len(factual)):
            do = {name: value for name in query.do
                  if (value := factual.attributes[name].label(i)) is not None}
            one = yield from self._done(replace(query, factual=asked.rows([i]), do=do))
            pictures.append(one.pixels)
        return np.concatenate(pictures)


def apart(one: Pixels, other: Pixels) -> NDArray[np.float64]:
    """Mean absolute difference (n,) of pictures, grey levels of 255."""
    return np.abs(one.astype(float) - other.astype(float)).reshape(len(one), -1).mean(axis=1)


def _compare(rows: Rows, check: str, was: Reading, wanted: Any, now: Reading, how_read: Mapping[str, Any]) -> None:
    """What is read against what it should be."""
    if now.values.dtype == object:
        values = [float(str(now.values[i]) == str(_at(wanted, i))) for i in range(len(now.values))]
        unit = CHOICE
    else:
        values = np.abs(now.values - np.asarray(wanted, float)).tolist()
        unit = now.unit
    rows.add(check, now.factor, values, factual=was.values, wanted=wanted, read=now.values, unit=unit, **how_read)


def _told(factors: Table | None, name: str) -> Any:
    """What the model says of a factor: (n,) raw units or names; None when it says nothing."""
    if factors is None or name not in factors:
        return None
    column = factors[name]
    return column.values if column.type is ColumnType.NUMBER else [column.label(i) for i in range(len(factors))]


def _at(values: Any, index: int) -> Any:
    return values[index] if isinstance(values, (np.ndarray, list, tuple)) else values


def _between(work: Generator[None, None, Gauges]) -> Generator[Answer, None, Gauges]:
    """Work that stops now and then, as answers without results."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
        yield BETWEEN

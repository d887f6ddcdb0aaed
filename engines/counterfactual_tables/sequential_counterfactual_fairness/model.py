"""What a run leaves: a classifier for any period, and each row as it would be had the sensitive attribute been other.

Symbols: n rows asked about, p columns, T periods of which the first `sources` were learnt from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

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
    Toggle,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.encoding import Encoding, levels
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Array
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import Autoencoder
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.data.kinds import Column, ColumnType, DataSet, Table, category_column, number_column
from engines.refusals import Refusal
from engines.results import BarsResult, Span, TableResult, TextResult

RESIDUAL, THRESHOLD = "own residual", "decision from"
EXAMPLES = 64


@dataclass(frozen=True, eq=False)
class Worlds:
    """Rows as they are and with the attribute set: raw columns (n, p), attribute and P(label = 1) (n,) of each."""

    x: Array
    a: Array
    chance: Array
    other_x: Array
    other_a: Array
    other_chance: Array


@dataclass(frozen=True, eq=False)
class FairSequence(Model):
    """The trained networks and what turns rows into their numbers.

    Attributes:
        columns: Columns of the rows, then attribute, label and period; without rows.
        centre, scale, least, most: (p,) of the source rows, raw units.
        periods: Names in order.
    """

    networks: ClassVar[tuple[type, ...]] = (Autoencoder,)

    parameters: Parameters
    network: Autoencoder
    columns: tuple[Column, ...]
    centre: Array
    scale: Array
    least: Array
    most: Array
    periods: tuple[str, ...]
    sources: int

    @property
    def encoding(self) -> Encoding:
        """From rows to numbers."""
        return Encoding(self.columns, self.centre, self.scale)

    def controls(self) -> tuple[Control, ...]:
        """The attribute; whether a row keeps its residual; from which probability on the decision is yes."""
        return (
            Choice(self.encoding.sensitive.name, levels(self.encoding.sensitive), do=True),
            Toggle(RESIDUAL, True, help="Whether what the decoder does not explain of a row stays as it is."),
            Slider(THRESHOLD, 0.0, 1.0, (0.0, 1.0), do=False, default=0.5,
                   help="The probability from which on the decision is the second level of the label."),
        )

    def claims_identity(self) -> float | None:
        """With the attribute as it is, and the row's own residual, the row comes back."""
        return 0.0

    @torch.inference_mode()
    def worlds(self, table: Table, to: Array | None = None, keep: bool = True) -> Worlds:
        """The rows as they are, and with the attribute `to` (n,); None: flipped."""
        encoding = self.encoding
        raw, a = encoding.raw(table), encoding.a(table)
        other = 1 - a if to is None else to
        x, now, then = encoding.x(raw), _tensor(a), _tensor(other)
        moved = self.network.counterfactual(x, now, then, keep)
        changed = (moved - x).numpy().astype(np.float64)
        return Worlds(raw, a, _numbers(self.network.chance(x, now)), raw + self.scale * changed, other,
                      _numbers(self.network.chance(moved, then)))

    @torch.inference_mode()
    def chances(self, raw: Array, a: Array) -> Array:
        """P(label = 1) (n,) of columns (n, p) in raw units and attributes (n,)."""
        return _numbers(self.network.chance(self.encoding.x(raw), _tensor(a)))

    def answer(self, query: Query) -> Iterator[Answer]:
        """The rows with the attribute that is set, and both decisions."""
        table, encoding = query.factual.attributes, self.encoding
        a = encoding.a(table)
        wish = query.do.get(encoding.sensitive.name)
        to = a if wish is None else np.full(len(a), self._level(wish))
        worlds = self.worlds(table, to, bool(query.values.get(RESIDUAL, True)))
        decided = self._decided(worlds, float(query.values.get(THRESHOLD, 0.5)))
        rows = self._rows(table, worlds, decided)
        support, note = self._support(worlds)
        verdict = self._verdict(worlds, decided, asked=wish is not None)
        results = (rows, self._decisions(table, worlds, decided), verdict, self._moved(worlds))
        yield Answer(Budget.FINAL, results, self._factors(rows, worlds), support=support, support_note=note)

    def _decided(self, worlds: Worlds, threshold: float) -> tuple[Column, Column]:
        """The decision on each row as it is, and with the attribute that was set."""
        name, names = f"decision on {self.encoding.label.name}", levels(self.encoding.label)
        now, then = (Column(name, ColumnType.CATEGORY, (chance >= threshold).astype(np.int32), names)
                     for chance in (worlds.chance, worlds.other_chance))
        return now, then

    def _level(self, wish: float | str) -> float:
        names = levels(self.encoding.sensitive)
        for k, name in enumerate(names):
            if wish == name or (self.encoding.sensitive.type is ColumnType.NUMBER and str(wish) in (f"{k}", f"{k}.0")):
                return float(k)
        raise Refusal(f"{self.encoding.sensitive.name} cannot be set to {wish}.", f"It is {names[0]} or {names[1]}.")

    def _rows(self, table: Table, worlds: Worlds, decided: tuple[Column, Column]) -> TableResult:
        """Both worlds of each row: attribute, what is decided, columns."""
        known = [table[c.name] for c in (self.encoding.sensitive, *self.encoding.features)]
        now, then = decided
        factual = (known[0], now, number_column(self._likely, worlds.chance), *known[1:])
        other = (_set(self.encoding.sensitive, known[0], worlds.other_a), then,
                 number_column(self._likely, worlds.other_chance),
                 *(replace(c, values=worlds.other_x[:, j].copy(), whole=False) for j, c in enumerate(known[1:])))
        differs = np.column_stack([worlds.other_a != worlds.a, now.values != then.values,
                                   worlds.other_chance != worlds.chance, worlds.other_x != worlds.x])
        return TableResult("rows", "Rows as they would have been", Table(table.name, other, table.row_ids),
                           differs, Table(table.name, factual, table.row_ids), of_data=True)

    @property
    def _likely(self) -> str:
        return f"P({self.encoding.label.name} = {levels(self.encoding.label)[1]})"

    def _decisions(self, table: Table, worlds: Worlds, decided: tuple[Column, Column]) -> TableResult:
        now, then = decided
        columns = (
            number_column(self._likely, worlds.chance), now,
            number_column(f"{self._likely}, otherwise", worlds.other_chance),
            replace(then, name=f"{then.name}, otherwise"),
            category_column("changes", np.where(now.values != then.values, "yes", "no")),
        )
        return TableResult("decisions", "Decision as it is, and otherwise",
                           Table(table.name, columns, table.row_ids), of_data=True)

    def _verdict(self, worlds: Worlds, decided: tuple[Column, Column], *, asked: bool) -> TextResult:
        now, then = decided
        if not asked:
            said = f"Set {self.encoding.sensitive.name}, and see whether the decision holds."
        elif len(now.values) == 1:
            turns = f"turns from {now.label(0)} to {then.label(0)}"
            stays = now.values[0] == then.values[0]
            said = (f"The decision {f'stays {now.label(0)}' if stays else turns}: {self._likely} is "
                    f"{worlds.chance[0]:.3f} as it is, {worlds.other_chance[0]:.3f} otherwise.")
        else:
            changes = int((now.values != then.values).sum())
            said = (f"{changes} of {len(now.values)} decisions change when {self.encoding.sensitive.name} is set, "
                    f"{100 * changes / len(now.values):.1f} %.")
        if asked:
            said += " The other world is the model's own: one that moves the columns too little flatters the decisions."
        return TextResult("verdict", "Does the decision depend on the attribute?", (Span(said),))

    def _moved(self, worlds: Worlds) -> BarsResult:
        moved = (worlds.other_x.mean(0) - worlds.x.mean(0)) / self.scale
        order = np.argsort(-np.abs(moved), kind="stable")
        names = [c.name for c in self.encoding.features]
        return BarsResult("moved", "How far each column moves, in its standard deviations",
                          tuple(names[j] for j in order), moved[order])

    def _factors(self, rows: TableResult, worlds: Worlds) -> tuple[FactorValue, ...]:
        assert rows.factual is not None
        assert rows.changed is not None
        found = []
        for j, column in enumerate(rows.factual.columns):
            how = How.FOLLOWS if rows.changed[0, j] else How.UNAFFECTED
            if j == 0 and worlds.a[0] != worlds.other_a[0]:
                how = How.SET
            after = rows.table[column.name].label(0)
            found.append(FactorValue(column.name, _shown(column.label(0)), _shown(after), how))
        return tuple(found)

    def _support(self, worlds: Worlds) -> tuple[Support, str]:
        for x, called in ((worlds.x[0], "of this row"), (worlds.other_x[0], "in the other world")):
            beyond = np.flatnonzero((x < self.least) | (x > self.most))
            if len(beyond):
                return Support.OUTSIDE, f"{self.columns[int(beyond[0])].name} {called} lies beyond the source periods."
        return Support.INSIDE, ""

    def exports(self, factual: DataSet | None) -> tuple[Exportable, ...]:
        """The classifier: raw columns and the attribute in, the probability of the label's second level out."""
        if factual is None:
            raw = self.centre + self.scale * np.random.default_rng(0).standard_normal((EXAMPLES, len(self.centre)))
            a = (np.arange(EXAMPLES) % 2).astype(np.float64)
        else:
            table = factual.attributes.rows(slice(0, EXAMPLES))
            raw, a = self.encoding.raw(table), self.encoding.a(table)
        sensitive, label = self.encoding.sensitive, self.encoding.label
        return (Exportable(
            "classifier", f"Probability of {label.name} = {levels(label)[1]} for rows of any period: columns in raw "
            "units, the attribute as 0 or 1.", Classifier(self.network, self.centre, self.scale).eval(),
            {"columns": torch.from_numpy(raw.astype(np.float32)), "attribute": _tensor(a)}, ("probability",),
            facts={"columns": [c.name for c in self.encoding.features],
                   "attribute": {sensitive.name: list(levels(sensitive))},
                   "label": {label.name: list(levels(label))}, "reconstruction": True},
        ),)


class Classifier(nn.Module):
    """x (n, p) raw and a (n,) in {0, 1} -> P(label = 1) (n,)."""

    def __init__(self, network: Autoencoder, centre: Array, scale: Array) -> None:
        super().__init__()
        self.network = network
        self.centre, self.scale = _tensor(centre), _tensor(scale)

    def forward(self, x: Tensor, a: Tensor) -> Tensor:
        return self.network.chance((x - self.centre) / self.scale, a)


def _set(known: Column, found: Column, values: Array) -> Column:
    if known.type is ColumnType.NUMBER:
        return replace(found, values=values.copy())
    return replace(known, values=values.astype(np.int32), role=found.role)


def _shown(value: str | float | None) -> str | float:
    return float("nan") if value is None else value


def _tensor(values: Array) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def _numbers(values: Tensor) -> Array:
    return values.numpy().astype(np.float64)

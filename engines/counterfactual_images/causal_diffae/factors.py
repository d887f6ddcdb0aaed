"""Factors between the analyst's units and the network's: numbers are scaled to about -1..1, categories numbered.

Symbols: m rows; n factors in the order of the graph's nodes; y (m, n) labels as the network knows them, NaN where
unknown; z (m, n, d) codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from engines.contract import Support
from engines.data.kinds import Column, Table
from engines.refusals import Refusal

TAIL = 0.005          # the range of the data leaves this share out at either end


@dataclass(frozen=True)
class Factor:
    """One factor: its column as in the training data, and how the network sees it."""

    column: Column

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def levels(self) -> int:
        """How many levels a category has; 0 for a number."""
        return len(self.column.levels)

    @cached_property
    def range(self) -> tuple[float, float]:
        """Where all but the outermost 1 % of the labels lie, raw units."""
        low, high = np.nanquantile(self.column.values.astype(float), [TAIL, 1 - TAIL])
        return float(low), float(high)

    @cached_property
    def extremes(self) -> tuple[float, float]:
        """Smallest and largest label, raw units."""
        return float(np.nanmin(self.column.values)), float(np.nanmax(self.column.values))

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Centre and reach, raw units: label -> (label - centre) / reach."""
        low, high = self.range if self.range[1] > self.range[0] else self.extremes
        return (low + high) / 2, (high - low) / 2

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """How far an intervention may go: one and a half times the range, but not below 0 where no label is."""
        centre, reach = self.scale
        low, high = centre - 1.5 * reach, centre + 1.5 * reach
        return (max(low, 0.0) if self.extremes[0] >= 0 else low), high

    def told(self, value: float) -> float | str:
        """A raw value, to the six digits that the network's precision holds, or a level's name."""
        return self.column.levels[int(value)] if self.levels else float(f"{value:.6g}")

    def normal(self, raw: np.ndarray) -> np.ndarray:
        """Raw labels (m,) as the network knows them; unknown ones become NaN."""
        values = np.asarray(raw, float)
        if self.levels:
            return np.where(values < 0, np.nan, values)
        centre, reach = self.scale
        return (values - centre) / reach

    def raw(self, normal: np.ndarray | float) -> np.ndarray:
        """The inverse of `normal`, for numbers."""
        centre, reach = self.scale
        return np.asarray(normal, float) * reach + centre

    def wish(self, value: float | str) -> float:
        """The value of an intervention as the network knows it.

        Raises:
            Refusal: when a category has no such level, or a number is none.
        """
        if self.levels:
            if str(value) not in self.column.levels:
                raise Refusal(f"{self.name} has no level {value}.", f"Its levels are {', '.join(self.column.levels)}.",
                              about=(self.name,))
            return float(self.column.levels.index(str(value)))
        try:
            return float(self.normal(np.array(float(value))))
        except ValueError as error:
            raise Refusal(f"{self.name} needs a number, not {value}.", about=(self.name,)) from error

    def support(self, value: float) -> tuple[Support, str]:
        """Where a raw value lies with respect to the training labels, and a sentence that says so."""
        (low, high), (least, most) = self.range, self.extremes
        unit = f" {self.column.unit}" if self.column.unit else ""
        if value < least or value > most:
            return Support.OUTSIDE, (f"{self.name} = {value:.4g}{unit} is outside the data, which go from "
                                     f"{least:.4g} to {most:.4g}{unit}: the picture extrapolates.")
        if value < low or value > high:
            return Support.EDGE, (f"{self.name} = {value:.4g}{unit} is at the edge of the data: fewer than "
                                  f"{100 * TAIL:.1g} % of the images lie beyond it.")
        return Support.INSIDE, ""


class Factors:
    """All factors of a model, in the order of the graph's nodes."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        self.all = tuple(Factor(table[name]) for name in names)
        self.names = names

    def labels(self, table: Table) -> Tensor:
        """y (m, n) of a table that has the factors as columns.

        A column that is not there is unknown throughout. Levels are found by their name, so that a table with other
        levels or another order of them is read rightly.
        """
        unknown = np.full(len(table), np.nan)
        columns = [f.normal(self._values(f, table[f.name])) if f.name in table else unknown for f in self.all]
        return torch.from_numpy(np.stack(columns, axis=1)).float()

    @cached_property
    def outputs(self) -> tuple[slice, ...]:
        """Which outputs of a reader belong to each factor: one for a number, one a level for a category."""
        ends = np.cumsum([f.levels or 1 for f in self.all])
        return tuple(slice(int(end) - (f.levels or 1), int(end)) for f, end in zip(self.all, ends, strict=True))

    def joint_support(self, values: np.ndarray) -> tuple[Support, str]:
        """Whether training images lie near these raw values (n,) of all numbers taken together."""
        points, reach = self._cloud
        numbers = [i for i, f in enumerate(self.all) if not f.levels]
        wanted = np.array([float(self.all[i].normal(values[i:i + 1])[0]) for i in numbers])
        if len(numbers) < 2 or np.linalg.norm(points - wanted, axis=1).min(initial=np.inf) <= reach:
            return Support.INSIDE, ""
        told = " and ".join(f"{self.names[i]} {values[i]:.4g}" for i in numbers)
        return Support.EDGE, f"No training image has {told} together: the picture extrapolates."

    @cached_property
    def _cloud(self) -> tuple[np.ndarray, float]:
        """Training labels of the numbers, and how far nearly all of them lie from their nearest neighbour."""
        numbers = [f for f in self.all if not f.levels]
        points = np.stack([f.normal(f.column.values) for f in numbers], axis=1) if numbers else np.zeros((0, 0))
        points = points[~np.isnan(points).any(axis=1)]
        if len(points) < 2 or not numbers:
            return points, np.inf
        nearest = cKDTree(points).query(points, k=2)[0][:, 1]
        return points, float(4 * np.quantile(nearest, 0.99))

    def index(self, name: str) -> int:
        """Raises Refusal when there is no such factor."""
        if name not in self.names:
            raise Refusal(f"There is no factor {name}.", f"The factors are {', '.join(self.names)}.", about=(name,))
        return self.names.index(name)

    @staticmethod
    def _values(factor: Factor, column: Column) -> np.ndarray:
        if not factor.levels or column.levels == factor.column.levels:
            return column.values
        known = {level: i for i, level in enumerate(factor.column.levels)}
        translate = np.array([known.get(level, -1) for level in column.levels] + [-1])
        return translate[column.values]


@dataclass(frozen=True)
class Calibration:
    """How codes and labels correspond on the training data (step 11 of the method: the calibrated do).

    Attributes:
        slope, offset: (n, n d): z = offset + slope y, entry by entry; zero outside a factor's own block unless the
            design knows no blocks.
        readout, bias: (n, n d), (n,): y = bias + readout . z, by ridge regression.
        centres: For each factor its levels' mean codes (levels, n d); (0, n d) for a number.
    """

    slope: Tensor
    offset: Tensor
    readout: Tensor
    bias: Tensor
    centres: tuple[Tensor, ...]

    def plain(self) -> dict[str, Tensor]:
        """The fields for storage."""
        return {"slope": self.slope, "offset": self.offset, "readout": self.readout, "bias": self.bias,
                **{f"centres {i}": c for i, c in enumerate(self.centres)}}

    @classmethod
    def of(cls, plain: Mapping[str, Tensor]) -> "Calibration":
        """The inverse of `plain`."""
        centres = tuple(plain[f"centres {i}"] for i in range(len(plain["bias"])))
        return cls(plain["slope"], plain["offset"], plain["readout"], plain["bias"], centres)

    @classmethod
    def fit(cls, z: Tensor, y: Tensor, levels: list[int], blocks: bool) -> "Calibration":
        """From codes z (m, n, d) and labels y (m, n) of the training data; rows with an unknown label are left out."""
        _, n, d = z.shape
        flat = z.flatten(1)
        slope, offset, readout = (torch.zeros(n, n * d) for _ in range(3))
        bias, centres = torch.zeros(n), []
        for i in range(n):
            known = ~y[:, i].isnan()
            own = slice(i * d, (i + 1) * d) if blocks else slice(None)
            codes, label = flat[known][:, own], y[known, i]
            middle = torch.zeros(levels[i], n * d)
            if levels[i]:
                for level in range(levels[i]):
                    middle[level, own] = codes[label == level].mean(0).nan_to_num()
            else:
                spread = label - label.mean()
                slope[i, own] = spread @ codes / spread.square().sum()
                offset[i, own] = codes.mean(0) - slope[i, own] * label.mean()
                readout[i, own], bias[i] = _ridge(codes, label)
            centres.append(middle)
        return cls(slope, offset, readout, bias, tuple(centres))

    def read(self, z: Tensor) -> Tensor:
        """Labels (m, n) read off codes z (m, n, d): a number by the ridge readout, a category by the nearest centre."""
        flat = z.flatten(1)
        y = flat @ self.readout.T + self.bias
        for i, centres in enumerate(self.centres):
            if len(centres):
                # Squared distances but for |z|^2; outside the factor's own block the centres are zero.
                y[:, i] = (centres.square().sum(1) - 2 * flat @ centres.T).argmin(1).float()
        return y

    def act(self, z: Tensor, i: int, wish: float | Tensor, replace: bool) -> Tensor:
        """Action: codes (m, n, d) of which block i stands for label `wish`, one for all rows or one each (m,).

        Shift moves the block by the difference from what it reads now, and leaves detail inside it alone; replace
        sets it to what the training data have there on average.
        """
        flat = z.flatten(1)
        centres = self.centres[i]
        if len(centres):
            own = centres.abs().sum(0) > 0
            now = centres[self.read(z)[:, i].long()]
            goal = centres[wish.long() if isinstance(wish, Tensor) else int(wish)]
            new = torch.where(own, goal, flat) if replace else flat + (goal - now)
        elif replace:
            new = torch.where(self.slope[i] != 0, self.offset[i] + self.slope[i] * wish, flat)
        else:
            new = flat + self.slope[i] * (wish - self.read(z)[:, i])[:, None]
        return new.reshape(z.shape)


def _ridge(codes: Tensor, label: Tensor, strength: float = 1e-3) -> tuple[Tensor, Tensor]:
    """Weights and bias that predict label (m,) from codes (m, k), shrunk by `strength` a row."""
    centre = codes.mean(0)
    centred, spread = codes - centre, label - label.mean()
    gram = centred.T @ centred + strength * len(codes) * torch.eye(codes.shape[1])
    weights = torch.linalg.solve(gram, centred.T @ spread)
    return weights, label.mean() - centre @ weights

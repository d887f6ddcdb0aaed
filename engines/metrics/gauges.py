"""Factors read off pictures of strokes by geometry: nothing in it is learned together with a model.

A measure is used for a factor only where it is seen to tell it: calibrated on some labelled pictures of the data, it
must explain the labels of others.
"""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from engines.contract import Reading
from engines.data.kinds import ColumnType, Images
from engines.data.roles import Role
from engines.data.splits import parts
from engines.metrics.counterfactual_images import explained, strokes

Array = NDArray[np.float64]

LABELLED, PART = 120, 12
"""Pictures that a calibration looks at, and how many at once."""
LEAST_EXPLAINED = 0.9
LEAST_TOLERANCE = 0.02
"""Of the labels' range: a picture that is this near is what was asked for, however exact the gauge."""
WIDTH = "stroke width along the centre line, by geometry, independent of the model"
BRIGHTNESS = "brightness along the centre line, by geometry, independent of the model"
_LARGEST = 64


@dataclass(frozen=True, eq=False)
class Gauge:
    """Reads one factor: raw measure number `column` of `strokes`, through a monotone curve."""

    factor: str
    column: int
    curve: IsotonicRegression
    tolerance: float
    unit: str

    def read(self, raw: Array) -> Reading:
        """The factor of pictures whose raw measures (n, 2) are known."""
        predictor = (WIDTH, BRIGHTNESS)[self.column]
        return Reading(self.factor, self.curve.predict(raw[:, self.column]), self.tolerance, predictor, self.unit, True)


@dataclass(frozen=True, eq=False)
class Gauges:
    """All gauges that apply to a data set; none for pictures that are no strokes."""

    all: tuple[Gauge, ...] = ()

    def readings(self, pixels: NDArray[np.uint8]) -> tuple[Reading, ...]:
        """Of pictures (n, h, w, c)."""
        if not self.all:
            return ()
        raw = strokes(pixels[..., 0])
        return tuple(gauge.read(raw) for gauge in self.all)


def calibrated(data: Images) -> Generator[None, None, Gauges]:
    """Gauges for pictures like these; yields between parts of the work."""
    if data.pixels.shape[3] != 1 or max(data.pixels.shape[1:3]) > _LARGEST:
        return Gauges()
    data = data.rows(_labelled(data))
    found = []
    for at in range(0, len(data), PART):
        found.append(strokes(data.pixels[at:at + PART, ..., 0]))
        yield
    raw = np.concatenate(found) if found else np.zeros((0, 2))
    gauges = [_best(raw, column.values, column.name, column.unit)
              for column in data.attributes.having(Role.FACTOR)
              if column.type is ColumnType.NUMBER and not column.missing.any()]
    return Gauges(tuple(gauge for gauge in gauges if gauge is not None))


def _labelled(data: Images) -> NDArray[np.int64]:
    """Positions of some pictures, spread over those for training."""
    part = parts(data.attributes, {})
    train = np.arange(len(data)) if part is None else np.flatnonzero(part == "train")
    return train[np.unique(np.linspace(0, len(train) - 1, min(LABELLED, len(train))).astype(int))]


def _best(raw: Array, labels: Array, factor: str, unit: str) -> Gauge | None:
    """The measure that tells the factor best on every third picture, if it tells it well enough."""
    tested = np.arange(len(labels)) % 3 == 2
    if tested.sum() < 8:
        return None
    scored: list[tuple[float, Gauge]] = []
    for column in range(raw.shape[1]):
        curve = IsotonicRegression(out_of_bounds="clip").fit(raw[~tested, column], labels[~tested])
        read = curve.predict(raw[tested, column])
        error = float(np.quantile(np.abs(read - labels[tested]), 0.95))
        tolerance = max(error, LEAST_TOLERANCE * float(np.ptp(labels)))
        scored.append((explained(labels[tested], read), Gauge(factor, column, curve, tolerance, unit)))
    best, gauge = max(scored, key=lambda pair: pair[0])
    return gauge if best >= LEAST_EXPLAINED else None

"""An axis: from data to pixels and back, 3 to 5 round ticks, linear or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from widgets.curves.figures import power_text
from widgets.numbers import format_number

Array = NDArray[np.float64]
_MOST = 5


@dataclass(frozen=True)
class Tick:
    """A place on the axis and how it is written."""

    value: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Data from `low` to `high` on pixels from `start` to `end` (which may run backwards)."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def to_pixels(self, values: Array) -> Array:
        """Where values lie; not positive ones on a log axis lie nowhere (NaN)."""
        low, span = self._low, self._span
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
            values[np.isinf(values)] = np.nan
        scale = (self.end - self.start) / span
        return values * scale + (self.start - low * scale)

    def to_pixel(self, value: float) -> float:
        return float(self.to_pixels(np.array([value]))[0])

    def to_value(self, pixel: float) -> float:
        share = (pixel - self.start) / (self.end - self.start) if self.end != self.start else 0.0
        place = self._low + share * self._span
        return 10.0**place if self.log else place

    def ticks(self, most: int = 5) -> list[Tick]:
        """Round values within the axis, at most `most` of them and at least three where the range allows it."""
        return log_ticks(self.low, self.high, most) if self.log else linear_ticks(self.low, self.high, most)

    @property
    def _low(self) -> float:
        return math.log10(self.low) if self.log else self.low

    @property
    def _span(self) -> float:
        span = (math.log10(self.high) if self.log else self.high) - self._low
        return span if span > 0 else 1.0


def linear_ticks(low: float, high: float, most: int = 5) -> list[Tick]:
    """Multiples of 1, 2 or 5 times a power of ten. Rather one or two more than `most` than a single one."""
    span = high - low
    if not (span > 0 and math.isfinite(span)):
        return [Tick(low, format_number(low, "", 0 if low == round(low) else 3))]
    power = math.floor(math.log10(span / max(most - 1, 1)))
    finer: list[Tick] = []
    for exponent in (power - 1, power, power + 1):
        for factor in (1, 2, 5):
            step = factor * 10.0**exponent
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first + 1 > _MOST:
                continue
            ticks = [Tick(i * step, _written(i * step, max(-exponent, 0))) for i in range(first, last + 1)]
            if len(ticks) <= most:
                return ticks if len(ticks) >= 2 or not finer else finer
            finer = ticks
    return finer


def log_ticks(low: float, high: float, most: int = 5) -> list[Tick]:
    """Powers of ten; where there are few, with 3, or 2 and 5, between them; where there are many, every second."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    best: list[Tick] = []
    for factors in ((1,), (1, 3), (1, 2, 5), tuple(range(1, 10))):
        ticks = [
            Tick(factor * 10.0**power, power_text(power, factor))
            for power in range(first, last + 1) for factor in factors
            if low * (1 - 1e-9) <= factor * 10.0**power <= high * (1 + 1e-9)
        ]
        if len(ticks) > most:
            if best:
                return best
            step = -(-len(ticks) // most)
            return [tick for tick in ticks if round(math.log10(tick.value)) % step == 0]
        best = ticks
        if len(ticks) >= 3:
            return ticks
    return best if len(best) >= 2 else linear_ticks(low, high, most)


def padded(low: float, high: float, log: bool, share: float = 0.05) -> tuple[float, float]:
    """A range with some air at both ends; a single value gets room round it."""
    if log:
        a, b = math.log10(low), math.log10(high)
        air = share * (b - a) if b > a else 0.5
        return 10.0 ** (a - air), 10.0 ** (b + air)
    air = share * (high - low) if high > low else max(abs(low) * 0.1, 0.5)
    return low - air, high + air


def _written(value: float, decimals: int) -> str:
    if abs(value) >= 1e7 or decimals > 5:
        text = f"{value:.2g}"
        head, _, tail = text.partition("e")
        return power_text(int(tail), float(head)) if tail else format_number(value, "", decimals)
    return format_number(value, "", decimals) if value else "0"

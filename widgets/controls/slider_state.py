"""What a do-slider shows, as one value, and where things lie on its groove."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.controls.row import RowState

_MOST_BEYOND = 0.5
"""How far the groove reaches beyond the data at most, as a share of its range: a far bound must not squeeze it."""


@dataclass(frozen=True, kw_only=True)
class SliderState(RowState):
    """A factor or setting with a number.

    Attributes:
        unit: Raw unit, or words such as "of 255".
        decimals: Places shown; the hand sets no finer values.
        low, high: Range of the data (0.5 % to 99.5 %), raw units.
        bounds: How far it may go at all; None if the range is all.
        histogram: Counts of the data in equal bins from `low` to `high`; may be empty.
        factual: The value before anything was set; None for a setting.
        value: The value now.
        spread: 90 % interval of the value, or None.
    """

    value: float
    low: float
    high: float
    unit: str = ""
    decimals: int = 2
    bounds: tuple[float, float] | None = None
    histogram: tuple[float, ...] = ()
    factual: float | None = None
    spread: tuple[float, float] | None = None

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest value that can be set."""
        low, high = self.bounds or (self.low, self.high)
        return min(low, self.low), max(high, self.high)

    @property
    def span(self) -> tuple[float, float]:
        """What the groove shows from end to end."""
        low, high = self.limits
        reach = _MOST_BEYOND * (self.high - self.low)
        return max(low, self.low - reach), min(high, self.high + reach)

    def share(self, value: float) -> float:
        """Where a value lies on the groove, in [0, 1]."""
        low, high = self.span
        return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5

    def at(self, share: float) -> float:
        """The value at a place of the groove, rounded to the decimals and held within the limits."""
        low, high = self.span
        return self.held(low + share * (high - low))

    def held(self, value: float) -> float:
        """The nearest value that can be set."""
        low, high = self.limits
        return min(max(round(value, self.decimals) + 0.0, low), high)

    def beyond(self, value: float) -> bool:
        """Whether a value lies outside the range of the data."""
        slack = 0.5 * 10.0**-self.decimals
        return value < self.low - slack or value > self.high + slack

"""What a curve plot holds: runs, scalars, their traces, and which lines follow from them. No painting here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from widgets.curves.grouping import Band, band_over
from widgets.curves.trace import Trace

_LOG_FROM = 20.0
"""An automatic log axis needs values this many times apart."""


@dataclass(frozen=True)
class CurveRun:
    """How a run is shown: its name, its series (colour, dash; kept for life), a few words under the name.

    Runs of one `group` are one line with a band when they are drawn grouped, such as those that differ in their seed.
    """

    key: str
    name: str
    series: int
    note: str = ""
    live: bool = False
    shown: bool = True
    group: str = ""


@dataclass(frozen=True)
class CurveScalar:
    """How a scalar is shown: title with unit, and whether it may be drawn on a log axis (None: if its values allow)."""

    key: str
    title: str
    log: bool | None = None


@dataclass(frozen=True, eq=False)
class ShownLine:
    """What one line of a plot stands for: a run, or a group of `members` runs with its band."""

    run: CurveRun
    trace: Trace
    band: Band | None = None
    members: int = 1


class CurveContent:
    """Traces by run and scalar, append-only; runs and scalars in the order in which they came."""

    def __init__(self, smoothing: float) -> None:
        self.smoothing = smoothing
        self.grouped = False
        self.runs: dict[str, CurveRun] = {}
        self.scalars: dict[str, CurveScalar] = {}
        self.traces: dict[tuple[str, str], Trace] = {}

    def append(self, run: str, scalar: str, steps: ArrayLike, values: ArrayLike) -> None:
        """New points, (m,) each. Runs and scalars not announced before get a plain look."""
        if run not in self.runs:
            self.runs[run] = CurveRun(run, run, len(self.runs))
        if scalar not in self.scalars:
            self.scalars[scalar] = CurveScalar(scalar, scalar)
        trace = self.traces.get((run, scalar))
        if trace is None:
            trace = self.traces[run, scalar] = Trace(self.smoothing)
        trace.append(steps, values)

    def remove_run(self, key: str) -> None:
        self.runs.pop(key, None)
        for pair in [pair for pair in self.traces if pair[0] == key]:
            del self.traces[pair]

    def clear(self) -> None:
        self.runs.clear()
        self.scalars.clear()
        self.traces.clear()

    def set_smoothing(self, weight: float) -> None:
        self.smoothing = weight
        for trace in self.traces.values():
            trace.set_smoothing(weight)

    def drawable(self) -> list[CurveScalar]:
        """The scalars of which some shown run has points."""
        return [scalar for scalar in self.scalars.values() if self._keys_in(scalar.key)]

    def lines_of(self, scalar: str) -> list[ShownLine]:
        """The lines of a scalar's plot, in order; the runs of a group stand where its first one does."""
        shown = [ShownLine(self.runs[key], self.traces[key, scalar]) for key in self._keys_in(scalar)]
        if not self.grouped:
            return shown
        groups: dict[str, list[ShownLine]] = {}
        for one in shown:
            groups.setdefault(one.run.group or f"\0{one.run.key}", []).append(one)
        return [_as_group(members) if len(members) > 1 else _as_named(members[0]) for members in groups.values()]

    def read(self, scalar: str, step: float) -> dict[str, float]:
        """Smoothed value at a step by run, or mean by group; without those that have none there."""
        values = {line.run.key: line.trace.value_at(step) for line in self.lines_of(scalar)}
        return {key: value for key, value in values.items() if value is not None}

    def extent(self) -> tuple[float, float]:
        """First and last step of what is shown."""
        shown = self._shown()
        if not shown:
            return 0.0, 1.0
        low, high = min(float(t.steps[0]) for t in shown), max(float(t.steps[-1]) for t in shown)
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def longest(self) -> Trace | None:
        """The shown trace with the most points: its steps are those of the cursor."""
        return max(self._shown(), key=len, default=None)

    def nearest_step(self, value: float) -> float:
        longest = self.longest()
        if longest is None:
            return value
        index = int(np.searchsorted(longest.steps, value))
        around = longest.steps[max(index - 1, 0) : index + 1]
        return float(around[np.argmin(np.abs(around - value))]) if len(around) else value

    def is_log(self, scalar: CurveScalar) -> bool:
        """Whether a scalar is drawn on a log axis where log axes are on."""
        if scalar.log is False:
            return False
        ends = [self.traces[run, scalar.key].extremes for run in self._keys_in(scalar.key)]
        low, high = min((end[0] for end in ends), default=0.0), max((end[1] for end in ends), default=0.0)
        return high > 0 if scalar.log else low > 0 and low * _LOG_FROM <= high

    def _keys_in(self, scalar: str) -> list[str]:
        return [run.key for run in self.runs.values() if run.shown and (run.key, scalar) in self.traces]

    def _shown(self) -> list[Trace]:
        return [
            trace for (run, scalar), trace in self.traces.items()
            if len(trace) and self.runs[run].shown and scalar in self.scalars
        ]


def merged(scalars: Sequence[CurveScalar]) -> dict[str, CurveScalar]:
    """Scalars by key, in order."""
    return {scalar.key: scalar for scalar in scalars}


def _as_named(alone: ShownLine) -> ShownLine:
    """The only run of its group, by the group's name."""
    return ShownLine(replace(alone.run, name=alone.run.group), alone.trace) if alone.run.group else alone


def _as_group(members: list[ShownLine]) -> ShownLine:
    first = members[0].run
    band = band_over([member.trace for member in members])
    mean = Trace()
    mean.append(band.steps, band.mean)
    live = any(member.run.live for member in members)
    return ShownLine(CurveRun(first.group, first.group, first.series, "", live), mean, band, len(members))

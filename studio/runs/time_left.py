"""Time left of a running job, calm enough to read.

The rate is the median over the last 20 s; nothing is said for the first 3 s; the figure changes at most once a second
and, when it rises by more than a fifth, says so. Time comes in as an argument: no clock is read here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

WINDOW = 20.0
SILENT = 3.0
SLOWER_SAID = 10.0
"""Seconds for which it is said that the work is slower than before: long enough to be read."""


@dataclass
class TimeLeft:
    """Feed it with `step`, read `seconds`. One a phase of a run; a new total starts it anew."""

    total: int | None = None
    seconds: float | None = None
    rate: float | None = None
    slower: bool = False
    _seen: deque[tuple[float, int]] = field(default_factory=deque)
    _began: float | None = None
    _told: float = float("-inf")
    _slower_until: float = float("-inf")

    def step(self, now: float, done: int, total: int | None) -> None:
        """`done` of `total` steps at time `now` (seconds of any steady clock)."""
        if total != self.total or (self._seen and done < self._seen[-1][1]):
            self.total, self.seconds, self.rate, self.slower = total, None, None, False
            self._seen.clear()
            self._began, self._slower_until = None, float("-inf")
        if self._began is None:
            self._began = now
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > WINDOW:
            self._seen.popleft()
        if now - self._began < SILENT or now - self._told < 1.0:
            return
        self.rate = self._median_rate()
        if self.total is None or not self.rate:
            return
        before, self.seconds = self.seconds, (self.total - done) / self.rate
        if before is not None and self.seconds > 1.2 * before:
            self._slower_until = now + SLOWER_SAID
        self.slower = now < self._slower_until
        self._told = now

    def _median_rate(self) -> float | None:
        rates = sorted(
            (d1 - d0) / (t1 - t0)
            for (t0, d0), (t1, d1) in zip(self._seen, list(self._seen)[1:], strict=False)
            if t1 > t0
        )
        return rates[len(rates) // 2] if rates else None


@dataclass
class Stopwatch:
    """The time that something has worked, without its pauses."""

    _before: float = 0.0
    _since: float | None = None

    def run(self, now: float, *, on: bool) -> None:
        """It works from `now` on, or does not."""
        self._before = self.seconds(now)
        self._since = now if on else None

    def seconds(self, now: float) -> float:
        """How long it has worked by `now`."""
        return self._before + (0.0 if self._since is None else now - self._since)


def rounded(seconds: float) -> float:
    """Seconds as they are said: whole under a minute, to 5 s under an hour, to 5 min beyond."""
    for limit, grain in ((60.0, 1.0), (3600.0, 5.0)):
        if seconds < limit:
            return max(grain, round(seconds / grain) * grain) if seconds > 0 else 0.0
    return round(seconds / 300.0) * 300.0

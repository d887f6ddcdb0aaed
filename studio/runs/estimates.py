"""How long a run will take and how much memory it needs, learnt from the runs that finished on this machine.

Logarithms of seconds and of bytes are taken to change linearly with the logarithms of sizes and numeric settings, and
by a step with each choice; runs nearby count for more. This is Bayesian linear regression with a local remainder
(Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, section 2.7). The level of a method is unknown
until one run of it has finished: nothing is ever said of a method without one. How the time grows is unknown too;
until two runs say otherwise it grows with the square root of rows and of whole-number settings, which are counts
(steps, images, repeats), and with the number of columns or pixels; memory does not grow. Each is held loosely, and a
question far from what is known gets a wide range. What is learnt of time is processor time, for that is the method's;
how much longer a run takes by the clock is the machine's, and is taken from the last runs.
Symbols: n runs, p features; X (n, p) features of the runs less those of the run that is asked about, which stands at 0.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.data.kinds import DataSet, Images
from engines.data.roles import Role
from studio.exports.atomic import write_text

if TYPE_CHECKING:
    import numpy as np

KEPT = 100
"""Runs that are kept of a method, the newest."""

_LEVEL, _NOISE, _LOCAL, _REACH = 5.0, 0.2, 0.3, 0.7
_STEP = 0.7                                 # spread of what another choice does
_RANGE = 1.28                               # standard deviations to either side: 80 %
_LAST = 3                                   # runs that tell how busy the machine is
_ENOUGH = 6                                 # runs from which the spread is measured by leaving each out
_SMALL = 1e-3                               # fractions below it count as nothing


@dataclass(frozen=True)
class Work:
    """What decides how much there is to do.

    Attributes:
        width: Columns that are used, or values of a picture.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    items: int = 1
    width: int = 1
    threads: int = 1
    device: str = "cpu"

    @staticmethod
    def on(data: DataSet, settings: Mapping[str, Any], threads: int = 1, device: str = "cpu") -> Work:
        """The work of a run on a data set."""
        if isinstance(data, Images):
            width = math.prod(data.pixels.shape[1:])
        else:
            width = sum(column.role is not Role.LEFT_OUT for column in data.attributes.columns)
        return Work(settings, len(data), max(width, 1), threads, device)


@dataclass(frozen=True)
class Span:
    """The likely value, and where it will lie four times in five."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """Seconds and bytes; no memory where the system never told any."""

    seconds: Span
    memory: Span | None


@dataclass(frozen=True)
class _Past:
    work: Work
    seconds: float
    memory: int
    processor: float = 0.0


class Estimates:
    """The runs of every method that finished here, and what they tell of the next one.

    Args:
        folder: Where they are kept, one file a method.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._past: dict[str, list[_Past]] = {}
        self._last: tuple[str, Work, Estimate | None] | None = None        # asked again and again while nothing changes

    def note(self, method: str, work: Work, seconds: float, memory: int, processor: float = 0.0) -> None:
        """Remember a finished run: its seconds, the most memory it held and its processor seconds, 0 when not known."""
        if not math.isfinite(seconds) or seconds <= 0:
            return
        past = [*self._of(method), _Past(work, seconds, memory, processor)][-KEPT:]
        self._past[method], self._last = past, None
        with contextlib.suppress(OSError):         # the run is done; what it teaches is a convenience
            write_text(self._folder / f"{method}.json", json.dumps([asdict(one) for one in past], default=str))

    def of(self, method: str, work: Work) -> Estimate | None:
        """What such a run will take; None when no run of the method has finished here."""
        if self._last is None or self._last[:2] != (method, work):
            self._last = method, work, self._estimate(self._of(method), work)
        return self._last[2]

    @staticmethod
    def _estimate(past: Sequence[_Past], work: Work) -> Estimate | None:
        if not past:
            return None
        seconds = _predicted([one.work for one in past], *_without_waiting(past, work), work, grows=True)
        told = [one for one in past if one.memory > 0]
        bytes_of = [math.log(one.memory) for one in told]
        memory = _predicted([one.work for one in told], bytes_of, 0.0, work, grows=False)
        assert seconds is not None
        return Estimate(seconds, memory)

    def _of(self, method: str) -> list[_Past]:
        if method not in self._past:
            self._past[method] = _read(self._folder / f"{method}.json")
        return self._past[method]


def _read(path: Path) -> list[_Past]:
    """What was kept; nothing of a file that cannot be read."""
    try:
        return [
            _Past(Work(**plain["work"]), float(plain["seconds"]), int(plain["memory"]), float(plain["processor"]))
            for plain in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _without_waiting(past: Sequence[_Past], asked: Work) -> tuple[list[float], float]:
    """Logarithms of the seconds had the machine been as busy as it is now, and how much that varied of late.

    Runs of which no processor time is known stay as they are; so do all when none of the last was on this device.
    """
    waits = {
        place: math.log(one.seconds / one.processor) for place, one in enumerate(past)
        if one.processor > 0 and (one.work.device, one.work.threads) == (asked.device, asked.threads)
    }
    last = list(waits.values())[-_LAST:]
    if not last:
        return [math.log(one.seconds) for one in past], 0.0
    now = sum(last) / len(last)
    spread = math.sqrt(sum((wait - now) ** 2 for wait in last) / len(last))
    return [math.log(one.seconds) - waits.get(place, now) + now for place, one in enumerate(past)], spread


def _predicted(
    past: Sequence[Work], values: Sequence[float], apart: float, asked: Work, *, grows: bool
) -> Span | None:
    """The value at the work that is asked about; `values` are logarithms, `apart` is what else they vary by."""
    if not values:
        return None
    import numpy as np

    X, slope, loose = _features(past, asked, grows)
    y = np.asarray(values)
    base = y.mean()
    left = y - base - X @ slope
    far = ((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)
    K = _LEVEL**2 + (X * loose**2) @ X.T + _LOCAL**2 * np.exp(-far / (2 * _REACH**2)) + _NOISE**2 * np.eye(len(y))
    k = _LEVEL**2 + _LOCAL**2 * np.exp(-(X**2).sum(axis=1) / (2 * _REACH**2))
    inverse = np.linalg.inv(K)
    weights = inverse @ left
    mean = base + k @ weights
    variance = max(_LEVEL**2 + _LOCAL**2 + _NOISE**2 - k @ inverse @ k, _NOISE**2)
    spread = _RANGE * math.sqrt(variance * _surprise(weights, inverse) ** 2 + apart**2)
    return Span(*(float(np.exp(mean + by)) for by in (-spread, 0.0, spread)))


def _surprise(weights: np.ndarray, inverse: np.ndarray) -> float:
    """How much farther the runs lie from what the others say of them than expected; weights (n,), inverse (n, n)."""
    if len(weights) < _ENOUGH:
        return 1.0
    deviations = weights / inverse.diagonal() ** 0.5            # each run left out, in standard deviations
    return float(min(max((deviations**2).mean() ** 0.5, 0.7), 3.0))


def _features(past: Sequence[Work], asked: Work, grows: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X (n, p), what is expected of each slope (p,), and how loosely (p,)."""
    import numpy as np

    columns: list[list[float]] = []
    slopes: list[tuple[float, float]] = []

    def number(values: Sequence[float], there: float, expected: float, loose: float) -> None:
        columns.append([value - there for value in values])
        slopes.append((expected if grows else 0.0, loose if grows else loose / 2))

    number([math.log(max(work.items, 1)) for work in past], math.log(max(asked.items, 1)), 0.5, 0.5)
    number([math.log(work.width) for work in past], math.log(asked.width), 1.0, 1.0)
    number([math.log(work.threads) for work in past], math.log(asked.threads), 0.0, 0.5)
    rows = [{**work.settings, "device": work.device} for work in past]
    wanted = {**asked.settings, "device": asked.device}
    for name in sorted(set(wanted).union(*rows)):
        values, there = [row.get(name) for row in rows], wanted.get(name)
        if all(value == there for value in values):
            continue
        if all(_is_number(value) for value in (*values, there)):
            whole = all(isinstance(value, int) for value in (*values, there))
            number([_scaled(value, whole) for value in values], _scaled(there, whole), 0.5 if whole else 0.0, 0.5)
            continue
        texts, here = [_text(value) for value in values], _text(there)
        for other in sorted(set(texts) - {here}):
            columns.append([float(text == other) for text in texts])
            slopes.append((0.0, _STEP if grows else _STEP / 2))
    X = np.array(columns).T
    used = np.any(X != 0, axis=0)
    expected, loose = np.array(slopes).T
    return X[:, used], expected[used], loose[used]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _scaled(value: Any, whole: bool) -> float:
    """Close to a logarithm where the value is not small, and defined at zero."""
    return math.copysign(math.log1p(abs(value) / (1 if whole else _SMALL)), value)


def _text(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, sort_keys=True, default=str)

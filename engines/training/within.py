"""A training inside a run that has its own account: progress, pause and cancel pass, everything else stays inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch

from engines.contract import Run
from engines.results import Result


class Within:
    """A `Run` for one part of a larger run, such as one of many models that are trained one after the other.

    Curves, results and checkpoints are the larger run's own: those of the part are dropped. Its random numbers are its
    own as well, from `seed`, so that a part is the same wherever the larger run is resumed.
    """

    def __init__(self, run: Run, seed: int) -> None:
        self._run = run
        self.device, self.threads = run.device, run.threads
        self.generator = np.random.default_rng(seed)
        self.torch_generator = torch.Generator().manual_seed(seed)
        self.resumed: Mapping[str, Any] | None = None

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:
        """Dropped."""

    def show(self, result: Result) -> None:
        """Dropped."""

    def message(self, text: str) -> None:
        """To the larger run's log."""
        self._run.message(text)

    def steps(self, work: int | Iterable[Any], phase: str, *, start: int = 0) -> Iterator[Any]:
        """Progress, pause and cancel of the larger run."""
        return self._run.steps(work, phase, start=start) if isinstance(work, int) else self._run.steps(work, phase)

    def checkpoint(self, state: Callable[[], Mapping[str, Any]]) -> None:
        """Dropped."""

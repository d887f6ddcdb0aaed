"""The engines of this machine, one a device, as the panels see them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engines.contract import Budget
from engines.data.reference import DataReference
from engines.runtime.instructions import LaneRole
from engines.runtime.messages import RunRequest
from studio.engine.engine import Engine
from studio.engine.job import Job
from studio.engine.thread import log_file


class Engines(QObject):
    """Runs and models go to the engine of their device; what any engine tells is told here.

    An engine begins when something is first sent to its device, and each has a queue and lanes of its own: a run on
    the processor and one on a graphics card work at the same time. Signals come in the GUI thread; see `Engine`.
    """

    began = Signal(object)                  # Engine: of a device that was not used before
    run_changed = Signal(object)            # RunChanged
    events = Signal(object)                 # Events
    run_ended = Signal(object)              # RunEnded
    model_opened = Signal(object)           # ModelOpened
    answered = Signal(object)               # Answered
    refused = Signal(object)                # Refused
    all_ended = Signal()                    # after `end_runs`: no engine has a run left
    lane_changed = Signal(object)           # LaneChanged
    alarmed = Signal(object)                # str

    def __init__(self, device: str = "cpu", logs: Path | None = None, parent: QObject | None = None) -> None:
        """`device`: where new runs and models go; it can be changed. `logs`: folder of the lanes' logs, or None."""
        super().__init__(parent)
        self.device = device
        self._logs = logs or Path(tempfile.mkdtemp(prefix="otherwise-logs-"))
        self._engines: dict[str, Engine] = {}
        self._of_run: dict[int, Engine] = {}
        self._of_model: dict[str, Engine] = {}
        self._numbers: dict[str, int] = {}
        self._ending: set[str] = set()
        self.of(device)

    def of(self, device: str) -> Engine:
        """The engine of a device."""
        if device not in self._engines:
            engine = self._engines[device] = Engine(device, self._logs, self, self._numbers)
            for name in (
                "run_changed", "events", "run_ended", "model_opened", "answered", "refused", "lane_changed", "alarmed",
            ):
                getattr(engine, name).connect(getattr(self, name))
            engine.all_ended.connect(partial(self._take_all_ended, device))
            self.began.emit(engine)
        return self._engines[device]

    def all(self) -> tuple[Engine, ...]:
        """The engines that have begun, the first of them first."""
        return tuple(self._engines.values())

    def pids(self) -> tuple[int, ...]:
        """The processes of all lanes."""
        return tuple(pid for engine in self.all() for pid in engine.pids.values() if pid)

    # runs

    def submit(self, request: RunRequest) -> Job:
        """Put a run into the queue of its device."""
        engine = self._of_run[request.run] = self.of(request.device)
        return engine.submit(request)

    def cancel(self, run: int) -> None:
        """Stop a run: at its next step, by force after 5 s."""
        if run in self._of_run:
            self._of_run[run].cancel(run)

    def pause(self, run: int) -> None:
        """Hold a run at its next step."""
        if run in self._of_run:
            self._of_run[run].pause(run)

    def resume(self, run: int) -> None:
        """Let a paused run go on."""
        if run in self._of_run:
            self._of_run[run].resume(run)

    def move(self, run: int, place: int) -> None:
        """Give a queued run another place in the queue of its device; 0 is next."""
        if run in self._of_run:
            self._of_run[run].move(run, place)

    def end_runs(self) -> None:
        """Interrupt every run and empty the queues; `all_ended` comes after the last ending."""
        self._ending = set(self._engines)
        for engine in self.all():
            engine.end_runs()

    def _take_all_ended(self, device: str) -> None:
        self._ending.discard(device)
        if not self._ending:
            self.all_ended.emit()

    # models

    def open_model(self, model: str, folder: Path | str, data: DataReference | None = None, threads: int = 1) -> None:
        """Load a model on the device that new models go to; answered by `model_opened` or `refused`."""
        before, engine = self._of_model.get(model), self.of(self.device)
        if before is not None and before is not engine:
            before.close_model(model)
        self._of_model[model] = engine
        engine.open_model(model, folder, data, threads)

    def ask(
        self,
        view: str,
        model: str,
        items: tuple[int, ...] = (),
        *,
        do: Mapping[str, float | str] | None = None,
        values: Mapping[str, Any] | None = None,
        seed: int = 0,
        budget: Budget = Budget.FINAL,
        yields: bool = False,
        measure: bool = False,
    ) -> int:
        """Put a query where its model is; see `Engine.ask`. Its number grows by view, whichever engine answers."""
        engine = self._of_model.get(model) or self.of(self.device)
        return engine.ask(
            view, model, items, do=do, values=values, seed=seed, budget=budget, yields=yields, measure=measure
        )

    def close_model(self, model: str) -> None:
        """Forget a model."""
        if (engine := self._of_model.pop(model, None)) is not None:
            engine.close_model(model)

    # lanes

    def log_of(self, role: LaneRole, device: str) -> Path:
        """The log of a lane; its engine need not have begun."""
        return log_file(self._logs, device, role)

    @Slot()
    def close(self, seconds: float = 10.0) -> bool:
        """End every lane and thread of every engine, all at the same time; see `Engine.close`."""
        for engine in self.all():
            engine.stop()
        ended = [engine.close(seconds) for engine in self.all()]
        return all(ended)

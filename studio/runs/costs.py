"""What runs cost on this machine: each finished run is measured for the next estimate, and the estimate in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from engines.runtime.messages import ENDED, RunState
from studio.runs.estimates import Estimate, Estimates, Span, Work
from studio.runs.machine import memory
from studio.runs.runs import RunInfo, Runs
from studio.workspace import Workspace
from widgets.numbers import NO_BREAK, format_bytes, format_number

_ASKED = 12


class RunCosts(QObject):
    """Measures the runs of the project; a run that was paused or goes on from a checkpoint is not counted.

    Args:
        threads: How many threads the next run will have.
    """

    changed = Signal()                      # estimates may be others now

    def __init__(
        self, runs: Runs, workspace: Workspace, estimates: Estimates, threads: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runs, self._workspace, self._estimates, self._threads = runs, workspace, estimates, threads
        self._working: dict[int, Work] = {}
        self._measured = 0                  # the run that was last seen to work
        runs.added.connect(self._take_new)
        runs.changed.connect(self._take_change)
        runs.ended.connect(self._take_end)

    def of(self, method: str, settings: Mapping[str, Any]) -> Estimate | None:
        """What a run on the current data will take; None without data, or when none of the method finished here."""
        opened = self._workspace.data
        if opened is None:
            return None
        return self._estimates.of(method, Work.on(opened.data, settings, self._threads()))

    def is_measuring(self, method: str) -> bool:
        """Whether a run of the method works now."""
        current = self._runs.current
        return current is not None and current.request.method == method and current.state is not RunState.QUEUED

    def short(self, method: str, settings: Mapping[str, Any]) -> str:
        """For beside the button: "about 40 s"; empty when nothing is known."""
        estimate = self.of(method, settings)
        return "" if estimate is None else about_seconds(estimate.seconds.likely)

    def sweep_words(self, method: str, settings: Sequence[Mapping[str, Any]]) -> str:
        """For several runs, one after the other: "12 runs, about 8 min, 6 to 14"."""
        count = self.tr("{} run") if len(settings) == 1 else self.tr("{} runs")
        count = count.format(format_number(len(settings)))
        some = settings[:: max(1, len(settings) // _ASKED)]         # of a large sweep an even selection stands for all
        found = [self.of(method, one) for one in some]
        spans = [one.seconds for one in found if one is not None]
        if not spans:
            return self.tr("{}; no run of this method yet").format(count)
        times = len(settings) / len(spans)
        whole = Span(*(times * sum(getattr(span, name) for span in spans) for name in ("low", "likely", "high")))
        return f"{count}, {with_range(whole)}"

    def words(self, method: str, settings: Mapping[str, Any]) -> str:
        """In full: "about 40 s, 30 to 60; 1.1 of 7.8 GB; CPU, 1 thread"."""
        if self._workspace.data is None:
            return self.tr("no data yet")
        threads = self._threads()
        where = self.tr("CPU, {} thread") if threads == 1 else self.tr("CPU, {} threads")
        return f"{self._known(method, settings)}; {where.format(threads)}"

    def _known(self, method: str, settings: Mapping[str, Any]) -> str:
        estimate = self.of(method, settings)
        if estimate is None:
            return self.tr("measuring") if self.is_measuring(method) else self.tr("no run of this method yet")
        parts = [with_range(estimate.seconds)]
        if estimate.memory is not None:
            _, total = memory(())
            parts.append(of_memory(estimate.memory.likely, total))
        return "; ".join(parts)

    @Slot(object)
    def _take_new(self, info: RunInfo) -> None:
        if info.state in ENDED:
            return
        request = info.request
        opened = next((one for one in self._workspace.datasets if one.reference == request.data), None)
        if opened is not None and not request.resume:
            self._working[info.number] = Work.on(opened.data, request.parameters, request.threads, request.device)
        self.changed.emit()

    @Slot(object)
    def _take_change(self, info: RunInfo) -> None:
        if info.state is RunState.PAUSED:
            self._working.pop(info.number, None)
        if info.state is RunState.RUNNING and info.number != self._measured:
            self._measured = info.number
            self.changed.emit()

    @Slot(object)
    def _take_end(self, info: RunInfo) -> None:
        work = self._working.pop(info.number, None)
        if work is not None and info.state is RunState.DONE and info.ended is not None:
            ended = info.ended
            self._estimates.note(info.request.method, work, ended.seconds, ended.memory, ended.cpu_seconds)
        self.changed.emit()


def about_seconds(seconds: float) -> str:
    """"about 40 s"."""
    if seconds < 1:
        return f"under 1{NO_BREAK}s"
    size, unit = _unit(seconds)
    return f"about {_number(seconds / size, unit)}"


def with_range(span: Span) -> str:
    """"about 40 s, 30 to 60"; the range is in the same unit."""
    if span.high < 1:
        return about_seconds(span.likely)
    size, _ = _unit(max(span.likely, 1))
    return f"{about_seconds(span.likely)}, {_number(span.low / size)} to {_number(span.high / size)}"


def of_memory(used: float, total: int) -> str:
    """"1.1 of 7.8 GB", or without the whole where the system does not tell it."""
    if not total:
        return format_bytes(used)
    return f"{format_number(used / 1e9, '', 1)} of {format_number(total / 1e9, 'GB', 1)}"


def _unit(seconds: float) -> tuple[int, str]:
    if seconds < 90:
        return 1, "s"
    return (60, "min") if seconds < 5400 else (3600, "h")


def _number(value: float, unit: str = "") -> str:
    shown = _rounded(value)
    return format_number(shown, unit, 0 if shown.is_integer() else 1)


def _rounded(value: float) -> float:
    """No finer than an estimate is: to halves below 3, whole below 10, else two digits of which the last is 0 or 5."""
    if value < 10:
        return round(2 * value) / 2 if value < 3 else float(round(value))
    grain = 10 ** (len(str(int(value))) - 1) / (10 if value < 30 else 2)
    return float(round(value / grain) * grain)

"""Checks at a click: the command `otherwise check METHOD` in a child process, its progress, and its end.

Killing it loses nothing but its own figures: a check leaves nothing behind but its verdict. It ends with the window.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

from engines.runtime.devices import THREAD_VARIABLES
from studio.catalogue import Catalogue

_SECONDS_TO_END = 2000          # ms


@dataclass(frozen=True)
class Checking:
    """Where a check is: what it measures, so much of so many (None: not known), which part it is, seconds so far."""

    phase: str = ""
    done: int = 0
    total: int | None = None
    part: int = 0
    seconds: float = 0.0


def command(method: str, threads: str) -> list[str]:
    """What a check is started with: the command line's own check."""
    return [sys.executable, "-m", "studio", "check", method, "--json", "--threads", threads]


class CheckRuns(QObject):
    """One check at a time.

    Args:
        threads: How many threads a check may use.
    """

    changed = Signal(str)                   # id of a method: its check began, went on or ended

    def __init__(self, catalogue: Catalogue, threads: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue, self._threads = catalogue, threads
        self._method = ""
        self._state = Checking()
        self._began = 0.0
        self._stopped = False
        self._error: dict[str, Any] = {}
        self._failures: dict[str, tuple[str, str]] = {}
        self._process: QProcess | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)

    @property
    def running(self) -> str:
        """The method that is checked now, or ""."""
        return self._method

    @property
    def state(self) -> Checking:
        """Where the running check is."""
        return self._state

    def failure(self, method: str) -> tuple[str, str]:
        """Why the last check of this session ended without a verdict: sentence and cause; ("", "") when it did not."""
        return self._failures.get(method, ("", ""))

    def expected(self, method: str) -> float:
        """About how many seconds a check takes: as the last one here did, or as it announces itself."""
        announced = self._catalogue.get(method)
        if announced.verdict is not None:
            return announced.verdict.seconds
        return announced.check.minutes * 60 if announced.check is not None else 0.0

    def start(self, method: str) -> None:
        """Check a method; nothing when one is checked already."""
        if self._method:
            return
        self._method, self._state, self._began, self._stopped = method, Checking(), time.monotonic(), False
        self._error = {}
        self._failures.pop(method, None)
        threads = str(self._threads())
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name in THREAD_VARIABLES:
            environment.insert(name, threads)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._take_end)
        process.errorOccurred.connect(self._take_error)
        program, *arguments = command(method, threads)
        process.start(program, arguments)
        self._clock.start()
        self.changed.emit(method)

    def stop(self) -> None:
        """End the running check; the verdict of before stays."""
        if self._process is not None:
            self._stopped = True
            self._process.kill()

    def close(self) -> None:
        """End the running check and wait for its process."""
        process, self._process = self._process, None
        self._clock.stop()
        self._method = ""
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_SECONDS_TO_END)
            process.deleteLater()

    @Slot()
    def _read(self) -> None:
        """Take up what the check says; the clock passes it on, for it says more than can be read."""
        process = self._process
        while process is not None and process.canReadLine():
            try:
                told = json.loads(bytes(process.readLine().data()).decode("utf-8"))
            except ValueError:
                continue
            if "phase" in told:
                before = self._state
                part = before.part + (told["phase"] != before.phase)
                self._state = Checking(told["phase"], told["done"], told["total"], part, before.seconds)
            elif "error" in told:
                self._error = told

    @Slot()
    def _tick(self) -> None:
        state = self._state
        seconds = time.monotonic() - self._began
        self._state = Checking(state.phase, state.done, state.total, state.part, seconds)
        self.changed.emit(self._method)

    @Slot(QProcess.ProcessError)
    def _take_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(self.tr("The check could not be started."), "" if self._process is None else
                      self._process.errorString())

    @Slot(int, QProcess.ExitStatus)
    def _take_end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        process = self._process
        errors = "" if process is None else bytes(process.readAllStandardError().data()).decode("utf-8", "replace")
        if self._stopped:
            self._end(self.tr("The check was stopped before it had a verdict."), "")
        elif self._error:
            self._end(self._error["error"], self._error.get("cause", ""))
        elif status is QProcess.ExitStatus.CrashExit or code not in (0, 1) or "Traceback" in errors:
            lines = errors.strip().splitlines()
            said = lines[-1] if lines else self.tr("It ended with code {}.").format(code)
            self._end(self.tr("The check ended by itself, without a verdict."), said)
        else:
            self._catalogue.read_check(self._method)
            self._end("", "")

    def _end(self, sentence: str, cause: str) -> None:
        method, self._method = self._method, ""
        self._clock.stop()
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if sentence:
            self._failures[method] = sentence, cause
        self.changed.emit(method)

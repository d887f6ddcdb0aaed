"""Writing a model's networks in another format, in a process of its own: the window never imports torch."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from engines.refusals import Refusal
from engines.runtime.devices import THREAD_VARIABLES

_KILL_AFTER = 2000          # ms between asking the process to end and ending it


class ModelExport(QObject):
    """Runs `otherwise export` for one model at a time; it can be stopped, and then leaves nothing behind."""

    progressed = Signal(int, int)           # parts done, all parts
    written = Signal(object)                # Path of the folder
    refused = Signal(object)                # Refusal
    stopped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._out = Path()
        self._said: dict[str, object] = {}
        self._stopping = False

    @property
    def busy(self) -> bool:
        return self._process is not None

    def start(self, folder: Path, to: str, out: Path, threads: int = 1) -> None:
        """Export the model in `folder`; what comes of it is told by signals.

        Raises:
            Refusal: while another model is exported.
        """
        if self._process is not None:
            raise Refusal(self.tr("Another model is being exported."), self.tr("Wait for it, or stop it."))
        self._out, self._said, self._stopping = out, {}, False
        environment = QProcessEnvironment.systemEnvironment()
        for name in THREAD_VARIABLES:
            environment.insert(name, str(threads))
        self._process = process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        process.start(
            sys.executable,
            ["-m", "studio", "export", str(folder), "--to", to, "--out", str(out), "--json"],
        )

    def stop(self) -> None:
        """End it; nothing half-written stays."""
        if self._process is not None:
            self._stopping = True
            self._process.kill()

    def close(self) -> None:
        """End it and wait for its end, as the studio closes."""
        process = self._process
        if process is not None:
            self.stop()
            process.waitForFinished(_KILL_AFTER)

    def _read(self) -> None:
        assert self._process is not None
        while self._process.canReadLine():
            try:
                told = json.loads(bytes(self._process.readLine().data()))
            except ValueError:
                continue
            if not isinstance(told, dict):
                continue
            self._said |= told
            if isinstance(told.get("done"), int) and isinstance(told.get("total"), int):
                self.progressed.emit(told["done"], told["total"])

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._finish(1)

    def _finish(self, code: int) -> None:
        process = self._process
        if process is None:
            return
        self._read()
        last_words = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        self._process = None
        process.deleteLater()
        if code == 0 and not self._stopping:
            self.written.emit(self._out)
            return
        shutil.rmtree(self._out.with_name(f".{self._out.name}.part"), ignore_errors=True)
        if self._stopping:
            self.stopped.emit()
        elif "error" in self._said:
            self.refused.emit(Refusal(str(self._said["error"]), str(self._said.get("cause", ""))))
        else:
            last = last_words.splitlines()[-1] if last_words else ""
            self.refused.emit(Refusal(self.tr("The model could not be written."), last))

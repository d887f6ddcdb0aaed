"""One process of a lane: started, written to, listened to, ended, and its end explained."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from engines.runtime.devices import THREAD_VARIABLES
from engines.runtime.frames import FrameWriter, read_message
from engines.runtime.instructions import LaneGone, LaneRole, LaneSaid
from engines.runtime.messages import ToLane

_LONGEST_LOG = 4 << 20
_TAIL = 4000
_READER_SECONDS = 5.0

Tell = Callable[[LaneSaid | LaneGone], None]


class LaneProcess:
    """A running lane.

    Three threads belong to it: one reads, one writes (a lane that hangs must not hold up the engine), one waits for
    its end. All three end with the process.

    Args:
        tell: Gets what the lane says and, once and last, that it is gone; from these threads.

    Raises:
        OSError: when the process cannot be started.
    """

    def __init__(self, role: LaneRole, life: int, threads: int, log: Path, tell: Tell) -> None:
        self.role = role
        self._life = life
        self._tell = tell
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LONGEST_LOG:
            log.replace(log.with_suffix(".1.log"))
        self._memory_kills = _memory_kills()
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
        environment.update({name: str(threads) for name in THREAD_VARIABLES})
        with log.open("ab") as errors:
            self._log_start = errors.tell()
            self._process = _started(role, environment, errors)
        self._outbox: SimpleQueue[ToLane | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=work, name=f"{role} lane, {name}", daemon=True)
            for name, work in (("reader", self._read), ("writer", self._write), ("waiter", self._wait))
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: ToLane) -> None:
        """Hand a message over; it is written by another thread. One that cannot be delivered is followed by the end."""
        self._outbox.put(message)

    def kill(self) -> None:
        """End the process and whatever it started, by force."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def join(self, seconds: float) -> bool:
        """Wait for its threads; whether they have ended in time."""
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            try:
                while (message := read_message(stream)) is not None:
                    self._tell(LaneSaid(self.role, self._life, message))
            except ValueError:
                with self._log.open("a", encoding="utf-8") as log:
                    traceback.print_exc(file=log)
                self.kill()

    def _write(self) -> None:
        assert self._process.stdin is not None
        writer = FrameWriter(self._process.stdin)
        try:
            while (message := self._outbox.get()) is not None:
                writer.send(message)
        except OSError:
            pass  # the process is gone: the waiter says so
        finally:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _wait(self) -> None:
        code = self._process.wait()
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)  # children that hold the pipe open
        self._outbox.put(None)
        self._threads[0].join(_READER_SECONDS)
        name = _signal_name(code)
        out_of_memory = name == "SIGKILL" and _memory_kills() > self._memory_kills
        self._tell(LaneGone(self.role, self._life, code, name, out_of_memory, self._last_words()))

    def _last_words(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - _TAIL))
                return log.read().decode("utf-8", errors="replace")
        except OSError:
            return ""


def _started(role: LaneRole, environment: dict[str, str], errors: BinaryIO) -> subprocess.Popen[bytes]:
    """The process of a lane, at the head of a group of its own; what it complains of is appended to `errors`."""
    return subprocess.Popen(
        [sys.executable, "-m", "engines.runtime.lane", "--role", str(role)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment, start_new_session=True,
    )


def _signal_name(code: int) -> str:
    """The signal that ended a process with this exit code, or empty."""
    try:
        return signal.Signals(-code).name if code < 0 else ""
    except ValueError:
        return f"signal {-code}"


def _memory_kills() -> int:
    """How many processes the system has ended for lack of memory; 0 where it does not tell."""
    total = 0
    for path in (Path("/sys/fs/cgroup/memory.events"), Path("/proc/vmstat")):
        with contextlib.suppress(OSError, ValueError):
            for line in path.read_text(encoding="ascii").splitlines():
                name, _, count = line.partition(" ")
                if name == "oom_kill":
                    total += int(count)
    return total

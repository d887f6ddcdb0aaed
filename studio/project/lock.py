"""The lock of a project: one studio writes, others read. It names process and machine."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class Holder:
    """Who has a project open. `born` tells two processes with one number apart; empty where the system does not."""

    process: int
    machine: str
    born: str = ""

    @staticmethod
    def this() -> Holder:
        return Holder(os.getpid(), socket.gethostname(), _born(os.getpid()))

    def __str__(self) -> str:
        return f"process {self.process} on {self.machine}"

    @property
    def alive(self) -> bool:
        """False only when it is certain: a process of this machine that is gone."""
        if self.machine != socket.gethostname():
            return True
        return _runs(self.process) and (not self.born or _born(self.process) == self.born)


_held: set[Path] = set()
"""The locks of this process: one of its own number that is not among them was left by an earlier process."""


class ProjectLock:
    """A file that exists while a project is open for writing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine: Holder | None = None

    def take(self, *, by_force: bool = False) -> Holder | None:
        """Take the lock, also from a holder that is gone; the one who holds it when that is another.

        `by_force` takes it in any case: for a machine that was switched off.
        """
        me = Holder.this()
        while True:
            try:
                with self._path.open("x", encoding="utf-8") as file:
                    self._fill(file, me)
            except FileExistsError:
                holder = self.holder()
                ours = holder == me and self._path in _held
                if holder is not None and (ours or (holder != me and holder.alive and not by_force)):
                    return holder
                self._remove(holder)
                by_force = False
            else:
                self._mine = me
                _held.add(self._path)
                return None

    def _fill(self, file: TextIO, me: Holder) -> None:
        try:
            json.dump(asdict(me), file)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            self._path.unlink(missing_ok=True)
            raise

    def holder(self) -> Holder | None:
        """Who holds it; None when nobody does, or the file was cut off."""
        try:
            return Holder(**json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def release(self) -> None:
        """Give it back, if it is still ours."""
        if self._mine is not None:
            if self.holder() == self._mine:
                self._path.unlink(missing_ok=True)
            _held.discard(self._path)
        self._mine = None

    def _remove(self, stale: Holder | None) -> None:
        """Remove a stale lock, and only that one: another studio may be doing the same."""
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            self._path.rename(aside)
            if ProjectLock(aside).holder() == stale:
                aside.unlink()
            else:
                aside.rename(self._path)


def _runs(process: int) -> bool:
    if os.name == "nt":
        return _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259  # STILL_ACTIVE


def _born(process: int) -> str:
    """When a process was started, in the system's own units; empty where it does not tell."""
    try:
        facts = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
        return facts.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

"""Lanes forked from a process that has loaded torch already: each is there at once instead of after seconds.

From the fork on they are the lanes of the application: a process, a session and pipes of their own. That a lane starts
from nothing is shown by `tests/engine` and by the tests that start the whole application.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import BinaryIO
from unittest.mock import patch

from engines.runtime.instructions import LaneRole

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["torch", "engines.runtime.lane", "engines.catalogue"])


class ForkedLane:
    """Stands where a lane's `subprocess.Popen` stands."""

    def __init__(self, role: LaneRole, environment: dict[str, str], errors: BinaryIO) -> None:
        theirs, self._to = _FORKS.Pipe(duplex=False)
        self._from, answers = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_serve, args=(str(role), environment, errors.name, theirs, answers))
        self._process.start()
        theirs.close()
        answers.close()
        assert self._process.pid is not None
        self.pid = self._process.pid
        self.stdin = os.fdopen(os.dup(self._to.fileno()), "wb")
        self.stdout = os.fdopen(os.dup(self._from.fileno()), "rb")
        self._to.close()
        self._from.close()

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for its end; the exit code, None when it goes on."""
        self._process.join(seconds)
        return self._process.exitcode

    def kill(self) -> None:
        """End it by force."""
        self._process.kill()


def _serve(role: str, environment: dict[str, str], log: str, incoming: Connection, outgoing: Connection) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [one for one in environment.get("PYTHONPATH", "").split(os.pathsep) if one and one not in sys.path]
    os.dup2(incoming.fileno(), 0)
    os.dup2(outgoing.fileno(), 1)
    errors = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(errors, 2)
    for one in (incoming, outgoing):
        one.close()
    os.close(errors)
    from engines.runtime.lane import main

    main(["--role", role])


@contextmanager
def forked_lanes() -> Iterator[list[ForkedLane]]:
    """Within it lanes are forked, where the system can; those that were."""
    started: list[ForkedLane] = []

    def start(role: LaneRole, environment: dict[str, str], errors: BinaryIO) -> ForkedLane:
        started.append(ForkedLane(role, environment, errors))
        return started[-1]

    if "forkserver" not in multiprocessing.get_all_start_methods():
        yield started
        return
    with patch("studio.engine.lanes._started", start):
        yield started

"""What this machine has: cores to train on, memory in use."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def free_cores() -> int:
    """Threads for a run: all physical cores but one, at least one."""
    return max(1, (os.cpu_count() or 2) - 1)


def memory(lanes: Iterable[int]) -> tuple[int, int]:
    """(bytes that this process and the lanes hold, bytes that the machine has); zeros where the system does not tell.

    Args:
        lanes: Process ids of the lanes.
    """
    used = sum(_resident(pid) for pid in (os.getpid(), *lanes))
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return used, 0
    return used, total


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

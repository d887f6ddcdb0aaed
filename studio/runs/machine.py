"""Memory that the studio holds, and that this machine has."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def memory(lanes: Iterable[int]) -> tuple[int, int]:
    """(bytes that this process and the lanes hold, bytes that the machine has); zeros where the system does not tell.

    Args:
        lanes: Process ids of the lanes.
    """
    used = sum(resident(pid) for pid in (os.getpid(), *lanes))
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return used, 0
    return used, total


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone, or the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

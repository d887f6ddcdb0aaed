"""How much may be read: free memory, and what a compressed file may unfold to."""

from __future__ import annotations

import os
from pathlib import Path

from engines.refusals import Refusal

MOST_UNFOLDING = 400
"""A compressed file may unfold to so many times its size; real data stay below 100."""

_SHARE = 0.8                        # of the free memory that one data set may take

SMALL = 64 * 1024 * 1024
"""Whatever unfolds to less than this is read without asking how it was packed."""


def free_memory() -> int:
    """Bytes that can be allocated now without swapping; 8 GB where the system does not tell."""
    return min(_free_on_the_machine(), _free_in_the_container())


def _free_in_the_container() -> int:
    """What a limit set on the group of processes leaves, where there is one."""
    group = Path("/sys/fs/cgroup")
    try:
        return int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
    except (OSError, ValueError):
        return 1 << 62


def _free_on_the_machine() -> int:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return 8 * 1024**3


def in_words(size: float) -> str:
    """A number of bytes as the analyst reads it, such as "18 kB" or "1.4 GB"."""
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    short = size >= 100 or unit == "bytes" or (unit == "kB" and size >= 10) or size == round(size)
    digits = 0 if short else 1
    return f"{size:,.{digits}f} {unit}"


def fits(needed: int) -> bool:
    """Whether so many bytes leave the machine some memory to work with."""
    return needed <= _SHARE * free_memory()


def check_memory(name: str, needed: int) -> None:
    """Refuse what does not fit into memory.

    Raises:
        Refusal: with the size and what is free.
    """
    free = free_memory()
    if needed > _SHARE * free:
        raise Refusal(
            f"{name} needs {in_words(needed)} of memory; {in_words(free)} are free.",
            "Take a part of it, or close other programs.",
            about=(name,),
        )


def check_unfolding(name: str, packed: int, unfolded: int) -> None:
    """Refuse a compressed file that unfolds out of all proportion, or into more than there is memory for.

    Raises:
        Refusal: with both sizes.
    """
    check_proportion(name, packed, unfolded)
    check_memory(name, unfolded)


def check_proportion(name: str, packed: int, unfolded: int) -> None:
    """Refuse a compressed file that unfolds out of all proportion (a "zip bomb").

    Raises:
        Refusal: with both sizes.
    """
    if unfolded > SMALL and unfolded > MOST_UNFOLDING * max(packed, 1):
        raise Refusal(
            f"{name} would unfold from {in_words(packed)} to {in_words(unfolded)}, which no honest data do.",
            "It is not opened. Ask where the file came from.",
            about=(name,),
        )

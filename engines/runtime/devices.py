"""Devices and threads: what is there, and how many threads a run may use."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from engines.refusals import Refusal

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What numerical libraries read when they are loaded."""


def check_device(device: str) -> None:
    """Refuse a device that is not there.

    Raises:
        Refusal: with the way out.
    """
    if device == "cpu":
        return
    import torch

    kind, _, number = device.partition(":")
    there = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}.get(kind, 0)
    if not (number or "0").isdecimal() or int(number or 0) >= there:
        raise Refusal(
            f"{device} is not there.", "The run can go on with the CPU.", ("Use CPU", "Choose a device"), (device,)
        )


@contextmanager
def held_threads(threads: int) -> Iterator[None]:
    """BLAS and torch held to `threads` inside. Looking for the libraries takes some milliseconds."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    torch = sys.modules.get("torch")
    before = torch.get_num_threads() if torch else threads
    with threadpool_limits(limits=threads):
        hold_torch(threads)
        try:
            yield
        finally:
            hold_torch(before)


def hold_torch(threads: int) -> None:
    """Hold torch, where it is loaded, to `threads` from now on."""
    torch = sys.modules.get("torch")
    if torch and torch.get_num_threads() != threads:
        torch.set_num_threads(threads)


@cache
def default_threads() -> int:
    """max(1, physical cores - 1): two torch threads beside any other load on two cores are many times slower."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(_physical_cores(), allowed) - 1)


def _physical_cores() -> int:
    logical = os.cpu_count() or 1
    if platform.system() == "Darwin":
        told = subprocess.run(["/usr/sbin/sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True, check=False)
        return int(told.stdout) if told.stdout.strip().isdecimal() else logical
    cores: set[tuple[str, str]] = set()
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for block in listing.read_text(encoding="utf-8", errors="replace").split("\n\n"):
            facts = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in block.splitlines())}
            if "core id" in facts:
                cores.add((facts.get("physical id", "0"), facts["core id"]))
    return len(cores) or (logical if listing.exists() else max(1, logical // 2))

"""Devices and threads: what is there, and how many threads a run may use."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from engines.refusals import Refusal

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What numerical libraries read when they are loaded."""


@dataclass(frozen=True)
class Device:
    """Something that can compute here.

    Attributes:
        name: "cpu", "cuda:0", "mps".
        title: What its maker calls it.
        memory: Its own memory in bytes; 0 where it has none, or does not tell.
        unusable: Why it cannot be used, or empty.
    """

    name: str
    title: str
    memory: int = 0
    unusable: str = ""


def found_devices() -> tuple[Device, ...]:
    """The processor, then what else can compute here. Loads no torch; asking a graphics card may take a second."""
    devices = [Device("cpu", platform.processor() or platform.machine())]
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        devices.append(Device("mps", "Apple graphics"))
    cpu_only = "The installed torch computes on the CPU only." if _torch_version().endswith("+cpu") else ""
    devices += [Device(f"cuda:{number}", title, memory, cpu_only) for number, title, memory in _nvidia_cards()]
    return tuple(devices)


def _torch_version() -> str:
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""


def _nvidia_cards() -> list[tuple[int, str, int]]:
    """(number, title, bytes of memory) of each NVIDIA card, as its driver tells."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    cards = []
    for line in told.splitlines():
        parts = [part.strip() for part in line.split(",")]
        if len(parts) == 3 and parts[0].isdecimal() and parts[2].isdecimal():
            cards.append((int(parts[0]), parts[1], int(parts[2]) << 20))
    return cards


def check_device(device: str) -> None:
    """Refuse a device that is not there.

    Raises:
        Refusal: with the way out.
    """
    if device == "cpu":
        return
    import torch

    kind, _, number = device.partition(":")
    there = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}.get(kind, 0)
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

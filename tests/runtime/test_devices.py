"""What can compute here is told without torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engines.runtime import devices
from engines.runtime.devices import Device, found_devices

DRIVER = """#!/bin/sh
echo "0, NVIDIA H100 80GB HBM3, 81559"
echo "1, NVIDIA A10, 23028"
echo "No devices were found"
"""


def cards(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str = DRIVER) -> None:
    """A driver that tells of these cards."""
    program = folder / "nvidia-smi"
    program.write_text(text)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the driver is a shell script")
@pytest.mark.parametrize(("torch", "unusable"), [("2.13.0", ""), ("2.13.0+cpu", "The installed torch computes on")])
def test_cards_are_told_with_their_memory_and_whether_torch_can_use_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torch: str, unusable: str
) -> None:
    cards(tmp_path, monkeypatch)
    monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
    monkeypatch.setattr(devices, "_torch_version", lambda: torch)
    first, *rest = found_devices()
    assert first.name == "cpu"
    assert [(d.name, d.title, d.memory) for d in rest] == [
        ("cuda:0", "NVIDIA H100 80GB HBM3", 81559 << 20), ("cuda:1", "NVIDIA A10", 23028 << 20),
    ]
    assert all(d.unusable.startswith(unusable) and bool(d.unusable) is bool(unusable) for d in rest)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the driver is a shell script")
def test_a_driver_that_fails_and_none_at_all_leave_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [d.name for d in found_devices()] == ["cpu"]
    cards(tmp_path, monkeypatch, "#!/bin/sh\nexit 9\n")
    assert [d.name for d in found_devices()] == ["cpu"]


def test_an_apple_chip_brings_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(devices.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(devices.platform, "machine", lambda: "arm64")
    assert found_devices()[1:] == (Device("mps", "Apple graphics"),)


def test_no_torch_is_loaded() -> None:
    look = "import sys; from engines.runtime import devices; devices.found_devices(); print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"

"""How fast data are read: seconds of CPU and wall for each format, pictures a CPU second. Run it as a script.

    python tests/benchmarks/reading.py [FOLDER_OF_REAL_DATA] [--pictures 70000]
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import struct
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from asked import Figure, tell  # noqa: E402
from PIL import Image  # noqa: E402

from engines.data.reading import opened, read, recognise, refer  # noqa: E402
from engines.data.reference import DataReference  # noqa: E402
from engines.data.summary import summaries  # noqa: E402

ASKED = 6_000           # images a CPU second


def timed(work: Callable[[], Any], repeats: int = 3) -> tuple[float, float, Any]:
    """The least CPU and wall seconds of some repeats, and the value."""
    best = (float("inf"), float("inf"))
    value = None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        value = work()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
    return *best, value


def row(
    name: str, work: Callable[[], Any], items: int, what: str, repeats: int = 3, least: float | None = None
) -> Any:
    """Print one line of the table; `least`: so many a CPU second are asked."""
    cpu, wall, value = timed(work, repeats)
    print(f"{name:<44} {cpu:>9.3f} {wall:>9.3f} {items / cpu:>14,.0f} {what} a CPU second")
    if least is not None:
        tell(Figure(name, items / cpu, f"{what} a CPU second", least=least))
    return value


def idx(folder: Path, pixels: np.ndarray, labels: np.ndarray, packed: bool) -> Path:
    """MNIST as it is distributed."""
    end, fold = (".gz", lambda data: gzip.compress(data, 6)) if packed else ("", bytes)
    path = folder / f"train-images-idx3-ubyte{end}"
    path.write_bytes(fold(b"\0\0\x08\x03" + struct.pack(">3I", *pixels.shape) + pixels.tobytes()))
    head = b"\0\0\x08\x01" + struct.pack(">I", len(labels))
    (folder / f"train-labels-idx1-ubyte{end}").write_bytes(fold(head + labels.astype(np.uint8).tobytes()))
    return path


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--pictures", type=int, default=70_000)
    asked = parser.parse_args()
    threads = os.environ.get("OMP_NUM_THREADS", "not set")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores, OMP threads {threads}")
    print(f"{'':<44} {'CPU s':>9} {'wall s':>9}")
    csv = asked.data / "sachs_cytometry.csv"
    if csv.is_file():
        table = row("CSV, 7,466 x 11: read", lambda: read(refer(csv)), 7466, "rows")
        row("  summaries of 11 columns", lambda: summaries(table.rows(slice(None))), 7466, "rows")
        row("  recognise", lambda: recognise([csv]), 1, "looks")
    mnist = asked.data / "mnist.npz"
    if mnist.is_file():
        images = row("NPZ, 70,000 MNIST images: refer and read", lambda: read(refer(mnist)), 70_000, "images",
                     least=ASKED)
        pixels, labels = images.pixels[..., 0], images.attributes["labels"].values
    else:
        draw = np.random.default_rng(0)
        pixels, labels = draw.integers(0, 256, (70_000, 28, 28), np.uint8), draw.integers(0, 10, 70_000)
    with tempfile.TemporaryDirectory() as name:
        for packed in (False, True):
            folder = Path(name) / f"idx{packed}"
            folder.mkdir()
            path = idx(folder, pixels, labels, packed)
            row(f"IDX{'.gz' if packed else ''}, 70,000 images: refer and read",
                lambda path=path: read(refer(path)), 70_000, "images")
        folder = Path(name) / "pictures"
        folder.mkdir()
        count = min(asked.pictures, len(pixels))
        for i in range(count):
            Image.fromarray(pixels[i]).save(folder / f"{i:05}.png")
        row(f"Folder of {count:,} PNG: refer (fingerprint)", lambda: refer(folder), count, "images", 1)
        reference, _ = row(f"Folder of {count:,} PNG: opened, fingerprint taken",
                           lambda: opened(DataReference(str(folder))), count, "images", 1, ASKED)
        row(f"Folder of {count:,} PNG: read, fingerprint checked", lambda: read(reference), count, "images", 1, ASKED)
        with zipfile.ZipFile(Path(name) / "pictures.zip", "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
        row(f"ZIP of {count:,} PNG: refer and read",
            lambda: read(refer(Path(name) / "pictures.zip")), count, "images", 1)


if __name__ == "__main__":
    main()

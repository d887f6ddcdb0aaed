"""Writing a file so that a crash leaves either the old one or the new one, whole."""

import os
from pathlib import Path


def write_bytes(path: Path, data: bytes) -> None:
    """Write to a temporary name beside `path`, flush to the disk, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` with UTF-8 and plain line ends."""
    write_bytes(path, text.encode("utf-8"))

"""Writing a file so that a crash leaves either the old one or the new one, whole."""

from pathlib import Path

from engines.writing import replacing


def write_bytes(path: Path, data: bytes) -> None:
    """Write to a temporary name beside `path`, flush to the disk, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """`write_bytes` with UTF-8 and plain line ends."""
    write_bytes(path, text.encode("utf-8"))

"""What a preparation step does, in the analyst's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def said(step: Mapping[str, Any]) -> str:
    """A step as a line of a list, such as "Resized to 64 × 64"; its name where it has no words of its own."""
    match step:
        case {"step": "resize_images", "height": height, "width": width}:
            return f"Resized to {width} × {height}"
        case {"step": "convert_images", "channels": channels}:
            return "Read as grey" if channels == 1 else "Read as colour"
        case {"step": "eight_bits"}:
            return "Read with 8 bits a value"
        case {"step": "leave_out_files", "files": files}:
            return f"Left out {files[0]}" if len(files) == 1 else f"Left out {len(files):,} files"
        case {"step": "only_files", "files": files}:
            return f"Only {len(files):,} files of the folder"
        case {"step": "use_matching"}:
            return "Only what has a label and an image"
        case {"step": "match_in_order"}:
            return "Labels matched in order"
        case {"step": "use_pixels", "name": name}:
            return f"Pictures from {name}"
        case {"step": name, "columns": columns} if columns:
            return f"{_plain(name)}: {', '.join(map(str, columns))}"
        case _:
            return _plain(str(step.get("step", "")))


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()

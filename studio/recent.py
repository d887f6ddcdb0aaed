"""The projects that were opened before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from studio.exports.atomic import write_text
from studio.panels.start import Recent

if TYPE_CHECKING:
    from studio.project import Project

_MOST = 8


class RecentProjects:
    """A list in the user's state folder, newest first; projects that are gone are left out."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or user_state_path("otherwise", appauthor=False) / "recent.json"

    def all(self) -> list[Recent]:
        """What the start page lists."""
        found = []
        for entry in self._read():
            path = Path(entry["path"])
            if path.is_dir():
                found.append(Recent(path.stem, _ago(entry["opened"]), path))
        return found

    def note(self, project: Project) -> None:
        """This project was opened now."""
        entry = {"path": str(project.folder), "opened": datetime.now(UTC).isoformat(timespec="seconds")}
        rest = [old for old in self._read() if old["path"] != entry["path"]]
        write_text(self._file, json.dumps([entry, *rest][:_MOST], indent=1))

    def _read(self) -> list[dict[str, str]]:
        try:
            plain = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        return [entry for entry in plain if isinstance(entry, dict) and {"path", "opened"} <= entry.keys()]


def _ago(opened: str) -> str:
    """How long ago, in words."""
    try:
        minutes = int((datetime.now(UTC) - datetime.fromisoformat(opened)).total_seconds() // 60)
    except ValueError:
        return "Opened before"
    if minutes < 2:
        return "Opened just now"
    if minutes < 60:
        return f"Opened {minutes} minutes ago"
    if minutes < 48 * 60:
        return f"Opened {max(minutes // 60, 1)} hours ago"
    return f"Opened {minutes // (24 * 60)} days ago"

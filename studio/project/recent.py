"""The projects that were opened before."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from engines.questions import Question
from engines.refusals import Refusal
from engines.runtime.messages import RunState
from studio.exports.atomic import write_text
from studio.panels.start import ICONS, Recent
from studio.project.earlier import DATABASE, Holding, interrupted, look

if TYPE_CHECKING:
    from studio.project import Project

_MOST, _SHOWN = 8, 4


class RecentProjects:
    """A list in the user's state folder, newest first."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or user_state_path("otherwise", appauthor=False) / "recent.json"

    def all(self) -> list[Recent]:
        """What the start page lists: what happened last in each, or that it is gone."""
        return [_seen(Path(entry["path"]), entry["opened"]) for entry in self._read()[:_SHOWN]]

    def note(self, project: Project) -> None:
        """This project was opened now."""
        entry = {"path": str(project.folder), "opened": datetime.now(UTC).isoformat(timespec="seconds")}
        rest = [old for old in self._read() if old["path"] != entry["path"]]
        self._keep([entry, *rest][:_MOST])

    def forget(self, folder: Path) -> None:
        """Leave a project out of the list; the project stays as it is."""
        rest = [old for old in self._read() if old["path"] != str(folder)]
        self._keep(rest)

    def _keep(self, entries: list[dict[str, str]]) -> None:
        with contextlib.suppress(OSError):          # a convenience: projects open where it cannot be kept as well
            write_text(self._file, json.dumps(entries, indent=1))

    def _read(self) -> list[dict[str, str]]:
        try:
            plain = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        return [entry for entry in plain if isinstance(entry, dict) and {"path", "opened"} <= entry.keys()]


def _seen(folder: Path, opened: str) -> Recent:
    """A project as a look from outside tells."""
    if not (folder / DATABASE).is_file():
        return Recent(folder.stem, f"It is not in {folder.parent} any more", folder, gone=True)
    try:
        holding = look(folder / DATABASE)
    except Refusal:
        return Recent(folder.stem, _ago("Opened", opened), folder)     # why not is said when it is opened
    icon = "folder"
    with contextlib.suppress(ValueError):
        icon = ICONS[Question(holding.question)]
    if (run := interrupted(folder, holding)) is not None:
        where = f"Interrupted at step {run.step}" if run.step is not None else f"Run {run.number} was interrupted"
        return Recent(folder.stem, where, folder, run.number, icon)
    return Recent(folder.stem, _ago(_last(holding), opened), folder, icon=icon)


def _last(holding: Holding) -> str:
    if not holding.runs:
        return "Opened"
    run = holding.runs[-1]
    ends = {RunState.DONE: "finished", RunState.FAILED: "failed", RunState.CANCELLED: "was stopped"}
    return f"Run {run.number} {ends[run.state]}, opened" if run.state in ends else "Opened"


def _ago(what: str, when: str) -> str:
    """What happened, and how long ago, in words."""
    try:
        minutes = int((datetime.now(UTC) - datetime.fromisoformat(when)).total_seconds() // 60)
    except ValueError:
        return f"{what} before"
    if minutes < 2:
        return f"{what} just now"
    if minutes < 60:
        return f"{what} {minutes} minutes ago"
    if minutes < 48 * 60:
        hours = minutes // 60
        return f"{what} {hours} hours ago" if hours > 1 else f"{what} 1 hour ago"
    return f"{what} {minutes // (24 * 60)} days ago"

"""Killed at any moment of editing, a project holds every step that was answered, and undo goes on where it was."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.studio.edits import Sitting, told

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.robustness)])
def test_a_kill_at_any_moment_loses_no_edit_that_was_answered(qapp, tmp_path: Path, kills: int) -> None:
    folder, data = tmp_path / "study.otherwise", tmp_path / "cells.csv"
    data.write_text("a,b,kind\n" + "".join(f"{i},{i % 3},{'xy'[i % 2]}\n" for i in range(12)), "utf-8")
    chance = random.Random(7)
    last, steps = "", 0
    for kill in range(kills):
        command = [sys.executable, "-m", "tests.studio.edits", str(folder), str(data), str(kill)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as session:
            assert session.stdout is not None
            states = [session.stdout.readline() for _ in range(chance.randint(1, 80))]
            session.kill()
            states += session.stdout.readlines()
        assert states[0]
        assert not last or states[0].strip() == last            # it began with what the last one found
        whole = [line.strip() for line in states if line.endswith("\n")]
        steps += len(whole) - 1
        found = Sitting(folder, data)
        assert not found.project.read_only                      # the lock of the killed one was taken over
        last = told(found.state())
        assert last == whole[-1] or whole[-1] in _beside(found), f"kill {kill}"
        last = told(found.state())
        assert found.said == []
        found.close()
    assert steps > kills


def _beside(sitting: Sitting) -> list[str]:
    """The states one step before and one after, from where it goes back: a step may be written and not yet told."""
    beside = []
    for there, back in ((sitting.history.undo, sitting.history.redo), (sitting.history.redo, sitting.history.undo)):
        name = sitting.history.undo_text(), sitting.history.redo_text()
        there()
        beside.append(told(sitting.state()))
        if name != (sitting.history.undo_text(), sitting.history.redo_text()):
            back()
    return beside

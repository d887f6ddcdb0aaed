"""The application itself is killed in the middle of a run: its lanes end, and nothing that was answered is lost."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.questions import Question
from engines.runtime.messages import RunState
from tests.gui.test_survival import press
from tests.installing import install

ROOT = Path(__file__).parent.parent.parent
STEPS = 500


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ROOT / "tests" / "engine" / "troubled_package", tmp_path / "site", monkeypatch)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other state"))


def test_a_killed_studio_loses_nothing_that_it_had_answered(site, analyst, tmp_path, finish):
    data, home = tmp_path / "three.csv", tmp_path / "home"
    data.write_text("x\n1\n2\n4\n")
    home.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.gui.session", str(home), str(data), str(STEPS)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )
    told: dict[str, list[str]] = {}
    reached = 0
    for line in child.stdout:
        name, *rest = line.split()
        told[name] = line.split(maxsplit=1)[1:] if name == "project" else rest
        if name == "step":
            reached = int(rest[0])
        if reached > 150 and "lanes" in told:
            break
    killed = time.monotonic()
    child.kill()
    child.communicate(timeout=30)
    for lane in told["lanes"]:
        assert _ends(int(lane), 10.0)
    assert time.monotonic() - killed < 15

    async def story() -> None:
        desk = analyst.desk
        desk.look_for_methods()
        await analyst.until(lambda: desk.catalogue.find("troubled") is not None, desk.methods_changed)
        await analyst.read([Path(told["project"][0].strip())])
        exploration = desk.exploration
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()
        assert not desk.project.read_only
        assert desk.workspace.graph == Graph.of("xy", [("x", "y")])
        assert desk.workspace.data.data.attributes["x"].role is Role.FACTOR
        assert desk.workspace.question is Question.ROW_IF
        assert desk.workspace.settings("troubled") == {"way": "patient", "steps": STEPS}
        assert exploration.wish.item == 3
        history = desk.history
        assert analyst.window.top._undo.toolTip().startswith("Undo: Change the settings of troubled")
        history.undo()
        assert desk.workspace.settings("troubled") == {"steps": 5}
        history.undo()
        assert desk.workspace.graph == Graph()
        history.undo()
        assert exploration.wish.item == 2
        assert history.redo_text() == "Choose 3"
        for _ in range(3):
            history.redo()
        assert desk.workspace.graph == Graph.of("xy", [("x", "y")])
        assert exploration.wish.item == 3
        assert desk.runs.run(1).state is RunState.DONE
        lost = desk.runs.run(2)
        assert lost.state is RunState.INTERRUPTED
        assert "Resume" in lost.ended.offers
        steps = lost.scalars["total"][0]
        assert steps == list(range(len(steps)))
        assert steps[-1] > reached - 120        # a step takes 10 ms and more: at most a second of them is lost
        assert steps[-1] < STEPS - 1
        bar = analyst.window.rooms.interrupted
        assert bar.isVisible()
        assert bar.sentence() == "2 runs were interrupted."
        waiting = desk.runs.run(3)
        assert [info.number for info in desk.runs.interrupted()] == [2, 3]
        assert waiting.ended.sentence == "Run 3 had not begun when the studio ended."

        desk.runs.close_run(3)
        assert bar.sentence() == f"Run 2 was interrupted at step {lost.checkpoint} of {STEPS}."
        press(bar, "Resume")
        assert not bar.isVisible()
        await analyst.trained(2)
        whole = desk.runs.repeat(2, parameters={"way": "good", "steps": STEPS})
        await analyst.trained(whole.number)
        gone_on = desk.runs.run(2)
        assert gone_on.scalars == whole.scalars         # every point, bit for bit
        assert _numbers(gone_on.model) == _numbers(whole.model)
        desk.runs._recorder.flush()
        kept = desk.project.store.scalars(2)["total"]
        assert (kept.steps.tolist(), kept.values.tolist()) == whole.scalars["total"]

    finish(story(), 60)


def _numbers(model: Path) -> tuple[object, bytes]:
    return json.loads((model / "model.json").read_text())["fields"], (model / "tensors.safetensors").read_bytes()


def _ends(process: int, seconds: float) -> bool:
    """Whether a process is gone, or goes within some seconds."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)

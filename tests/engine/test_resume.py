"""The application is killed while a real method trains; the run then goes on to the same bits as one left alone."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engines.data.reading import refer
from engines.graph import formats
from engines.runtime.checkpoints import Checkpoints
from engines.runtime.messages import RunEnded, RunRequest, RunState, Scalar
from engines.runtime.wire import to_plain
from studio.engine import Engine
from studio.samples.samples import samples

PATIENCE = 60_000
SETTINGS: dict[str, dict[str, Any]] = {
    "colide": {"bootstraps": 0, "warm": 2000, "last": 4000},
    "causal_diffae": {"size": "tiny", "batch": 8, "steps": 60, "warm_up": 5, "ramp": 10, "hidden": 8, "width": 4},
    "sequential_counterfactual_fairness": {"steps": 60, "hidden": 8, "batch": 8, "dimensions": 1, "points": 1},
}
AT_ONCE = ("colide",)
"""The others are tried in the long suite."""

APPLICATION = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from engines.runtime.messages import Progress
from engines.runtime.wire import from_plain
from studio.engine import Engine

application = QCoreApplication([])
engine = Engine(logs=Path(sys.argv[1]))
engine.lane_changed.connect(lambda change: change.pid and print("lane", change.pid, flush=True))
engine.events.connect(
    lambda batch: [print("step", e.done, flush=True) for e in batch.events if isinstance(e, Progress)]
)
engine.run_ended.connect(lambda ended: print("ended", 0, flush=True))
engine.submit(from_plain(json.loads(sys.stdin.read())))
application.exec()
"""


def whole_and_last(qtbot: QtBot, engine: Engine, request: RunRequest) -> tuple[dict[str, dict[int, float]], RunEnded]:
    """Run it to its end: points by scalar and step, and the ending."""
    points: dict[str, dict[int, float]] = {}

    def take(batch: Any) -> None:
        for event in batch.events:
            if isinstance(event, Scalar):
                points.setdefault(event.name, {})[event.step] = event.value

    engine.events.connect(take)
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        engine.submit(request)
    engine.events.disconnect(take)
    return points, ended.args[0]


def middles(source: Path, target: Path, count: int = 96, side: int = 8) -> Path:
    """A few of the images, only their middles: enough to train on, quickly."""
    with np.load(source) as images:
        few = {name: images[name][:count] if images[name].shape else images[name] for name in images}
    low = (few["pixels"].shape[1] - side) // 2
    few["pixels"] = few["pixels"][:, low : low + side, low : low + side]
    np.savez(target, **few)
    return target


def numbers(folder: str) -> tuple[object, bytes]:
    """All that a model is made of, without its card, which holds times."""
    model = Path(folder) / "model"
    return json.loads((model / "model.json").read_text())["fields"], (model / "tensors.safetensors").read_bytes()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs a way to wait for a process that is no child")
@pytest.mark.parametrize(
    "method", [pytest.param(name, marks=[] if name in AT_ONCE else [pytest.mark.robustness]) for name in SETTINGS])
def test_a_run_whose_application_was_killed_goes_on_to_the_same_bits(
    qtbot: QtBot, engine: Engine, tmp_path: Path, method: str
) -> None:
    sample = next(one for one in samples() if one.method == method)
    graph = formats.read(sample.graph) if sample.graph is not None else None
    data = sample.data
    if data.suffix == ".npz":
        data = middles(data, tmp_path / "middles.npz")
    reference = replace(refer(data), steps=sample.steps, roles=dict(sample.roles))
    request = RunRequest(1, method, reference, SETTINGS[method], 5, str(tmp_path / "whole"), graph)
    points, ended = whole_and_last(qtbot, engine, request)
    assert ended.state is RunState.DONE, ended

    broken = replace(request, run=2, folder=str(tmp_path / "broken"))
    with subprocess.Popen(
        [sys.executable, "-c", APPLICATION, str(tmp_path / "logs")], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as application:
        assert application.stdin is not None
        assert application.stdout is not None
        application.stdin.write(json.dumps(to_plain(broken)))
        application.stdin.close()
        lane, told = -1, 0
        for line in application.stdout:
            word, number = line.split()
            if word == "lane":
                lane = os.pidfd_open(int(number))
            told += word == "step" and int(number) > 0
            if told == 3 or word == "ended":
                break
        application.kill()
    assert select.select([lane], [], [], PATIENCE / 1000)[0]
    os.close(lane)
    assert not (tmp_path / "broken" / "model").exists(), "it was killed before its end"
    assert Checkpoints(tmp_path / "broken" / "checkpoints").newest_step()

    again, ended = whole_and_last(qtbot, engine, replace(broken, resume=True))
    assert ended.state is RunState.DONE, ended
    assert numbers(broken.folder) == numbers(request.folder)
    for name, series in again.items():
        assert series == {step: value for step, value in points[name].items() if step in series}
        assert max(series) == max(points[name])

"""Every method that is found: stopped in a lane of its own, and out of memory in the middle of its work."""

from __future__ import annotations

import gc
import itertools
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pytestqt.qtbot import QtBot
from torch._subclasses.fake_tensor import FakeTensor

from engines import catalogue, models
from engines.contract import Inputs, Method, MethodParameters
from engines.counterfactual_tables.plain_predictor.model import PlainPredictor
from engines.counterfactual_tables.plain_predictor.parameters import Parameters
from engines.data.kinds import Images
from engines.data.reference import DataReference
from engines.predictors import stored
from engines.runtime import local
from engines.runtime.context import RunContext
from engines.runtime.explained import refer
from engines.runtime.instructions import LaneRole, LaneState
from engines.runtime.messages import ModelReference, Progress, RunEnded, RunRequest, RunState
from studio.engine import Engine

AT_ONCE = ("colide", "plain_predictor")
"""The quickest ones; the others are tried in the long suite."""
METHODS = [
    pytest.param(name, marks=[] if name in AT_ONCE else [pytest.mark.robustness])
    for name, _ in sorted(catalogue.built_in())
]
PATIENCE = 60_000           # ms; never waited for
WORK_UNITS = {"steps", "iterations", "passes", "generations"}


@dataclass(frozen=True)
class Filed:
    """A method with its trial's data in a file, so that a lane can be asked to run it."""

    method: Method
    id: str
    data: DataReference
    inputs: Inputs
    folder: Path
    explained: ModelReference | None

    def request(self, run: int, parameters: MethodParameters) -> RunRequest:
        inputs = self.inputs
        return RunRequest(
            run, self.id, self.data, parameters.model_dump(mode="json"), 3, str(self.folder / str(run)), inputs.graph,
            inputs.knowledge, inputs.truth, model=self.explained,
        )


@pytest.fixture(params=METHODS)
def filed(request: pytest.FixtureRequest, tmp_path: Path) -> Filed:
    method = catalogue.load(request.param)
    inputs = method.trial.inputs()
    columns = inputs.table.columns
    values = {column.name: [column.label(i) for i in range(len(inputs.data))] for column in columns}
    if isinstance(inputs.data, Images):
        path = tmp_path / "trial.npz"
        np.savez(path, images=inputs.data.pixels, **{name: np.array(kept) for name, kept in values.items()})
    else:
        path = tmp_path / "trial.csv"
        rows = zip(*values.values(), strict=True)
        path.write_text("\n".join(",".join(map(str, row)) for row in [tuple(values), *rows]) + "\n")
    data = DataReference(
        str(path), types={c.name: str(c.type) for c in columns}, roles={c.name: str(c.role) for c in columns}
    )
    return Filed(method, request.param, data, inputs, tmp_path / "runs", saved(inputs, tmp_path / "explained"))


def saved(inputs: Inputs, folder: Path) -> ModelReference | None:
    """The predictor that the trial explains, as a run would have left it."""
    if inputs.model is None:
        return None
    state = stored(inputs.predictor)
    nothing = np.zeros(len(inputs.predictor.features))
    models.save(PlainPredictor(Parameters(), state, *[nothing] * 4), folder, method="plain_predictor")
    return refer(folder)


def long(method: Method) -> MethodParameters:
    """The method's first settings, but with all the work that they may ask for."""
    parameters = next(iter(method.presets.values()))
    most = {
        name: field["maximum"] for name, field in method.parameters.model_json_schema()["properties"].items()
        if field.get("unit") in WORK_UNITS and field.get("maximum", 0) >= 10_000
    }
    return parameters.model_copy(update=most)


@pytest.fixture
def engine(qtbot: QtBot, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(logs=tmp_path / "logs")
    yield made
    assert made.close()


def busy(engine: Engine) -> float:
    """Seconds for which the work lane has worked: on a loaded machine more go by."""
    try:
        told = Path(f"/proc/{engine.pids[LaneRole.WORK]}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.perf_counter()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def test_it_tells_how_far_it_is_and_a_stop_is_seen_at_once_and_ends_it_within_two_seconds(
    qtbot: QtBot, engine: Engine, filed: Filed
) -> None:
    request = filed.request(1, long(filed.method))
    told: list[float] = []
    news: list[tuple[float, Progress]] = []
    engine.events.connect(
        lambda batch: news.extend((busy(engine), one) for one in batch.events if isinstance(one, Progress))
    )
    engine.submit(request)
    qtbot.waitUntil(lambda: len(news) >= 8, timeout=PATIENCE)
    assert max(after - before for (before, _), (after, _) in itertools.pairwise(news)) < 1.0
    assert all(one.phase and (one.total is None or 0 <= one.done <= one.total) for _, one in news), news
    engine.run_changed.connect(lambda change: told.append(time.perf_counter()) or change)
    with qtbot.waitSignal(engine.run_ended, timeout=PATIENCE) as ended:
        stopped = time.perf_counter()
        engine.cancel(request.run)
    seconds = time.perf_counter() - stopped
    (ending,) = ended.args
    assert ending.state is RunState.CANCELLED, ending
    assert "by force" not in ending.sentence
    assert seconds < 2.0
    assert told[0] - stopped < 0.25
    assert engine.lanes[LaneRole.WORK] is LaneState.UP      # it was not killed for it
    assert not (Path(request.folder) / "model").exists()


class Refusing:
    """Refuses memory, as a card does, after the work has told something `after` times."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, context: RunContext, name: str, value: Any, *more: Any, **named: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        _scalar(context, name, value, *more, **named)


_scalar = RunContext.scalar


def held() -> int:
    """Bytes of all tensors and arrays that are alive."""
    gc.collect()
    alive = [one for one in gc.get_objects() if isinstance(one, (torch.Tensor, np.ndarray))]
    return sum(one.nbytes for one in alive if not isinstance(one, FakeTensor))       # those have no memory


@pytest.mark.filterwarnings("ignore")       # some of the living objects warn when they are asked for their class
def test_out_of_memory_is_said_offers_less_is_given_back_and_the_next_run_goes(
    filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = filed.method.trial.parameters

    def ran_out(run: int, after: int) -> RunEnded:
        refusing = Refusing(after)
        with monkeypatch.context() as patch:
            patch.setattr(RunContext, "scalar", lambda *given, **named: refusing(*given, **named))
            ended = local.run(filed.request(run, parameters))
        assert refusing.left < 0
        return ended

    assert ran_out(1, after=1).state is RunState.FAILED         # what is loaded once is loaded
    before = held()
    ended = ran_out(2, after=3)
    assert ended.state is RunState.FAILED
    assert re.fullmatch(r"The engine ran out of memory( at batch \d+)?\. Nothing finished is lost\.", ended.sentence)
    assert ended.cause == "CUDA out of memory. Tried to allocate 20.00 GiB."
    batch = next((v for n, v in parameters.model_dump().items() if "batch" in n), None)
    assert ended.offers == ((f"Retry with batch {batch // 2}",) if batch else ("Use less data",))
    assert held() <= 1.05 * before + 4096
    assert local.run(filed.request(3, parameters)).state is RunState.DONE

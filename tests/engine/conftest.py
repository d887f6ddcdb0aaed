"""An engine with real lanes, and requests for a method that misbehaves as told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.data.reference import DataReference
from engines.runtime.messages import RunRequest
from studio.engine import Engine
from tests.installing import install

HERE = Path(__file__).parent


@pytest.fixture
def engine(qtbot: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine whose lanes know the troubled method; ended after the test."""
    install(HERE / "troubled_package", tmp_path / "site", monkeypatch)
    engine = Engine(logs=tmp_path / "logs")
    alarms: list[str] = []
    engine.alarmed.connect(alarms.append)
    yield engine
    assert engine.close()
    assert not alarms


@pytest.fixture
def data(tmp_path: Path) -> DataReference:
    """A table of three rows in a file."""
    path = tmp_path / "three.csv"
    path.write_text("x\n1\n2\n4\n", encoding="utf-8")
    return DataReference(str(path), types={"x": "number"}, roles={"x": "factor"})


@pytest.fixture
def request_for(tmp_path: Path, data: DataReference) -> Callable[..., RunRequest]:
    """Makes a request for a run that behaves in a given way."""
    numbers = itertools.count(1)

    def make(way: str, steps: int = 5, run: int | None = None, resume: bool = False) -> RunRequest:
        number = next(numbers) if run is None else run
        folder = tmp_path / "runs" / str(number)
        return RunRequest(
            number, "troubled", data, {"way": way, "steps": steps}, seed=3, folder=str(folder), resume=resume
        )

    return make

"""Commands called as a shell calls them, in this process; what they print and the code that they end with."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engines.counterfactual_tables.robust_counterfactuals.trial import applications
from studio.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict]:
        """The JSON objects that it printed."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def otherwise(capsys, qapp) -> Callable[..., Ended]:
    """`otherwise("run", "colide", path, ...)`: call a command."""

    def call(*arguments: object) -> Ended:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def chain(tmp_path_factory) -> Path:
    """A table of a -> b -> c with strengths 2 and -1.5."""
    generator = np.random.default_rng(0)
    a = generator.normal(size=400)
    b = 2 * a + generator.normal(size=400)
    c = -1.5 * b + generator.normal(size=400)
    path = tmp_path_factory.mktemp("data") / "chain.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "c"])
        writer.writerows(np.column_stack([a, b, c]).round(6).tolist())
    return path


@pytest.fixture(scope="session")
def finished(chain, qapp, tmp_path_factory) -> Path:
    """The folder of a finished run of CoLiDE on the chain."""
    out = tmp_path_factory.mktemp("runs") / "finished"
    assert main(["run", "colide", str(chain), "--out", str(out), "--threads", "1"]) == 0
    return out


@pytest.fixture
def trained(finished, tmp_path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(finished, tmp_path / "trained")


@pytest.fixture(scope="session")
def loans(qapp, tmp_path_factory) -> Path:
    """A trial's applications as a file, and a predictor of their decisions, trained by command, beside it."""
    folder = tmp_path_factory.mktemp("loans")
    table = applications()
    with (folder / "loans.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.names)
        writer.writerows([column.label(i) for column in table.columns] for i in range(len(table)))
    command = ["run", "plain_predictor", str(folder / "loans.csv"), "--role", "objective=decision", "--set",
               "kind=linear", "--out", str(folder / "predictor"), "--threads", "1"]
    assert main(command) == 0
    return folder

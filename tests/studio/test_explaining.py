"""The model that is chosen to be explained stays with the project; what a run explained is told where it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from engines.abilities import Ability
from engines.data.kinds import Table, number_column, table_of
from engines.data.reference import DataReference
from engines.runtime.explained import refer
from engines.runtime.messages import RunState, Scalar
from studio.models.changes import ModelChanges
from studio.panels.curves import CurvesPanel
from studio.panels.job_row import JobRow
from studio.panels.models import ModelsPanel
from studio.panels.results import ResultsPanel
from studio.project.history import History
from studio.project.store import Kind
from studio.question.explaining import Explaining
from studio.runs.runs import Runs
from tests.studio.stand_ins import Bench, StandInDesk, words, write_model
from widgets.kit.label import Label

MADE = "explains Plain predictor, run 1, made 12 May, "


def rows() -> Table:
    return table_of("rows", [number_column(name, np.arange(5.0)) for name in ("a", "score")])


def write_predictor(folder: Path, run: int = 1) -> Path:
    """The model of a run that predicts score from a."""
    write_model(folder, with_graph=False, method="plain_predictor", run=run)
    path = folder / "model.json"
    document = json.loads(path.read_text())
    document["card"]["predictor"] = {
        "abilities": [Ability.PREDICTOR, Ability.GRADIENTS], "features": ["a"], "targets": ["score"],
    }
    path.write_text(json.dumps(document))
    return folder


def predictor(bench: Bench) -> Path:
    """A run that ended with a predictor."""
    info = bench.start("plain_predictor", "Plain predictor")
    write_predictor(info.model, info.number)
    bench.engine.end(info.number, RunState.DONE)
    return info.model


def opened(bench: Bench, desk: StandInDesk, runs: Runs | None = None) -> tuple[Explaining, History]:
    """As a studio that opens the project anew has it."""
    history = History()
    runs = runs or bench.runs
    changes = ModelChanges(history, runs, desk.catalogue)
    changes.use(bench.project)
    explaining = Explaining(runs, changes, bench.engine, history)  # type: ignore[arg-type]
    history.use(bench.project.store)
    history.show_all(Kind.MODEL)
    return explaining, history


def chosen(explaining: Explaining) -> Path:
    found = explaining.chosen(Ability.PREDICTOR, None)
    assert found is not None
    return found.folder


@pytest.fixture
def desk(bench: Bench, tmp_path: Path) -> StandInDesk:
    return StandInDesk(bench, tmp_path / "state")


def test_the_choice_is_a_step_that_is_taken_back_and_outlives_the_studio(
    bench: Bench, desk: StandInDesk, tmp_path: Path
) -> None:
    first, second = predictor(bench), predictor(bench)
    explaining, history = opened(bench, desk)
    assert chosen(explaining) == second, "the newest, as long as nothing was chosen"
    explaining.choose(first)
    assert chosen(explaining) == first
    assert history.undo_text() == "Explain Plain predictor, run 1"
    history.undo()
    assert chosen(explaining) == second
    history.redo()
    assert chosen(explaining) == first

    predictor(bench)                                # a newer one does not push it aside
    again, history = opened(bench, desk)
    assert chosen(again) == first
    history.undo()
    assert chosen(again) != first

    elsewhere = write_predictor(tmp_path / "sent" / "model")
    again.choose(elsewhere)                         # from outside the project
    assert again.reference(Ability.PREDICTOR, None).folder == str(elsewhere)
    later, _ = opened(bench, desk)
    assert chosen(later) == elsewhere


def test_a_chosen_model_whose_files_are_gone_is_passed_over(bench: Bench, desk: StandInDesk, tmp_path: Path) -> None:
    newest = predictor(bench)
    elsewhere = write_predictor(tmp_path / "sent" / "model")
    explaining, _ = opened(bench, desk)
    explaining.choose(elsewhere)
    for file in elsewhere.iterdir():
        file.unlink()
    elsewhere.rmdir()
    again, _ = opened(bench, desk)
    assert chosen(again) == newest


@pytest.fixture
def explained(bench: Bench) -> Path:
    """A predictor, and run 2 that explains it, done and with a figure; the project is closed and opened again."""
    folder = predictor(bench)
    reference = refer(folder, "Plain predictor, run 1")
    info = bench.runs.start("colide", "CoLiDE", DataReference("/data/rows.csv", "9c41e07b"), {}, model=reference)
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.engine.tell(info.number, Scalar("objective", 1, 2.0), Scalar("objective", 2, 1.0))
    bench.engine.end(info.number, RunState.DONE, seconds=2.0)
    bench.runs.open(bench.project)
    return folder


def test_after_a_restart_rows_curves_and_results_say_which_model_a_run_explained(
    bench: Bench, explained: Path, on_show: Callable[..., QWidget]
) -> None:
    info = bench.runs.run(2)
    row = on_show(JobRow(2, Path("/logs/cpu.log")), 1100, 60)
    row.set_run(info)
    assert any(text.startswith(MADE) for text in words(row))
    assert MADE in row.accessibleName()
    for panel in (on_show(CurvesPanel(bench.runs)), on_show(ResultsPanel(bench.runs))):
        said = [label.text() for label in panel.findChildren(Label) if label.isVisible()]
        assert any(text.startswith(f"Run 2 {MADE}") for text in said), said
    row.set_run(bench.runs.run(1))
    assert not any(text.startswith("explains") for text in words(row))


def test_before_a_model_is_removed_it_is_said_which_runs_explain_it(
    bench: Bench, desk: StandInDesk, explained: Path, on_show: Callable[..., QWidget]
) -> None:
    panel = on_show(ModelsPanel(desk))  # type: ignore[arg-type]
    panel.choose(explained)
    panel.acts.ask_remove()
    assert panel.acts.question.isVisible()
    assert "Run 2 explains it: its answers stay" in panel.acts.question.accessibleName()
    assert desk.changes.removed == ()

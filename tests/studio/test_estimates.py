"""Estimates: nothing without a run, one run scaled, what several tell, and that they are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale

from engines.data.kinds import Images, number_column, table_of
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.runtime.messages import RunState
from studio.project.history import History
from studio.runs.costs import RunCosts, about_seconds, of_memory, with_range
from studio.runs.estimates import KEPT, Estimates, Span, Work
from studio.workspace import OpenData, Workspace
from tests.studio.stand_ins import Bench

SETTINGS = {"steps": 100, "batch": 8, "rate": 1e-3, "size": "small"}


@pytest.fixture
def estimates(tmp_path: Path) -> Estimates:
    return Estimates(tmp_path / "estimates")


def likely(estimates: Estimates, **changed: object) -> float:
    found = estimates.of("method", Work({**SETTINGS, **changed}, 1000, 10))
    assert found is not None
    return found.seconds.likely


def test_nothing_is_said_of_a_method_without_a_run(estimates: Estimates) -> None:
    assert estimates.of("method", Work(SETTINGS, 1000, 10)) is None
    estimates.note("other", Work(SETTINGS, 1000, 10), 4.0, 1 << 20)
    assert estimates.of("method", Work(SETTINGS, 1000, 10)) is None


def test_the_same_run_again_takes_as_long(estimates: Estimates) -> None:
    estimates.note("method", Work(SETTINGS, 1000, 10), 40.0, 1 << 30)
    found = estimates.of("method", Work(SETTINGS, 1000, 10))
    assert found is not None
    assert found.seconds.likely == pytest.approx(40, rel=1e-6)
    assert found.seconds.low < 35 < 45 < found.seconds.high < 80
    assert found.memory is not None
    assert found.memory.likely == pytest.approx(1 << 30, rel=1e-6)


def test_the_farther_from_what_is_known_the_wider_the_range(estimates: Estimates) -> None:
    estimates.note("method", Work(SETTINGS, 1000, 10), 40.0, 1 << 30)

    def factor(**changed: object) -> float:
        found = estimates.of("method", Work({**SETTINGS, **changed}, 1000, 10))
        assert found is not None
        return found.seconds.high / found.seconds.low

    assert factor() < factor(steps=200) < factor(steps=2000)
    assert factor() < factor(size="large")


def test_how_time_grows_is_learnt_from_runs(estimates: Estimates) -> None:
    generator = np.random.default_rng(0)

    def truth(steps: int, batch: int, size: str) -> float:
        return 0.02 * steps * batch**0.5 * (3 if size == "large" else 1)

    for _ in range(12):
        steps, batch = int(generator.choice([50, 200, 800])), int(generator.choice([4, 16, 64]))
        size = str(generator.choice(["small", "large"]))
        work = Work({**SETTINGS, "steps": steps, "batch": batch, "size": size}, 1000, 10)
        estimates.note("method", work, truth(steps, batch, size) * generator.normal(1, 0.05), 0)
    for steps, batch, size in ((400, 8, "small"), (1600, 32, "large"), (60, 64, "small")):
        said = likely(estimates, steps=steps, batch=batch, size=size)
        assert said == pytest.approx(truth(steps, batch, size), rel=0.3)


def test_a_run_nearby_counts_for_more_than_one_far_away(estimates: Estimates) -> None:
    estimates.note("method", Work({**SETTINGS, "rate": 1e-3}, 1000, 10), 10.0, 0)
    estimates.note("method", Work({**SETTINGS, "rate": 1.0}, 1000, 10), 20.0, 0)
    assert likely(estimates, rate=1.1e-3) == pytest.approx(10, rel=0.1)
    assert likely(estimates, rate=0.9) == pytest.approx(20, rel=0.1)


def test_a_busy_machine_makes_the_next_run_longer_and_does_not_spoil_what_was_learnt(estimates: Estimates) -> None:
    for steps in (100, 200, 400):
        work = Work({**SETTINGS, "steps": steps}, 1000, 10)
        estimates.note("method", work, 0.1 * steps, 0, processor=0.1 * steps)
    assert likely(estimates, steps=200) == pytest.approx(20, rel=0.1)
    for _ in range(3):                              # another program takes three quarters of the machine
        estimates.note("method", Work({**SETTINGS, "steps": 100}, 1000, 10), 40.0, 0, processor=10.0)
    assert likely(estimates, steps=200) == pytest.approx(80, rel=0.15)
    for _ in range(3):
        estimates.note("method", Work({**SETTINGS, "steps": 100}, 1000, 10), 10.0, 0, processor=10.0)
    assert likely(estimates, steps=400) == pytest.approx(40, rel=0.15)


def test_runs_are_kept_and_bounded_and_a_broken_file_is_nothing(estimates: Estimates, tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        estimates.note("method", Work(SETTINGS, 1000, 10), 40.0 + number, 1 << 20)
    estimates.note("method", Work(SETTINGS, 1000, 10), float("nan"), 0)
    again = Estimates(tmp_path / "estimates")
    assert likely(again) == pytest.approx(likely(estimates))
    assert len(again._of("method")) == KEPT
    (tmp_path / "estimates" / "method.json").write_text('[{"work": 3}]', encoding="utf-8")
    assert Estimates(tmp_path / "estimates").of("method", Work(SETTINGS)) is None


def test_the_size_of_data_is_rows_and_what_is_used_of_each() -> None:
    table = table_of("t", [number_column(name, np.arange(5.0)) for name in "abc"]).with_role("c", Role.LEFT_OUT)
    assert (Work.on(table, {}).items, Work.on(table, {}).width) == (5, 2)
    images = Images("i", np.zeros((4, 6, 7, 3), np.uint8), table.rows([0, 1, 2, 3]))
    assert (Work.on(images, {}).items, Work.on(images, {}).width) == (4, 6 * 7 * 3)


@pytest.fixture
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))


@pytest.mark.usefixtures("english")
def test_estimates_are_said_no_finer_than_they_are() -> None:
    said = with_range(Span(28.4, 39.7, 61.2)).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "about 40 s, 28 to 60"
    assert with_range(Span(300, 480, 840)).replace("\N{NO-BREAK SPACE}", " ") == "about 8 min, 5 to 14"
    assert about_seconds(0.2).replace("\N{NO-BREAK SPACE}", " ") == "under 1 s"
    assert about_seconds(7300).replace("\N{NO-BREAK SPACE}", " ") == "about 2 h"
    assert of_memory(1.1e9, 7_800_000_000).replace("\N{NO-BREAK SPACE}", " ") == "1.1 of 7.8 GB"


@pytest.fixture
def costs(bench: Bench, estimates: Estimates, english: None) -> tuple[RunCosts, Workspace]:
    workspace = Workspace(History(bench.engine), bench.engine)
    return RunCosts(bench.runs, workspace, estimates, lambda: 1, bench.engine), workspace


def table_opened(bench: Bench, rows: int = 100) -> OpenData:
    table = table_of("digits", [number_column(name, np.arange(float(rows))) for name in "abc"])
    return OpenData(DataReference(str(bench.data), "9c41e07b"), table)


def test_a_finished_run_is_measured_and_said(bench: Bench, costs: tuple[RunCosts, Workspace]) -> None:
    told, workspace = costs
    workspace.add_data(table_opened(bench))
    assert told.words("colide", {"steps": 10}).startswith("no run of this method yet; CPU, 1 thread")
    assert told.short("colide", {"steps": 10}) == ""
    info = bench.start(steps=10)
    bench.engine.is_in(info.number, RunState.RUNNING)
    assert told.words("colide", {"steps": 10}).startswith("measuring")
    bench.engine.end(info.number, RunState.DONE, seconds=40.0, memory=1_100_000_000)
    said = told.words("colide", {"steps": 10}).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("about 40 s, ")
    assert "1.1 of " in said
    assert said.endswith("GB; CPU, 1 thread")
    runs = told.sweep_words("colide", [{"steps": 10}] * 3).replace("\N{NO-BREAK SPACE}", " ")
    assert runs.startswith("3 runs, about 2 min")
    many = told.sweep_words("colide", [{"steps": 10}] * 90).replace("\N{NO-BREAK SPACE}", " ")
    assert many.startswith("90 runs, about 60 min")


@pytest.mark.parametrize("spoil", ["pause", "fail", "resume"])
def test_a_run_that_says_nothing_of_the_next_is_not_counted(
    bench: Bench, costs: tuple[RunCosts, Workspace], spoil: str
) -> None:
    told, workspace = costs
    workspace.add_data(table_opened(bench))
    info = bench.start(steps=10)
    number = info.number
    bench.engine.is_in(number, RunState.RUNNING)
    if spoil == "pause":
        bench.engine.is_in(number, RunState.PAUSED)
        bench.engine.is_in(number, RunState.RUNNING)
    if spoil == "resume":
        bench.engine.end(number, RunState.CANCELLED)
        bench.runs.resume(number)
    bench.engine.end(number, RunState.FAILED if spoil == "fail" else RunState.DONE, seconds=40.0, memory=1)
    assert told.of("colide", {"steps": 10}) is None



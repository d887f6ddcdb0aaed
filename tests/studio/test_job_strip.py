"""The job strip: time left, silence, ways out of a failed or interrupted run, the verbs of the queue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engines.runtime.messages import RunState
from studio.bars.job_strip import JobLine, JobStrip
from studio.panels.jobs import JobsDrawer
from tests.studio.stand_ins import Bench, words

SECONDS = "\N{NO-BREAK SPACE}s"
RUNNING = JobLine("Run 15, CausalDiffAE", RunState.RUNNING, phase="training", done=1180, total=1500)


@pytest.fixture
def strip(on_show) -> JobStrip:
    window, made = QWidget(), JobStrip()
    column = QVBoxLayout(window)
    column.addStretch(1)
    column.addWidget(made)
    on_show(window, 1440, 500)
    return made


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (RUNNING, "estimating"),
        (replace(RUNNING, seconds_left=8.4), f"8{SECONDS} left"),
        (replace(RUNNING, seconds_left=34.4, slower=True), f"34{SECONDS} left, slower than before"),
        (replace(RUNNING, total=None, worked=2.0), "estimating"),
        (replace(RUNNING, total=None, worked=34.0), f"34{SECONDS} so far"),
        (replace(RUNNING, quiet=12.2), f"no word for 12{SECONDS}"),
        (replace(RUNNING, state=RunState.PAUSED), "paused"),
        (replace(RUNNING, state=RunState.CANCELLING), "stopping, 5 s at most"),
    ],
)
def test_it_says_how_the_job_is(strip: JobStrip, job: JobLine, said: str) -> None:
    strip.set_job(job)
    assert said in words(strip)


def test_an_unknown_total_moves_a_third(strip: JobStrip) -> None:
    strip.set_job(replace(RUNNING, total=None))
    assert strip._bar.fraction() is None


def test_a_failed_run_is_shown_and_an_interrupted_one_resumed(strip: JobStrip, qtbot: QtBot) -> None:
    strip.set_job(replace(RUNNING, state=RunState.FAILED, sentence="Run 15 failed."))
    assert "Run 15 failed." in words(strip)
    with qtbot.waitSignal(strip.shown):
        qtbot.mouseClick(strip._way_out, Qt.MouseButton.LeftButton)
    strip.set_job(replace(RUNNING, state=RunState.INTERRUPTED))
    with qtbot.waitSignal(strip.resumed):
        qtbot.mouseClick(strip._way_out, Qt.MouseButton.LeftButton)
    strip.set_job(RUNNING)
    assert not strip._way_out.isVisible()


def test_the_count_opens_the_verbs_of_the_queue(strip: JobStrip, bench: Bench) -> None:
    drawer = JobsDrawer(bench.runs, bench.engine)  # type: ignore[arg-type]
    drawer.attach(strip)
    strip.set_queue_menu(drawer.fill_queue_menu)
    for _ in range(3):
        bench.start()
    bench.engine.is_in(1, RunState.RUNNING)
    strip.set_queue(bench.runs.queued)
    assert "2 queued" in words(strip)
    first, others, everything = strip.queue_menu().actions()
    assert [a.text() for a in (first, others, everything)] == [
        "Stop all that wait (2)", "Stop all but run 1 (2)", "Stop everything (3)",
    ]
    others.trigger()
    assert bench.engine.asked[-2:] == [("cancel", 2), ("cancel", 3)]
    assert drawer.isVisible(), "there it can be taken back"


@pytest.mark.parametrize(
    ("state", "bar", "pause", "stop"),
    [
        (RunState.QUEUED, False, False, True), (RunState.STARTING, True, True, True),
        (RunState.RUNNING, True, True, True), (RunState.PAUSED, True, True, True),
        (RunState.CANCELLING, True, False, False),
    ],
)
def test_it_offers_what_can_be_done_now(
    strip: JobStrip, state: RunState, bar: bool, pause: bool, stop: bool
) -> None:
    strip.set_job(replace(RUNNING, state=state, rate=9.4))
    assert [w.isVisible() for w in (strip._bar, strip._pause, strip._stop)] == [bar, pause, stop]
    assert strip._rate.isVisible() is (state is RunState.RUNNING)


def test_a_project_that_can_only_be_read_wears_no_tick(strip: JobStrip) -> None:
    strip.set_saved(True)
    saved = strip._saved_sign.grab().toImage()
    strip.set_saved(False)
    assert "Reading only" in words(strip)
    assert strip._saved_sign.grab().toImage() != saved

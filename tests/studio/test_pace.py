"""Progress is told at the pace of who reads it; everything else at once."""

from __future__ import annotations

from pathlib import Path

from engines.runtime.messages import Message, Progress
from tests.studio.stand_ins import Bench


def test_progress_is_told_together_and_the_rest_at_once(qtbot, tmp_path: Path) -> None:
    bench = Bench(tmp_path, pace=30)
    run = bench.start().number
    bench.engine.tell(run, Progress("training", 0, 100))
    told: list[int] = []
    bench.runs.changed.connect(lambda info: told.append(info.done))
    for done in range(1, 31):
        bench.engine.tell(run, Progress("training", done, 100))
    assert told == []
    with qtbot.waitSignal(bench.runs.changed):
        pass
    assert told == [30]
    bench.engine.tell(run, Message("something"))
    bench.engine.tell(run, Progress("judging", 0, 10))
    assert told == [30, 30, 0]
    bench.engine.tell(run, Progress("judging", 1, 10))
    bench.close()
    assert told[-1] == 1, "what is over is told at once"

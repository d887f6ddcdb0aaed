"""A studio in a process of its own, for tests that kill it. `python -m tests.gui.session HOME DATA STEPS`.

Reads the data, asks a question, draws a graph, trains a run of so many steps of 10 ms, and queues another;
each line that it prints is something that it has answered. Ends only from outside.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.questions import Question
from studio.app import build
from tests.gui.conftest import Analyst


async def work(analyst: Analyst, data: Path, steps: int) -> None:
    """What an analyst does until the lights go out."""
    desk = analyst.desk
    desk.look_for_methods()
    await analyst.until(lambda: desk.catalogue.find("troubled") is not None, desk.methods_changed)
    await analyst.read([data])
    print("project", desk.project.folder, flush=True)
    desk.workspace.set_role("x", Role.FACTOR)
    desk.choose_question(Question.ROW_IF)
    desk.workspace.set_method("troubled")
    desk.workspace.change_settings("troubled", {"steps": 5})
    done = desk.train()
    await analyst.trained(done.number)
    await analyst.answered()
    for item in (2, 3):
        desk.exploration.choose(item)
    desk.workspace.set_graph(Graph.of("xy", [("x", "y")]), "Draw")
    desk.workspace.change_settings("troubled", {"way": "patient", "steps": steps})
    info = desk.train()
    desk.train()
    desk.runs.points.connect(lambda _info, _scalars: print("step", info.scalars["total"][0][-1], flush=True))
    await analyst.until(lambda: bool(info.scalars), desk.runs.points)
    print("lanes", *desk.engine.pids(), flush=True)
    await asyncio.Event().wait()


def main(home: str, data: str, steps: str) -> None:
    application = QApplication(sys.argv[:1])
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    window = build(Path(home))
    window.show()
    loop.run_until_complete(work(Analyst(window), Path(data), int(steps)))


if __name__ == "__main__":
    main(*sys.argv[1:])

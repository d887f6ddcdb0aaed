"""Pictures of the real window for the README: the start page, a do on a root and on a child, data, a learned graph.

    .venv/bin/python packaging/screenshots.py --out packaging/screenshots

Needs a display; without one set QT_QPA_PLATFORM=offscreen. Everything shown is computed while it is shown: the
sample's model answers, CoLiDE learns.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from engines.contract import Budget
from engines.runtime.messages import ENDED
from studio.app import build, dress
from studio.window import MainWindow
from widgets.theme import appearance

HOME_SIZE, COMPACT_SIZE = (1440, 900), (1280, 720)


class Camera:
    """Drives one window and takes its picture."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self.window, self.desk, self.out = window, window.desk, out

    async def until(self, what: str, met: Callable[[], bool], seconds: float = 600) -> None:
        """Wait until something holds."""
        for _ in range(round(seconds * 20)):
            if met():
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(f"Waited in vain until {what}.")

    async def take(self, name: str, size: tuple[int, int] = HOME_SIZE, scheme: str = "light") -> None:
        """Save the window as `name`.png at a size and in a scheme."""
        appearance().set_scheme(scheme)  # type: ignore[arg-type]
        self.window.resize(*size)
        await asyncio.sleep(0.8)
        self.out.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(self.out / f"{name}.png"))
        print(f"{name}.png {size[0]} x {size[1]}, {scheme}", flush=True)

    async def answered(self) -> None:
        """Wait for the final answer to what is asked now, and for the traversal."""
        await self.until("the final answer is there", lambda: self._is_final())
        await asyncio.sleep(2.0)

    def _is_final(self) -> bool:
        answer = self.desk.exploration.answer
        return answer is not None and answer.stage is Budget.FINAL and answer.step == answer.total

    async def digits(self, train: bool) -> None:
        """The Morpho sample: do on a root, do on a child, low window, and a run beside it."""
        self.desk.open_sample("morpho_digits")
        await self.until("the sample is open", lambda: self.desk.exploration.subject is not None)
        await self.answered()
        if train:
            self.desk.train()
            await self.until("the run has curves", lambda: _points(self.desk.runs.current) > 30)
        for scheme, name, value in (("light", "thickness", 3.4), ("dark", "intensity", 96.0)):
            self.desk.exploration.free_all()
            self.desk.exploration.set(name, value)
            await self.answered()
            await self.take(f"do_{name}_{scheme}", scheme=scheme)
        self.desk.exploration.free_all()
        self.desk.exploration.set("thickness", 3.4)
        await self.answered()
        await self.take("compact", COMPACT_SIZE)
        if (current := self.desk.runs.current) is not None:
            self.desk.runs.stop(current.number)
            await self.until("the run has stopped", lambda: self.desk.runs.run(current.number).state in ENDED)

    async def proteins(self) -> None:
        """The Sachs sample: the table, and the graph that CoLiDE learns from it."""
        self.desk.open_sample("sachs_proteins")
        await self.until("the table is read", lambda: self.desk.workspace.data is not None)
        self.window.show_panel("Data")
        await self.take("data_dark", scheme="dark")
        await self.take("data_light")
        names = self.desk.workspace.data.factors if self.desk.workspace.data is not None else ()
        self.desk.intake.prepare({"step": "logarithm", "columns": list(names)}, "Use logarithm")
        data = self.desk.workspace
        await self.until("the logarithms are taken", lambda: data.data is not None and bool(data.data.reference.steps))
        self.window.show_panel("Graph")
        info = self.desk.train()
        await self.until("the graph is learned", lambda: self.desk.runs.run(info.number).state in ENDED)
        await self.until("the model is open", lambda: self.desk.exploration.subject is not None)
        await self.answered()
        await self.take("learned_light")
        await self.take("learned_dark", scheme="dark")


def _points(info: object) -> int:
    scalars = getattr(info, "scalars", {})
    return max((len(steps) for steps, _ in scalars.values()), default=0)


async def shoot(out: Path, only: str, train: bool) -> None:
    """Take all pictures."""
    window = build(Path(tempfile.mkdtemp()))
    window.resize(*HOME_SIZE)
    window.show()
    camera = Camera(window, out)
    try:
        if only in ("", "start"):
            await camera.take("start_light")
            await camera.take("start_dark", scheme="dark")
            await camera.take("start_compact", COMPACT_SIZE)
        if only in ("", "digits"):
            await camera.digits(train)
        if only in ("", "proteins"):
            await camera.proteins()
    finally:
        window.close()


def main() -> int:
    """Parse the arguments and shoot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("packaging/screenshots"))
    parser.add_argument("--only", default="", choices=["", "start", "digits", "proteins"])
    parser.add_argument("--no-training", action="store_true", help="leave the run beside the digits out")
    options = parser.parse_args()
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp()       # the pictures show a first start, not this user's
    application = QApplication(sys.argv[:1])
    dress(application)
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(shoot(options.out, options.only, not options.no_training))
    return 0


if __name__ == "__main__":
    sys.exit(main())

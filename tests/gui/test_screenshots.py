"""The main states of the window beside pictures of how they should look, in `screenshots/`.

A change of the look is meant to fail here. Look at the actual and the difference picture, whose paths the failure
names; if the new look is right, renew the references and look at what changed in them before they are kept:

    RENEW_SCREENSHOTS=1 pytest tests/gui/test_screenshots.py

The references hold for the Qt that drew them, which each of them names; with another Qt the comparison is skipped.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt, qVersion
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from engines.questions import Question
from engines.runtime.messages import Answered, Checkpointed, RunState, Scalar
from studio.window import MainWindow
from tests.gui.conftest import Analyst
from tests.gui.likeness import difference, halved, keep, kept, unlike
from tests.gui.staging import GRAPH, Stage, write_table
from widgets.cards.facts import Facts
from widgets.theme import appearance

KEPT = Path(__file__).parent / "screenshots"
RENEW = os.environ.get("RENEW_SCREENSHOTS") == "1"
LOOKS = {
    "light": ("light", (1440, 900), "normal"), "dark": ("dark", (1440, 900), "normal"),
    "low_light": ("light", (1280, 720), "normal"), "low_dark": ("dark", (1280, 720), "normal"),
    "contrast": ("light", (1440, 900), "high"), "contrast_dark": ("dark", (1440, 900), "high"),
}


class Camera:
    """Takes pictures of a window and compares them; what differs is gathered until `check`."""

    def __init__(self, window: MainWindow, out: Path) -> None:
        self._window, self._out = window, out
        self._faults: list[str] = []
        self._versions: set[str] = set()

    async def take(self, name: str, *looks: str) -> None:
        """The window as it is now, in each of the looks."""
        for look in looks:
            scheme, size, contrast = LOOKS[look]
            appearance().set_scheme(scheme)
            appearance().set_contrast(contrast)
            self._window.resize(*size)
            self._compare(f"{name}_{look}", await still(self._window))

    def check(self) -> None:
        """Fail with all that differs; skip where the references were drawn by another Qt."""
        others = self._versions - {qVersion()}
        if others:
            pytest.skip(f"the references were drawn by Qt {', '.join(sorted(others))}; this is {qVersion()}")
        if self._faults:
            pytest.fail("\n".join(self._faults), pytrace=False)

    def _compare(self, name: str, actual: QImage) -> None:
        path = KEPT / f"{name}.png"
        if RENEW:
            keep(actual, path)
            return
        if not path.is_file():
            self._faults.append(f"{name}: there is no reference, see the top of this file")
            return
        reference, version = kept(path)
        self._versions.add(version)
        if (found := unlike(actual, reference)) is not None:
            shown, apart = self._out / f"{name}_actual.png", self._out / f"{name}_difference.png"
            actual.save(str(shown))
            difference(actual, reference).save(str(apart))
            self._faults.append(f"{name}: {found}\n    {shown}\n    {apart}")


async def still(window: MainWindow) -> QImage:
    """The picture of a window once nothing moves in it any more, halved."""
    before = None
    for _ in range(100):
        for _ in range(6):
            QApplication.sendPostedEvents()
            await asyncio.sleep(0.01)
        now = window.grab().toImage()
        if before is not None and now == before:
            return halved(now, machine_alone(window))
        before = now
    raise AssertionError("The window does not come to rest.")


def machine_alone(window: QWidget) -> tuple[QRect, ...]:
    """The lines in which paths of this machine stand."""
    found = []
    for facts in window.findChildren(Facts):
        height = facts.height() // max(1, len(facts.rows()))
        for i, (_name, value) in enumerate(facts.rows()):
            line = QRect(0, i * height, facts.width(), height) & facts.visibleRegion().boundingRect()
            if Path(value).is_absolute() and not line.isEmpty():
                found.append(QRect(facts.mapTo(window, line.topLeft()), line.size()))
    return tuple(found)


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the window shows of a machine is the same on each."""
    file = tmp_path / "settings.ini"
    monkeypatch.setattr("studio.settings.stored", lambda: QSettings(str(file), QSettings.Format.IniFormat))
    monkeypatch.setattr("platformdirs.user_state_path", lambda *a, **k: tmp_path / "state")
    monkeypatch.setattr("studio.desk.default_threads", lambda: 2)
    monkeypatch.setattr("studio.runs.costs.memory", lambda _lanes: (2**30, 8 * 2**30))


@pytest.fixture
def camera(window: MainWindow, tmp_path: Path) -> Iterator[Camera]:
    window.activateWindow()
    yield Camera(window, tmp_path)
    look = appearance()
    look.set_scheme("system")
    look.set_contrast("system")


@pytest.fixture
def stage(window: MainWindow) -> Stage:
    return Stage(window.desk)


def test_start(camera: Camera, stage: Stage, finish) -> None:
    finish(camera.take("start", "light", "dark", "low_light", "contrast"), 60)
    camera.check()


@pytest.mark.parametrize(
    "looks", [("light", "contrast_dark"), pytest.param(("dark", "low_light"), marks=pytest.mark.robustness)],
    ids=" ".join,
)
def test_digits(
    camera: Camera, stage: Stage, analyst: Analyst, monkeypatch, finish, looks: tuple[str, ...]
) -> None:
    exploration = analyst.desk.exploration
    take = exploration.take
    monkeypatch.setattr(
        exploration, "take", lambda told: take(replace(told, seconds=0.4) if isinstance(told, Answered) else told)
    )

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()
        exploration.set("thickness", 3.4)
        await analyst.answered()
        walk = analyst.window.rooms.counterfactual._traversal
        await analyst.until(lambda: any(item.look == "current" for item in walk.strip._strip.items()), walk.shown)
        await camera.take("digits", *looks)

    finish(story(), 240)
    camera.check()


@pytest.mark.robustness
def test_rows(camera: Camera, stage: Stage, analyst: Analyst, tmp_path: Path, finish) -> None:
    window, desk, rooms = analyst.window, analyst.desk, analyst.window.rooms
    stage.stand_still()

    async def story() -> None:
        await analyst.read([write_table(tmp_path / "recovery.csv")])
        await camera.take("data", "light", "dark")
        uneven = tmp_path / "doses.csv"
        uneven.write_text("patient,dose\n1,2\n1,2,3\n", "utf-8")
        await analyst.read([uneven])
        await camera.take("refused", "light", "low_dark")
        desk.intake.dismiss(next(iter(desk.intake.refused)))

        window.ask(Question.CAUSES)
        window.show_panel("Methods")
        await camera.take("methods", "light", "dark")
        desk.workspace.set_graph(GRAPH, "Draw")
        window.show_panel("Graph")
        await camera.take("graph", "light", "dark")

        window.show_panel("Counterfactual")
        first, second = desk.train(), desk.train()
        stage.train(first, 330, of=1500)
        await camera.take("training", "light", "dark", "low_light")
        window.show_panel("Jobs")
        await camera.take("jobs", "light", "dark")
        rooms.jobs.close_drawer()

        stage.end(first, RunState.DONE)
        await analyst.until(lambda: desk.exploration.answer is not None, desk.exploration.answered)
        desk.exploration.choose(12)
        desk.exploration.set("dose", 30.0)
        await camera.take("row", "light", "low_dark")
        window.show_panel("Results")
        rooms.results.show_run(first.number)
        rooms.results.choose("strengths")
        await camera.take("results", "light", "dark")
        window.show_panel("Models")
        await camera.take("models", "light", "low_dark")

        window.show_panel("Counterfactual")
        stage.train(second, 250, of=1500, level=1.4)
        stage.tell(second, Checkpointed(200), Scalar("objective", 251, float("nan")))
        stage.end(
            second, RunState.FAILED, "Run 2 stopped at step 251: the objective is not a number.",
            "Step size 0.01 is high for this data.",
        )
        await camera.take("failed", "light", "dark", "low_light")

    finish(story(), 240)
    camera.check()


def test_what_is_hidden_moved_cut_or_recoloured_is_not_alike(
    camera: Camera, stage: Stage, analyst: Analyst, tmp_path: Path, monkeypatch, finish
) -> None:
    window, desk = analyst.window, analyst.desk
    stage.stand_still()

    async def story() -> None:
        await analyst.read([write_table(tmp_path / "recovery.csv")])
        window.ask(Question.CAUSES)
        run = desk.train()
        stage.train(run, 20, of=20)
        stage.end(run, RunState.DONE)
        await analyst.until(lambda: desk.exploration.answer is not None, desk.exploration.answered)
        desk.exploration.set("dose", 30.0)
        appearance().set_scheme("light")
        window.resize(1440, 900)
        right = await still(window)
        assert unlike(await still(window), right) is None

        button = window.question._main                          # hidden
        button.hide()
        found = unlike(await still(window), right)
        assert found is not None
        assert found.where.intersects(QRect(button.mapTo(window, QPoint()), button.size()))
        button.show()

        label = window.strip._saved                             # moved by 4 px
        place = label.pos()
        label.move(place + QPoint(4, 0))
        assert unlike(await still(window), right) is not None
        label.move(place)

        label.resize(label.width() - 12, label.height())        # cut
        assert unlike(await still(window), right) is not None
        label.resize(label.width() + 12, label.height())
        assert unlike(await still(window), right) is None

        theme = appearance().theme()                            # recoloured
        accent = QColor(theme.acc)
        accent.setHsl((accent.hslHue() + 40) % 360, accent.hslSaturation(), accent.lightness())
        monkeypatch.setattr(appearance(), "_theme", replace(theme, acc=accent))
        for widget in window.findChildren(QWidget):
            widget.update()
        assert unlike(await still(window), right) is not None

    finish(story(), 60)


def test_how_edges_are_smoothed_does_not_count(camera: Camera, stage: Stage, window: MainWindow, finish) -> None:
    """Half way to the window drawn at twice the size and made small again: each glyph and corner is smoothed anew.

    Without the samples: their pictures are drawn from other points at twice the size, which is no smoothing.
    """
    window.start.set_samples((), {})

    async def story() -> None:
        right = await still(window)
        large = QImage(2 * window.size(), QImage.Format.Format_RGB32)
        large.setDevicePixelRatio(2)
        window.render(large)
        large.setDevicePixelRatio(1)
        other = halved(large.scaled(
            window.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        ))
        assert unlike(other, right, 1.0) is not None
        painter = QPainter(other)
        painter.setOpacity(0.5)
        painter.drawImage(0, 0, right)
        painter.end()
        found = unlike(other, right)
        assert found is None, found

    finish(story(), 30)

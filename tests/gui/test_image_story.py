"""The story with images: the sample, the sliders, the traversal, training, exports, the model dropped again."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from engines.contract import Budget, How
from engines.graph import formats
from engines.graph.graph import Graph
from engines.questions import Question
from engines.runtime.messages import RunState
from studio.exports.data_files import write_scalars
from studio.panels.counterfactual import STEPS
from studio.question.wording import item_text


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Bars on black: their width brings about their brightness. With a graph beside them."""
    generator = np.random.default_rng(0)
    width = generator.integers(1, 6, 96)
    brightness = 40 + 30 * width + generator.integers(-12, 13, 96)
    pixels = np.zeros((96, 8, 8), np.uint8)
    for i in range(96):
        pixels[i, :, 1 : 1 + width[i]] = brightness[i]
    path = tmp_path / "bars.npz"
    np.savez(path, images=pixels, width=width.astype(float), brightness=brightness.astype(float))
    formats.write(Graph.of(("width", "brightness"), [("width", "brightness")]), tmp_path / "bars.dot")
    return path


def by_name(analyst) -> dict:
    return {factor.name: factor for factor in analyst.desk.exploration.answer.factors}


def shown(window) -> np.ndarray:
    return np.asarray(window.rooms.counterfactual._triptych.counterfactual.picture())


def groove(window, name: str):
    return window.rooms.counterfactual._rows.row(name)._groove


def test_the_sample_follows_the_hand(analyst, finish):
    window, desk = analyst.window, analyst.desk
    exploration = desk.exploration

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()
        assert window.page() == "Desk"
        same = shown(window).copy()
        item = exploration.wish.item
        factual = {name: exploration.factual(name) for name in ("thickness", "intensity")}
        recorded = window.rooms.counterfactual._triptych.factual.picture()
        assert np.abs(np.asarray(recorded, float) - np.asarray(same, float)).mean() < 12

        # by mouse: press on the knob, drag to the right, let go
        slider = groove(window, "thickness")
        stages: list[Budget] = []
        exploration.answered.connect(lambda answer, _seconds: stages.append(answer.stage))
        line, state = slider._line(), slider.state()
        start = QPoint(round(line.left() + state.share(state.value) * line.width()), slider.height() // 2)
        end = QPoint(round(line.left() + 0.85 * line.width()), slider.height() // 2)
        steps = desk.history.count()
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(slider, (start + end) / 2)
        await analyst.until(lambda: "thickness" in exploration.wish.do, exploration.wish_changed)
        await analyst.until(lambda: bool(stages), exploration.answered)
        QTest.mouseMove(slider, end)
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)
        await analyst.answered()
        assert desk.history.count() == steps + 1
        thick = exploration.wish.do["thickness"]
        assert thick > factual["thickness"] + 0.3
        assert by_name(analyst)["thickness"].how is How.SET
        assert by_name(analyst)["intensity"].how is How.FOLLOWS
        assert by_name(analyst)["intensity"].counterfactual > factual["intensity"]
        assert stages[-1] is Budget.FINAL
        assert np.asarray(shown(window), float).sum() > np.asarray(same, float).sum()
        assert window.rooms.counterfactual._triptych.difference is not None
        sentence = window.question.sentence()
        assert item_text(exploration.subject.data, item) in sentence
        assert "thickness = " in sentence
        assert "intensity" in window.rooms.counterfactual._rows.row("intensity").accessibleName()

        # the traversal of the factor, and a jump to one of its pictures
        strip = window.rooms.counterfactual._strip
        await analyst.until(lambda: len(strip._strip.items()) == STEPS, desk.engine.answered)
        place = strip._strip.square(0).center().toPoint()
        QTest.mouseClick(strip._strip, Qt.MouseButton.LeftButton, pos=place)
        await analyst.answered()
        assert exploration.wish.do["thickness"] < thick

        # by keyboard: a step, undone
        slider.setFocus()
        before = exploration.wish.do["thickness"]
        QTest.keyClick(slider, Qt.Key.Key_Right)
        await analyst.answered()
        assert exploration.wish.do["thickness"] > before
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await analyst.answered()
        assert exploration.wish.do["thickness"] == before
        desk.history.undo()
        desk.history.undo()
        await analyst.answered()
        assert exploration.wish.do == {}
        assert np.array_equal(shown(window), same)

        # the next factual and the one before
        QTest.keyClicks(window.rooms.counterfactual, ".")
        await analyst.answered()
        ids = exploration.subject.data.row_ids
        assert exploration.wish.item == ids[exploration.subject.position(item) + 1]
        assert not np.array_equal(window.rooms.counterfactual._triptych.factual.picture(), recorded)
        QTest.keyClicks(window.rooms.counterfactual, ",")
        await analyst.answered()
        assert exploration.wish.item == item

        # another item, on the Data page
        window.show_panel("Data")
        grid = window.rooms.data.images
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell(12).center())
        await analyst.answered()
        assert exploration.wish.item == int(ids[12])

    finish(story(), 120)


def test_a_model_is_trained_paused_stopped_exported_and_dropped_again(analyst, bars, tmp_path, finish):
    window, desk = analyst.window, analyst.desk
    exploration = desk.exploration
    tiny = {"batch": 8, "size": "tiny", "width": 4, "hidden": 8, "warm_up": 2, "ramp": 4}

    async def story() -> None:
        await analyst.read([bars])
        window.ask(Question.IMAGE_IF)
        assert desk.choosing.next_step().id == "graph"
        await analyst.read([bars.with_suffix(".dot")])
        assert desk.choosing.next_step().id == "train"
        desk.workspace.change_settings("causal_diffae", {**tiny, "steps": 100_000})

        QTest.mouseClick(window.question._main, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        long = desk.runs.current
        await analyst.until(lambda: len(long.scalars.get("noise MSE", ((),))[0]) > 3, desk.runs.points)
        assert len(window.rooms.curves.plot.trace(long.name, "noise MSE")) == len(long.scalars["noise MSE"][0])
        QTest.mouseClick(window.strip._pause, Qt.MouseButton.LeftButton)
        await analyst.until(lambda: long.state is RunState.PAUSED, desk.runs.changed)
        held = list(long.scalars["noise MSE"][0])
        QTest.mouseClick(window.strip._pause, Qt.MouseButton.LeftButton)
        await analyst.until(lambda: long.scalars["noise MSE"][0] != held, desk.runs.points)
        QTest.mouseClick(window.strip._stop, Qt.MouseButton.LeftButton)
        await analyst.trained(long.number)
        assert long.state is RunState.CANCELLED
        assert not long.model.exists()

        desk.workspace.change_settings("causal_diffae", {**tiny, "steps": 12})
        info = desk.train()
        await analyst.trained(info.number)
        assert info.state is RunState.DONE
        await analyst.answered()
        exploration.set("width", 4.5)
        await analyst.answered()
        picture = shown(window).copy()
        exports(window, tmp_path, info)

        out = tmp_path / "exported"
        window.show_panel("Models")
        window.rooms.models.choose(info.model)
        window.rooms.models.export_model("safetensors", out)
        assert {path.name for path in out.iterdir()} == {"model.json", "recipe.json", "tensors.safetensors"}
        wish = exploration.wish
        window.new_project()
        assert exploration.subject is None
        await analyst.read([out])
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        assert desk.workspace.data.name == "bars"
        assert desk.workspace.graph.edge("width", "brightness") is not None
        exploration.apply(wish)
        await analyst.answered()
        assert np.array_equal(shown(window), picture)

    finish(story(), 120)


def exports(window, folder: Path, info) -> None:
    """What leaves the window as files is read again."""
    for suffix in ("png", "svg", "pdf"):
        window.export_to(window.rooms.counterfactual.exhibit(), folder / f"figure.{suffix}")
    image = QImage(str(folder / "figure.png"))
    assert image.width() > 200
    assert any("width" in image.text(key) for key in image.textKeys())
    drawing = ET.parse(folder / "figure.svg").getroot()
    words = "".join(drawing.itertext())
    assert "width = 4.5" in words
    pdf = (folder / "figure.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")

    graph = window.desk.workspace.graph
    for suffix in ("dot", "graphml", "json", "csv"):
        formats.write(graph, folder / f"graph.{suffix}")
        again = formats.read(folder / f"graph.{suffix}")
        assert {edge.pair for edge in again.edges} == {("width", "brightness")}
    assert json.loads((folder / "graph.json").read_text())

    write_scalars(folder / "scalars.csv", info.points())
    lines = (folder / "scalars.csv").read_text().splitlines()
    assert lines[0] == "name,step,value"
    steps = [line for line in lines if line.startswith("noise MSE,")]
    assert len(steps) == len(info.scalars["noise MSE"][0])

"""A model from another program is dropped on the window: held against the table, kept, explained; or refused there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engines.data.roles import Role
from engines.runtime.messages import RunState
from studio.intake.kinds import Incoming, kind_of, recognised
from studio.intake.onnx_files import SET_ROLES
from tests.gui.test_bad_input import drop, dropped

LEFT = Qt.MouseButton.LeftButton


def line(path: Path, width: int = 2, output: str = "score") -> Path:
    """score = a + 2 b, as a file of one layer."""
    weight = numpy_helper.from_array(np.arange(1, width + 1, dtype=np.float32)[:, None], "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["rows", "w"], [output])], "g",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [None, 1])], [weight],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    a, b = np.random.default_rng(5).normal(size=(2, 60))
    path = tmp_path / "rows.csv"
    lines = [f"{x:.4f},{y:.4f},{x + 2 * y:.4f}" for x, y in zip(a, b)]
    path.write_text("\n".join(["a,b,score", *lines]) + "\n", encoding="utf-8")
    return path


def test_what_hovers_is_told(tmp_path: Path) -> None:
    file = line(tmp_path / "line.onnx")
    assert kind_of(file) is Incoming.PREDICTOR
    assert recognised([file]).sentence == "Model from another program, without gradients: it tells score"
    (tmp_path / "forest.joblib").write_bytes(b"\x80\x04K\x01.")
    assert not recognised([tmp_path / "forest.joblib"]).accepted
    (tmp_path / "weights.bin").write_bytes(b"\x80\x02}q\x00.")
    assert not recognised([tmp_path / "weights.bin"]).accepted


def test_before_a_table_is_open_the_way_is_told(analyst, window, tmp_path, finish):
    async def story() -> None:
        said = await dropped(analyst, window.start._zone, [line(tmp_path / "line.onnx")])
        assert said == (
            "line.onnx is a model: there is no table yet whose rows it could predict. "
            "Open the table with the columns that it reads and predicts first, then the model."
        )
        assert not list(tmp_path.glob("*.otherwise"))

    finish(story())


def test_what_does_not_fit_is_refused_over_the_panels_and_no_run_begins(analyst, window, rows, tmp_path, finish):
    desk, notice = analyst.desk, window.notice

    async def story() -> None:
        await analyst.read([rows])
        window.show_panel("Models")
        said = await dropped(analyst, window.rooms.models, [line(tmp_path / "line.onnx")])
        assert said.startswith("No column of rows has the role objective, so there is nothing for line.onnx to predict")
        assert "Its outputs are score." in said
        (roles,) = [button for button in notice.findChildren(type(window.rooms.models.page().ask))
                    if button.text() == SET_ROLES]
        QTest.mouseClick(roles, LEFT)
        assert window.page() == "Data"
        desk.workspace.set_role("score", Role.OBJECTIVE)
        window.show_panel("Models")
        said = await dropped(analyst, window.rooms.models, [line(tmp_path / "wide.onnx", 5)])
        assert said.startswith("wide.onnx takes 5 columns; 2 have the role factor. They go in as they stand: a, b.")
        for name in ("forest.pkl", "net.pth", "forest.joblib", "weights.bin"):
            (tmp_path / name).write_bytes(b"\x80\x04K\x01.")
            drop(window.rooms.models, [tmp_path / name])
            assert window.rooms.models._error.sentence() == f"{name} is a pickle, which can run code."
            assert "export the model to ONNX" in window.rooms.models._error._cause.text()
        assert desk.runs.all() == ()

    finish(story())


def test_a_dropped_file_becomes_a_model_that_is_explained_at_once(analyst, window, rows, tmp_path, finish):
    desk, models = analyst.desk, window.rooms.models

    async def story() -> None:
        await analyst.read([rows])
        desk.workspace.set_role("score", Role.OBJECTIVE)
        method = desk.workspace.method
        file = line(tmp_path / "line.onnx")
        drop(window.rooms.data.sets, [file])
        await analyst.until(lambda: bool(desk.runs.all()), desk.runs.added)
        (info,) = desk.runs.all()
        await analyst.trained(info.number)
        assert info.state is RunState.DONE, info.ended
        assert desk.workspace.method == method, "what was chosen stays"
        assert models.isVisible()
        chosen = models.chosen()
        assert (chosen.folder, chosen.name) == (info.model, "line.onnx")
        assert dict(models.page().facts()["Made of"])["Can do"] == "Predicts score, without gradients"
        assert "It has no gradients: methods that need them are not offered for it." in models.page()._limits.text()
        file.unlink()
        QTest.mouseClick(models.page().explain, LEFT)
        asked = desk.catalogue.get(desk.workspace.method).accepts.model
        assert desk.explaining.chosen(asked, desk.workspace.data.data).folder == info.model
        assert desk.history.undo_text() == "Explain line.onnx, run 1"
        desk.exploration.open(None)             # nothing is asked: a figure tells what would be trained
        assert desk.recipe()["explains"]["title"] == "line.onnx, run 1"
        assert desk.recipe()["explains"]["fingerprint"]

    finish(story(), 120)

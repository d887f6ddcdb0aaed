"""Writing a model's networks from the Models panel: a process of its own, told by a bar, stopped without a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from engines import catalogue, model_formats, models
from engines.runtime import local
from engines.runtime.messages import RunState
from studio.panels.model_exports import ModelExports
from studio.panels.models import ModelsPanel
from tests.studio.stand_ins import Bench, StandInDesk
from widgets.kit.button import Button
from widgets.kit.message_bar import MessageBar


@pytest.fixture
def desk(bench: Bench, tmp_path: Path) -> StandInDesk:
    return StandInDesk(bench, tmp_path / "state")


@pytest.fixture
def panel(desk: StandInDesk, bench: Bench, on_show) -> ModelsPanel:
    """The panel with a model that a run has left."""
    shown = on_show(ModelsPanel(desk))
    info = bench.start()
    method = catalogue.load("colide")
    fitted = local.fit(method, method.trial.inputs(), method.trial.parameters)
    models.save(fitted.model, info.model, method="colide", card={"seed": 3, "run": info.number})
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.engine.end(info.number, RunState.DONE)
    return shown


def bars(panel: ModelsPanel) -> list[MessageBar]:
    return [bar for bar in panel.findChildren(MessageBar) if bar.isVisible()]


def button(panel: ModelsPanel, text: str) -> Button:
    return next(b for bar in bars(panel) for b in bar.findChildren(Button) if b.text() == text)


def test_networks_are_written_and_the_bar_says_how_far_and_where(
    panel: ModelsPanel, desk: StandInDesk, qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    said: list[str] = []
    desk.exporting.progressed.connect(lambda *_: said.append(bars(panel)[0].sentence()))
    with qtbot.waitSignal(desk.exporting.written, timeout=60_000):
        panel.export_model("torch_export", tmp_path / "out")
        assert bars(panel)[0].sentence() == "Exporting to torch.export"
    assert said == ["Exporting to torch.export, 0 of 1 parts", "Exporting to torch.export, 1 of 1 parts"]
    assert [bar.sentence() for bar in bars(panel)] == ["Exported to out."]
    report = json.loads((tmp_path / "out" / "export.json").read_text())
    assert report["parts"][0]["name"] == "counterfactual"
    assert report["recipe"]["training_seed"] == 3
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    button(panel, "Show the folder").click()
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path / "out"]


def test_stop_ends_the_process_and_leaves_nothing(
    panel: ModelsPanel, desk: StandInDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    panel.export_model("torch_export", tmp_path / "out")
    actions = {action.text(): action for action in panel.exports().actions()}
    assert actions["Networks as torch.export"].toolTip() == "Another model is being exported."
    assert actions["Safetensors folder"].isEnabled()
    with qtbot.waitSignal(desk.exporting.stopped, timeout=10_000):
        button(panel, "Stop").click()
    assert bars(panel) == []
    assert not desk.exporting.busy
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_what_the_process_refuses_is_said_in_its_own_words(
    panel: ModelsPanel, desk: StandInDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    model = panel.chosen()
    assert model is not None
    (model.folder / "tensors.safetensors").write_bytes(b"cut off")
    with qtbot.waitSignal(desk.exporting.refused, timeout=60_000):
        panel.export_model("torch_export", tmp_path / "out")
    assert [bar.sentence() for bar in bars(panel)] == ["tensors.safetensors in model cannot be read."]


def test_a_missing_extra_greys_the_line_and_names_the_line_that_installs_it(panel: ModelsPanel, monkeypatch) -> None:
    actions = {action.text(): action for action in panel.exports().actions()}
    assert actions["Networks as torch.export"].isEnabled()
    monkeypatch.setattr(model_formats.formats.importlib.util, "find_spec", lambda name: None)
    actions = {action.text(): action for action in panel.exports().actions()}
    assert not actions["Networks as ONNX"].isEnabled()
    assert actions["Networks as ONNX"].toolTip() == 'Needs the extra onnx: pip install "otherwise-studio[onnx]"'


def test_the_studio_closes_while_a_model_is_exported(panel: ModelsPanel, desk: StandInDesk, tmp_path: Path) -> None:
    panel.export_model("torch_export", tmp_path / "out")
    desk.exporting.close()
    assert not desk.exporting.busy
    assert panel.findChild(ModelExports) is not None

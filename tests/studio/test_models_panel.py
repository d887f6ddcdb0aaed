"""The Models panel: cards of finished runs and opened models, the page of one, ask, export, import."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import load_file

from engines.data.kinds import category_column, number_column, table_of
from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.runtime.messages import ModelOpened, RunState
from studio.panels.models import ModelsPanel
from tests.studio.stand_ins import Bench, StandInDesk, graph_result, write_model
from widgets.theme import appearance


@pytest.fixture
def desk(bench: Bench, tmp_path: Path) -> StandInDesk:
    return StandInDesk(bench, tmp_path / "state")


@pytest.fixture
def panel(desk: StandInDesk, on_show: Callable[..., QWidget]) -> ModelsPanel:
    return on_show(ModelsPanel(desk))  # type: ignore[arg-type]


def finish(bench: Bench, *, with_graph: bool = True) -> Path:
    """A run that ends with a model; where it lies."""
    info = bench.start()
    write_model(info.model, with_graph=with_graph, run=info.number)
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.engine.end(info.number, RunState.DONE, seconds=34.2)
    return info.model


def bars(panel: ModelsPanel) -> list[str]:
    """What the bars over the cards say."""
    return [w.sentence() for w in panel.findChildren(QWidget) if hasattr(w, "sentence") and w.isVisible()]


def test_a_finished_run_becomes_a_card_and_its_page_opens(panel: ModelsPanel, bench: Bench) -> None:
    assert panel.chosen() is None
    assert "Models of finished runs appear here" in [w.accessibleName() for w in panel.findChildren(QWidget)]
    folder = finish(bench)
    assert panel.chosen() is not None
    assert panel.card(folder).text() == "CoLiDE, run 1"
    said = panel.card(folder).accessibleDescription()
    assert said.startswith("sachs_cytometry, 4 edges, 12 May; objective 5.42")


def test_a_run_without_a_model_gives_no_card(panel: ModelsPanel, bench: Bench) -> None:
    bench.start()
    bench.engine.end(1, RunState.DONE)
    bench.start()
    bench.engine.end(2, RunState.FAILED, "Run 2 stopped.")
    assert panel.shelf().all() == ()


def test_the_page_says_what_it_was_made_of_and_how_well_it_did(panel: ModelsPanel, bench: Bench) -> None:
    finish(bench)
    facts = panel.page().facts()
    made = dict(facts["Made of"])
    assert made["Graph"] == "4 nodes, 4 edges"
    assert made["Data"].startswith("sachs_cytometry, 7")
    assert made["Fingerprint of the data"] == "9c41 e07b"
    assert made["Seed"] == "3"
    assert dict(facts["Figures"])["edges"] == "17"
    assert dict(facts["Figures"])["acyclicity"] == "1.00·10⁻⁹"
    assert dict(facts["Settings"]) == {
        "Penalty": "0.05", "Bootstraps": "10\N{NO-BREAK SPACE}samples", "Standardise": "off",
    }
    assert dict(facts["Versions"])["torch"] == "2.13.0"


def test_ask_opens_the_model_and_enter_does_the_same(
    panel: ModelsPanel, desk: StandInDesk, bench: Bench, qtbot: QtBot
) -> None:
    folder = finish(bench)
    qtbot.mouseClick(panel.page().ask, Qt.MouseButton.LeftButton)
    assert desk.taken == [folder]
    qtbot.keyClick(panel.card(folder), Qt.Key.Key_Return)
    assert desk.taken == [folder, folder]
    desk.exploration.subject = SimpleNamespace(model=str(folder))
    with qtbot.waitSignal(panel.asked):
        qtbot.mouseClick(panel.page().ask, Qt.MouseButton.LeftButton)
    assert len(desk.taken) == 2, "a model that is asked already is not opened again"


def test_the_newest_stands_first_and_arrows_choose(panel: ModelsPanel, bench: Bench, qtbot: QtBot) -> None:
    first, second = finish(bench), finish(bench)
    assert [model.folder for model in panel.shelf().all()] == [second, first]
    panel.choose(second)
    qtbot.keyClick(panel.card(second), Qt.Key.Key_Down)
    chosen = panel.chosen()
    assert chosen is not None
    assert chosen.folder == first
    assert panel.card(first).isChecked()
    assert not panel.card(second).isChecked()


def test_a_model_that_was_opened_elsewhere_is_on_the_shelf(panel: ModelsPanel, bench: Bench, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "morpho_digits" / "model", with_graph=False)
    graph = Graph.of(["thickness", "intensity"], [("thickness", "intensity")])
    bench.engine.model_opened.emit(ModelOpened(str(folder), "colide", (), graph, {}))
    (model,) = panel.shelf().all()
    assert model.name == "morpho_digits"
    bench.engine.model_opened.emit(ModelOpened(str(folder), "colide", (), graph, {}))
    (model,) = panel.shelf().all()
    assert model.graph == graph, "the graph that the opened model answers with is taken over"


def test_a_pickle_is_refused_in_place(panel: ModelsPanel, desk: StandInDesk, tmp_path: Path) -> None:
    named, disguised = tmp_path / "scan.pt", tmp_path / "scan.model"
    named.write_bytes(b"anything")
    disguised.write_bytes(b"\x80\x04\x95rest of a pickle")
    for path in (named, disguised):
        panel.import_model(path)
        assert bars(panel) == [f"{path.name} is a pickle, which can run code."]
    assert desk.taken == []


def test_a_dropped_model_is_imported_and_a_good_one_clears_the_refusal(
    panel: ModelsPanel, desk: StandInDesk, tmp_path: Path
) -> None:
    bad, good = tmp_path / "a.pkl", write_model(tmp_path / "good")
    bad.write_bytes(b"\x80\x04")
    for path, expected in ((bad, 1), (good / "model.json", 0)):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        copy, held, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(40, 80), copy, mime, held, none)
        QApplication.sendEvent(panel, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(panel, QDropEvent(QPointF(40, 80), copy, mime, held, none))
        assert len(bars(panel)) == expected
    assert desk.taken == [good], "the file of a model stands for its folder"


def test_exports_are_files_that_can_be_read_again(panel: ModelsPanel, bench: Bench, tmp_path: Path) -> None:
    finish(bench)
    panel.export_model("safetensors", tmp_path / "out")
    assert bars(panel) == ["Exported to out."]
    assert load_file(tmp_path / "out" / "tensors.safetensors")["weights"].shape == (3, 3)
    panel.export_model("json", tmp_path / "graph.json")
    assert Graph.from_json(json.loads((tmp_path / "graph.json").read_text())) == graph_result().graph
    panel.export_model("dot", tmp_path / "graph.dot")
    assert "a" in (tmp_path / "graph.dot").read_text()


def test_nothing_is_overwritten(panel: ModelsPanel, bench: Bench, tmp_path: Path) -> None:
    finish(bench)
    panel.export_model("safetensors", tmp_path / "out")
    before = (tmp_path / "out" / "model.json").stat().st_mtime_ns
    panel.export_model("safetensors", tmp_path / "out")
    assert bars(panel) == ["out is not empty."]
    assert (tmp_path / "out" / "model.json").stat().st_mtime_ns == before


def test_a_model_without_a_graph_says_why_it_has_no_graph_formats(panel: ModelsPanel, bench: Bench) -> None:
    finish(bench, with_graph=False)
    actions = {action.text(): action for action in panel.exports().actions()}
    assert actions["Safetensors folder"].isEnabled()
    assert not actions["Graph as DOT"].isEnabled()
    assert actions["Graph as DOT"].toolTip() == "This model has no graph."


def change_card(folder: Path, **changed: object) -> None:
    """The card of a model, otherwise."""
    document = json.loads((folder / "model.json").read_text())
    document["card"].update(changed)
    (folder / "model.json").write_text(json.dumps(document))


def trained(bench: Bench, **changed: object) -> Path:
    """A finished run whose model has another card."""
    info = bench.start()
    write_model(info.model, run=info.number)
    change_card(info.model, **changed)
    bench.engine.is_in(info.number, RunState.RUNNING)
    bench.engine.end(info.number, RunState.DONE, seconds=34.2)
    return info.model


def test_models_are_compared_and_what_differs_is_told(panel: ModelsPanel, bench: Bench, qtbot: QtBot) -> None:
    first = trained(bench)
    graph = Graph.of(["a", "b", "c", "d"], [("b", "a"), ("a", "c"), ("b", "d")])
    second = trained(
        bench, seed=4, parameters={"penalty": 0.2, "bootstraps": 10, "standardise": False}, graph=graph.to_json(),
        figures={"objective": 6.0, "acyclicity": 1e-9, "edges": 17.0},
    )
    third = trained(bench)
    qtbot.keyClick(panel.card(second), Qt.Key.Key_Space)
    qtbot.mouseClick(panel.card(first), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert [panel.card(folder).is_picked() for folder in (first, second, third)] == [True, True, False]
    qtbot.keyClick(panel.card(second), Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    comparison = panel.acts.comparison
    assert comparison.isVisible()
    table = comparison.table
    assert table.heads() == ("CoLiDE, run 2", "CoLiDE, run 1")
    rows = {row.name: row for section in table.sections() for row in section.rows}
    assert rows["Penalty"].values == ("0.2", "0.05")
    assert rows["Bootstraps"].differs is False
    assert rows["SHD from the first"].values == ("0", "2")
    table.set_only_differing(True)
    seen = {row.name for section in table.sections() for row in section.rows}
    assert seen == {"Seed", "Graph", "SHD from the first", "Penalty", "objective"}
    with qtbot.waitSignal(comparison.pictures_wished) as wished:
        qtbot.mouseClick(comparison.pictures, Qt.MouseButton.LeftButton)
    assert [model.folder for model in wished.args[0]] == [second, first]
    qtbot.mouseClick(comparison.end, Qt.MouseButton.LeftButton)
    assert panel.page().isVisible()
    assert not panel.card(first).is_picked()


def test_the_button_compares_the_chosen_model_with_another(panel: ModelsPanel, bench: Bench) -> None:
    first = finish(bench)
    assert [action.toolTip() for action in panel.acts.rivals().actions()] == ["Train or import another one."]
    second = finish(bench)
    panel.choose(second)
    (action,) = panel.acts.rivals().actions()
    assert action.text() == "CoLiDE, run 1"
    action.trigger()
    assert [model.folder for model in panel.acts.comparison.models()] == [second, first]


def test_a_name_is_given_to_the_run_and_its_model_and_taken_back(
    panel: ModelsPanel, desk: StandInDesk, bench: Bench, qtbot: QtBot
) -> None:
    folder = finish(bench)
    panel.card(folder).setFocus()
    qtbot.keyClick(panel.card(folder), Qt.Key.Key_F2)
    field = panel.page().name_field()
    assert field.isVisible()
    qtbot.keyClicks(field, "Baseline m")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel.card(folder).text() == "CoLiDE, Baseline m"
    assert bench.runs.run(1).title == "Baseline m"
    record = bench.project.store.run(1)
    assert record is not None
    assert record.title == "Baseline m"
    assert desk.history.undo_text() == "Name run 1 “Baseline m”"
    desk.history.undo()
    assert panel.card(folder).text() == "CoLiDE, run 1"
    assert bench.runs.run(1).title == "CoLiDE"


def test_a_model_is_removed_by_a_second_press_and_its_files_go_at_the_end(
    panel: ModelsPanel, desk: StandInDesk, bench: Bench, qtbot: QtBot
) -> None:
    first, second = finish(bench), finish(bench)
    panel.choose(second)
    qtbot.keyClick(panel.card(second), Qt.Key.Key_Delete)
    assert bars(panel) == ["Remove CoLiDE, run 2?"]
    assert panel.shelf().find(second) is not None, "the first press only asks"
    (remove,) = [b for b in panel.findChildren(QAbstractButton) if b.isVisible() and b.text() == "Remove it"]
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert [model.folder for model in panel.shelf().all()] == [first]
    assert second.is_dir()
    desk.history.undo()
    assert [model.folder for model in panel.shelf().all()] == [second, first]
    desk.history.redo()
    desk.changes.purge()
    assert not second.is_dir()
    assert first.is_dir()
    desk.history.undo()
    assert [model.folder for model in panel.shelf().all()] == [first], "what is deleted cannot come back"


def test_a_model_from_elsewhere_only_leaves_the_list(panel: ModelsPanel, desk: StandInDesk, bench: Bench,
                                                     tmp_path: Path) -> None:
    folder = write_model(tmp_path / "morpho_digits" / "model")
    bench.engine.model_opened.emit(ModelOpened(str(folder), "colide", (), None, {}))
    panel.choose(folder)
    rename = next(action for action in panel.acts.more().actions() if action.text().startswith("Rename"))
    assert not rename.isEnabled()
    desk.changes.remove(folder, "CoLiDE, morpho_digits")
    assert panel.shelf().all() == ()
    desk.changes.purge()
    assert folder.is_dir()


def test_the_page_tells_the_range_that_the_model_has_seen(panel: ModelsPanel, desk: StandInDesk, bench: Bench) -> None:
    finish(bench)
    assert panel.page().ranges() == ()
    values = np.linspace(0.0, 1000.0, 1001)
    desk.data = table_of("t", [
        number_column("dose", values, "mg"), category_column("arm", ["a", "b"] * 500 + ["a"]),
        number_column("row", values, role=Role.ID),
    ])
    finish(bench)
    assert panel.page().ranges() == (("dose", "5 to 995\N{NO-BREAK SPACE}mg"), ("arm", "a, b"))
    assert dict(panel.page().facts()["Made of"])["Check of the method"] == "not checked here"


def test_the_recipe_is_copied(panel: ModelsPanel, bench: Bench) -> None:
    finish(bench)
    next(action for action in panel.acts.more().actions() if action.text() == "Copy the recipe").trigger()
    recipe = json.loads(QApplication.clipboard().text())
    assert (recipe["method"], recipe["seed"], recipe["parameters"]["penalty"]) == ("colide", 3, 0.05)


@pytest.mark.parametrize("text", [100, 150])
def test_where_there_is_little_width_low_cards_stand_whole_over_the_page(
    panel: ModelsPanel, bench: Bench, qtbot: QtBot, text: int
) -> None:
    appearance().set_text_scale(text)
    folder = finish(bench)
    card, page = panel.card(folder), panel.page()
    panel.resize(1200, 640)
    qtbot.waitUntil(lambda: page.mapTo(panel, QPoint()).x() > card.mapTo(panel, QPoint()).x() + card.width())
    high = card.height()
    panel.resize(panel.minimumSizeHint().width(), 440)
    qtbot.waitUntil(lambda: page.mapTo(panel, QPoint()).y() >= card.mapTo(panel, QPoint()).y() + card.height())
    qtbot.waitUntil(lambda: card.visibleRegion().boundingRect() == card.rect())
    assert card.height() < high
    assert card.height() >= card.sizeHint().height()
    assert page.height() > panel.height() * 0.4
    panel.resize(1200, 640)
    qtbot.waitUntil(lambda: card.height() == high)

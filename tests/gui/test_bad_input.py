"""Broken files, dropped on each page: each ends in a sentence there, and the window works on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from engines.data.roles import Role
from engines.graph.graph import Graph
from engines.questions import Question
from tests.robustness.corpus import CASES, Case
from widgets.data import RefusedCard

BY_NAME = {case.name: case for case in CASES}
SAMPLE = [
    "empty_file", "header_only", "one_long_row", "two_columns_of_one_name", "all_missing", "utf8_with_a_fault",
    "larger_than_memory", "parquet_named_csv", "missing_file", "workbook_cut", "npy_that_claims_too_much", "npz_cut",
    "hdf5_without_data", "picture_cut_in_a_folder", "three_sizes", "empty_folder", "labels_that_do_not_match",
    "labels_of_another_length", "zip_that_is_a_bomb", "npz_with_a_pickle", "pickle_named_csv",
]
"""As data. Those of the list below are taken as models."""
MODELS = ["pickle_under_its_own_name", "torch_file", "weights_dropped_as_data"]


def drop(target: QWidget, paths: Sequence[Path]) -> None:
    """Let files hover over a widget and fall, as Qt hands them on: to the first of its parents that takes drops."""
    taker: QWidget | None = target
    while taker is not None and not taker.acceptDrops():
        taker = taker.parentWidget()
    assert taker is not None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle = taker.rect().center()
    hand = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(middle, Qt.DropAction.CopyAction, *hand)
    QApplication.sendEvent(taker, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(taker, QDropEvent(QPointF(middle), Qt.DropAction.CopyAction, *hand))


async def dropped(analyst, target: QWidget, paths: Sequence[Path]) -> str:
    """Drop and wait; the sentence that then stands in the window, empty when the files were taken."""
    window, desk = analyst.window, analyst.desk
    bar = window.start.error if window.page() == "Start" else window.notice
    bar.clear()
    seen: list[object] = []
    signals = (desk.refused, desk.data_taken, desk.graph_taken, desk.opened)
    for signal in signals:
        signal.connect(lambda *news: seen.append(news))
    drop(target, paths)
    await analyst.until(lambda: bool(seen), *signals)
    return standing(window, desk.intake)


def standing(window, intake) -> str:
    """What stands in the window of a refused file: on its card or in a bar, never in both; empty for nothing."""
    bar = window.start.error if window.page() == "Start" else window.notice
    cards = [f"{card.sentence} {card.cause}".strip() for card in window.rooms.data.sets.cards()
             if isinstance(card, RefusedCard) and window.page() == "Data"]
    said = f"{bar.sentence()} {bar._cause.text()}".strip() if bar.isVisible() else ""
    assert not (said and said in cards)
    newest = [file.refusal for file in intake.refused.values()][-1:]
    return said or next((str(refusal) for refusal in newest if window.page() == "Data" and cards), "")


def made(case: Case, folder: Path) -> list[Path]:
    folder = folder / case.name
    folder.mkdir()
    path = case.make(folder)
    return [path, folder / case.labels] if case.labels else [path]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(40)))
    return path


def target_on(window, page: str) -> QWidget:
    if page != "Start":
        window.new_project()
        window.show_panel(page)
    return {"Start": window.start._zone, "Data": window.rooms.data.sets, "Graph": window.rooms.graph.canvas}[page]


@pytest.mark.parametrize("page", ["Start", "Data", "Graph"])
def test_broken_files_are_refused_on_each_page_in_their_own_words(analyst, page, good, tmp_path, finish):
    window = analyst.window

    async def story() -> None:
        target = target_on(window, page)
        for name in (*SAMPLE, *MODELS):
            window.show_panel(page)
            case = BY_NAME[name]
            said = await dropped(analyst, target, made(case, tmp_path))
            assert said.startswith(case.says) or name in MODELS, name
            assert said.endswith("."), name
            assert str(tmp_path) not in said or name == "missing_file"
            assert not (tmp_path / name / "it ran").exists(), name
            assert analyst.desk.workspace.data is None
        cards = {Path(key).name for key in analyst.desk.intake.refused}
        for key in list(analyst.desk.intake.refused):
            analyst.desk.intake.dismiss(key)
        window.show_panel(page)
        assert {"nothing.csv", "ragged.csv", "digits.npz"} <= cards
        assert await dropped(analyst, target, [good]) == ""
        assert analyst.desk.workspace.data.name == "good"
        assert window.page() == "Data"

    finish(story(), 60)


def test_a_pickle_as_a_model_runs_nothing_and_says_so(analyst, tmp_path, finish):
    async def story() -> None:
        analyst.window.new_project()
        analyst.window.show_panel("Models")
        for name in ("pickle_under_its_own_name", "torch_file"):
            drop(analyst.window.rooms.models, made(BY_NAME[name], tmp_path))
            assert "is a pickle, which can run code" in analyst.window.rooms.models._error.sentence()
            assert analyst.window.rooms.models._error.isVisible()
            assert not (tmp_path / name / "it ran").exists()

    finish(story())


def test_damaged_models_are_refused(analyst, tmp_path, finish):
    documents = {
        "cut": '{"format": 1, "met',
        "none of ours": '{"name": "bert"}',
        "newer": '{"format": 99, "method": "colide", "fields": {}}',
        "wrong kinds": '{"format": "one", "method": 3, "fields": []}',
        "no data": '{"format": 1, "method": "colide", "fields": {}, "card": {}}',
        "wrong data": '{"format": 1, "method": "colide", "fields": {}, "card": {"data": {"reference": 5}}}',
    }

    async def story() -> None:
        for name, text in documents.items():
            folder = tmp_path / name
            folder.mkdir()
            (folder / "model.json").write_text(text)
            assert (await dropped(analyst, analyst.window, [folder])).endswith("."), name
            assert analyst.desk.exploration.subject is None

    finish(story())


def test_a_model_without_its_tensors_is_refused_by_the_lane(analyst, good, tmp_path, finish):
    folder = tmp_path / "hollow"
    folder.mkdir()
    (folder / "model.json").write_text('{"format": 1, "method": "colide", "fields": {}, "card": {}}')

    async def story() -> None:
        await dropped(analyst, analyst.window, [good])
        said = await dropped(analyst, analyst.window, [folder])
        assert "tensors.safetensors" in said
        assert analyst.desk.exploration.subject is None

    finish(story(), 60)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("cyclic.csv", "cause,effect\na,b\nb,c\nc,a\n", "The graph has a cycle: a → b → c → a."),
        ("cut.dot", "digraph { a -> b; b -> ", "cut.dot"),
        ("broken.graphml", "<graphml><graph>", "broken.graphml"),
        ("empty.dot", "", "empty.dot"),
        ("binary.gml", "\x00\x01\x02", "binary.gml"),
        ("loop.dot", "digraph { a -> a; }", "a"),
    ],
)
def test_a_graph_that_cannot_be_used_leaves_the_old_one(analyst, tmp_path, finish, name, text, says):
    path = tmp_path / name
    path.write_text(text)

    async def story() -> None:
        window = analyst.window
        target = target_on(window, "Graph")
        analyst.desk.workspace.set_graph(Graph.of("xy"), "draw")
        said = await dropped(analyst, target, [path])
        assert says in said
        assert said.endswith(".")
        assert analyst.desk.workspace.graph == Graph.of("xy")

    finish(story())


def test_too_few_rows_are_refused_before_the_run(analyst, tmp_path, finish):
    path = tmp_path / "few.csv"
    path.write_text("a,b\n1,2\n")

    async def story() -> None:
        await analyst.read([path])
        desk = analyst.desk
        why = desk.choosing.missing()[Question.CAUSES]
        assert why.startswith("few has 1 row; at least 2 are needed.")
        assert desk.runs.all() == ()

    finish(story())


def test_a_run_whose_file_was_changed_is_refused_with_the_file_named(analyst, good, finish):
    async def story() -> None:
        await analyst.read([good])
        analyst.window.ask(Question.CAUSES)
        good.write_text("a,b\n" + "".join(f"{i},{i}\n" for i in range(40)))
        info = analyst.desk.train()
        await analyst.trained(info.number)
        assert info.ended.refused
        assert "good.csv" in analyst.window.notice.sentence()
        assert analyst.window.notice.isVisible()

    finish(story(), 60)


def test_roles_that_leave_no_factor_are_refused(analyst, good, finish):
    async def story() -> None:
        await analyst.read([good])
        for name in "ab":
            analyst.desk.workspace.set_role(name, Role.LEFT_OUT)
        assert analyst.desk.choosing.missing()[Question.CAUSES]

    finish(story())

"""Pictures in every way they are dropped: real drops on the window, the ways out by their buttons, kept over a restart.

At the end the whole way: a folder of PNG files and a table, the graph over the columns, a tiny model, a counterfactual.
"""

from __future__ import annotations

import asyncio
import gzip
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from engines.data.kinds import Images
from engines.data.roles import Role
from engines.questions import Question
from engines.runtime.messages import RunState
from tests.gui.test_bad_input import drop
from widgets.kit.label import Label


def bar(width: int, grey: int, side: int = 8) -> Image.Image:
    pixels = np.zeros((side, side), np.uint8)
    pixels[:, 1 : 1 + width] = grey
    return Image.fromarray(pixels)


def bars(folder: Path, count: int = 12) -> Path:
    """Bars on black, bar_0.png and on, with the table of their widths and greys beside the folder."""
    target = folder / "bars"
    target.mkdir()
    rows = ["file,width,grey"]
    draw = np.random.default_rng(0)
    for i in range(count):
        width = int(draw.integers(1, 6))
        grey = 40 + 30 * width + int(draw.integers(-12, 13))
        bar(width, grey).save(target / f"bar_{i}.png")
        rows.append(f"bar_{i},{width},{grey}")
    (folder / "measured.csv").write_text("\n".join(rows) + "\n")
    return target


def data_of(analyst) -> Images:
    data = analyst.desk.workspace.data.data
    assert isinstance(data, Images)
    return data


async def dropped(analyst, paths: list[Path]) -> None:
    """Drop on the window and wait until it is taken or refused."""
    desk, seen = analyst.desk, []
    for signal in (desk.data_taken, desk.refused):
        signal.connect(lambda *news: seen.append(news))
    drop(analyst.window, paths)
    await analyst.until(lambda: bool(seen), desk.data_taken, desk.refused)


async def pressed(analyst, offer: str, met: Callable[[], bool]) -> None:
    """Press a button of the card of a refused file, and wait for what it brings."""
    sets = analyst.window.rooms.data.sets
    button = next(b for b in sets.findChildren(QAbstractButton) if b.text() == offer and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    desk = analyst.desk
    await analyst.until(met, desk.workspace.data_changed, desk.intake.changed, desk.data_taken)


def sentence(analyst) -> str:
    """What the one refused file's card says."""
    (file,) = analyst.desk.intake.refused.values()
    return file.refusal.sentence


# ------------------------------------------------------------------------------------------- layouts that just open


def classes(folder: Path) -> list[Path]:
    for name in ("elm", "oak"):
        (folder / "leaves" / name).mkdir(parents=True)
        for i in range(2):
            bar(i + 1, 90).save(folder / "leaves" / name / f"{i}.jpg")
    return [folder / "leaves"]


def parts(folder: Path) -> list[Path]:
    for part in ("train", "test"):
        for name in ("elm", "oak"):
            (folder / "leaves" / part / name).mkdir(parents=True)
            bar(2, 90).save(folder / "leaves" / part / name / "0.png")
    return [folder / "leaves"]


def with_table(folder: Path) -> list[Path]:
    return [bars(folder), folder / "measured.csv"]


def one_by_one(folder: Path) -> list[Path]:
    target = bars(folder)
    return [*sorted(target.glob("bar_1*.png")), folder / "measured.csv"]


def packed(folder: Path) -> list[Path]:
    target = bars(folder)
    with zipfile.ZipFile(folder / "bars.zip", "w") as archive:
        for file in (*sorted(target.iterdir()), folder / "measured.csv"):
            archive.write(file, file.name)
    return [folder / "bars.zip"]


def four_arrays(folder: Path) -> list[Path]:
    draw = np.random.default_rng(1)
    np.savez(folder / "digits.npz", **{
        f"{part}_{name}": draw.integers(0, 10, (count, *shape)).astype(np.uint8)
        for part, count in (("train", 6), ("test", 3)) for name, shape in (("images", (4, 4)), ("labels", ()))
    })
    return [folder / "digits.npz"]


def idx_pair(folder: Path) -> list[Path]:
    images = b"\0\0\x08\x03" + struct.pack(">3I", 3, 4, 4) + bytes(48)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    labels = b"\0\0\x08\x01" + struct.pack(">I", 3) + b"\1\2\1"
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    return [folder / "train-images-idx3-ubyte.gz"]


def groups(folder: Path) -> list[Path]:
    import h5py

    with h5py.File(folder / "scans.h5", "w") as file:
        for part, count in (("train", 3), ("test", 2)):
            file[f"{part}/images"] = np.zeros((count, 4, 4, 3), np.uint8)
            file[f"{part}/dose"] = np.arange(count) + 0.5
    return [folder / "scans.h5"]


@pytest.mark.parametrize(
    ("make", "count", "columns"),
    [
        (classes, 4, {"file": Role.ID, "folder": Role.LABEL}),
        (parts, 4, {"file": Role.ID, "split": Role.SPLIT, "folder": Role.LABEL}),
        (with_table, 12, {"file": Role.ID, "width": Role.FACTOR, "grey": Role.FACTOR}),
        (one_by_one, 3, None),
        (packed, 12, {"file": Role.ID, "width": Role.FACTOR, "grey": Role.FACTOR}),
        (four_arrays, 9, {"labels": Role.LABEL, "split": Role.SPLIT}),
        (idx_pair, 3, {"label": Role.LABEL}),
        (groups, 5, {"dose": Role.FACTOR, "split": Role.SPLIT}),
    ],
)
def test_it_opens_as_it_is_dropped(analyst, tmp_path, finish, make, count, columns):
    async def story() -> None:
        await dropped(analyst, make(tmp_path))
        if columns is None:                     # the table speaks of pictures that were not dropped
            assert sentence(analyst) == "measured.csv: 9 labels have no image."
            await pressed(analyst, "Use the 3 that match", lambda: analyst.desk.workspace.data is not None)
            assert not analyst.desk.intake.refused
        data = data_of(analyst)
        assert len(data) == count
        if columns is not None:
            assert {column.name: column.role for column in data.attributes.columns} == columns
        page = analyst.window.rooms.data
        assert analyst.window.page() == "Data"
        assert page._tabs.options() == ["Grid", "Labels", "Match", "Columns", "Pairs"]
        assert page.images.isVisible()
        page._tabs.chosen.emit(2)
        assert page.match.isVisible()
        assert page.match.count() == count

    finish(story())


# ---------------------------------------------------------------------------------------------------- ways out


def sizes(folder: Path) -> list[Path]:
    target = bars(folder)
    bar(2, 90, side=16).save(target / "large.png")
    return [target]


def mixed(folder: Path) -> list[Path]:
    target = bars(folder)
    bar(2, 90).convert("RGB").save(target / "colour.png")
    return [target]


def deep(folder: Path) -> list[Path]:
    target = bars(folder)
    Image.new("I;16", (8, 8), 257 * 40).save(target / "deep.png")
    return [target]


def cut(folder: Path) -> list[Path]:
    target = bars(folder)
    whole = (target / "bar_3.png").read_bytes()
    (target / "bar_3.png").write_bytes(whole[: len(whole) // 2])
    return [target]


def unmatched(folder: Path) -> list[Path]:
    target = bars(folder)
    table = folder / "measured.csv"
    table.write_text(table.read_text().replace("bar_1,", "lost,").replace("bar_2,", "gone,"))
    return [target, table]


def nameless(folder: Path) -> list[Path]:
    target = bars(folder)
    (folder / "dose.csv").write_text("dose\n" + "".join(f"{i}.5\n" for i in range(12)))
    return [target, folder / "dose.csv"]


def several(folder: Path) -> list[Path]:
    np.savez(folder / "pairs.npz", noisy=np.ones((3, 4, 4), np.uint8), clean=np.zeros((3, 4, 4), np.uint8))
    return [folder / "pairs.npz"]


@pytest.mark.parametrize(
    ("make", "says", "offer", "step", "count"),
    [
        (sizes, "The images have 2 sizes; the method needs one.", "Resize to 8 × 8", "Resized to 8 × 8", 13),
        (mixed, "The images mix grey and colour; the method needs one of them.", "Use grey", "Read as grey", 13),
        (mixed, "The images mix grey and colour; the method needs one of them.", "Use colour", "Read as colour", 13),
        (deep, "1 of 13 images hold 16 bits a value, the others 8.", "Use 8 bits", "Read with 8 bits a value", 13),
        (cut, "bar_3.png is", "Leave it out", "Left out bar_3.png", 11),
        (unmatched, "measured.csv: 2 labels have no image and 2 images have no label.", "Use the 10 that match",
         "Only what has a label and an image", 10),
        (nameless, "dose.csv has no column with the names of the images.", "Match in order",
         "Labels matched in order", 12),
        (several, "pairs.npz holds 2 arrays that could be the pictures: noisy, clean.", "Use clean",
         "Pictures from clean", 3),
    ],
)
def test_the_way_out_is_a_button_and_a_step_that_stays(
    analyst, tmp_path, finish, make, says, offer, step, count
):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        await dropped(analyst, make(tmp_path))
        assert sentence(analyst).startswith(says)
        assert window.page() == "Data"
        assert not window.notice.isVisible()                # it stands on the card alone
        await pressed(analyst, offer, lambda: desk.workspace.data is not None)
        assert not desk.intake.refused
        data = data_of(analyst)
        assert len(data) == count
        window.rooms.data._tabs.chosen.emit(2)
        assert step in [label.text() for label in window.rooms.data.match.findChildren(Label)]
        assert desk.workspace.data.reference.fingerprint

        folder = desk.project.folder
        window.new_project()
        assert desk.workspace.data is None
        await analyst.read([folder])
        again = data_of(analyst)
        assert np.array_equal(again.pixels, data.pixels)
        assert again.attributes.names == data.attributes.names

    finish(story())


def test_lists_are_shown_in_the_place_of_the_data(analyst, tmp_path, finish):
    async def story() -> None:
        await dropped(analyst, unmatched(tmp_path))
        await pressed(analyst, "Show both lists", lambda: analyst.window.rooms.data.lists.isVisible())

    finish(story())


def test_a_picture_that_was_mended_is_read_again(analyst, tmp_path, finish):
    async def story() -> None:
        (folder,) = cut(tmp_path)
        await dropped(analyst, [folder])
        bar(3, 130).save(folder / "bar_3.png")
        await pressed(analyst, "Read again", lambda: analyst.desk.workspace.data is not None)
        assert len(data_of(analyst)) == 12

    finish(story())


# ---------------------------------------------------------------------------------------- labels that come later


def test_a_table_that_comes_later_becomes_the_labels_and_can_be_undone(analyst, tmp_path, finish):
    async def story() -> None:
        desk = analyst.desk
        folder = bars(tmp_path)
        await dropped(analyst, [folder])
        assert data_of(analyst).attributes.names == ("file",)
        await dropped(analyst, [tmp_path / "measured.csv"])
        assert [opened.name for opened in desk.workspace.datasets] == ["bars"]
        assert data_of(analyst).attributes.names == ("file", "width", "grey")
        page = analyst.window.rooms.data
        page._tabs.chosen.emit(2)
        assert page.match._sentence.text() == "measured.csv"
        assert page.match.line(0).startswith("bar_0.png: width")

        desk.history.undo()
        await analyst.until(lambda: "width" not in data_of(analyst).attributes, desk.workspace.data_changed)
        desk.history.redo()
        await analyst.until(lambda: "width" in data_of(analyst).attributes, desk.workspace.data_changed)
        page.match.order_chosen.emit(True)
        await analyst.until(
            lambda: {"step": "match_in_order"} in desk.workspace.data.reference.steps, desk.workspace.data_changed
        )
        page.match.labels_left.emit()
        await analyst.until(lambda: data_of(analyst).attributes.names == ("file",), desk.workspace.data_changed)

    finish(story())


def test_labels_that_do_not_all_match_stay_on_a_card_beside_the_pictures(analyst, tmp_path, finish):
    async def story() -> None:
        folder, table = unmatched(tmp_path)
        await dropped(analyst, [folder])
        await dropped(analyst, [table])
        assert sentence(analyst) == "measured.csv: 2 labels have no image and 2 images have no label."
        assert len(data_of(analyst)) == 12
        await pressed(analyst, "Use the 10 that match", lambda: len(data_of(analyst)) == 10)
        analyst.desk.history.undo()
        await analyst.until(lambda: len(data_of(analyst)) == 12, analyst.desk.workspace.data_changed)

    finish(story())


def test_a_table_of_other_things_stays_a_table(analyst, tmp_path, finish):
    async def story() -> None:
        await dropped(analyst, [bars(tmp_path)])
        other = tmp_path / "cities.csv"
        other.write_text("town,heat\n" + "".join(f"t{i},{i}\n" for i in range(40)))
        await dropped(analyst, [other])
        assert {opened.name for opened in analyst.desk.workspace.datasets} == {"bars", "cities"}

    finish(story())


# ------------------------------------------------------------------------------------------------------ large folders


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More pictures than are read in the window's own process."""
    folder = tmp_path / "many"
    folder.mkdir()
    content = bars(tmp_path) / "bar_0.png"
    for i in range(450):
        (folder / f"{i:03}.png").write_bytes(content.read_bytes())
    return folder


def test_a_large_folder_is_read_by_another_process_and_tells_how_far_it_is(analyst, many, finish, monkeypatch):
    monkeypatch.setattr("engines.runtime.reader._BETWEEN", 0.0)
    told: list[str] = []

    async def story() -> None:
        desk, page = analyst.desk, analyst.window.rooms.data
        monkeypatch.setattr("studio.intake.intake._BETWEEN", 0.0)
        monkeypatch.setattr("studio.intake.intake._LONG", 0.0)
        desk.intake.progressed.connect(lambda: told.append(page._footer.accessibleName()))
        drop(analyst.window, [many])
        await analyst.until(lambda: bool(desk.intake.reading), desk.intake.changed)
        await analyst.until(lambda: analyst.window.page() == "Data", desk.intake.lingers, desk.intake.changed)
        await analyst.until(lambda: desk.workspace.data is not None, desk.workspace.data_changed)
        assert len(data_of(analyst)) == 450
        assert any(words.startswith("Read ") and words.endswith("of 450 images") for words in told)
        assert page._footer.accessibleName().startswith("Read whole")

    finish(story())


def test_stop_leaves_nothing_behind(analyst, many, finish, monkeypatch):
    async def story() -> None:
        desk, page = analyst.desk, analyst.window.rooms.data
        analyst.window.new_project()
        drop(analyst.window, [many])
        await analyst.until(lambda: bool(desk.intake.reading), desk.intake.changed)
        (card,) = desk.intake.reading.values()
        while card.reader._process is None:
            await asyncio.sleep(0)
        process = card.reader._process
        QTest.mouseClick(page._footer._stop, Qt.MouseButton.LeftButton)
        await analyst.until(lambda: not desk.intake.reading, desk.intake.changed)
        assert process.poll() is not None
        assert desk.workspace.data is None
        assert not desk.intake.refused
        assert page._pages._states.state().sentence == "Drop a file or folder"

    finish(story())


def test_the_refusals_of_the_other_process_come_whole(analyst, many, finish):
    async def story() -> None:
        bar(2, 90, side=16).save(many / "large.png")
        await dropped(analyst, [many])
        assert sentence(analyst) == "The images have 2 sizes; the method needs one."
        (file,) = analyst.desk.intake.refused.values()
        assert file.refusal.offers == ("Resize to 8 × 8", "Show the sizes")
        assert file.refusal.lists["16 × 16 (1)"] == ("large.png",)
        await pressed(analyst, "Resize to 8 × 8", lambda: analyst.desk.workspace.data is not None)
        assert data_of(analyst).pixels.shape == (451, 8, 8, 1)

    finish(story())


def test_pictures_for_which_there_is_no_memory_are_refused_with_a_size_that_fits(
    analyst, tmp_path, finish, monkeypatch
):
    monkeypatch.setattr("engines.data.limits.free_memory", lambda: 50_000)

    async def story() -> None:
        (tmp_path / "large").mkdir()
        for i in range(12):
            bar(20, 90, side=64).save(tmp_path / "large" / f"{i}.png")
        await dropped(analyst, [tmp_path / "large"])
        assert sentence(analyst) == "large needs 98 kB of memory; 50 kB are free."
        await pressed(analyst, "Resize to 32 × 32", lambda: analyst.desk.workspace.data is not None)
        assert data_of(analyst).pixels.shape == (12, 32, 32, 1)

    finish(story())


# ----------------------------------------------------------------------------------------------------- the whole way


def test_from_a_dropped_folder_to_a_counterfactual(analyst, tmp_path, finish):
    window, desk = analyst.window, analyst.desk
    folder = bars(tmp_path, count=64)

    async def story() -> None:
        await dropped(analyst, [folder, tmp_path / "measured.csv"])
        window.show_panel("Graph")
        panel = window.rooms.graph
        canvas = panel.canvas
        assert desk.workspace.graph.nodes == ()
        assert set(canvas.graph().names) == {"width", "grey"} == canvas.showing().offered
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.box_on_screen("width").center())
        assert desk.workspace.graph.names == ("width",)
        assert canvas.showing().offered == {"grey"}
        canvas.select(("grey",))
        QTest.keyClick(canvas, Qt.Key.Key_Return)
        assert set(desk.workspace.graph.names) == {"width", "grey"}
        canvas.select(("width", "grey"))
        QTest.keyClick(canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        assert desk.workspace.graph.edge("width", "grey") is not None

        window.ask(Question.IMAGE_IF)
        assert desk.choosing.next_step().id == "train"
        tiny = {"batch": 8, "size": "tiny", "width": 4, "hidden": 8, "warm_up": 2, "ramp": 4, "steps": 12}
        desk.workspace.change_settings("causal_diffae", tiny)
        QTest.mouseClick(window.question._main, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        info = desk.runs.current
        await analyst.trained(info.number)
        assert info.state is RunState.DONE
        await analyst.answered()
        factual = np.asarray(window.rooms.counterfactual._triptych.counterfactual.picture()).copy()
        desk.exploration.set("width", 2.0)
        await analyst.answered()
        assert not np.array_equal(window.rooms.counterfactual._triptych.counterfactual.picture(), factual)
        assert "width = 2" in window.question.sentence()

    finish(story(), 120)


def test_all_columns_are_added_at_once_and_a_class_becomes_a_factor(analyst, tmp_path, finish):
    async def story() -> None:
        desk, window = analyst.desk, analyst.window
        await dropped(analyst, classes(tmp_path))
        window.show_panel("Graph")
        assert window.rooms.graph._start.isVisible()
        button = next(b for b in window.rooms.graph._start.findChildren(QAbstractButton) if b.text() == "Add all")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert desk.workspace.graph.names == ("folder",)
        assert data_of(analyst).attributes["folder"].role is Role.FACTOR
        assert not window.rooms.graph._start.isVisible()
        desk.history.undo()
        assert desk.workspace.graph.nodes == ()

    finish(story())


def test_an_edge_to_a_column_that_lies_ready_takes_it_up(analyst, tmp_path, finish):
    async def story() -> None:
        await dropped(analyst, with_table(tmp_path))
        analyst.window.show_panel("Graph")
        canvas = analyst.window.rooms.graph.canvas
        canvas.select(("width", "grey"))
        QTest.keyClick(canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
        assert set(analyst.desk.workspace.graph.names) == {"width", "grey"}
        assert not canvas.showing().offered

    finish(story())


